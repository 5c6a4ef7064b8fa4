/** Gift cards: look one up, sell one, top one up, take back what was a mistake. */

import { Offline, Problem } from "../api.js";
import { askReason } from "./approvals.js";
import { newBasket } from "../basket.js";
import { dropSale } from "../committing.js";
import { fill, h, icon } from "../dom.js";
import { feel } from "../feedback.js";
import { clock, day, money } from "../format.js";
import { wordsOf } from "./gift_amount.js";
import { sellForm, soldPanel } from "./gift_selling.js";
import { onceFor } from "./returning.js";
import { topUpForm, toppedUpPanel } from "./top_up.js";
import { typeInto } from "../keypad.js";
import { has, t } from "../words.js";

const keyOf = onceFor(); // of what is taken back: a lost answer is asked for again

/**
 * @param {{code?: string, sold?: any, selling?: any}} params a scanned card is shown at once;
 *   for the others see `gift_selling.js`
 */
export function giftCards(context, params = {}) {
  const place = h("div", { class: "stack" });
  const trouble = h("p", { class: "notice", role: "alert", hidden: true });
  const complain = (text = "") => {
    trouble.hidden = !text;
    trouble.textContent = text;
  };
  const error = h("p", { class: "error", id: "gift-error", role: "alert" });
  const field = h("input", {
    id: "gift-code",
    autocomplete: "off",
    autocapitalize: "characters",
    value: params.code ?? "",
    "aria-describedby": "gift-error",
  });
  let turns = 0; // cards asked for: a late answer takes no newer one's place
  let desk = null; // where money goes onto cards
  const show = async (code) => {
    const mine = ++turns;
    error.textContent = "";
    complain();
    if (!code.trim()) return void (error.textContent = t("code_missing"));
    try {
      const path = `/v1/gift-cards/${encodeURIComponent(code.trim())}`;
      const card = (await context.call("GET", path)).body;
      if (mine !== turns) return;
      desk.found();
      draw(card, code.trim());
      place.querySelector("h2").focus();
    } catch (failure) {
      if (mine !== turns) return;
      feel("refused");
      error.textContent = wordsOf(failure);
      field.focus();
    }
  };
  const draw = (card, code) => {
    const topUp = () => desk.topUp(card, code);
    fill(place, cardPanel({ context, code, card, show, complain }, topUp));
    lead();
  };
  // One button leads: to pay with the card that was found, unless money goes onto a card.
  const lead = () => {
    if (!desk) return;
    const pay = place.querySelector("[data-pay]");
    const go = desk.element.querySelector(".go");
    pay?.classList.toggle("quiet", desk.isUsed());
    go?.classList.toggle("quiet", Boolean(pay) && !desk.isUsed());
  };
  const find = (event) => {
    event.preventDefault();
    show(field.value);
  };
  const look = h(
    "form",
    { class: "panel stack", novalidate: true, onsubmit: find },
    h("h2", null, t("gift_look")),
    h(
      "div",
      { class: "field" },
      h("label", { for: "gift-code" }, t("gift_card_code")),
      field,
      error,
    ),
    h("button", { class: "button quiet", type: "submit" }, t("gift_show")),
    h("p", { class: "hint with-icon" }, icon("scan"), h("span", null, t("gift_scan"))),
  );
  const redraw = async (code) => {
    const mine = turns;
    const path = `/v1/gift-cards/${encodeURIComponent(code)}`;
    const { body } = await context.call("GET", path);
    if (mine === turns) draw(body, code);
  };
  desk = moneyPart(context, params, { redraw, lead });
  const heading = h("h1", { tabindex: "-1" }, t("gift_cards"));
  const element = h(
    "div",
    { class: "desk" },
    h("div", { class: "stack" }, heading, look, trouble, place),
    desk.element,
  );
  if (params.code) show(params.code);
  return {
    element,
    title: t("gift_cards"),
    onCode: (code) => code.kind === "gift" && ((field.value = code.text), show(code.text)),
    onKey: (event) => typeInto(desk.field(), event),
    get onBack() {
      return params.sold && (() => desk.warn() || desk.leave());
    },
  };
}

