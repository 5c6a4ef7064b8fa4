/** What the desk has done, to be read from afar: money to give back, points that moved. */

import { h, icon, settle } from "../dom.js";
import { change, money } from "../format.js";
import { openCode } from "../identify.js";
import { movedPairs } from "./receipt_view.js";
import { t } from "../words.js";

/** @param {{title: string, done?: any, receipt?: any, name?: string, moved?: any}} params */
export function deskResult(context, params) {
  const { title, done, receipt, name, moved } = params;
  const isMoved = Boolean(moved);
  const figure = isMoved ? change(moved.earned) : money(done.money_minor, done.currency);
  const shown = isMoved ? name : t("give_back");
  const next = h(
    "button",
    { class: "button", type: "button", "data-next": true, onclick: context.home },
    t("next"),
  );
  const printed = moved ?? { ...receipt, done };
  const print = h(
    "button",
    {
      class: "button quiet",
      type: "button",
      onclick: () => context.navigate("print", { receipt: printed, done }),
    },
    t("print"),
  );
  const ways = h("div", { class: "stack" }, next, context.offers("print") && print);
  const element = h(
    "section",
    { class: "result" },
    h(
      "div",
      { class: `result-figure ${isMoved && moved.earned > 0 ? "earned" : "plain"}` },
      icon(isMoved ? "circle-check" : "receipt-refund", 24),
      h("p", { class: "result-name" }, shown),
      h("h1", { tabindex: "-1" }, figure),
    ),
    h("p", { class: "lead", role: "status" }, title),
    done && h("dl", { class: "pairs panel" }, movedPairs(done)),
    ways,
  );
  settle(ways, () => document.activeElement === document.body && next.focus());
  const onCode = (code) => openCode(context, code); // the next customer's card
  return { element, title, focus: next, onBack: context.home, onCode };
}
