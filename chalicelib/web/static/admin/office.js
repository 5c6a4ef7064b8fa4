/** What pages of the office do beyond their forms; without it every form still works. */

import { giveBack, keep } from "./kept_form.js";
import { shrink } from "./pictures.js";

const SEARCH = "#search";
const STRONG_CHARS = 20;
const FAIR_CHARS = 16;
const SENT_MS = 10_000;

/** `/` goes to the search, unless somebody is typing. @param {KeyboardEvent} event */
function focusSearch(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const isTyping = target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
  const field = document.querySelector(SEARCH);
  if (!(field instanceof HTMLInputElement)) return;
  event.preventDefault();
  field.focus();
  field.select();
}

/** Escape and a press elsewhere close what is open above the page. @param {Event} event */
function closeSheets(event) {
  if (event instanceof KeyboardEvent && event.key !== "Escape") return;
  for (const sheet of document.querySelectorAll(".more[open]")) {
    const isInside = event.type === "click" && sheet.contains(/** @type {Node} */ (event.target));
    if (!isInside) sheet.removeAttribute("open");
  }
}

/** Show what was typed as a password. @param {HTMLButtonElement} button */
function peek(button) {
  const field = button.parentElement?.querySelector("input");
  if (!field) return;
  const shown = button.getAttribute("aria-label") ?? "";
  const isHidden = field.type === "password";
  field.type = isHidden ? "text" : "password";
  button.setAttribute("aria-pressed", String(isHidden));
  button.setAttribute("aria-label", button.dataset.peek ?? shown);
  button.dataset.peek = shown;
}

/** Say how strong a new password is. @param {HTMLInputElement} field */
function judge(field) {
  const said = document.getElementById(`${field.name}-said`);
  const words = (field.dataset.strength ?? "").split("|");
  if (!said || !field.value) return;
  const kinds = new Set([...field.value].map((sign) => sign.toLowerCase())).size;
  const length = kinds < 6 ? 0 : field.value.length;
  said.classList.replace("error", "hint");
  said.textContent = length < Number(field.minLength) ? words[0]
    : length < FAIR_CHARS && length < STRONG_CHARS ? words[1] : words[2];
}

/** Copy the text of what `data-copy` names. @param {HTMLButtonElement} button */
async function copy(button) {
  const source = document.querySelector(button.dataset.copy ?? "");
  if (!source) return;
  const lines = [...source.querySelectorAll("li")].map((line) => line.textContent?.trim());
  await navigator.clipboard.writeText(lines.length ? lines.join("\n") : source.textContent?.trim() ?? "");
  const words = [...button.childNodes].find((node) => node.nodeType === Node.TEXT_NODE);
  if (words) words.textContent = button.dataset.copied ?? "";
  button.setAttribute("aria-live", "polite");
}

/** A second click on a slow line would send the form twice. @param {HTMLFormElement} form */
function isSentAgain(form) {
  if (form.method !== "post") return false;
  if ("sent" in form.dataset) return true;
  form.dataset.sent = "";
  setTimeout(() => delete form.dataset.sent, SENT_MS); // no answer came: it may be tried again
  return false;
}

/** Keep the colour field and its number alike. @param {HTMLInputElement} field */
function matchColours(field) {
  const other = field.dataset.colour
    ? document.getElementById(field.dataset.colour)
    : document.querySelector(`[data-colour="${CSS.escape(field.name)}"]`);
  if (other instanceof HTMLInputElement && /^#[0-9a-f]{6}$/i.test(field.value)) {
    other.value = field.value;
  }
}

/** @param {ParentNode} root */
function reveal(root) {
  for (const button of root.querySelectorAll("button[data-peek], button[data-copy], button[data-print]")) {
    if (button instanceof HTMLElement) button.hidden = false;
  }
}

document.addEventListener("keydown", focusSearch);
document.addEventListener("keydown", closeSheets);
document.addEventListener("click", closeSheets);
document.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("button");
  if (!button) return;
  if (button.dataset.copy) void copy(button);
  if ("peek" in button.dataset) peek(button);
  if ("print" in button.dataset) window.print();
});
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement)) return;
  if (field.dataset.strength) judge(field);
  if (field.dataset.colour || field.name.startsWith("colours.")) matchColours(field);
  const digits = Number(field.dataset.sends ?? 0);
  if (digits && field.value.length === digits && field.checkValidity()) field.form?.requestSubmit();
}, { capture: true });
document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (isSentAgain(form)) event.preventDefault();
  else keep(form);
});
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field instanceof HTMLInputElement && "shrinks" in field.dataset) void shrink(field);
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = /** @type {HTMLElement} */ (event.target).closest("form");
  if (form) keep(form);
});
document.addEventListener("htmx:afterSwap", () => reveal(document));
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return; // who comes back to a page as it was left may send its forms
  for (const form of document.forms) delete form.dataset.sent;
});
reveal(document);

// The answer to a form: to load it again, or to go back to it, must not send the form again.
const page = document.querySelector('meta[name="page"]');
if (page instanceof HTMLMetaElement) history.replaceState(null, "", page.content);

const first = document.querySelector('[aria-invalid="true"], [data-first]');
if (first instanceof HTMLElement) first.focus();
document.addEventListener("DOMContentLoaded", giveBack); // once htmx listens, to what it fills
