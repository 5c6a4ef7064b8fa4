/** More money on a gift card: the amount, then the new balance to read out and to print. */

import { h } from "../dom.js";
import { money } from "../format.js";
import { amountForm } from "./gift_amount.js";
import { t } from "../words.js";

const SHOWN = 5; // symbols of a code that tell cards apart and open none

/** Return the end of a card's code, for paper that anybody may read. */
export function endingOf(code) {
  return `\u2026${code.replace(/[^0-9A-Za-z]/g, "").slice(-SHOWN).toUpperCase()}`;
}

/** Return the form of an amount for one card; `leave` goes back to selling. */
export function topUpForm(context, code, { done, leave }) {
  const words = {
    id: "top-up-amount",
    error: "top-up-error",
    title: "top_up_title",
    label: "top_up_amount",
    go: "top_up_go",
    goFor: "top_up_for",
  };
  const path = `/v1/gift-cards/${encodeURIComponent(code)}/top-ups`;
  const post = async (amount, key) => {
    const body = { amount_minor: amount };
    return (await context.call("POST", path, { body, key })).body;
  };
  const form = amountForm(context, words, post, done);
  form.element.querySelector("h2").after(h("p", { class: "hint" }, endingOf(code)));
  form.element.append(
    h("button", { class: "button quiet", type: "button", onclick: leave }, t("top_up_leave")),
  );
  return form;
}

/** Return what came of it. */
export function toppedUpPanel(context, made, code) {
  const amount = money(made.amount_minor, made.currency);
  const balance = money(made.balance_minor, made.currency);
  const topUp = { ...made, ending: endingOf(code) };
  return h(
    "div",
    { class: "stack" },
    h("h2", { tabindex: "-1" }, t("topped_up", { amount })),
    h("p", { class: "hint" }, t("gift_now")),
    h("p", { class: "gift-balance", "data-topped-up": true }, balance),
    h("button", { class: "button", type: "button", onclick: context.home }, t("next")),
    h(
      "button",
      {
        class: "button quiet",
        type: "button",
        onclick: () => context.navigate("print", { topUp }),
      },
      t("top_up_print"),
    ),
  );
}
