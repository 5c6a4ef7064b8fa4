/** A dialog: from below on a phone, in the middle on a larger screen. Esc closes it. */

import { h, icon } from "./dom.js";
import { keypad } from "./keypad.js";
import { t } from "./words.js";

/**
 * Open a dialog; resolves with what it was closed with, undefined if it was left.
 * @param {string} title
 * @param {(close: (value?: any) => void) => any} build its content
 * @returns {Promise<any>}
 */
export function openSheet(title, build) {
  return new Promise((resolve) => {
    let result;
    const close = (value) => {
      result = value;
      dialog.close();
    };
    const leave = h(
      "button",
      { class: "square", type: "button", "aria-label": t("close"), onclick: () => close() },
      icon("x", 24),
    );
    const heading = h("h2", { id: "sheet-title", tabindex: "-1" }, title);
    const dialog = h(
      "dialog",
      { class: "sheet", "aria-labelledby": "sheet-title" },
      h("div", { class: "sheet-head" }, heading, leave),
      build(close),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
    (dialog.querySelector("[data-first]") ?? heading).focus();
  });
}

/**
 * Ask for one thing that is typed; resolves with the text, undefined if it was left.
 * `check(text)` answers a complaint, or nothing if the text will do.
 * @param {{title: string, label: string, go: string, hint?: string, value?: string,
 *   inputmode?: string, hasKeys?: boolean, isScanned?: boolean, mark?: string,
 *   tidy?: (text: string) => string,
 *   check: (text: string) => string | null | undefined | Promise<string | null | undefined>
 * }} wish
 */
export function askFor(wish) {
  return openSheet(wish.title, (close) => {
    const error = h("p", { class: "error", id: "asked-error", role: "alert" });
    const field = h("input", {
      id: "asked",
      class: wish.hasKeys ? "figure" : "",
      autocomplete: "off",
      autocapitalize: "characters",
      inputmode: wish.hasKeys ? keyboardOf() : (wish.inputmode ?? "text"),
      value: wish.value ?? "",
      "aria-describedby": "asked-error",
      "data-first": true,
      "data-scan": wish.isScanned,
    });
    field.addEventListener("scan", () => field.form.requestSubmit());
    field.addEventListener("input", () => {
      error.textContent = "";
      field.removeAttribute("aria-invalid");
      if (wish.tidy) field.value = wish.tidy(field.value);
    });
    const submit = async (event) => {
      event.preventDefault();
      const complaint = await wish.check(field.value);
      if (!complaint) return close(field.value);
      error.textContent = complaint;
      field.setAttribute("aria-invalid", "true");
      field.focus();
    };
    return h(
      "form",
      { class: "stack", novalidate: true, onsubmit: submit },
      h("div", { class: "field" }, h("label", { for: "asked" }, wish.label), field, error),
      wish.hint && h("p", { class: "hint" }, wish.hint),
      wish.hasKeys && keypad(field, { mark: wish.mark }),
      h("button", { class: "button", type: "submit" }, wish.go),
    );
  });
}

/** Return which keys a phone shows for a field that has keys of ours beside it. */
export function keyboardOf() {
  return matchMedia("(pointer: coarse)").matches ? "none" : "numeric";
}
