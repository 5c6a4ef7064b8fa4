/** Bind this device to a till, by the one-time code that the office shows. */

import { call, Offline, Problem } from "../api.js";
import { h, icon } from "../dom.js";
import { has, t } from "../words.js";

const CODE_CHARS = 8;

export function activation(context, params) {
  const error = h("p", { class: "error", id: "code-error", role: "alert" });
  const field = h("input", {
    id: "activation-code",
    class: "figure spaced",
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    maxlength: String(CODE_CHARS + 4),
    "aria-describedby": "code-error code-hint",
    oninput: () => field.removeAttribute("aria-invalid"),
  });
  const go = h("button", { class: "button", type: "submit" }, t("activation_go"));
  const wait = (isBusy) => {
    go.disabled = isBusy;
    go.toggleAttribute("aria-busy", isBusy);
  };
  const send = async (event) => {
    event?.preventDefault();
    if (go.disabled) return; // the code is good once
    error.textContent = "";
    wait(true);
    try {
      const code = field.value.replace(/[\s-]/g, "").toUpperCase();
      const { body } = await call("POST", "/v1/till/activations", { body: { code } });
      history.replaceState(null, "", location.pathname);
      context.enter(body);
    } catch (failure) {
      error.textContent = wordsOf(failure);
      field.setAttribute("aria-invalid", "true");
      field.focus();
    } finally {
      wait(false);
    }
  };
  const form = h(
    "form",
    { class: "narrow panel stack", novalidate: true, onsubmit: send },
    h("span", { class: "disc" }, icon("device-tablet", 24)),
    h("h1", { tabindex: "-1" }, t("activation_title")),
    h("p", { class: "lead" }, t(params.isExpired ? "activation_expired" : "activation_lead")),
    h(
      "div",
      { class: "field" },
      h("label", { for: "activation-code" }, t("activation_code")),
      field,
      error,
      h("p", { class: "hint", id: "code-hint" }, t("activation_hint")),
    ),
    go,
  );
  const linked = linkedCode();
  if (linked) {
    field.value = linked;
    queueMicrotask(send);
  }
  return { element: form, title: t("activation_title"), isBare: true, focus: field };
}

/** Return the code in the address; none if somebody has cut it. */
function linkedCode() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

function wordsOf(failure) {
  if (failure instanceof Offline) return t("offline_retry");
  if (!(failure instanceof Problem)) throw failure;
  const key = `problem_${failure.code}`;
  return has(key) ? t(key) : t("activation_wrong");
}
