/** The lines of a receipt with how much of each comes back: nothing is chosen at first. */

import { fill, h, icon } from "../dom.js";
import { money } from "../format.js";
import { lineName, quantityWords } from "./receipt_view.js";
import { leftOf, milliOf, quantityOf } from "./returning.js";
import { spoken, t } from "../words.js";

const MILLI = 1000;
const TYPED = /^\d{1,6}([.,]\d{1,3})?$/;

/**
 * @param {(chosen: number[]) => void} changed with thousandths by line
 * @returns {{element: HTMLElement, chosen: number[]}}
 */
export function returnLines(receipt, changed) {
  const left = leftOf(receipt);
  const chosen = left.map(() => 0);
  const rows = receipt.lines.map((line) => lineRow(receipt, line, left[line.line], set));
  const all = h(
    "button",
    { class: "button quiet", type: "button", onclick: () => left.forEach(put) },
    t("return_all"),
  );

  function set(place, milli) {
    chosen[place] = Math.max(0, Math.min(milli, left[place]));
    changed(chosen);
    return chosen[place];
  }
  function put(milli, place) {
    rows[place].show(set(place, milli));
  }

  const list = h(
    "ul",
    { class: "rows" },
    rows.map((row) => row.element),
  );
  return { element: h("div", { class: "stack tight" }, list, all), chosen };
}

function lineRow(receipt, line, left, set) {
  const called = lineName(line, receipt);
  const field = h("input", {
    class: "quantity",
    inputmode: "decimal",
    autocomplete: "off",
    value: "0",
    disabled: left <= 0,
    "aria-label": t("return_quantity", { name: called }),
  });
  const show = (milli) => {
    field.value = quantityOf(milli).replace(".", spoken() === "ru" ? "," : ".");
  };
  const now = () => (TYPED.test(field.value) ? milliOf(field.value) : 0);
  const step = (by) => () => show(set(line.line, now() + by));
  field.addEventListener("input", () => set(line.line, now()));
  field.addEventListener("change", () => show(set(line.line, now())));
  const key = (picture, word, by) =>
    h(
      "button",
      {
        class: "square",
        type: "button",
        disabled: left <= 0,
        "aria-label": t(word, { name: called }),
        onclick: step(by),
      },
      icon(picture),
    );
  const size = left < MILLI ? left : MILLI; // of what is weighed all at once
  const name = h("span", { class: "line-name" });
  fill(
    name,
    called,
    h(
      "small",
      null,
      `${money(line.gross_minor - line.discount_minor, receipt.currency)} · `,
      left > 0
        ? t("return_left", { quantity: quantityWords(quantityOf(left), line.unit) })
        : t("return_none_left"),
    ),
  );
  const element = h(
    "li",
    { class: "return-line" },
    name,
    h(
      "span",
      { class: "stepper", role: "group", "aria-label": called },
      key("minus", "return_less", -size),
      field,
      key("plus", "return_more", size),
    ),
  );
  return { element, show };
}
