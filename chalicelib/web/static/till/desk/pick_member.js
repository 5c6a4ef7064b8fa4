/** Find the member something is done for, in a dialog: scan the card, or type the phone. */

import { fill, h, icon, settle } from "../dom.js";
import { points } from "../format.js";
import { complaintOf } from "../identify.js";
import { nameOf } from "../member_view.js";
import { openSheet } from "../sheet.js";
import { t } from "../words.js";

const CODE = /[A-Za-zА-Яа-я]/;

/**
 * Resolves with the look-up of a member, nothing if the dialog was left.
 * @param {{title: string, effect: string, go: string}} words
 */
export function pickMember(context, words) {
  let stop = () => {};
  return openSheet(words.title, (close) => {
    const error = h("p", { class: "error", id: "pick-error", role: "alert" });
    const field = h("input", {
      id: "pick",
      autocomplete: "off",
      inputmode: "tel",
      "data-first": true,
      "aria-describedby": "pick-error",
    });
    const found = h("div", { class: "stack", hidden: true });
    let turns = 0; // look-ups so far: a late answer takes no newer one's place
    const look = async (asked) => {
      const mine = ++turns;
      error.textContent = "";
      found.hidden = true; // who was found before is not who is asked for now
      let member;
      try {
        member = (await context.call("POST", "/v1/lookups", { body: asked })).body;
      } catch (failure) {
        if (mine !== turns) return;
        error.textContent = complaintOf(failure).text;
        return field.focus();
      }
      if (mine !== turns) return;
      const take = h("button", { class: "button", type: "button" }, words.go);
      take.addEventListener("click", () => close(member));
      found.hidden = false;
      fill(found, shown(member), take);
      settle(found, () => take.focus()); // Enter was pressed for the search
    };
    const submit = (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (!text) return void (error.textContent = t("phone_missing"));
      look(CODE.test(text) ? { code: text } : { phone: text });
    };
    stop = context.listen((code) => look({ code: code.text }));
    return h(
      "form",
      { class: "stack", novalidate: true, onsubmit: submit },
      h("p", { class: "lead" }, words.effect),
      h("p", { class: "hint with-icon" }, icon("scan"), h("span", null, t("pick_scan"))),
      h("div", { class: "field" }, h("label", { for: "pick" }, t("pick_label")), field, error),
      h("button", { class: "button quiet", type: "submit" }, t("find_go")),
      found,
    );
  }).finally(() => stop());
}

function shown(member) {
  const { available } = member.balance;
  return h(
    "p",
    { class: "panel", role: "status" },
    h("strong", null, nameOf(member)),
    h("small", null, [member.phone_masked, points(available)].filter(Boolean).join(" · ")),
  );
}
