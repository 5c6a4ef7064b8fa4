/**
 * What a cashier may not do alone: a reason, and a manager's PIN on the cashier's till. The
 * approval is good for the one call that is stated with it, under the key it is made with.
 */

import { Offline, Problem } from "../api.js";
import { fill, h } from "../dom.js";
import { feel } from "../feedback.js";
import { problemWords } from "../identify.js";
import { keypad } from "../keypad.js";
import { keyboardOf, openSheet } from "../sheet.js";
import { counted, t } from "../words.js";

const SENIOR = new Set(["manager", "owner"]);
const REASON_CHARS_MAX = 200;

/** Return whether whoever is signed in needs nobody's leave. */
export function isSenior(session) {
  return SENIOR.has(session.signed_in?.role);
}

/** Return whose PIN opens what a cashier may not do. */
export function seniors(session, isFor = () => true) {
  return session.staff.filter((who) => SENIOR.has(who.role) && isFor(who));
}

/**
 * Ask why, and for a manager's leave if it is needed; resolves with `{reason, approval}`,
 * nothing if it was left. `words` are the title, the effect and the button; `path` is what
 * will be posted to; `isFinal`: nobody can put it back.
 * @param {{title: string, effect: string, go: string, reasons: string[],
 *   isFinal?: boolean}} words
 */
export function askReason(context, path, words) {
  return openSheet(words.title, (close) => {
    const reason = h("input", {
      id: "reason",
      autocomplete: "off",
      maxlength: String(REASON_CHARS_MAX),
      "data-first": true,
      "aria-describedby": "reason-error",
    });
    const error = h("p", { class: "error", id: "reason-error", role: "alert" });
    const usual = words.reasons.map((text) =>
      h(
        "button",
        { class: "extra", type: "button", onclick: () => ((reason.value = text), go.focus()) },
        text,
      ),
    );
    const look = words.isFinal ? "button danger" : "button";
    const go = h("button", { class: look, type: "submit" }, words.go);
    const pin = isSenior(context.session) ? null : pinPart(context);
    const submit = async (event) => {
      event.preventDefault();
      if (!reason.value.trim()) {
        error.textContent = t("reason_missing");
        return reason.focus();
      }
      if (go.disabled) return;
      go.disabled = true; // a PIN typed once is tried once
      const approval = pin ? await pin.prove({ path }) : "";
      go.disabled = false;
      if (approval !== null) close({ reason: reason.value.trim(), approval });
    };
    reason.addEventListener("input", () => (error.textContent = ""));
    return h(
      "form",
      { class: "stack", novalidate: true, onsubmit: submit },
      h("p", { class: "lead" }, words.effect),
      h("div", { class: "field" }, h("label", { for: "reason" }, t("reason")), reason, error),
      h("div", { class: "extras" }, usual),
      pin?.element,
      go,
    );
  });
}

/**
 * Make the part of a form that asks a manager: who, and their PIN. `prove({path, target})`
 * resolves with the id of an approval to post there, or null and says what is wrong.
 */
export function pinPart(context, isFor = () => true) {
  const people = seniors(context.session, isFor);
  if (!people.length) {
    const nobody = h("p", { class: "notice", role: "alert" }, t("approval_nobody"));
    return { element: nobody, prove: async () => null };
  }
  let chosen = people[0];
  const field = h("input", {
    id: "approval-pin",
    class: "figure spaced",
    type: "password",
    inputmode: keyboardOf(),
    autocomplete: "off",
    maxlength: "6",
    "aria-describedby": "approval-error",
  });
  const error = h("p", { class: "error", id: "approval-error", role: "alert" });
  const names =
    people.length > 1
      ? h("div", { class: "segments", role: "group", "aria-label": t("approval_who") })
      : h("p", null, chosen.name);
  const draw = () =>
    people.length > 1 &&
    fill(
      names,
      people.map((who) =>
        h(
          "button",
          {
            type: "button",
            "aria-pressed": String(who === chosen),
            onclick: () => ((chosen = who), draw(), field.focus()),
          },
          who.name,
        ),
      ),
    );
  draw();
  field.addEventListener("input", () => (error.textContent = ""));
  const refuse = (text) => {
    feel("refused");
    field.value = "";
    error.textContent = text;
    field.focus();
    return null;
  };
  const prove = async (wish) => {
    if (!field.value) return refuse(t("approval_pin_missing"));
    try {
      const body = { staff_id: chosen.staff_id, pin: field.value, method: "POST", ...wish };
      const answer = await context.call("POST", "/v1/till/approvals", { body });
      return answer.body.approval_id;
    } catch (failure) {
      return refuse(pinWords(failure));
    }
  };
  const element = h(
    "fieldset",
    { class: "approval stack tight" },
    h("legend", null, t("approval_title")),
    names,
    h("div", { class: "field" }, h("label", { for: "approval-pin" }, t("pin")), field, error),
    keypad(field),
  );
  return { element, prove };
}

/** Return what to say of a PIN that did not open anything; bugs go on. */
export function pinWords(failure) {
  if (failure instanceof Offline) return t("offline_retry");
  if (!(failure instanceof Problem)) throw failure;
  const left = failure.body.attempts_left;
  if (failure.code === "pin_locked") return counted("pin_locked", failure.retryAfter);
  if (failure.code === "pin_wrong") return left ? counted("pin_wrong", left) : t("pin_again");
  return problemWords(failure);
}
