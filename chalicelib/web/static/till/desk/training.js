/** Training: what it is, the switch, and the sample cards to try things with. */

import { Offline, Problem } from "../api.js";
import { fill, h, icon } from "../dom.js";
import { points } from "../format.js";
import { problemWords } from "../identify.js";
import { samples, setTraining } from "../trainer.js";
import { t } from "../words.js";

export function training(context) {
  const isOn = Boolean(context.session.is_training);
  const cards = h("section", { class: "panel", hidden: true });
  const change = () => setTraining(context, !isOn);
  const go = h(
    "button",
    { class: isOn ? "button quiet" : "button", type: "button", onclick: change },
    t(isOn ? "training_off" : "training_on"),
  );
  const element = h(
    "div",
    { class: "narrow stack" },
    h(
      "section",
      { class: "panel" },
      h("h1", { tabindex: "-1" }, t("training")),
      h("p", { class: "lead" }, t("training_lead")),
      go,
    ),
    cards,
  );
  if (isOn) show(context, cards);
  return { element, title: t("training"), focus: go };
}

async function show(context, cards) {
  cards.hidden = false;
  try {
    const rows = (await samples(context)).map((member) => row(context, member));
    fill(
      cards,
      h("h2", null, t("training_members")),
      h("ul", { class: "rows openable" }, rows),
    );
  } catch (failure) {
    if (!(failure instanceof Offline || failure instanceof Problem)) throw failure;
    const text = failure instanceof Offline ? t("offline_retry") : problemWords(failure);
    fill(cards, h("p", { class: "notice", role: "alert" }, text));
  }
}

function row(context, member) {
  const open = () => context.navigate("sale", { member });
  return h(
    "li",
    null,
    h(
      "button",
      { class: "open-row", type: "button", onclick: open },
      icon("user"),
      h(
        "span",
        null,
        member.name_short,
        h("small", null, points(member.balance.available)),
      ),
      icon("chevron-right"),
    ),
  );
}
