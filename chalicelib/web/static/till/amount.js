/** What was bought: as one total, by category, or line by line with weights. */

import { lineTotal, totalOf } from "./basket.js";
import { fill, h, icon } from "./dom.js";
import { groupMoney, money, readMoney, sign, typedMoney } from "./format.js";
import { openSheet, keyboardOf } from "./sheet.js";
import { categoryName, spoken, t } from "./words.js";

const QUANTITY = /^\d{1,6}([.,]\d{1,3})?$/;
const LINES_MAX = 200;
const UNITS_MAX = 50; // of what is stamped, on one receipt
const LONG_CHARS = 9; // more do not fit a phone in the largest size
const SIGN_CHARS = 2;

/**
 * Make the entry of a basket; `changed()` is called after every change.
 * @returns {{element: HTMLElement, field: () => HTMLInputElement | null, refresh: () => void}}
 */
export function amountEntry(basket, program, currency, changed) {
  return new Entry(basket, program, currency, changed);
}

class Entry {
  constructor(basket, program, currency, changed) {
    Object.assign(this, { basket, program, currency, changed });
    this.active = null; // the field that keys go to
    this.body = h("div", { class: "amount-body" });
    this.tabs = h("div", { class: "segments", role: "group", "aria-label": t("basket") });
    const ways = ["total", program.categories.length > 0 && "categories", "goods"];
    this.tabs.append(...ways.filter(Boolean).map((way) => this.tab(way)));
    this.element = h("div", { class: "stack tight" }, this.tabs, this.body);
    this.draw();
  }

  field() {
    return this.active;
  }

  /** Write the total of what was entered in parts. */
  refresh() {
    const place = this.body.querySelector("[data-total]");
    if (!place) return;
    place.textContent = money(totalOf(this.basket), this.currency);
    place.classList.toggle("long", place.textContent.length > LONG_CHARS + SIGN_CHARS);
  }

  tab(way) {
    const isChosen = String(this.basket.way === way);
    const choose = () => this.choose(way);
    const attributes = { type: "button", "data-way": way, "aria-pressed": isChosen };
    return h("button", { ...attributes, onclick: choose }, t(`by_${way}`));
  }

  choose(way) {
    this.basket.way = way;
    for (const tab of this.tabs.children) {
      tab.setAttribute("aria-pressed", String(tab.dataset.way === way));
    }
    this.redraw();
    (this.active ?? this.body.querySelector("[data-add]")).focus({ preventScroll: true });
  }

  redraw() {
    this.draw();
    this.changed();
  }

  draw() {
    this.active = null;
    if (this.basket.way === "categories") this.drawCategories();
    else if (this.basket.way === "goods") this.drawGoods();
    else this.drawTotal();
    this.refresh();
  }

  drawTotal() {
    const { basket, currency } = this;
    const keep = (value) => (basket.total = value);
    this.active = this.money("amount", t("amount"), basket.total, keep);
    const mark = h("span", null, sign(currency));
    fill(this.body, h("div", { class: "amount-line" }, this.active, mark));
  }

  drawCategories() {
    const { basket, program } = this;
    const names = [...program.categories, ""]; // no receipt has only goods the program names
    const rows = names.map((code, i) => {
      if (code && code === program.stamp_category) return this.unitRows(code, i);
      const keep = (value) => (basket.categories[code] = value);
      const label = code ? categoryName(code) : t("goods_rest");
      return this.moneyRow(`category-${i}`, label, basket.categories[code], keep);
    });
    fill(this.body, totalLine(), h("ul", { class: "rows entries" }, rows));
  }

  moneyRow(id, label, amount, keep) {
    const input = this.money(id, label, amount, keep);
    this.active ??= input;
    return h("li", null, h("label", { for: id }, label), input);
  }

  /** Each unit is stamped, and the cheapest is free: each has a price of its own. */
  unitRows(code, i) {
    const { categories } = this.basket;
    const name = categoryName(code);
    const units = [categories[code] ?? 0].flat();
    const rows = units.map((amount, n) => {
      const keep = (value) => ((units[n] = value), (categories[code] = units));
      const label = n ? t("unit_of", { name, n: n + 1 }) : name;
      return this.moneyRow(`category-${i}-${n}`, label, amount, keep);
    });
    const more = () => {
      categories[code] = [...units, 0];
      this.draw();
      this.body.querySelector(`#category-${i}-${units.length}`).focus();
    };
    const words = [icon("plus"), t("unit_more", { name })];
    const add = { class: "extra", type: "button", onclick: more };
    if (units.length < UNITS_MAX) rows.push(h("li", null, h("button", add, words)));
    return rows;
  }

