/** What the sale will do, line by line one touch away; and the words of the main button. */

import { totalOf } from "./basket.js";
import { fill, h, icon } from "./dom.js";
import { change, money, number, points } from "./format.js";
import { openSheet } from "./sheet.js";
import { categoryName, t } from "./words.js";

const MINUS = "\u2212";

/** Draw what a quote says. */
export function preview(place, { found, member, session }) {
  place.toggleAttribute("aria-busy", found.state === "busy");
  if (found.state === "busy" && place.childElementCount) return;
  if (found.state === "offline") return fill(place, offlineRows(found.reckoned));
  if (found.state !== "ok") return fill(place, member && hint(session));
  const { quote } = found;
  const gives = session.program.gives_points && member;
  const idle = quote.promo_codes.filter((code) => !code.is_applied);
  const rows = [
    row(quote.discount_minor > 0, t("discount"), minus(quote.discount_minor, quote)),
    row(quote.redeemed > 0, t("will_redeem"), `${MINUS}${points(quote.redeemed)}`),
    row(quote.gift_card_minor > 0, t("gift_card"), minus(quote.gift_card_minor, quote)),
    row(gives, t("will_earn"), change(quote.earned), quote.earned > 0 ? "earned" : ""),
    row(gives && quote.balance, t("balance_after"), points(quote.balance?.available ?? 0)),
    row(member && quote.stamps !== null, t("stamps_after"), number(quote.stamps ?? 0)),
  ].filter(Boolean);
  fill(
    place,
    rows.length > 0 && h("dl", { class: "pairs" }, rows),
    idle.map(({ code }) => notice("info-circle", t("promo_idle", { code }))),
  );
}

function offlineRows({ redeemed }) {
  const said = notice("cloud-off", t("offline_sale"));
  if (!redeemed) return said;
  const taken = row(true, t("will_redeem"), `${MINUS}${points(redeemed)}`);
  return [h("dl", { class: "pairs" }, taken), said];
}

/** Return what a sale comes to: as quoted, or as reckoned without a network. */
export function priceOf(found) {
  return found.quote ?? found.reckoned;
}

/** Draw what is to be paid, in large. */
export function toPay(place, { found, basket, session }) {
  const { currency } = session.merchant;
  const amount = priceOf(found)?.money_minor ?? totalOf(basket);
  if (found.state === "busy" && place.childElementCount) return;
  const value = h("dd", null, money(amount, currency));
  fill(place, h("div", { class: "pair to-pay" }, h("dt", null, t("to_pay")), value));
}

function hint(session) {
  return session.program.gives_points && h("p", { class: "hint" }, t("preview_empty"));
}

function row(isShown, label, value, look = "") {
  if (!isShown) return null;
  const figure = h("dd", { class: look }, value);
  return h("div", { class: "pair" }, h("dt", null, label), figure);
}

function minus(minor, quote) {
  return `${MINUS}${money(minor, quote.currency)}`;
}

function notice(picture, text) {
  return h("p", { class: "with-icon" }, icon(picture), h("span", null, text));
}

/** Return the reasons of a quote, line by line. */
export function reasons(quote) {
  const lines = quote.lines.filter((line) => line.why.length);
  if (!lines.length) return [h("p", { class: "hint" }, t("why_empty"))];
  return lines.map((line) => {
    const name = line.sku ?? (line.category && categoryName(line.category));
    const earned = quote.lines.length > 1 && line.earned ? change(line.earned) : "";
    return h(
      "section",
      { class: "why" },
      quote.lines.length > 1 &&
        h(
          "h3",
          { class: "pair" },
          h("span", null, name ?? t("line_number", { n: line.line + 1 })),
          h("span", null, money(line.gross_minor, quote.currency)),
        ),
      h(
        "ul",
        null,
        line.why.map((why) => h("li", null, why.text)),
      ),
      earned &&
        h(
          "p",
          { class: "pair" },
          h("span", null, t("line_earns")),
          h("b", { class: "earned" }, earned),
        ),
    );
  });
}

/** Show the reasons over the sale. */
export function openReasons(quote) {
  return openSheet(t("why"), () => h("div", { class: "stack" }, reasons(quote)));
}

/** Return the words of the main button: what it does, and what is to be paid. */
export function goWords(basket, found, currency) {
  const total = totalOf(basket);
  if (!total) return t("go_empty");
  const price = priceOf(found);
  if (!price) return t("go_busy");
  const amount = money(price.money_minor, currency);
  return found.state === "offline" ? t("go_offline", { amount }) : t("go", { amount });
}