function cardPanel(desk, topUp) {
  const { context, code, card } = desk;
  const isActive = card.state === "active";
  const isGood = isActive && card.balance_minor > 0;
  const basket = { ...newBasket(context.session.program), giftCard: code };
  const isWhole =
    card.state !== "voided" &&
    card.balance_minor === card.amount_minor &&
    card.topped_up_minor === 0;
  return h(
    "section",
    { class: "panel" },
    h(
      "h2",
      { class: "gift-balance", tabindex: "-1" },
      money(card.balance_minor, card.currency),
    ),
    h("p", { class: "hint" }, t(`gift_state_${card.state}`)),
    h(
      "ul",
      { class: "rows" },
      card.entries.map((entry) =>
        entryRow(entry, card.currency, () => undoTopUp(desk, entry)),
      ),
    ),
    isGood &&
      h(
        "button",
        {
          class: "button",
          type: "button",
          "data-pay": true,
          onclick: () => context.navigate("sale", { member: null, basket }),
        },
        t("gift_pay"),
      ),
    isActive &&
      h("button", { class: "button quiet", type: "button", onclick: topUp }, t("top_up")),
    isWhole &&
      h(
        "button",
        {
          class: "button quiet",
          type: "button",
          onclick: () => voidCard(desk),
        },
        t("gift_void"),
      ),
  );
}

function entryRow(entry, currency, undo) {
  const amount = money(entry.amount_minor, currency);
  const key = `gift_entry_${entry.kind}`;
  return h(
    "li",
    null,
    icon("gift-card"),
    h(
      "span",
      null,
      has(key) ? t(key) : t("entry_other"),
      h("small", null, `${day(entry.at)}, ${clock(entry.at)}`),
    ),
    entry.amount_minor !== 0 &&
      h("span", { class: "amount" }, amount),
    entry.can_be_undone &&
      h(
        "button",
        {
          class: "link",
          type: "button",
          "aria-label": t("top_up_undo_of", { amount }),
          onclick: undo,
        },
        t("top_up_undo"),
      ),
  );
}

function voidCard(desk) {
  const { code, card } = desk;
  return takeBack(desk, {
    path: `/v1/gift-cards/${encodeURIComponent(code)}/void`,
    title: t("gift_void_title"),
    effect: t("gift_void_effect", { amount: money(card.balance_minor, card.currency) }),
    go: t("gift_void"),
    done: t("gift_voided"),
  });
}

function undoTopUp(desk, entry) {
  const { code, card } = desk;
  const amount = money(entry.amount_minor, card.currency);
  const id = encodeURIComponent(`${card.id}.${entry.version}`);
  return takeBack(desk, {
    path: `/v1/gift-cards/${encodeURIComponent(code)}/top-ups/${id}/void`,
    title: t("top_up_undo_title"),
    effect: t("top_up_undo_effect", { amount }),
    go: t("top_up_undo_of", { amount }),
    done: t("top_up_undone"),
  });
}

/** Ask why and who allows it, do it once, and show the card as it is then. */
async function takeBack({ context, code, show, complain }, { path, done, ...words }) {
  const reasons = [t("reason_amount"), t("reason_changed_mind")];
  const asked = await askReason(context, path, { ...words, reasons, isFinal: true });
  if (!asked) return;
  const body = { reason: asked.reason };
  const options = { body, key: keyOf({ path, body }), approval: asked.approval };
  complain();
  try {
    await context.call("POST", path, options).finally(context.hold());
    context.announce(done);
    await show(code);
  } catch (failure) {
    complain(failure instanceof Offline ? t("offline_again") : wordsOf(failure));
    feel("refused");
  }
}

/** Where money goes onto cards: a new one, unless one that was found is to be topped up. */
function moneyPart(context, params, { redraw, lead }) {
  const element = h("section", { class: "panel" });
  element.addEventListener("input", lead, true); // keys and usual amounts do not bubble
  let field = null;
  let isOfCard = false;
  let isWarned = false;
  const put = (form, isTopUp) => {
    field = form.field;
    isOfCard = isTopUp;
    fill(element, form.element);
    lead();
  };
  const show = (panel) => {
    fill(element, panel);
    lead();
    element.querySelector("h2").focus();
  };
  const leave = () => {
    params.sold = undefined;
    dropSale(context);
    context.home();
  };
  const showSold = (card) => show(soldPanel(context, card, leave));
  const sell = () => put(sellForm(context, params, showSold), false);
  const topUp = (card, code) => {
    const done = (made) => {
      show(toppedUpPanel(context, made, code));
      redraw(code).catch(() => {}); // the new balance is told beside it
    };
    put(topUpForm(context, code, { done, leave: () => (sell(), field.focus()) }), true);
    field.focus();
  };
  // Money typed for one card must not go onto another; the code of a new one stays.
  const found = () => isOfCard && sell();
  /** The code is gone with the screen: who leaves by a key is asked once; false: was. */
  const warn = () => {
    const notice = element.querySelector(".notice");
    if (isWarned || !notice) return false;
    isWarned = true;
    notice.setAttribute("role", "alert");
    notice.textContent = t("gift_code_leave");
    return true;
  };
  sell();
  if (params.sold) fill(element, soldPanel(context, params.sold, leave));
  const isUsed = () => isOfCard || !element.contains(field) || field.value !== "";
  return { element, topUp, found, warn, leave, isUsed, field: () => field };
}
