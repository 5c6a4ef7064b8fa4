/** One receipt: take goods back, void it, give it to another card, print it. */

import { Offline, Problem } from "../api.js";
import { askReason } from "./approvals.js";
import { fill, h, icon } from "../dom.js";
import { feel } from "../feedback.js";
import { money } from "../format.js";
import { problemWords } from "../identify.js";
import { nameOf } from "../member_view.js";
import { pickMember } from "./pick_member.js";
import { returnLines } from "./return_lines.js";
import { movedPairs, receiptHead } from "./receipt_view.js";
import { isReturnable, linesOf, onceFor, pathOf, quoteReturns } from "./returning.js";
import { t } from "../words.js";

/** @param {{receipt?: any, id?: string}} params */
export function receipt(context, params) {
  const element = h("div", { class: "desk receipt" });
  const screen = { element, title: t("receipt") };
  let quoting = null;
  screen.leave = () => quoting?.stop();

  // What is being done to a receipt is not changed meanwhile, nor left: its answer is money.
  const hold = () => {
    const release = context.hold();
    element.toggleAttribute("aria-busy", true);
    return () => (element.removeAttribute("aria-busy"), release());
  };
  const show = (found) => {
    quoting?.stop();
    quoting = draw({ context, element, hold, load }, found);
    element.querySelector("h1")?.focus();
  };
  const load = async (id) => {
    fill(element, h("p", { class: "hint late" }, t("receipt_reading")));
    try {
      const path = `/v1/purchases/${encodeURIComponent(id)}`;
      show((await context.call("GET", path)).body);
    } catch (failure) {
      fill(
        element,
        h("h1", { class: "unseen", tabindex: "-1" }, t("receipt")),
        h("p", { class: "notice", role: "alert" }, wordsOf(failure)),
      );
    }
  };
  if (params.receipt) show(params.receipt);
  else load(params.id);
  return screen;
}

/** Draw a receipt and what can be done to it; returns its quoting, if there is any. */
function draw(place, receipt) {
  const { context, element } = place;
  const notice = h("p", { class: "notice", role: "alert", hidden: true });
  const complain = (text) => {
    notice.hidden = !text;
    notice.textContent = text ?? "";
    if (text) feel("refused");
  };
  const desk = { ...place, receipt, complain, keyOf: onceFor() };
  const part = isReturnable(receipt) ? returnPart(desk) : null;
  fill(
    element,
    receiptHead(receipt),
    h("div", { class: "stack desk-part" }, notice, part?.element ?? closed(receipt)),
    corrections(desk),
  );
  return part?.quoting;
}

function closed(receipt) {
  const last = receipt.returns.at(-1);
  return h(
    "section",
    { class: "panel" },
    h("h2", null, t(receipt.status === "voided" ? "receipt_voided" : "receipt_returned")),
    last && h("dl", { class: "pairs" }, movedPairs(last)),
  );
}

function returnPart(desk) {
  const { context, receipt } = desk;
  const preview = h("div", { "aria-live": "polite" });
  const go = h("button", { class: "button go", type: "submit", disabled: true });
  const state = { found: { state: "none" }, isBusy: false };
  const dress = () => {
    const { found } = state;
    preview.toggleAttribute("aria-busy", found.state === "busy");
    if (found.state === "ok")
      fill(preview, h("dl", { class: "pairs" }, movedPairs(found.quote)));
    else if (found.state !== "busy") fill(preview, hintOf(found));
    go.disabled = found.state !== "ok" || state.isBusy;
    const amount = found.quote && money(found.quote.refund_minor, receipt.currency);
    go.textContent = amount ? t("return_go", { amount }) : t("return_choose");
  };
  const quoting = quoteReturns(context, receipt, (found) => {
    state.found = found;
    dress();
  });
  const lines = returnLines(receipt, quoting.ask);
  const submit = async (event) => {
    event.preventDefault();
    if (go.disabled) return;
    state.isBusy = true;
    dress();
    desk.complain();
    await takeBack(desk, linesOf(lines.chosen));
    state.isBusy = false;
    if (go.isConnected) dress();
  };
  dress();
  const element = h(
    "form",
    { class: "panel stack", novalidate: true, onsubmit: submit },
    h("h2", null, t("return_title")),
    lines.element,
    preview,
    go,
  );
  return { element, quoting };
}

