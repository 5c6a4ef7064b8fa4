/**
 * The sale of a gift card: an amount, then its code, which nobody can ask for again. So it is
 * kept until somebody says that it was read: a sale whose answer was lost, by the key it is
 * asked again under, and a code that a power cut or a jammed printer took from the screen.
 */

import { Problem } from "../api.js";
import { keepBasket } from "../basket_store.js";
import { dropSale } from "../committing.js";
import { tillOf } from "../devices.js";
import { h, settle } from "../dom.js";
import { money } from "../format.js";
import { amountForm } from "./gift_amount.js";
import { t } from "../words.js";

/**
 * Return the form of an amount; `params` get the card as `sold`.
 * @param {{selling?: {amount: number, key: string}, sold?: any}} params `selling`: whether
 *   that card was sold is not known
 */
export function sellForm(context, params, done) {
  const words = {
    id: "gift-amount",
    error: "sell-error",
    title: "gift_sell",
    label: "gift_amount",
    go: "gift_sell_go",
    goFor: "gift_sell_for",
  };
  const post = async (amount, key) => {
    await keep(context, { selling: { amount, key } });
    try {
      const body = { amount_minor: amount, activate: true };
      params.sold = (await context.call("POST", "/v1/gift-cards", { body, key })).body;
    } catch (failure) {
      const isRefused = failure instanceof Problem && !failure.isUnsure;
      if (isRefused && failure.status !== 401) await dropSale(context);
      throw failure;
    }
    params.selling = undefined;
    await keep(context, { sold: params.sold });
    return params.sold;
  };
  return amountForm(context, words, post, done, params.selling);
}

function keep(context, what) {
  const kept = { stage: "gift_card", at: Date.now(), ...what };
  return keepBasket(tillOf(context.session), kept);
}

/** Return the code of a card that was sold; `leave` forgets it. */
export function soldPanel(context, card, leave) {
  const amount = money(card.amount_minor, card.currency);
  const print = () => context.navigate("print", { giftCard: card });
  const buttons = h(
    "div",
    { class: "stack" },
    h("button", { class: "button", type: "button", onclick: print }, t("gift_print")),
    h("button", { class: "button quiet", type: "button", onclick: leave }, t("next")),
  );
  settle(buttons);
  return h(
    "div",
    { class: "stack" },
    h("h2", { tabindex: "-1" }, t("gift_sold", { amount })),
    h("p", { class: "gift-code", "data-gift-code": true }, card.code),
    h("p", { class: "notice" }, t("gift_code_once")),
    buttons,
  );
}
