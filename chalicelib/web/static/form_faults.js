/** A form at work: one thing at a time, its faults at their fields, and what it waits for. */

import { codeOf } from "./problems.js";

const SLOW_MS = 400; // what is answered sooner needs no "sending"
const UNAUTHENTICATED = 401;

/** Says what was wrong where it belongs, and leads to the field. */
export function complain(form, problem, explain) {
  const code = codeOf(problem);
  const places = [...form.querySelectorAll("[data-error-of]")];
  const own = places.find(({ dataset }) => dataset.errorOf.split(" ").includes(code));
  const place = own ?? form.querySelector("[data-error]");
  place.textContent = explain(problem);
  if (problem.status === UNAUTHENTICATED) leadIn(place);
  const field = place.id && form.querySelector(`[aria-describedby~="${place.id}"]`);
  if (!field) return;
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

/** Whoever was signed out meanwhile is told the way back in, beside the fault. */
function leadIn(place) {
  const way = document.querySelector("template[data-sign-in]");
  if (way) place.after(way.content.cloneNode(true));
}

export function forgive(form) {
  for (const place of form.querySelectorAll(".error")) place.textContent = "";
  for (const way of form.querySelectorAll("[data-way-in]")) way.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
  }
}

/** Works once at a time, and says at the button that an answer takes its time. */
export async function whileBusy(form, button, words, work) {
  if (form.getAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  forgive(form);
  const place = button.querySelector("span") ?? button;
  const label = (button.dataset.label ??= place.textContent);
  place.textContent = label; // no longer what was done before
  const slow = setTimeout(() => (place.textContent = words.sending), SLOW_MS);
  try {
    await work();
  } finally {
    clearTimeout(slow);
    if (place.textContent === words.sending) place.textContent = label;
    form.removeAttribute("aria-busy");
  }
}