function hintOf(found) {
  if (found.state === "offline") return h("p", { class: "hint" }, t("return_offline"));
  if (found.state === "refused") return h("p", { class: "hint" }, problemWords(found.problem));
  return h("p", { class: "hint" }, t("return_hint"));
}

async function takeBack(desk, lines) {
  const key = desk.keyOf(lines);
  const body = { return_id: `r-${key.slice(0, 12)}`, lines };
  await tried(desk, async () => {
    const path = `${pathOf(desk.receipt)}/returns`;
    const done = (await desk.context.call("POST", path, { body, key })).body;
    finished(desk, t("returned"), done);
  });
}

/** Return buttons for what is done with a whole receipt. */
function corrections(desk) {
  const { context, receipt } = desk;
  const isWhole = receipt.status === "completed" && !receipt.returns.length;
  const entries = [
    isWhole && !receipt.member_id && ["user-plus", "attach", () => attach(desk)],
    isWhole && receipt.member_id && ["refresh", "move", () => move(desk)],
    receipt.status === "completed" && ["ban", "void", () => voidWhole(desk)],
    ["printer", "print", () => context.navigate("print", { receipt })],
  ].filter(Boolean);
  const buttons = entries.map(([picture, word, onclick]) =>
    h("button", { class: "way", type: "button", onclick }, icon(picture, 24), t(word)),
  );
  return h("nav", { class: "corrections", "aria-label": t("corrections") }, buttons);
}

async function voidWhole(desk) {
  const path = `${pathOf(desk.receipt)}/void`;
  const asked = await askReason(desk.context, path, {
    title: t("void_title", { number: desk.receipt.receipt_id }),
    effect: t("void_effect"),
    go: t("void_go"),
    isFinal: true,
    reasons: [t("reason_twice"), t("reason_amount"), t("reason_changed_mind")],
  });
  if (!asked) return;
  const body = { reason: asked.reason };
  const options = { body, key: desk.keyOf({ void: body }), approval: asked.approval };
  await tried(desk, async () => {
    finished(desk, t("voided"), (await desk.context.call("POST", path, options)).body);
  });
}

async function move(desk) {
  const member = await pickMember(desk.context, {
    title: t("move_title"),
    effect: t("move_effect"),
    go: t("move_choose"),
  });
  if (!member) return;
  const path = `${pathOf(desk.receipt)}/move`;
  const asked = await askReason(desk.context, path, {
    title: t("move_confirm", { name: nameOf(member) }),
    effect: t("move_effect"),
    go: t("move_go"),
    reasons: [t("reason_wrong_card")],
  });
  if (!asked) return;
  const body = { member_id: member.member_id, reason: asked.reason };
  const options = { body, key: desk.keyOf({ move: body }), approval: asked.approval };
  await tried(desk, async () => {
    const moved = (await desk.context.call("POST", path, options)).body;
    desk.context.navigate("desk_result", { title: t("moved"), name: nameOf(member), moved });
  });
}

async function attach(desk) {
  const member = await pickMember(desk.context, {
    title: t("attach_title"),
    effect: t("attach_effect"),
    go: t("attach_go"),
  });
  if (!member) return;
  const body = { member_id: member.member_id, total_minor: desk.receipt.to_pay_minor };
  await tried(desk, async () => {
    const path = `${pathOf(desk.receipt)}/attach`;
    const options = { body, key: desk.keyOf({ attach: body }) };
    const moved = (await desk.context.call("POST", path, options)).body;
    desk.context.navigate("desk_result", { title: t("attached"), name: nameOf(member), moved });
  });
}

function finished(desk, title, done) {
  feel("done");
  desk.context.navigate("desk_result", { title, done, receipt: desk.receipt });
}

/** Do something; what goes wrong is told, a lost answer can be asked for again. */
async function tried(desk, work) {
  const release = desk.hold();
  try {
    await work();
  } catch (failure) {
    release();
    desk.complain(wordsOf(failure));
  } finally {
    release();
  }
}

function wordsOf(failure) {
  if (failure instanceof Offline) return t("offline_again");
  if (failure instanceof Problem) return problemWords(failure);
  throw failure;
}
