/**
 * What a sale comes to as far as a till knows without a network. The shopper pays what is
 * shown, so only that is promised which the service takes later: the program's limit, the
 * share of any receipt that points may pay, the balance as it was last seen. Discounts are
 * not known: they come on top, once the network is back.
 */

import { totalOf } from "./basket.js";
import { isUnconfirmed, pausedUntil, worth } from "./member_view.js";

const PPM = 1_000_000n;
const promised = new Map(); // points by member, in sales that wait here

/** Note what waiting sales have given away: nobody is promised it twice. */
export function notePromises(sales) {
  promised.clear();
  for (const { state, purchase } of sales) {
    const points = (state !== "refused" && purchase.redeem?.points) || 0;
    const { member_id } = purchase;
    if (member_id && points) promised.set(member_id, (promised.get(member_id) ?? 0) + points);
  }
}

/** Return how many points may pay, and the key of the words why not more. */
export function offlineLimit(basket, member, program) {
  const total = totalOf(basket);
  const given = promised.get(member.member_id) ?? 0;
  const most = Math.min(program.offline_redeem_limit ?? 0, program.confirm_above ?? Infinity);
  const limit = Math.max(0, most - given);
  if (!limit || cannotRedeem(member)) return { points: 0, why: "redeem_offline" };
  if (!total) return { points: 0, why: "redeem_amount_first" };
  const ofReceipt = receiptLimit(total, member, program);
  const available = Math.max(0, member.balance.available - given);
  const points = Math.min(available, limit, ofReceipt);
  if (points === available) return { points, why: "redeem_all" };
  return { points, why: points === limit ? "redeem_offline_limit" : "redeem_rules" };
}

/** Return what is redeemed and paid, in the shape of a quote. */
export function offlineSale(basket, member, { program, merchant }) {
  const gross = totalOf(basket);
  const given = promised.get(member?.member_id) ?? 0;
  const most = member ? offlineLimit(basket, member, program).points : 0;
  const { mode, points = 0 } = basket.redeem;
  const redeemed = { none: 0, max: most, exact: Math.min(points, most) }[mode];
  return {
    redeemed,
    money_minor: gross - worth(redeemed, program.point_value),
    currency: merchant.currency,
    balance: member && { available: member.balance.available - given - redeemed },
  };
}

/** A phone number that was said proves nobody: without a network nothing else can. */
function cannotRedeem(member) {
  return isUnconfirmed(member) || pausedUntil(member) !== null || Boolean(member.is_spoken);
}

/** The receipt's own limits, as the service has told them; none were told: none is promised. */
function receiptLimit(total, member, program) {
  const { redeem_ppm: shares = {}, min_receipt_for_redeem_minor: least = 0 } = program;
  if (total < least) return 0;
  const [numerator, denominator] = program.point_value.map(BigInt);
  const share = BigInt(shares[member.tier.name] ?? shares[""] ?? 0);
  const byShare = (BigInt(total) * share * denominator) / (PPM * numerator);
  const payable = BigInt(Math.max(0, total - (program.min_money_minor ?? 0)));
  const byMoney = (payable * denominator) / numerator;
  return Number(byShare < byMoney ? byShare : byMoney);
}
