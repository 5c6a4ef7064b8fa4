/** Who stands at the till: a name, then a PIN. Wrong ones are counted by the service. */

import { Offline, Problem } from "../api.js";
import { fill, h, icon } from "../dom.js";
import { keypad, typeInto } from "../keypad.js";
import { keyboardOf } from "../sheet.js";
import { counted, t } from "../words.js";

const PIN_MIN = 4;
const PIN_MAX = 6;
const SECOND_MS = 1000;

/** @param {{who?: {staff_id: string, name: string}}} params who is about to type a PIN */
export function signIn(context, { who: expected } = {}) {
  const { session } = context;
  const element = h("section", { class: "narrow stack" });
  const screen = { element, title: t("sign_in_title"), isBare: true };
  const only = session.staff.length === 1 ? session.staff[0] : null;
  const known = expected ?? only;

  const choose = () => {
    screen.onBack = undefined;
    screen.onKey = undefined;
    fill(element, people(session, ask));
    element.querySelector("h1").focus();
  };
  const ask = (who) => {
    const form = pinForm(context, who);
    screen.onBack = only ? undefined : choose;
    screen.onKey = (event) => typeInto(form.field, event);
    fill(element, form.element);
    form.field.focus();
  };
  if (known) queueMicrotask(() => ask(known));
  else choose();
  return screen;
}

function people(session, choose) {
  const place = `${session.merchant.name} · ${session.store.name} · ${session.till.name}`;
  const heading = h("h1", { tabindex: "-1" }, t("sign_in_title"));
  const head = h("div", { class: "stack tight" }, heading, h("p", { class: "lead" }, place));
  if (!session.staff.length) return [head, h("p", { class: "panel" }, t("sign_in_nobody"))];
  const buttons = session.staff.map((who) =>
    h(
      "li",
      null,
      h(
        "button",
        { class: "person", type: "button", onclick: () => choose(who) },
        h("span", { class: "monogram", "aria-hidden": "true" }, [...who.name][0]),
        h("span", null, h("strong", null, who.name), h("small", null, t(`role_${who.role}`))),
        icon("chevron-right"),
      ),
    ),
  );
  return [head, h("ul", { class: "people" }, buttons)];
}

function pinForm(context, who) {
  const error = h("p", { class: "error", id: "pin-error", role: "alert" });
  const field = h("input", {
    id: "pin",
    class: "figure spaced",
    type: "password",
    inputmode: keyboardOf(),
    autocomplete: "off",
    maxlength: String(PIN_MAX),
    "aria-describedby": "pin-error",
  });
  const go = h("button", { class: "button", type: "submit" }, t("sign_in_go"));
  const refused = (failure) => {
    field.value = "";
    field.setAttribute("aria-invalid", "true");
    if (failure.code === "pin_locked") return waitIn(error, go, failure.retryAfter);
    error.textContent = wordsOf(failure);
    field.focus();
  };
  const send = async (event) => {
    event.preventDefault();
    if (go.disabled || field.value.length < PIN_MIN) return field.focus();
    const release = context.hold(); // nobody else begins to sign in meanwhile
    go.disabled = true;
    go.toggleAttribute("aria-busy", true);
    try {
      const body = { staff_id: who.staff_id, pin: field.value };
      context.enter((await context.call("POST", "/v1/till/sign-in", { body })).body);
    } catch (failure) {
      release();
      go.disabled = false;
      if (!(failure instanceof Problem || failure instanceof Offline)) throw failure;
      refused(failure);
    } finally {
      go.removeAttribute("aria-busy");
    }
  };
  field.addEventListener("input", () => {
    field.value = field.value.replace(/\D/g, "").slice(0, PIN_MAX);
    field.removeAttribute("aria-invalid");
    if (field.value && !go.disabled) error.textContent = "";
  });
  const forgot = context.offers("pin_reset") && forgotten(context, who);
  const element = h(
    "form",
    { class: "panel stack tall", novalidate: true, onsubmit: send },
    h("h1", { class: "name", tabindex: "-1" }, t("pin_title", { name: who.name })),
    h("div", { class: "field" }, h("label", { for: "pin" }, t("pin")), field, error),
    keypad(field),
    go,
    forgot,
  );
  return { element, field };
}

function forgotten(context, who) {
  const open = () => context.navigate("pin_reset", { who });
  return h("button", { class: "button quiet", type: "button", onclick: open }, t("pin_forgot"));
}

/** Count down until another PIN may be tried. */
function waitIn(error, go, seconds) {
  const until = Date.now() + seconds * SECOND_MS;
  go.disabled = true;
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / SECOND_MS);
    go.disabled = left > 0;
    error.textContent = left > 0 ? counted("pin_locked", left) : t("pin_again");
    if (left > 0 && error.isConnected) setTimeout(tick, SECOND_MS);
  };
  tick();
}

function wordsOf(failure) {
  if (failure instanceof Offline) return t("offline_retry");
  if (failure.code !== "pin_wrong") return t("problem_unexpected");
  const left = failure.body.attempts_left;
  return left ? counted("pin_wrong", left) : t("pin_wrong_last");
}
