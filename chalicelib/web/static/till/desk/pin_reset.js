/** A forgotten PIN: a manager's PIN, and the new one twice; half a minute and back to work. */

import { pinPart, pinWords } from "./approvals.js";
import { newKey } from "../basket.js";
import { h } from "../dom.js";
import { feel } from "../feedback.js";
import { keyboardOf } from "../sheet.js";
import { t } from "../words.js";

const PATH = "/v1/till/pin-resets";
const PIN = /^[0-9]{4,6}$/;

/** @param {{who: {staff_id: string, name: string, role: string}}} params */
export function pinReset(context, { who }) {
  const isCashier = who.role === "cashier";
  const senior = pinPart(context, (one) => one.staff_id !== who.staff_id && mayReset(one, who));
  const error = h("p", { class: "error", id: "new-pin-error", role: "alert" });
  const first = pinField("new-pin");
  const again = pinField("new-pin-again");
  const go = h("button", { class: "button", type: "submit" }, t("pin_reset_go"));
  const refuse = (text, field) => {
    feel("refused");
    error.textContent = text;
    field.focus();
  };
  const submit = async (event) => {
    event.preventDefault();
    if (go.disabled) return;
    if (!PIN.test(first.value)) return refuse(t("pin_rules"), first);
    if (first.value !== again.value) return refuse(t("pin_differs"), again);
    go.disabled = true;
    try {
      const approval = await senior.prove({ path: PATH, target: who.staff_id });
      if (approval) await reset(context, who, first.value, approval);
    } catch (failure) {
      refuse(pinWords(failure), first);
    } finally {
      go.disabled = false;
    }
  };
  for (const field of [first, again]) {
    field.addEventListener("input", () => {
      field.value = field.value.replace(/\D/g, "");
      error.textContent = "";
    });
  }
  const labelled = (id, word, field) =>
    h("div", { class: "field" }, h("label", { for: id }, t(word)), field);
  const element = h(
    "form",
    { class: "narrow panel stack", novalidate: true, onsubmit: submit },
    h("h1", { tabindex: "-1" }, t("pin_reset_title", { name: who.name })),
    h("p", { class: "lead" }, t(isCashier ? "pin_reset_lead" : "pin_reset_owner")),
    labelled("new-pin", "pin_new", first),
    labelled("new-pin-again", "pin_again_label", again),
    error,
    senior.element,
    go,
    h("button", { class: "button quiet", type: "button", onclick: leave }, t("back")),
  );
  function leave() {
    context.navigate("sign_in");
  }
  return {
    element,
    title: t("pin_reset_title", { name: who.name }),
    isBare: true,
    focus: first,
    onBack: leave,
  };
}

/** A manager resets a cashier's PIN; a manager's own is the owner's to reset. */
function mayReset(one, who) {
  return who.role === "cashier" || one.role === "owner";
}

async function reset(context, who, pin, approval) {
  const body = { staff_id: who.staff_id, pin };
  await context.call("POST", PATH, { body, approval, key: newKey() }).finally(context.hold());
  feel("done");
  context.announce(t("pin_reset_done", { name: who.name }));
  context.navigate("sign_in", { who });
}

function pinField(id) {
  return h("input", {
    id,
    class: "figure spaced",
    type: "password",
    inputmode: keyboardOf() === "none" ? "numeric" : keyboardOf(),
    autocomplete: "new-password",
    maxlength: "6",
    "aria-describedby": "new-pin-error",
  });
}
