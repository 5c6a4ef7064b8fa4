/** Find a member without scanning: by phone, or by the code under the barcode. */

import { fill, h } from "../dom.js";
import { openCode, openMember } from "../identify.js";
import { keypad, typeInto } from "../keypad.js";
import { keyboardOf } from "../sheet.js";
import { t } from "../words.js";

const CHARS_MAX = 64; // of the longest code
const WAYS = ["phone", "code"];

export function find(context, params) {
  let way = params.way ?? "phone";
  const error = h("p", { class: "error", id: "find-error", role: "alert" });
  const more = h("div", { class: "stack tight" });
  const field = h("input", {
    id: "find",
    class: "figure",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: String(CHARS_MAX),
    autocapitalize: "characters",
    value: params.typed ?? "",
    "aria-describedby": "find-error",
  });
  const label = h("label", { for: "find" });
  const keys = h("div", { class: "keys" });

  const choose = (chosen) => {
    way = chosen;
    label.textContent = t(way === "phone" ? "phone" : "card_code");
    const isPhone = way === "phone";
    field.type = isPhone ? "tel" : "text";
    field.inputMode = isPhone ? keyboardOf() : "text";
    fill(keys, isPhone && keypad(field, { mark: "+" }));
    for (const tab of tabs.children) tab.setAttribute("aria-pressed", tab.dataset.way === way);
    field.focus();
  };
  const forgive = () => {
    error.textContent = "";
    fill(more);
    lead();
    field.removeAttribute("aria-invalid");
  };
  const send = async (event) => {
    event?.preventDefault();
    const typed = field.value.trim();
    if (!typed) return field.focus();
    if (go.disabled) return;
    forgive();
    wait(true);
    const asked = way === "phone" ? { phone: typed } : { code: typed };
    const failure = await openMember(context, asked).finally(() => wait(false));
    if (!failure) return;
    error.textContent = failure.text;
    field.setAttribute("aria-invalid", "true");
    fill(more, ...waysOn(context, failure, way === "phone" ? typed : ""));
    lead();
    (more.querySelector("button") ?? field).focus();
  };
  const go = h("button", { class: "button", type: "submit" }, t("find_go"));
  // One button leads: to look again no longer does where a card can be made.
  const lead = () =>
    go.classList.toggle("quiet", Boolean(more.querySelector(".button:not(.quiet)")));
  const wait = (isBusy) => {
    go.disabled = isBusy;
    go.toggleAttribute("aria-busy", isBusy);
  };
  const tabs = h("div", { class: "segments", role: "group", "aria-label": t("find_title") });
  tabs.append(...WAYS.map((name) => tab(name, () => choose(name))));
  field.addEventListener("input", forgive);
  const element = h(
    "form",
    { class: "narrow panel stack tall", novalidate: true, onsubmit: send },
    h("h1", { tabindex: "-1" }, t("find_title")),
    tabs,
    h("div", { class: "field" }, label, field, error),
    more,
    keys,
    go,
  );
  choose(way);
  return {
    element,
    title: t("find_title"),
    focus: field,
    onKey: (event) => typeInto(field, event),
    onCode: (code) => openCode(context, code),
  };
}

function tab(name, onclick) {
  const attributes = { type: "button", "data-way": name, onclick };
  return h("button", attributes, t(name === "phone" ? "by_phone" : "by_code"));
}

/** Return what can be done for somebody who was not found. */
function waysOn(context, failure, phone) {
  const nobody = () => context.navigate("sale", { member: null });
  const anonymous = h(
    "button",
    { class: "button quiet", type: "button", onclick: nobody },
    t("go_without_card"),
  );
  if (failure.code !== "member_not_found" || !phone) return [anonymous];
  const join = () => context.navigate("new_member", { phone });
  return [
    h("button", { class: "button", type: "button", onclick: join }, t("new_member_with_phone")),
    anonymous,
  ];
}