  drawGoods() {
    const { basket, currency } = this;
    const rows = basket.lines.map((line, i) => {
      const remove = () => {
        basket.lines.splice(i, 1);
        this.redraw();
      };
      return lineRow(line, currency, remove);
    });
    const add = { class: "button quiet", type: "button", "data-add": true };
    fill(
      this.body,
      totalLine(),
      rows.length
        ? h("ul", { class: "rows entries" }, rows)
        : h("p", { class: "hint" }, t("lines_empty")),
      h("button", { ...add, onclick: () => this.addLine() }, t("line_add")),
    );
  }

  /** Ask for a line of what was scanned; false: no lines are entered here. */
  scanned(text) {
    if (this.basket.way !== "goods" || document.querySelector("dialog[open]")) return false;
    this.addLine(text);
    return true;
  }

  async addLine(sku = "") {
    const { lines } = this.basket;
    const line = lines.length < LINES_MAX && (await askLine(this.currency, sku));
    if (!line) return;
    lines.push(line);
    this.redraw();
    this.body.querySelector("[data-add]").focus();
  }

  /** Return a field of money that groups its digits while they are typed. */
  money(id, label, amount, keep) {
    const { currency } = this;
    const input = h("input", {
      id,
      class: "money",
      inputmode: keyboardOf() === "none" ? "none" : "decimal",
      autocomplete: "off",
      placeholder: "0",
      value: amount ? typedMoney(amount, currency) : "",
      "aria-label": label,
    });
    const fit = () => input.classList.toggle("long", input.value.length > LONG_CHARS);
    fit();
    input.addEventListener("input", () => {
      const grouped = groupMoney(input.value, currency);
      if (grouped !== input.value) input.value = grouped;
      fit();
      keep(readMoney(grouped || "0", currency) ?? 0);
      this.changed();
    });
    input.addEventListener("focus", () => (this.active = input));
    return input;
  }
}

function totalLine() {
  return h("output", { class: "amount-line", "data-total": true });
}

function lineRow(line, currency, remove) {
  const unit = line.unit ? t("unit_kg") : t("unit_piece");
  const quantity = line.quantity.replace(".", spoken() === "ru" ? "," : ".");
  const text = `${quantity}\u00a0${unit} × ${money(line.price, currency)}`;
  return h(
    "li",
    null,
    h("span", null, line.sku || t("line_unnamed"), h("small", null, text)),
    h("span", { class: "amount" }, money(lineTotal(line), currency)),
    h(
      "button",
      { class: "square", type: "button", "aria-label": t("line_remove"), onclick: remove },
      icon("x"),
    ),
  );
}

/** Ask for one line: a SKU, how much of it, and its price. */
function askLine(currency, scanned) {
  return openSheet(t("line_add"), (close) => {
    const error = h("p", { class: "error", id: "line-error", role: "alert" });
    const input = (id, more) =>
      h("input", { id, autocomplete: "off", "aria-describedby": "line-error", ...more });
    const sku = input("line-sku", { value: scanned, "data-scan": true, maxlength: "64" });
    const quantity = input("line-quantity", { inputmode: "decimal", value: "1" });
    const price = input("line-price", { inputmode: "decimal" });
    (scanned ? price : sku).dataset.first = "true"; // what a scanner knows is not typed
    sku.addEventListener("scan", () => price.focus());
    const isWeight = input("line-weight", { type: "checkbox" });
    const submit = (event) => {
      event.preventDefault();
      const cost = readMoney(price.value, currency);
      const isCount =
        QUANTITY.test(quantity.value) && Number(quantity.value.replace(",", ".")) > 0;
      if (cost === null || !isCount) {
        error.textContent = t(isCount ? "line_price_wrong" : "line_quantity_wrong");
        return (isCount ? price : quantity).focus();
      }
      const line = {
        sku: sku.value.trim(),
        quantity: quantity.value.replace(",", "."),
        price: cost,
      };
      close({ ...line, unit: isWeight.checked ? "kg" : "" });
    };
    const labelled = (id, word, part) =>
      h("div", { class: "field" }, h("label", { for: id }, t(word)), part);
    return h(
      "form",
      { class: "stack", novalidate: true, onsubmit: submit },
      labelled("line-sku", "line_sku", sku),
      h(
        "div",
        { class: "two" },
        labelled("line-quantity", "line_quantity", quantity),
        labelled("line-price", "line_price", price),
      ),
      h(
        "div",
        { class: "choice" },
        isWeight,
        h("label", { for: "line-weight" }, t("line_weight")),
      ),
      error,
      h("button", { class: "button", type: "submit" }, t("line_go")),
    );
  });
}
