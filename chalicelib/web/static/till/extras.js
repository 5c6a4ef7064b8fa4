/** What else pays or takes off: promo codes and a gift card; each can be taken out again. */

import { fill, h, icon } from "./dom.js";
import { money } from "./format.js";
import { offersPanel } from "./member_view.js";
import { askFor, openSheet } from "./sheet.js";
import { t } from "./words.js";

const CODES_MAX = 5;
const CODE_CHARS_MAX = 64;

/** Draw the buttons and what they have put in. */
export function tenders(place, { basket, found, member, changed, useCode }) {
  const isOffline = found.state === "offline";
  const addCode = async () => {
    const code = await ask("promo_code", "promo_code_label");
    if (!code) return;
    basket.codes = [...new Set([...basket.codes, code])].slice(0, CODES_MAX);
    changed();
  };
  const pay = (card) => {
    basket.giftCard = card;
    changed();
  };
  const addCard = async () => {
    const code = await ask("gift_card", "gift_card_code");
    if (!code) return;
    pay(code);
  };
  const codes = basket.codes.map((code) =>
    taken("ticket", code, t("promo_remove", { code }), () => {
      basket.codes = basket.codes.filter((one) => one !== code);
      changed();
    }),
  );
  const ending = basket.giftCard && endOf(basket.giftCard);
  // What the member keeps comes first: on a phone there is room for one above the keys.
  const card = ending
    ? taken("gift-card", ending, t("gift_card_remove", { card: ending }), () => pay(null))
    : kept(member, pay, isOffline);
  const other = !ending && add("gift-card", t("gift_card"), addCard, isOffline);
  const more =
    basket.codes.length < CODES_MAX && add("discount", t("promo_code"), addCode, isOffline);
  fill(place, card, codes, more, other, offersButton(member, useCode));
}

/** The gift cards the member keeps, each paid with by one touch; no code is shown. */
function kept(member, pay, isOffline) {
  const cards = member?.gift_cards ?? [];
  return cards.map(({ id, ending, balance_minor: left }) => {
    const facts = { amount: money(left, member.currency), ending };
    const text = t(cards.length > 1 ? "gift_kept_pay_of" : "gift_kept_pay", facts);
    return add("gift-card", text, () => pay({ id, ending }), isOffline);
  });
}

function endOf(card) {
  return `\u2026${typeof card === "string" ? card.slice(-4) : card.ending}`;
}

/** Where there is no room for a list of offers, a button opens it. */
function offersButton(member, useCode) {
  const count = member ? member.offers.length + member.benefits.length : 0;
  if (!count) return null;
  const open = async () => {
    const code = await openSheet(t("offers"), (close) => offersPanel(member, close));
    if (code) useCode(code);
  };
  const text = `${t("offers")} · ${count}`;
  return h(
    "button",
    { class: "extra narrow-only", type: "button", onclick: open },
    icon("gift"),
    text,
  );
}

function ask(title, label) {
  return askFor({
    title: t(title),
    label: t(label),
    go: t("add"),
    isScanned: true,
    check: (text) => (text.trim() && text.length <= CODE_CHARS_MAX ? null : t("code_missing")),
  }).then((text) => text?.trim());
}

function add(picture, text, onclick, isOff) {
  return h(
    "button",
    { class: "extra", type: "button", disabled: isOff, onclick },
    icon(picture),
    text,
  );
}

function taken(picture, text, label, onclick) {
  return h(
    "button",
    { class: "extra taken", type: "button", "aria-label": label, onclick },
    icon(picture),
    text,
    icon("x"),
  );
}
