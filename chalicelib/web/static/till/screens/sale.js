/** A sale: what was bought, how many points pay, what comes of it, and the one button. */

import { amountEntry } from "../amount.js";
import { Offline, Problem } from "../api.js";
import { newBasket, totalOf, withoutMember } from "../basket.js";
import { draftOf, dropSale, keepMaking, send } from "../committing.js";
import { fill, h } from "../dom.js";
import { decimalMark } from "../format.js";
import { tenders } from "../extras.js";
import { feel } from "../feedback.js";
import { openCode, problemWords } from "../identify.js";
import { isField, isOurs, keypad, typeInto, write } from "../keypad.js";
import { nameOf } from "../member_view.js";
import { offlineSale } from "../offline.js";
import { goWords, openReasons, preview, priceOf, reasons, toPay } from "../preview.js";
import { confirmRedemption, proveMember, SHOWN } from "../proof.js";
import { makeQuoting } from "../quoting.js";
import { limitOf, redeemChips } from "../redeeming.js";
import { layOut, makePlaces } from "../sale_layout.js";
import { t } from "../words.js";

const CODES_MAX = 5;
const NOTHING_REDEEMED = { redeem: { mode: "none" } };
// What cannot be priced with these is priced without them, and the cashier is told.
const TAKEN_OUT = {
  promo_code_refused: { codes: [] },
  gift_card_not_found: { giftCard: null },
  gift_card_refused: { giftCard: null },
  redemption_paused: NOTHING_REDEEMED,
  member_unverified: NOTHING_REDEEMED,
  member_required: NOTHING_REDEEMED,
  insufficient_points: NOTHING_REDEEMED,
};

/** @param {{member: any, basket?: any, notice?: string}} params */
export function sale(context, params) {
  params.basket ??= newBasket(context.session.program); // who comes back finds it as it was
  return new Sale(context, params);
}

class Sale {
  constructor(context, { member = null, basket, notice }) {
    const { program, merchant } = context.session;
    Object.assign(this, { context, member, basket, program });
    this.title = member ? nameOf(member) : t("without_card");
    this.found = { state: "none" };
    this.isBusy = false; // nothing may be changed meanwhile
    this.isLeft = false;
    this.places = makePlaces();
    this.quoting = makeQuoting(context, member, (found) => this.priced(found));
    this.entry = amountEntry(basket, program, merchant.currency, () => this.changed());
    this.keys = keypad(() => this.entry.field() ?? document.createElement("input"), {
      mark: decimalMark(merchant.currency),
    });
    this.element = layOut(this, (code) => this.useCode(code));
    this.element.addEventListener("submit", (event) => this.commit(event));
    this.places.whyLink.addEventListener("click", () => openReasons(this.found.quote));
    this.focus = this.entry.field();
    this.complain(notice);
    this.draw();
    if (totalOf(basket)) this.quoting.ask(basket);
    // What was reckoned without a network has its price once there is one.
    this.online = () => this.found.state === "offline" && !this.isBusy && this.ask();
    addEventListener("online", this.online);
  }

  /** Somebody has changed the sale: what was complained about is no longer so. */
  changed() {
    this.complain();
    this.ask();
  }

  ask() {
    keepMaking(this.context, this.member, this.basket);
    this.quoting.ask(this.basket);
  }

  priced(found) {
    this.found = found;
    if (found.state === "offline") this.reckon();
    if (found.state === "refused") this.refused(found.problem);
    else this.draw();
  }

  refused(problem) {
    const isTooMuch = problem.code === "bad_input"; // all else is chosen, not typed
    this.complain(isTooMuch ? t("amount_refused") : problemWords(problem));
    const isMended = this.takeOut(problem);
    this.draw();
    if (isMended) this.ask();
  }

  /** Take what was refused out of the basket; false: the sale itself was refused. */
  takeOut(problem) {
    const without = TAKEN_OUT[problem.code];
    if (without) Object.assign(this.basket, without);
    return Boolean(without);
  }

  complain(text) {
    this.places.notice.hidden = !text;
    this.places.notice.textContent = text ?? "";
  }

  draw() {
    const { basket, found, places, context } = this;
    this.entry.refresh();
    this.element.dataset.way = basket.way;
    const changed = () => this.changed();
    const seen = { ...this, session: context.session, isOnline: context.isOnline, changed };
    redeemChips(places.chips, seen);
    tenders(places.extras, { ...seen, useCode: (code) => this.useCode(code) });
    preview(places.preview, seen);
    toPay(places.toPay, seen);
    if (found.state !== "busy") {
      fill(
        places.why,
        found.quote
          ? reasons(found.quote)
          : h(
              "p",
              { class: "hint" },
              t(found.state === "offline" ? "why_offline" : "why_later"),
            ),
      );
    }
    places.whyLink.hidden = !found.quote;
    places.go.textContent = goWords(basket, found, context.session.merchant.currency);
    places.go.disabled = this.isBusy || !totalOf(basket) || found.state === "refused";
  }

  /** What is not known without a network is taken out: nothing is promised. */
  reckon() {
    const { basket, member, found, context } = this;
    const allowed = member ? limitOf({ ...this, isOnline: false }).points : 0;
    if (!allowed || basket.redeem.points > allowed) basket.redeem = { mode: "none" };
    Object.assign(basket, { giftCard: null, codes: [] });
    found.reckoned = offlineSale(basket, member, context.session);
  }

