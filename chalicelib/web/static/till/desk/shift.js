/** What a till's day comes to: money first, then points, cashier by cashier, and flags. */

import { Offline, Problem } from "../api.js";
import { fill, h, icon } from "../dom.js";
import { clock, day, money, number, points } from "../format.js";
import { problemWords } from "../identify.js";
import { pair } from "./receipt_view.js";
import { counted, t } from "../words.js";

const DAY_MS = 24 * 3600 * 1000;

/** @param {{on?: string, today?: string}} params a business day; today if it is not said */
export function shift(context, params = {}) {
  const element = h("div", { class: "desk shift" });
  const load = async () => {
    try {
      const path = `/v1/till/shift${params.on ? `?on=${params.on}` : ""}`;
      const found = (await context.call("GET", path)).body;
      fill(element, parts(context, found, params.today ?? found.on));
    } catch (failure) {
      const again = h("button", { class: "button", type: "button", onclick: load }, t("again"));
      const words = h("p", { class: "notice", role: "alert" }, wordsOf(failure));
      fill(element, h("div", { class: "stack" }, heading(params), words, again));
    }
    element.querySelector("h1").focus();
  };
  fill(element, heading(params));
  load();
  return { element, title: t("shift_title") };
}

function heading({ on }) {
  const when = on ? day(on) : t("today");
  return h("h1", { tabindex: "-1" }, t("shift_of", { day: when }));
}

function parts(context, found, today) {
  const { total, currency, cashiers, flags } = found;
  const isEmpty = !(total.sales || total.returns || total.gift_cards || total.top_ups);
  const head = h(
    "section",
    { class: "panel" },
    heading(found),
    h("p", { class: "hint" }, t("shift_as_of", { time: clock(found.as_of) })),
    !found.is_complete && h("p", { class: "notice", role: "status" }, t("shift_incomplete")),
    isEmpty
      ? h("p", { class: "lead" }, t("shift_empty"))
      : [
          h("p", { class: "shift-money" }, money(total.money_minor, currency)),
          h("p", { class: "hint" }, t("shift_money")),
        ],
    days(context, found, today),
  );
  const notes = flags.map((flag) => flagRow(context, flag));
  return [
    h(
      "div",
      { class: "stack" },
      head,
      notes.length > 0 &&
        h(
          "section",
          { class: "panel" },
          h("h2", null, t("flags")),
          h("ul", { class: "rows" }, notes),
        ),
    ),
    !isEmpty &&
      h(
        "div",
        { class: "stack" },
        h("section", { class: "panel" }, h("h2", null, t("shift_total")), sums(found, total)),
        cashiers.length > 1 && cashiers.map((one) => cashier(context, found, one)),
        h(
          "button",
          {
            class: "button quiet no-print",
            type: "button",
            onclick: () => context.navigate("print", { shift: found }),
          },
          t("print_shift"),
        ),
      ),
  ];
}

/** Return the way to the day before, and back. */
function days(context, { on }, today) {
  const at = Date.parse(`${on}T00:00:00Z`);
  const other = (shift) => new Date(at + shift * DAY_MS).toISOString().slice(0, 10);
  const button = (picture, word, to) =>
    h(
      "button",
      {
        class: "extra",
        type: "button",
        onclick: () => context.navigate("shift", { on: to, today }, { isSame: true }),
      },
      icon(picture),
      t(word),
    );
  return h(
    "div",
    { class: "extras" },
    button("chevron-left", "day_before", other(-1)),
    on < today && button("chevron-right", "day_after", other(1)),
  );
}

/** Return the totals of a shift or of a cashier in it. */
export function sums({ currency }, total) {
  const given = total.points_given > 0 ? "earned" : ""; // more may have been taken back
  const amount = (word, minor) => minor !== 0 && pair(t(word), money(minor, currency));
  const counting = (word, count, minor) =>
    count !== 0 && pair(counted(word, count, { n: number(count) }), money(minor, currency));
  return h(
    "dl",
    { class: "pairs" },
    counting("shift_sales", total.sales, total.sales_minor),
    amount("shift_by_points", -total.paid_by_points_minor),
    amount("shift_by_gift_card", -total.paid_by_gift_card_minor),
    counting("shift_gift_cards", total.gift_cards, total.gift_cards_minor),
    counting("shift_top_ups", total.top_ups, total.top_ups_minor),
    counting("shift_returns", total.returns, -total.returns_minor),
    amount("shift_to_gift_card", total.returned_to_gift_card_minor),
    pair(t("shift_money"), money(total.money_minor, currency), "strong"),
    total.points_given !== 0 && pair(t("shift_given"), points(total.points_given), given),
    total.points_redeemed !== 0 && pair(t("shift_redeemed"), points(total.points_redeemed)),
  );
}

function cashier(context, found, one) {
  const title = h("h2", null, nameOfStaff(context.session, one.staff_id));
  return h("section", { class: "panel" }, title, sums(found, one));
}

function flagRow(context, flag) {
  const name = nameOfStaff(context.session, flag.staff_id);
  const text = counted(`flag_${flag.kind}`, flag.count, { name });
  return h("li", null, icon("alert-triangle"), h("span", null, text));
}

/** Return what somebody is called; those who are gone are not named any more. */
export function nameOfStaff(session, staffId) {
  if (!staffId) return t("staff_none");
  return session.staff.find((who) => who.staff_id === staffId)?.name ?? t("staff_former");
}

function wordsOf(failure) {
  if (failure instanceof Offline) return t("offline_retry");
  if (failure instanceof Problem) return problemWords(failure);
  throw failure;
}
