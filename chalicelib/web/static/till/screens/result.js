/**
 * What became of a sale, to be read from afar. A sale whose answer was lost is asked about
 * first; one that nobody answers waits in the queue. What only earned can be undone at once.
 */

import { Offline, Problem } from "../api.js";
import { dropSale, findOut, isWaiting, noteQueued, recorded } from "../committing.js";
import { dropQueued, onSettled } from "../devices.js";
import { fill, h, icon, settle } from "../dom.js";
import { feel } from "../feedback.js";
import { money } from "../format.js";
import { openCode, problemWords } from "../identify.js";
import { isOurs } from "../keypad.js";
import { facts, figure } from "../result_view.js";
import { counted, t } from "../words.js";

const UNDO_SECONDS = 30;
const SECOND_MS = 1000;
const REFLEXES = new Set(["Enter", "Escape", "Backspace"]); // pressed once too often
const PICTURES = { checking: "clock", saved: "cloud-off", undone: "arrow-back-up" };

/** @param {{draft: any, receipt?: any, isOffline?: boolean, isUndone?: boolean}} params */
export function result(context, params) {
  return new Result(context, params);
}

class Result {
  constructor(context, params) {
    const { draft, receipt, isUndone, isOffline = !navigator.onLine } = params;
    Object.assign(this, { context, params, draft, isOffline, title: t("result_title") });
    this.element = h("section", { class: "result", "aria-live": "polite" });
    this.clock = 0;
    this.unsettle = () => {};
    this.isTold = false;
    this.isLeft = false;
    this.undo = null;
    this.unwatch = null; // of a sale that waits in the queue
    if (isUndone) this.undone();
    else if (receipt) this.done(receipt);
    else this.ask();
    this.focus = this.next;
  }

  get next() {
    return this.element.querySelector("[data-next]");
  }

  done(receipt) {
    const { draft, context } = this;
    this.isTold = true;
    this.params.receipt = receipt; // whoever comes back is not kept waiting
    const quiet = { class: "button quiet", type: "button" };
    const undo = canUndo(receipt, context) && h("button", quiet);
    const print = () => context.navigate("print", { receipt, draft });
    this.show(
      figure(draft, receipt),
      facts(draft, receipt, context.session.program),
      context.offers("print") && h("button", { ...quiet, onclick: print }, t("print")),
      undo,
    );
    if (!undo) return;
    this.undo = () => this.takeBack(receipt, undo);
    undo.addEventListener("click", () => this.undo?.());
    this.countDown(undo, secondsToUndo(receipt, context));
  }

  /** Show a figure and what it means, the way on, and other ways. */
  show(top, middle, ...ways) {
    const next = { class: "button", type: "button", "data-next": true };
    const go = h("button", { ...next, onclick: this.context.home }, t("next"));
    const buttons = h("div", { class: "stack" }, go, ways);
    fill(this.element, top, middle, buttons);
    this.unsettle();
    this.unsettle = settle(buttons, () => {
      if (document.activeElement === document.body) buttons.querySelector("button")?.focus();
    });
  }

  notice(look, title, text, ...ways) {
    const heading = h("h1", { tabindex: "-1" }, title);
    const top = h("div", { class: `result-figure ${look}` }, icon(PICTURES[look], 24), heading);
    this.show(top, h("p", { class: "lead" }, text), ...ways);
  }

  countDown(button, left) {
    button.textContent = counted("undo", left);
    this.clock = setTimeout(() => {
      if (left > 1) return this.countDown(button, left - 1);
      button.remove();
      this.undo = null;
    }, SECOND_MS);
  }

