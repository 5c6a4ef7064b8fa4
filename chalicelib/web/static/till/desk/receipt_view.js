/** A receipt as the desk shows it: what was bought, by whom, what has come back of it. */

import { h, icon } from "../dom.js";
import { change, clock, day, money, points } from "../format.js";
import { leftOf } from "./returning.js";
import { categoryName, spoken, t } from "../words.js";

const MINUS = "\u2212";

/** Return a quantity in words: «2 шт.», «0,35 кг». */
export function quantityWords(text, unit) {
  const shown = text.replace(".", spoken() === "ru" ? "," : ".");
  const named = unit === "kg" ? t("unit_kg") : unit; // what else there is comes from elsewhere
  return `${shown}\u00a0${named || t("unit_piece")}`;
}

/** Return what a line of a receipt is called; the only one may be the whole purchase. */
export function lineName(line, { lines }) {
  if (line.sku) return line.sku;
  if (line.category) return categoryName(line.category);
  return lines.length > 1 ? t("line_number", { n: line.line + 1 }) : t("entry_purchase");
}

/** Return the head of a receipt: its number, when, and whether it stands. */
export function receiptHead(receipt) {
  const { currency } = receipt;
  return h(
    "section",
    { class: "panel" },
    h("h1", { tabindex: "-1" }, t("receipt_named", { number: receipt.receipt_id })),
    h("p", { class: "hint" }, `${day(receipt.at)}, ${clock(receipt.at)}`),
    h("div", { class: "badges" }, badges(receipt)),
    h(
      "dl",
      { class: "pairs" },
      pair(t("sum"), money(receipt.gross_minor - receipt.discount_minor, currency)),
      receipt.redeemed > 0 && pair(t("redeemed"), `${MINUS}${points(receipt.redeemed)}`),
      receipt.gift_card_minor > 0 &&
        pair(t("gift_card"), `${MINUS}${money(receipt.gift_card_minor, currency)}`),
      pair(t("paid_in_money"), money(receipt.money_minor, currency)),
      receipt.earned > 0 && pair(t("earned"), change(receipt.earned), "earned"),
    ),
  );
}

function badges(receipt) {
  const isBack = receipt.status === "completed" && leftOf(receipt).every((milli) => !milli);
  const isPart = receipt.returns.some((done) => !done.is_void) && !isBack;
  return [
    receipt.member_id
      ? badge("user", t("receipt_of_member"))
      : badge("receipt", t("without_card")),
    receipt.status === "voided" && badge("ban", t("receipt_voided"), "danger"),
    isBack && badge("receipt-refund", t("receipt_returned"), "warning"),
    isPart && badge("receipt-refund", t("receipt_returned_part"), "warning"),
  ];
}

/** Return what a return moves, or would. */
export function movedPairs(moved) {
  const { currency } = moved;
  const isCard = moved.gift_card_minor > 0;
  return [
    pair(t("return_money"), money(moved.money_minor, currency)),
    isCard && pair(t("return_gift_card"), money(moved.gift_card_minor, currency)),
    moved.clawed_back > 0 && pair(t("clawed_back"), `${MINUS}${points(moved.clawed_back)}`),
    moved.restored > 0 && pair(t("restored"), change(moved.restored), "earned"),
    moved.forfeited > 0 && pair(t("forfeited"), points(moved.forfeited)),
    moved.balance && pair(t("balance_after"), points(moved.balance.available)),
    moved.balance?.debt > 0 && pair(t("debt_after"), points(moved.balance.debt), "debt"),
  ];
}

export function pair(label, value, look = "") {
  return h("div", { class: "pair" }, h("dt", null, label), h("dd", { class: look }, value));
}

function badge(picture, text, look = "") {
  return h("span", { class: `badge ${look}` }, icon(picture), h("span", null, text));
}
