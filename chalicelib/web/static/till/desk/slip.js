/** The lines of a slip: text in two columns, nothing a thermal printer cannot draw. */

import { h } from "../dom.js";
import { change, clock, day, money, number, points } from "../format.js";
import { lineName, quantityWords } from "./receipt_view.js";
import { counted, t } from "../words.js";

const MINUS = "\u2212";

/**
 * @param {{receipt?: any, done?: any, member?: any, giftCard?: any, topUp?: any,
 *   shift?: any}} what
 */
export function slipOf(session, what) {
  const body = bodyOf(session, what);
  const isPaid = !what.shift && !what.done; // who brings something back has bought nothing
  const end = session.is_training ? t("training_slip") : isPaid && t("slip_thanks");
  const parts = [
    h("p", { class: "slip-name" }, session.merchant.name),
    h("p", { class: "slip-place" }, `${session.store.name} · ${session.till.name}`),
    body,
    end && h("p", { class: "slip-end" }, end),
  ];
  return parts.flat(Infinity);
}

function bodyOf(session, what) {
  if (what.giftCard) return giftCardSlip(what.giftCard);
  if (what.topUp) return topUpSlip(what.topUp);
  return what.shift ? shiftSlip(session, what.shift) : receiptSlip(what);
}

function receiptSlip({ receipt, done, member }) {
  const { currency } = receipt;
  return [
    rule(),
    h("p", null, t(done ? "slip_return" : "receipt_named", { number: receipt.receipt_id })),
    h("p", null, `${day(receipt.at)}, ${clock(receipt.at)}`),
    rule(),
    done ? returned(receipt, done) : sold(receipt),
    rule(),
    done
      ? [
          row(t("return_money"), money(done.money_minor, currency), true),
          done.gift_card_minor > 0 &&
            row(t("return_gift_card"), money(done.gift_card_minor, currency)),
          done.clawed_back > 0 &&
            row(t("clawed_back"), `${MINUS}${number(done.clawed_back)}`),
          done.restored > 0 && row(t("restored"), change(done.restored)),
        ]
      : paid(receipt),
    ofMember(receipt, done, member),
  ];
}

function sold(receipt) {
  const { currency } = receipt;
  return receipt.lines.map((line) => [
    row(lineName(line, receipt), money(line.gross_minor - line.discount_minor, currency)),
    line.quantity !== "1" &&
      h("p", { class: "slip-note" }, quantityWords(line.quantity, line.unit)),
  ]);
}

function returned(receipt, done) {
  return done.lines.map((part) => {
    const line = receipt.lines[part.line];
    return row(lineName(line, receipt), quantityWords(part.quantity, line.unit));
  });
}

function paid(receipt) {
  const { currency } = receipt;
  const byPoints = receipt.lines.reduce((sum, line) => sum + line.redeemed_minor, 0);
  return [
    receipt.discount_minor > 0 &&
      row(t("discount"), `${MINUS}${money(receipt.discount_minor, currency)}`),
    byPoints > 0 && row(t("slip_by_points"), `${MINUS}${money(byPoints, currency)}`),
    receipt.gift_card_minor > 0 &&
      row(t("gift_card"), `${MINUS}${money(receipt.gift_card_minor, currency)}`),
    row(t("to_pay"), money(receipt.money_minor, currency), true),
  ];
}

/** What somebody without a smartphone is told on paper: card, points, tier. */
function ofMember(receipt, done, member) {
  const balance = done ? done.balance : receipt.balance;
  if (!receipt.member_id || !balance) return null;
  const tier = member?.tier?.name ?? receipt.tier?.after;
  const told = done ? [] : receipt.receipt_text.split("\n").filter(Boolean);
  return [
    rule(),
    h("p", { class: "slip-head" }, t("slip_card")),
    member?.name_short && row(t("member"), member.name_short),
    member?.phone_masked && row(t("phone"), member.phone_masked.replace(/•+/, "•••")),
    tier && row(t("slip_tier"), tier),
    told.map((line) => {
      const [label, ...rest] = line.split(": ");
      return row(label, rest.join(": "));
    }),
    done && row(t("balance_now"), points(balance.available)),
    balance.pending > 0 && row(t("slip_pending"), points(balance.pending)),
    member?.next_expiry &&
      h(
        "p",
        { class: "slip-note" },
        t("slip_expires", {
          points: points(member.next_expiry.points),
          day: day(member.next_expiry.on),
          year: member.next_expiry.on.slice(0, 4),
        }),
      ),
  ];
}

function giftCardSlip(card) {
  return [
    rule(),
    h("p", { class: "slip-head" }, t("gift_card")),
    h("p", { class: "slip-sum" }, money(card.amount_minor, card.currency)),
    h("p", { class: "slip-code" }, card.code),
    h("p", { class: "slip-note" }, t("gift_slip_note")),
    rule(),
  ];
}

/** The end of the code is enough to tell which card: paper is left on counters. */
function topUpSlip(made) {
  return [
    rule(),
    h("p", { class: "slip-head" }, t("slip_top_up")),
    h("p", null, `${day(made.created_at)}, ${clock(made.created_at)}`),
    row(t("gift_card"), made.ending),
    row(t("top_up_amount"), money(made.amount_minor, made.currency)),
    row(t("gift_now"), money(made.balance_minor, made.currency), true),
    rule(),
  ];
}

function shiftSlip(session, shift) {
  const { currency, total } = shift;
  const sum = (word, count, minor) =>
    count !== 0 && row(counted(word, count, { n: number(count) }), money(minor, currency));
  return [
    rule(),
    h("p", { class: "slip-head" }, t("shift_of", { day: day(shift.on) })),
    h("p", { class: "slip-note" }, t("shift_as_of", { time: clock(shift.as_of) })),
    rule(),
    sum("shift_sales", total.sales, total.sales_minor),
    total.paid_by_points_minor > 0 &&
      row(t("shift_by_points"), money(-total.paid_by_points_minor, currency)),
    total.paid_by_gift_card_minor > 0 &&
      row(t("shift_by_gift_card"), money(-total.paid_by_gift_card_minor, currency)),
    sum("shift_gift_cards", total.gift_cards, total.gift_cards_minor),
    sum("shift_top_ups", total.top_ups, total.top_ups_minor),
    sum("shift_returns", total.returns, -total.returns_minor),
    rule(),
    row(t("shift_money"), money(total.money_minor, currency), true),
    row(t("shift_given"), number(total.points_given)),
    row(t("shift_redeemed"), number(total.points_redeemed)),
    rule(),
  ];
}

function row(label, value, isStrong = false) {
  const look = isStrong ? "slip-row slip-strong" : "slip-row";
  return h("p", { class: look }, h("span", null, label), h("span", null, value));
}

function rule() {
  return h("p", { class: "slip-rule", "aria-hidden": "true" });
}
