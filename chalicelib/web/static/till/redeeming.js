/** How many points pay: none unless somebody asks, the most with its reason, or a number. */

import { fill, h } from "./dom.js";
import { moment, number, points } from "./format.js";
import { problemWords } from "./identify.js";
import { isUnconfirmed, pausedUntil, worth } from "./member_view.js";
import { offlineLimit } from "./offline.js";
import { askFor } from "./sheet.js";
import { counted, t } from "./words.js";

const MOST_POINTS = 1_000_000_000;

/**
 * Draw the chips.
 * @param {{basket: any, member: any, program: any, found: any, isOnline: boolean,
 *   changed: () => void}} state
 */
export function redeemChips(place, state) {
  const { basket, member, found, changed } = state;
  if (!member || !state.program.gives_points) return fill(place);
  const limit = limitOf(state);
  const set = (redeem) => () => {
    basket.redeem = redeem;
    changed();
  };
  const other = async () => {
    const asked = await askPoints(limit.points);
    if (asked !== undefined) set(asked ? { mode: "exact", points: asked } : { mode: "none" })();
  };
  const { mode } = basket.redeem;
  const isOpen = limit.points > 0;
  const most = isOpen
    ? counted("points", limit.points, { n: number(limit.points) })
    : t("redeem_not");
  fill(
    place,
    chip("none", mode, t("redeem_none"), t("redeem_none_why"), set({ mode: "none" })),
    chip("max", mode, most, limit.why, set({ mode: "max" }), !isOpen),
    chip(
      "exact",
      mode,
      mode === "exact" ? points(basket.redeem.points) : t("redeem_other"),
      t("redeem_other_why"),
      other,
      !isOpen,
    ),
  );
  if (found.state === "busy") place.setAttribute("aria-busy", "true");
  else place.removeAttribute("aria-busy");
}

function chip(name, mode, text, why, onclick, isOff = false) {
  return h(
    "button",
    {
      class: "chip",
      type: "button",
      "data-redeem": name,
      "aria-pressed": String(mode === name),
      disabled: isOff,
      onclick,
    },
    h("strong", null, text),
    h("small", null, why),
  );
}

/** Return how many points may pay, and in words why not more. */
export function limitOf({ basket, member, found, program, isOnline }) {
  const { available } = member.balance;
  if (isUnconfirmed(member)) return { points: 0, why: t("redeem_unconfirmed") };
  const paused = pausedUntil(member) ?? found.refusal?.body.until;
  if (paused) return { points: 0, why: t("redeem_paused", { until: moment(paused) }) };
  if (member.balance.debt > 0 && !available) return { points: 0, why: t("redeem_debt") };
  if (!available) return { points: 0, why: t("redeem_empty") };
  if (!isOnline || found.state === "offline") {
    const known = offlineLimit(basket, member, program);
    return { points: known.points, why: t(known.why) };
  }
  const { most, refusal } = found;
  if (refusal) return { points: 0, why: problemWords(refusal) };
  if (!most) return { points: 0, why: t("redeem_amount_first") };
  return { points: most.redeemed, why: whyOf(most, available, program) };
}

/** Return why no more points may pay: the whole balance does, or what the rules say. */
function whyOf(most, available, program) {
  if (most.redeemed === available) return t("redeem_all");
  const said = most.lines.flatMap((line) => line.why);
  const [cut] = said.filter((why) => /^redeem\.(receipt|money)_/.test(why.rule));
  if (cut) return cut.text;
  if (!most.redeemed) return t("redeem_rules");
  const paid = worth(most.redeemed, program.point_value);
  const share = Math.round((100 * paid) / (most.to_pay_minor + paid));
  return t("redeem_share", { share: number(share) });
}

async function askPoints(most) {
  const text = await askFor({
    title: t("redeem_ask"),
    label: t("points_label"),
    go: t("redeem_ask_go"),
    hint: t("redeem_ask_hint", { points: points(most) }),
    hasKeys: true,
    tidy: (typed) => typed.replace(/\D/g, "").slice(0, 9),
    check: (typed) =>
      Number(typed) > Math.min(most, MOST_POINTS)
        ? t("redeem_ask_hint", { points: points(most) })
        : null,
  });
  return text === undefined ? undefined : Number(text);
}
