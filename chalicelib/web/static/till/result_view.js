/** A receipt as its result: one figure to be read from afar, and the facts under it. */

import { h, icon } from "./dom.js";
import { change, money, number, points } from "./format.js";
import { nameOf } from "./member_view.js";
import { t } from "./words.js";

const MINUS = "\u2212";

/** Return what is read from afar: who, what was earned or is to be paid, and the other of them. */
export function figure(draft, receipt) {
  const name = draft.member ? nameOf(draft.member) : t("without_card");
  const toPay = money(receipt.money_minor, receipt.currency);
  const [label, large, small] = receipt.redeemed
    ? [t("paid"), toPay, `${MINUS}${points(receipt.redeemed)}`]
    : [null, given(draft, receipt), `${t("paid")} ${toPay}`];
  return h(
    "div",
    { class: `result-figure ${receipt.earned && !receipt.redeemed ? "earned" : "plain"}` },
    icon("circle-check", 24),
    h("p", { class: "result-name" }, name),
    label && h("p", null, label),
    h("h1", { tabindex: "-1" }, large),
    h("p", { class: "result-name" }, small),
  );
}

/** Return what the purchase gave: points, else stamps, else nothing but a record. */
function given({ member }, { earned, stamps }) {
  if (earned) return change(earned);
  const card = typeof stamps === "number" && member?.stamps;
  return card ? t("stamps", { collected: number(stamps), every: card.every }) : t("recorded");
}

/** Return the facts of a receipt. */
export function facts(draft, receipt, program) {
  const { currency, balance, redeemed, earned, stamps } = receipt;
  const hasPoints = balance && (program.gives_points || balance.available > 0);
  const card = receipt.gift_card_minor;
  const rows = [
    redeemed > 0 && earned > 0 && [t("earned"), change(earned)],
    card > 0 && [t("gift_card"), `${MINUS}${money(card, currency)}`],
    hasPoints && [t("balance_now"), points(balance.available)],
    typeof stamps === "number" && [t("stamps_now"), number(stamps)],
    receipt.tier.is_new && [t("tier_new"), receipt.tier.after],
    [t("receipt_number"), receipt.receipt_id, "plain"],
  ].filter(Boolean);
  const pairs = rows.map(([label, value, look = ""]) =>
    h("div", { class: "pair" }, h("dt", null, label), h("dd", { class: look }, value)),
  );
  return h("dl", { class: "pairs panel" }, pairs);
}
