/**
 * Keys on the screen that write into a field. The field is a real one: a keyboard types
 * into it as well, and a phone shows these keys instead of its own.
 */

import { h, icon } from "./dom.js";
import { t } from "./words.js";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
const TYPED = /^[0-9]$/;
const OURS = /^([0-9.,]|Enter|Escape|Backspace|F2|F4)$/;

/**
 * Make the keys of a field, or of the one that a function names at each press.
 * @param {HTMLInputElement | (() => HTMLInputElement)} target
 * @param {{mark?: string}} [options] `mark`: the key beside 0, such as a decimal comma
 */
export function keypad(target, { mark = "" } = {}) {
  const field = () => (typeof target === "function" ? target() : target);
  const type = (text) => () => write(field(), field().value + text);
  const key = (text) =>
    h("button", { class: "key", type: "button", tabindex: "-1", onclick: type(text) }, text);
  const erase = h(
    "button",
    { class: "key", type: "button", tabindex: "-1", "aria-label": t("erase") },
    icon("backspace", 24),
  );
  erase.addEventListener("click", () => write(field(), eraseLast(field().value)));
  const side = mark ? key(mark) : h("span", { class: "key blank" });
  const group = { class: "keypad", role: "group", "aria-label": t("keypad") };
  return h("div", group, DIGITS.map(key), side, key("0"), erase);
}

/** Let digits, marks and Backspace go to a field that has not the focus; true if they did. */
export function typeInto(field, event) {
  if (document.activeElement === field || isField(event.target)) return false;
  if (TYPED.test(event.key) || event.key === "," || event.key === ".") {
    write(field, field.value + event.key);
  } else if (event.key === "Backspace") {
    write(field, eraseLast(field.value));
  } else {
    return false;
  }
  field.focus({ preventScroll: true });
  return true;
}

/** Return whether a key does something at a till; the others are the browser's. */
export function isOurs(event) {
  return OURS.test(event.key);
}

/** Return whether keys pressed in a place are its own. */
export function isField(target) {
  return target instanceof Element && Boolean(target.closest("input, select, textarea"));
}

/** Put a text into a field, as if it had been typed. */
export function write(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function eraseLast(text) {
  return text.replace(/[\s\u00a0\u202f-]+$/, "").slice(0, -1);
}
