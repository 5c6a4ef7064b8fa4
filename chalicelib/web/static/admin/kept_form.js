/**
 * What was typed comes back when a form was not taken: the session had ended, the password
 * was asked for again, or the page was old. It waits in this tab only, and for one page;
 * secrets and files are never kept.
 */

const NAME = "kopilka-kept-form";
// A password that is shown is a text to the browser.
const SECRETS = "[type=password], [autocomplete$=password], [name=pin], [name=code]";
const NEVER = `[type=hidden], [type=file], [type=submit], ${SECRETS}`;

/** @typedef {{ name: string, value: string, isChecked: boolean | null }} Typed */
/** @typedef {{ action: string, whose: string, fields: Typed[], isTurnedAway: boolean }} Kept */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

/** Keep what a form holds until the next page says whether it was taken. @param {HTMLFormElement} form */
export function keep(form) {
  if (document.querySelector("[data-keeps]")) return;
  sessionStorage.removeItem(NAME);
  if (form.method !== "post") return;
  const fields = fieldsOf(form).map((field) => ({
    name: field.name,
    value: field.value,
    isChecked: isTick(field) ? field.checked : null,
  }));
  if (!fields.length) return;
  /** @type {Kept} */
  const kept = { action: actionOf(form), whose: whose(), fields, isTurnedAway: false };
  sessionStorage.setItem(NAME, JSON.stringify(kept));
}

/** Give it back on the page of its form; between, at the door, let it wait. */
export function giveBack() {
  const text = sessionStorage.getItem(NAME);
  if (!text) return;
  /** @type {Kept} */
  const kept = JSON.parse(text);
  if (document.querySelector("[data-keeps]")) {
    sessionStorage.setItem(NAME, JSON.stringify({ ...kept, isTurnedAway: true }));
    return;
  }
  sessionStorage.removeItem(NAME);
  if (!kept.isTurnedAway || kept.whose !== whose()) return;
  const form = [...document.forms].find((one) => actionOf(one) === kept.action);
  if (form) fill(form, kept.fields);
}

/** @param {HTMLFormElement} form @param {Typed[]} typed */
function fill(form, typed) {
  for (const field of fieldsOf(form)) {
    const said = typed.find((one) => one.name === field.name
      && (one.isChecked === null || one.value === field.value));
    if (!said) continue;
    if (isTick(field)) field.checked = Boolean(said.isChecked);
    else field.value = said.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  form.closest("details")?.setAttribute("open", "");
  const told = document.querySelector("template#kept");
  if (told instanceof HTMLTemplateElement) form.before(told.content.cloneNode(true));
  const next = form.querySelector("input:invalid, textarea:invalid") ?? form.querySelector("button");
  if (next instanceof HTMLElement) next.focus();
}

/** @param {HTMLFormElement} form @returns {Field[]} */
function fieldsOf(form) {
  return [...form.querySelectorAll("input, select, textarea")]
    .filter((field) => /** @type {Field} */ (field).name && !field.matches(NEVER))
    .map((field) => /** @type {Field} */ (field));
}

/** @param {Field} field @returns {field is HTMLInputElement} */
function isTick(field) {
  return field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type);
}

/** An owner's form is given back to nobody else. */
function whose() {
  return document.querySelector(".whose")?.textContent?.trim() ?? "";
}

/** @param {HTMLFormElement} form */
function actionOf(form) {
  return form.getAttribute("action") ?? "";
}
