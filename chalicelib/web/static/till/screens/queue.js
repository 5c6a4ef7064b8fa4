/** Sales that wait for the network, and those the service has refused meanwhile. */

import { dropQueued, queued, sendQueue, tillOf } from "../devices.js";
import { fill, h, icon } from "../dom.js";
import { clock, day, money } from "../format.js";
import { pending } from "../outbox.js";
import { t, has } from "../words.js";

export function queue(context) {
  const element = h("section", { class: "narrow stack" });

  let complaint = "";
  let drawn = ""; // what is seen: a try that changed nothing takes no focus away
  const send = async ({ currentTarget: go }) => {
    go.toggleAttribute("aria-busy", true);
    await sendQueue();
    complaint = context.isOnline ? "" : t("offline_retry");
    await draw();
    go.removeAttribute("aria-busy");
  };
  const draw = async () => {
    const all = await queued(context).catch(() => []); // a browser may keep nothing
    const fates = all.map(({ key, state }) => [key, state === "refused"]);
    const seen = JSON.stringify([complaint, fates]);
    if (seen === drawn) return;
    drawn = seen;
    const conflicts = all.filter((one) => one.state === "refused");
    const waiting = all.filter((one) => one.state !== "refused");
    fill(
      element,
      h("h1", { tabindex: "-1" }, t("queue")),
      conflicts.length > 0 &&
        panel(
          t("conflicts_title"),
          conflicts.map((one) => conflictRow(context, one, draw)),
          t("conflict_kept"),
        ),
      waiting.length > 0 &&
        panel(
          t("waiting_title"),
          waiting.map((one) => row(one, t("waiting_why"))),
        ),
      waiting.length + conflicts.length === 0 && h("p", { class: "panel" }, t("queue_empty")),
      waiting.length > 0 &&
        h("button", { class: "button", type: "button", onclick: send }, t("queue_send")),
      waiting.length > 0 && complaint && h("p", { class: "error", role: "alert" }, complaint),
    );
  };
  const stop = pending(tillOf(context.session), draw); // what left meanwhile is not shown
  return { element, title: t("queue"), leave: stop };
}

function panel(title, rows, hint) {
  return h(
    "section",
    { class: "panel" },
    h("h2", null, title),
    hint && h("p", { class: "hint" }, hint),
    h("ul", { class: "rows" }, rows),
  );
}

function row({ note }, why, ...more) {
  const name = note.name ?? t("without_card");
  const what = `${day(note.at)}, ${clock(note.at)} · ${money(note.amount, note.currency)}`;
  const number = t("receipt_named", { number: note.receipt_id });
  return h(
    "li",
    null,
    icon("receipt"),
    h(
      "span",
      null,
      name,
      h("small", null, what),
      h("small", null, number),
      h("small", null, why),
    ),
    more,
  );
}

function conflictRow(context, one, draw) {
  const key = `problem_${one.problem.code}`;
  const drop = () => dropQueued(context, one.key).then(draw);
  const why = has(key) ? t(key, one.problem) : t("problem_unexpected");
  return row(
    one,
    why,
    h("button", { class: "link", type: "button", onclick: drop }, t("conflict_seen")),
  );
}
