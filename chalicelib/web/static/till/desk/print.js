/**
 * A slip for the printer, 58 or 80 mm wide: a receipt with what the shopper without a phone
 * wants to know (card, balance, tier), a gift card's code, or a shift. The slip is drawn by
 * the page; the browser prints it.
 */

import { Offline, Problem } from "../api.js";
import { fill, h } from "../dom.js";
import { slipOf } from "./slip.js";
import { t } from "../words.js";

const KEPT = "kopilka.till.paper";
const WIDTHS = ["58", "80"];

/** @param {{receipt?: any, done?: any, giftCard?: any, topUp?: any, shift?: any}} params */
export function print(context, params) {
  const paper = h("div", { class: "paper" });
  const setWidth = (width) => {
    remember(width);
    paper.dataset.width = width;
    for (const one of widths.children) one.setAttribute("aria-pressed", one.value === width);
  };
  const widths = h(
    "div",
    { class: "segments", role: "group", "aria-label": t("paper") },
    WIDTHS.map((width) =>
      h(
        "button",
        { type: "button", value: width, onclick: () => setWidth(width) },
        t("paper_width", { width }),
      ),
    ),
  );
  const go = h(
    "button",
    { class: "button", type: "button", onclick: () => globalThis.print() },
    t("print_go"),
  );
  const element = h(
    "div",
    { class: "desk printing" },
    h(
      "section",
      { class: "panel no-print" },
      h("h1", { tabindex: "-1" }, t("print_title")),
      widths,
      go,
      h("button", { class: "button quiet", type: "button", onclick: context.back }, t("back")),
    ),
    paper,
  );
  setWidth(remembered());
  draw(context, params, paper);
  return { element, title: t("print_title"), focus: go };
}

/** The slip is there at once; who the member is comes after, if it can be asked. */
async function draw(context, params, paper) {
  const { receipt } = params;
  fill(paper, slipOf(context.session, params));
  if (!receipt?.member_id || context.session.is_training) return;
  try {
    const path = `/v1/members/${encodeURIComponent(receipt.member_id)}`;
    const member = (await context.call("GET", path)).body;
    if (paper.isConnected) fill(paper, slipOf(context.session, { ...params, member }));
  } catch (failure) {
    if (!(failure instanceof Offline || failure instanceof Problem)) throw failure;
  }
}

function remembered() {
  try {
    const kept = localStorage.getItem(KEPT);
    return WIDTHS.includes(kept) ? kept : WIDTHS[0];
  } catch {
    return WIDTHS[0];
  }
}

function remember(width) {
  try {
    localStorage.setItem(KEPT, width);
  } catch {
    // Storage may be forbidden: the narrow paper fits both.
  }
}
