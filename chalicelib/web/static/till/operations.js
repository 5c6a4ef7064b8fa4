/**
 * What this till did last: what it has seen itself, with names, and from before that the
 * service's list, which tells receipts but nobody's name.
 */

import { Offline, Problem } from "./api.js";
import { fill, h, icon } from "./dom.js";
import { change, clock, money } from "./format.js";
import { has, t } from "./words.js";

const SHOWN_MAX = 6;
const AGAIN_MS = 10_000;
let redraw = () => {}; // the panel that is seen: the service's list may come after it

/** Fetch what was done today before this page was opened, or once there is a network. */
export async function loadOperations(context) {
  try {
    const { body } = await context.call("GET", "/v1/till/operations");
    const known = new Set(context.operations.map((one) => one.receipt_id));
    const { currency } = context.session.merchant;
    const earlier = body.items.filter((one) => !known.has(one.receipt_id));
    context.operations.push(...earlier.map((one) => operationOf(one, currency)));
    redraw();
  } catch (failure) {
    if (!(failure instanceof Offline || failure instanceof Problem)) throw failure;
    if (failure instanceof Offline) tryAgain(context);
  }
}

/** Load them once there is a network; browsers may say so a moment too early. */
function tryAgain(context) {
  const again = () => {
    clearTimeout(timer);
    removeEventListener("online", again);
    if (context.session?.signed_in) loadOperations(context);
  };
  const timer = setTimeout(again, AGAIN_MS);
  addEventListener("online", again);
}

function operationOf(one, currency) {
  const key = `entry_${one.kind}`;
  return {
    key: one.id,
    at: one.at,
    name: has(key) ? t(key) : t("entry_other"),
    receipt_id: one.receipt_id,
    purchase_id: one.purchase_id,
    amount: one.amount_minor,
    currency,
    points: one.points_given - one.points_redeemed,
  };
}

/** Return the latest operations; an empty list says what will be there. */
export function operationsPanel(context) {
  const panel = h("section", { class: "panel" });
  redraw = () => {
    const rows = context.operations.slice(0, SHOWN_MAX).map((one) => operationRow(one));
    fill(
      panel,
      h("h2", null, t("operations")),
      rows.length
        ? h("ul", { class: "rows" }, rows)
        : h("p", { class: "hint" }, t("operations_empty")),
    );
  };
  redraw();
  return panel;
}

function operationRow(one) {
  const look = one.points > 0 ? "amount earned" : "amount";
  const details = [clock(one.at), money(one.amount, one.currency), one.receipt_id];
  return h(
    "li",
    null,
    icon(one.isQueued ? "cloud-off" : "receipt"),
    h(
      "span",
      null,
      one.name ?? t("without_card"),
      h("small", null, details.filter(Boolean).join(" · ")),
    ),
    one.points !== 0 && h("span", { class: look }, change(one.points)),
  );
}
