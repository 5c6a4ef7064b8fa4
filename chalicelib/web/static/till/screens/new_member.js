/** A new member at the counter: a phone is enough. It earns at once, and is confirmed later. */

import { Offline, Problem } from "../api.js";
import { h } from "../dom.js";
import { onceFor } from "../desk/returning.js";
import { feel } from "../feedback.js";
import { openMember, problemWords } from "../identify.js";
import { keypad, typeInto } from "../keypad.js";
import { keyboardOf } from "../sheet.js";
import { t } from "../words.js";

export function newMember(context, params) {
  const keyOf = onceFor(); // whose answer was lost is asked for again, and sent one link
  const error = h("p", { class: "error", id: "phone-error", role: "alert" });
  const phone = h("input", {
    id: "new-phone",
    class: "figure",
    type: "tel",
    inputmode: keyboardOf(),
    autocomplete: "off",
    value: params.phone ?? "",
    "aria-describedby": "phone-error",
  });
  const name = h("input", { id: "new-name", autocomplete: "off", maxlength: "60" });
  const go = h("button", { class: "button", type: "submit" }, t("new_member_go"));

  const refuse = (text) => {
    feel("refused");
    error.textContent = text;
    phone.setAttribute("aria-invalid", "true");
    phone.focus();
  };
  const send = async (event) => {
    event.preventDefault();
    const typed = phone.value.trim();
    if (!typed) return refuse(t("phone_missing"));
    go.disabled = true;
    go.toggleAttribute("aria-busy", true);
    try {
      await join(context, typed, name.value.trim(), keyOf);
    } catch (failure) {
      if (failure instanceof Offline) refuse(t("offline_new_member"));
      else if (failure instanceof Problem) refuse(problemWords(failure));
      else throw failure;
    } finally {
      go.disabled = false;
      go.removeAttribute("aria-busy");
    }
  };
  phone.addEventListener("input", () => {
    error.textContent = "";
    phone.removeAttribute("aria-invalid");
  });
  const element = h(
    "form",
    { class: "narrow panel stack tall", novalidate: true, onsubmit: send },
    h("h1", { tabindex: "-1" }, t("new_member")),
    h("p", { class: "lead" }, t("new_member_lead")),
    h("div", { class: "field" }, h("label", { for: "new-phone" }, t("phone")), phone, error),
    h("div", { class: "field" }, h("label", { for: "new-name" }, t("name_optional")), name),
    keypad(phone, { mark: "+" }),
    h("p", { class: "hint" }, t("new_member_consent")),
    go,
  );
  const onKey = (event) => typeInto(phone, event);
  return { element, title: t("new_member"), focus: phone, onKey };
}

/** Open a card and its first sale; the phone may be a member's already. */
async function join(context, phone, name, keyOf) {
  const isHere = context.here();
  const body = { phone, language: context.session.merchant.language, ...(name && { name }) };
  const { body: joined } = await context.call("POST", "/v1/members", { body, key: keyOf(body) });
  if (!isHere()) return;
  const notice = joined.link ? t(`new_member_${joined.link}`) : undefined;
  const failure = await openMember(context, { phone }, { notice });
  if (failure) throw new Problem(404, failure, 0);
}