  async takeBack(receipt, button) {
    const { context, draft } = this;
    clearTimeout(this.clock);
    button.disabled = true;
    const release = context.hold(); // who leaves would not hear that it failed
    try {
      const path = `/v1/purchases/${encodeURIComponent(receipt.id)}/void`;
      const body = { reason: t("undo_reason") };
      await context.call("POST", path, { body, key: `${draft.key}-undo` }).finally(release);
      this.undo = null;
      this.undone();
    } catch (failure) {
      if (!(failure instanceof Offline || failure instanceof Problem)) throw failure;
      const isLost = failure instanceof Offline;
      const text = isLost ? t("offline_again") : problemWords(failure);
      button.disabled = !isLost && !failure.isUnsure; // the same key may be asked again
      this.element.querySelector(".notice")?.remove();
      button.before(h("p", { class: "notice", role: "alert" }, text));
    }
  }

  undone() {
    const { context, draft } = this;
    this.params.isUndone = true;
    dropSale(context, draft);
    const others = context.operations.filter((one) => one.key !== draft.key);
    context.operations.splice(0, context.operations.length, ...others);
    const again = () =>
      context.navigate("sale", { member: draft.member, basket: draft.basket });
    const correct = h(
      "button",
      { class: "button quiet", type: "button", onclick: again },
      t("correct"),
    );
    this.notice("undone", t("undone"), t("undone_text"), correct);
  }

  async ask() {
    const { context, draft } = this;
    this.notice("checking", t("checking"), t("checking_text"));
    this.next.remove();
    try {
      const receipt = await findOut(context, draft, this);
      const isSaved = !receipt && (await isWaiting(context, draft));
      if (this.isLeft) return; // whoever is next finds out
      if (receipt) this.done(receipt);
      else if (isSaved) await this.saved();
      else this.unsaved();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      if (this.isLeft) return; // somebody has to sign in first: then it is asked about again
      await dropQueued(context, draft.key); // the cashier sees it now
      const { member, basket } = draft;
      context.navigate("sale", { member, basket, notice: problemWords(failure) });
    }
  }

  async saved() {
    const { context, draft } = this;
    noteQueued(context, draft);
    await dropSale(context, draft);
    feel("done");
    const heard = t(draft.member ? "saved_text" : "saved_text_anonymous");
    const amount = `${t("paid")} ${money(draft.toPay, draft.currency)}`;
    this.notice("saved", t("saved"), heard);
    const name = h("p", { class: "result-name" }, amount);
    this.element.querySelector(".result-figure").append(name);
    this.unwatch = onSettled(draft.key, async ({ purchase }) => {
      if (purchase) this.done(await recorded(context, draft, purchase));
    });
  }

  /** Nobody has answered and nothing is kept: who leaves it now does so knowingly. */
  unsaved() {
    feel("refused");
    this.notice("checking", t("unsaved"), t("unsaved_text"));
    const again = { class: "button", type: "button", onclick: () => this.ask() };
    this.next.before(h("button", again, t("again")));
    this.next.classList.add("quiet");
  }

  leave() {
    this.isLeft = true;
    if (this.isTold) dropSale(this.context, this.draft); // else whoever is next finds out
    clearTimeout(this.clock);
    this.unsettle();
    this.unwatch?.();
  }

  onBack() {
    if (this.next) this.context.home();
  }

  onKey(event) {
    if (!this.next) return isOurs(event); // what is not known yet is not left by a key
    if (this.next.closest("[inert]")) return REFLEXES.has(event.key);
    if (event.key !== "Backspace" || !this.undo) return false;
    this.undo();
    return true;
  }

  onCode(code) {
    return this.next && openCode(this.context, code);
  }
}

/** Only what earned, just now, is undone without a manager. */
function canUndo(receipt, context) {
  const isJustEarned = !receipt.redeemed && !receipt.gift_card_minor;
  const isJust = secondsToUndo(receipt, context) > 0;
  return isJustEarned && receipt.status === "completed" && isJust;
}

/** By the service's clock, which dated the receipt; a result is shown again after a reload. */
function secondsToUndo({ created_at }, { clockAhead }) {
  const age = Date.now() + clockAhead - Date.parse(created_at);
  return Math.min(UNDO_SECONDS, Math.ceil(UNDO_SECONDS - age / SECOND_MS));
}
