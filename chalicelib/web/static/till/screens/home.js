/** The start screen: scan a card, or choose another way to find who is buying. */

import { h, icon } from "../dom.js";
import { openCode } from "../identify.js";
import { operationsPanel } from "../operations.js";
import { t } from "../words.js";
import { viewfinder } from "../viewfinder.js";
import { TASKS } from "./tasks.js";

const DIGIT = /^[0-9+]$/;

export function home(context) {
  const complaint = h("p", { class: "notice", role: "alert", hidden: true });
  const looking = h("p", { class: "hint late", role: "status", hidden: true }, t("looking"));
  let isBusy = false;

  const complain = (text) => {
    complaint.hidden = !text;
    complaint.textContent = text;
  };
  const onCode = async (code) => {
    if (isBusy) return;
    isBusy = true;
    complain("");
    looking.hidden = false;
    const failure = await openCode(context, code);
    isBusy = false;
    looking.hidden = true;
    if (failure) complain(failure.text);
  };
  const onUnknown = () => complain(t("code_unknown"));
  const finder = viewfinder(onCode, onUnknown);
  const ways = [
    way(context, "phone", "by_phone", "find", { way: "phone" }),
    way(context, "keyboard", "by_code", "find", { way: "code" }),
    way(context, "user-plus", "new_member", "new_member"),
    way(context, "receipt", "without_card", "sale", { member: null }),
    ...TASKS.map((task) => way(context, task.icon, task.word, task.screen, task.params)),
  ];
  const element = h(
    "div",
    { class: "home" },
    h("h1", { class: "unseen", tabindex: "-1" }, t("home_title")),
    finder.element,
    h(
      "div",
      { class: "home-side" },
      complaint,
      looking,
      h("nav", { class: "ways", "aria-label": t("home_ways") }, ways),
      h("p", { class: "hint with-icon" }, icon("keyboard"), h("span", null, t("home_scanner"))),
      h("div", { class: "wide-only" }, operationsPanel(context)),
    ),
  );
  const onKey = (event) => {
    if (!DIGIT.test(event.key)) return false;
    context.navigate("find", { way: "phone", typed: event.key });
    return true;
  };
  return { element, title: t("home_title"), onCode, onUnknown, onKey, leave: finder.stop };
}

function way(context, picture, word, screen, params) {
  const open = () => context.navigate(screen, params);
  return h(
    "button",
    { class: "way", type: "button", onclick: open },
    icon(picture, 24),
    t(word),
  );
}