  async commit(event) {
    event?.preventDefault();
    if (this.isBusy || !totalOf(this.basket)) return;
    this.complain();
    const release = this.hold();
    try {
      await this.quoting.settled();
      if (!this.isLeft && this.isPriced()) await this.agreed();
    } finally {
      release();
    }
  }

  /** What has no price is not agreed to; without a network it is reckoned. */
  isPriced() {
    return this.found.state !== "refused" && this.found.state !== "busy";
  }

  /** Let nothing be changed until it is released: what is agreed to is what is recorded. */
  hold() {
    const focused = document.activeElement;
    this.isBusy = true;
    this.element.inert = true;
    this.places.go.toggleAttribute("aria-busy", true);
    return () => {
      this.isBusy = false;
      this.element.inert = false;
      this.places.go.removeAttribute("aria-busy");
      if (!this.places.go.isConnected) return;
      this.draw();
      if (this.element.contains(focused)) focused.focus({ preventScroll: true });
    };
  }

  /** Ask what a redemption needs, then record: earning alone needs nothing. */
  async agreed() {
    const price = priceOf(this.found);
    const isAsked = price?.confirmation?.is_required;
    if (!price?.redeemed && !isAsked) return this.record();
    const scanned = this.member.confirmation_id;
    if (isAsked && !scanned) return this.proven(price.confirmation);
    if (!price.redeemed) return this.record(scanned);
    const isAgreed = await confirmRedemption(this.member, price);
    return isAgreed && this.record(scanned);
  }

  /** Record with a proof; a card that was shown makes of it a sale like any other. */
  async proven(need) {
    const proof = await proveMember(this.context, this.member, need);
    if (proof !== SHOWN) return proof && this.record(proof);
    this.member.is_spoken = false;
    this.quoting.forget();
    this.ask();
    await this.quoting.settled();
    if (this.isPriced()) await this.agreed();
  }

  async record(confirmationId) {
    const { context } = this;
    const draft = draftOf(context, { ...this, confirmationId });
    const release = context.hold(); // nor is it left
    try {
      const receipt = await send(context, draft);
      feel("done");
      this.told({ draft, receipt });
    } catch (failure) {
      release();
      const isOffline = this.found.state === "offline";
      if (failure instanceof Offline) this.told({ draft, isOffline });
      else if (failure instanceof Problem) await this.declined(failure);
      else throw failure;
    }
  }

  /** Show what became of it; whoever signs in after a lock meanwhile is shown it then. */
  told(params) {
    if (this.context.session?.signed_in) this.context.navigate("result", params);
  }

  async declined(problem) {
    if (this.isLeft) return; // signed out: the sale is kept
    feel("refused");
    const { context, member, basket } = this;
    this.complain(problemWords(problem));
    if (problem.code === "confirmation_required") {
      member.confirmation_id = null; // it was too old, or is used
      return this.proven(problem.body);
    }
    if (problem.code === "date_refused") await context.renew().catch(() => {});
    if (problem.code === "quote_changed") {
      const { quote } = problem.body;
      const most = basket.redeem.mode === "max" ? quote : this.found.most;
      this.found = { ...this.found, state: "ok", quote, most };
    }
    if (this.takeOut(problem)) this.ask();
  }

  useCode(code) {
    this.basket.codes = [...new Set([...this.basket.codes, code])].slice(0, CODES_MAX);
    this.changed();
  }

  leave() {
    this.isLeft = true;
    this.quoting.stop();
    removeEventListener("online", this.online);
  }

  onBack() {
    dropSale(this.context);
    this.context.home();
  }

  onKey(event) {
    if (this.isBusy) return isOurs(event) && event.key !== "Escape";
    const isPlain = !isField(event.target) && !event.target.closest("button, summary, a");
    if (event.key === "Enter" && isPlain) return (this.commit(), true);
    if (event.key === "F2") return this.redeemMost();
    const field = this.entry.field();
    return Boolean(field) && typeInto(field, event);
  }

  /** Let all the points pay that may, or none again; who may not redeem has no such key. */
  redeemMost() {
    const wanted = this.basket.redeem.mode === "max" ? "none" : "max";
    const chip = this.places.chips.querySelector(`[data-redeem="${wanted}"]:enabled`);
    chip?.click();
    return Boolean(chip);
  }

  /** Take a coupon or a gift card into the sale; another card takes the sale over. */
  async onCode(code) {
    if (this.isBusy) return;
    if (code.kind === "coupon") return this.useCode(code.text);
    if (code.kind === "gift") {
      this.basket.giftCard = code.text;
      return this.changed();
    }
    const basket = withoutMember(this.basket);
    this.isBusy = true; // nothing is recorded for the one who was here before
    this.draw();
    const failure = await openCode(this.context, code, { basket });
    this.isBusy = false;
    if (failure) this.complain(failure.text);
    if (failure) this.draw();
  }

  /** Goods under a scanner are a line, where lines count. */
  onUnknown(text) {
    if (!this.isBusy && !this.entry.scanned(text)) this.complain(t("code_unknown"));
  }

  /** A scanner's first keys may have gone into the amount. */
  remember() {
    const field = this.entry.field();
    const before = field?.value;
    return () => field && field.value !== before && write(field, before);
  }
}
