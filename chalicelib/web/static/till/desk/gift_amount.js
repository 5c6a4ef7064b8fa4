/** Money for a gift card: an amount, usual ones at a touch, and a button that names it. */

import { Offline, Problem } from "../api.js";
import { h } from "../dom.js";
import { feel } from "../feedback.js";
import {
  decimalMark,
  groupMoney,
  money,
  places,
  readMoney,
  sign,
  typedMoney,
} from "../format.js";
import { problemWords } from "../identify.js";
import { keypad } from "../keypad.js";
import { onceFor } from "./returning.js";
import { keyboardOf } from "../sheet.js";
import { t } from "../words.js";

// What people give, in whole units; a unit without hundredths is itself a small coin.
const THOUSANDS = [5_000, 10_000, 20_000, 50_000];
const USUAL = {
  RUB: [1_000, 2_000, 3_000, 5_000],
  RSD: [1_000, 2_000, 3_000, 5_000],
  ...{ KZT: THOUSANDS, HUF: THOUSANDS, AMD: THOUSANDS, COP: THOUSANDS.map((one) => one * 10) },
  IDR: THOUSANDS.map((one) => one * 10),
};
const ELSEWHERE = [10, 25, 50, 100];

/**
 * Return the form and its field. `words` are the heading, the name of the amount and the
 * button's with an amount and without; `post(amount, key)` is made under one key until it is
 * answered, `done(answer)` shows what came of it. `lost`: what was posted before a reload.
 * @param {{id: string, error: string, title: string, label: string, go: string,
 *   goFor: string}} words
 */
export function amountForm(context, words, post, done, lost) {
  const { currency } = context.session.merchant;
  const keyOf = onceFor(lost && { content: { amount: lost.amount }, key: lost.key });
  const field = h("input", {
    id: words.id,
    class: "money",
    inputmode: keyboardOf() === "none" ? "none" : "decimal",
    autocomplete: "off",
    placeholder: "0",
    "aria-describedby": words.error,
  });
  const error = h("p", { class: "error", id: words.error, role: "alert" });
  const go = h("button", { class: "button go", type: "submit" }, t(words.go));
  const amount = () => readMoney(field.value || "0", currency) ?? 0;
  field.addEventListener("input", () => {
    error.textContent = "";
    field.value = groupMoney(field.value, currency);
    go.textContent = amount()
      ? t(words.goFor, { amount: money(amount(), currency) })
      : t(words.go);
  });
  const choose = (minor) => () => {
    field.value = typedMoney(minor, currency);
    field.dispatchEvent(new Event("input"));
  };
  const submit = async (event) => {
    event.preventDefault();
    if (!amount()) return void ((error.textContent = t("amount_missing")), field.focus());
    if (go.disabled) return;
    const release = context.hold(); // what was paid is not left unanswered
    go.disabled = true;
    go.toggleAttribute("aria-busy", true);
    try {
      const answer = await post(amount(), keyOf({ amount: amount() })).finally(release);
      feel("done");
      done(answer);
    } catch (failure) {
      feel("refused");
      error.textContent =
        failure instanceof Offline ? t("offline_again") : wordsOf(failure, currency);
    } finally {
      go.disabled = false;
      go.removeAttribute("aria-busy");
    }
  };
  const usual = usualAmounts(currency).map((minor) =>
    h(
      "button",
      { class: "extra", type: "button", onclick: choose(minor) },
      money(minor, currency),
    ),
  );
  if (lost) {
    choose(lost.amount)();
    error.textContent = t("amount_unanswered");
  }
  const element = h(
    "form",
    { class: "stack", novalidate: true, onsubmit: submit },
    h("h2", { tabindex: "-1" }, t(words.title)),
    h(
      "div",
      { class: "amount-line" },
      h("label", { class: "unseen", for: words.id }, t(words.label)),
      field,
      h("span", null, sign(currency)),
    ),
    error,
    h("div", { class: "extras usual" }, usual),
    keypad(field, { mark: decimalMark(currency) }),
    go,
  );
  return { element, field };
}

function usualAmounts(currency) {
  const digits = places(currency);
  const units = USUAL[currency] ?? ELSEWHERE.map((unit) => (digits ? unit : unit * 100));
  return units.map((unit) => unit * 10 ** digits);
}

/** Return what to tell of a failure, figures in money; bugs go on. */
export function wordsOf(failure, currency) {
  if (failure instanceof Offline) return t("offline_retry");
  if (!(failure instanceof Problem)) throw failure;
  const { code, body } = failure;
  if (code !== "gift_card_over_limit") return problemWords(failure);
  return t("gift_over_limit", { limit: money(body.limit_minor, currency) });
}
