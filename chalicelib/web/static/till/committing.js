/**
 * A sale on its way: written down before it is sent, under one key until its fate is known.
 *
 * A draft is `{key, body, member, basket, toPay, currency, gross}`. Its body never changes:
 * the service knows a repeat by key and content. It always says when the sale was made, so
 * that the same content may arrive late.
 */

import { Offline, Problem } from "./api.js";
import { bodyOf, newKey, receiptNumber, totalOf } from "./basket.js";
import { dropBasket, keepBasket } from "./basket_store.js";
import { onSettled, queued, sendQueue, tillOf } from "./devices.js";
import { nameOf } from "./member_view.js";
import { isUnderWay, record } from "./outbox.js";
import { priceOf } from "./preview.js";

const TIMEOUT_MS = 6_000;
const PATIENCE_MS = 8_000; // then a sale is left to the queue

/** Return the draft of a sale. What the shopper was told is held against the price. */
export function draftOf(context, { basket, member, found, confirmationId }) {
  const at = new Date(Date.now() + context.clockAhead);
  const quote = found.state === "ok" ? found.quote : null;
  const isBinding =
    quote && (quote.to_pay_minor !== quote.gross_minor || quote.gift_card_minor);
  const price = priceOf(found);
  const redeem = price?.redeemed ? { mode: "exact", points: price.redeemed } : basket.redeem;
  return {
    key: newKey(),
    body: {
      ...bodyOf(basket, member, redeem),
      receipt_id: receiptNumber(at),
      at: at.toISOString(),
      ...(found.state === "offline" && { offline: true }),
      ...(isBinding && { quote_id: quote.quote_id }),
      ...(confirmationId && { confirmation_id: confirmationId }),
    },
    member,
    basket,
    gross: totalOf(basket),
    toPay: price?.money_minor ?? totalOf(basket),
    currency: context.session.merchant.currency,
  };
}

/** Keep the sale that is being made. */
export function keepMaking(context, member, basket) {
  return keepBasket(tillOf(context.session), { stage: "making", member, basket });
}

/** Forget the sale under way, or only this one; a device that was unbound has none. */
export async function dropSale({ session }, draft) {
  if (session) await dropBasket(tillOf(session), draft && isOf(draft));
}

/** An answer may come when another sale is under way: that one is not touched. */
function isOf({ key }) {
  return (kept) => kept.draft?.key === key;
}

/** Send a sale. Raises Offline if its fate is unknown: then the queue has it; or Problem. */
export async function send(context, draft) {
  const till = tillOf(context.session);
  await keepBasket(till, { stage: "sent", draft });
  const post = () =>
    context.call("POST", "/v1/purchases", {
      body: draft.body,
      key: draft.key,
      timeout: TIMEOUT_MS,
    });
  try {
    const { body } = await record(till, draft.body, {
      key: draft.key,
      note: noteOf(draft),
      send: post,
    });
    return await recorded(context, draft, body);
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    if (failure.isUnsure) throw new Offline(failure.code);
    await keepRefused(till, draft);
    throw failure;
  }
}

/** What was refused is a sale in the making again: nobody sends it but who decides so. */
function keepRefused(till, draft) {
  const { member, basket } = draft;
  return keepBasket(till, { stage: "making", member, basket }, isOf(draft));
}

/**
 * Find out what became of a sale whose answer was lost, by sending it again under its key.
 * Resolves with the receipt, or null if nobody answers yet; where it was known that nobody
 * would (`isOffline`), at once. Raises Problem: it was refused.
 */
export async function findOut(context, draft, { isOffline = false } = {}) {
  const all = await queued(context).catch(() => []); // a browser may keep nothing
  const mine = all.find((one) => one.key === draft.key);
  if (!mine || isUnderWay(mine)) return sentBefore(context, draft);
  const isRefused = mine.state === "refused"; // before this page was opened
  const fate = isRefused ? mine : settledWithin(draft.key, isOffline ? 0 : PATIENCE_MS);
  sendQueue();
  const settled = await fate;
  if (settled?.problem) {
    await keepRefused(tillOf(context.session), draft);
    throw new Problem(settled.problem.status, settled.problem, 0);
  }
  return settled && recorded(context, draft, settled.purchase);
}

/** Return whether the queue has it: a browser may keep nothing, or no more. */
export async function isWaiting(context, { key }) {
  return (await queued(context).catch(() => [])).some((one) => one.key === key);
}

/**
 * The queue has let go of it, so it is recorded; or the power failed before it was sent, or
 * while it was: whoever was sending it is gone.
 */
async function sentBefore(context, draft) {
  try {
    return await send(context, draft);
  } catch (failure) {
    if (failure instanceof Offline) return null;
    throw failure;
  }
}

function settledWithin(key, patience) {
  return new Promise((resolve) => {
    const stop = onSettled(key, (settled) => {
      stop();
      resolve(settled);
    });
    setTimeout(() => {
      stop();
      resolve(null);
    }, patience);
  });
}

/** Note what this till has done. Until the result is left, a reload shows it again. */
export async function recorded(context, draft, receipt) {
  const told = { stage: "told", draft, receipt, at: Date.now() };
  await keepBasket(tillOf(context.session), told, isOf(draft));
  const { operations } = context;
  const one = {
    key: draft.key,
    at: receipt.created_at,
    name: draft.member ? nameOf(draft.member) : null,
    amount: receipt.gross_minor,
    currency: receipt.currency,
    points: receipt.earned - receipt.redeemed,
    receipt_id: receipt.receipt_id,
    purchase_id: receipt.id,
  };
  const earlier = operations.findIndex((other) => other.key === draft.key);
  operations.splice(Math.max(earlier, 0), earlier < 0 ? 0 : 1, one);
  return receipt;
}

/** Note a sale that waits for the network, once. */
export function noteQueued(context, draft) {
  if (context.operations.some((other) => other.key === draft.key)) return;
  const one = { ...noteOf(draft), key: draft.key, points: 0, isQueued: true };
  context.operations.unshift(one);
}

function noteOf({ member, gross, currency, body }) {
  const name = member ? nameOf(member) : null;
  return { name, amount: gross, currency, at: body.at, receipt_id: body.receipt_id };
}
