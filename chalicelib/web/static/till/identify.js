/** From a code or a phone to the member it belongs to, and on to the sale. */

import { Offline, Problem } from "./api.js";
import { newBasket } from "./basket.js";
import { tillOf } from "./devices.js";
import { feel } from "./feedback.js";
import { inTime, moment } from "./format.js";
import { recall, remember } from "./last_members.js";
import { has, t } from "./words.js";

let asks = 0; // members asked for: whoever was asked for last is opened

/**
 * Look a member up and open the sale; resolves with a complaint, nothing if it was opened.
 * `asked` is one of `{code}`, `{phone}`, `{card_number}`.
 * @returns {Promise<{text: string, code: string} | undefined>}
 */
export async function openMember(context, asked, params = {}, found = () => {}) {
  const mine = ++asks;
  const isHere = context.here(); // who has gone on meanwhile is not called back
  const isWanted = () => mine === asks && isHere();
  try {
    const { body } = await context.call("POST", "/v1/lookups", { body: asked });
    found(body);
    if (!isWanted()) return undefined;
    const member = { ...body, is_spoken: "phone" in asked };
    context.navigate("sale", { ...params, member });
    return undefined;
  } catch (failure) {
    if (!isWanted()) return undefined;
    feel("refused");
    return complaintOf(failure);
  }
}

/**
 * Open what was scanned: a member's sale, also one seen lately when there is no network;
 * a gift card pays in a sale without a card. Resolves with a complaint, as `openMember`.
 * @param {import("./codes.js").Code} code
 */
export async function openCode(context, code, params = {}) {
  if (code.kind === "gift") return openGiftCard(context, code.text, params);
  if (code.kind === "coupon") return { text: t("coupon_needs_member"), code: "coupon" };
  const failure = await openMember(context, { code: code.text }, params, (member) =>
    remember(tillOf(context.session), code, seenOf(member)).catch(() => {}),
  );
  if (failure?.code !== "offline") return failure;
  const seen = await recall(tillOf(context.session), code).catch(() => null);
  if (!seen) return failure;
  context.navigate("sale", { ...params, member: memberOf(seen, context.session) });
  return undefined;
}

function openGiftCard(context, code, params) {
  if (context.offers("gift_cards") && !params.basket) context.navigate("gift_cards", { code });
  else
    context.navigate("sale", {
      ...params,
      basket: { ...(params.basket ?? newBasket(context.session.program)), giftCard: code },
    });
  return undefined;
}

function seenOf(member) {
  return {
    member_id: member.member_id,
    name_short: member.name_short,
    tier: member.tier.name,
    balance: member.balance.available,
    is_verified: member.member_verified,
    paused_until: member.redemption_paused_until,
  };
}

/** Return a member as the till last saw it, in the shape of a look-up. */
function memberOf(seen, session) {
  return {
    member_id: seen.member_id,
    name_short: seen.name_short,
    phone_masked: null,
    member_verified: seen.is_verified === true, // not known: as if it were not
    redemption_paused_until: seen.paused_until ?? null,
    currency: session.merchant.currency,
    tier: { name: seen.tier },
    balance: { available: seen.balance, pending: 0, debt: 0, held: 0 },
    as_of: seen.as_of.toISOString(),
    next_expiry: null,
    stamps: null,
    birthday_near: false,
    offers: [],
    gift_cards: [], // what is left on them is not known
    benefits: [],
    recent: [],
  };
}

/** Return what to tell the cashier of a failure; bugs go on. */
export function complaintOf(failure) {
  if (failure instanceof Offline) return { text: t("offline_lookup"), code: "offline" };
  if (!(failure instanceof Problem)) throw failure;
  return { text: problemWords(failure), code: failure.code };
}

/** Return the words of a refusal; its figures are put in. */
export function problemWords(problem) {
  if (problem.isUnsure) return t("problem_busy");
  const key = `problem_${problem.code}`;
  const { until } = problem.body;
  const facts = { ...problem.body, when: inTime(problem.retryAfter || 60) };
  if (until) facts.until = moment(until);
  return has(key) ? t(key, facts) : t("problem_unexpected");
}
