/** The member as a cashier sees it: who, how many points, and what to mention. */

import { h, icon } from "./dom.js";
import { clock, day, moment, money, number, points } from "./format.js";
import { counted, t } from "./words.js";

const OFFERS_MAX = 3;
const SOON_DAYS = 30;
const DAY_MS = 24 * 3600 * 1000;
const NAME_CHARS = 16; // a longer one leaves no room for what is beside it

/** Return the member's name, or what stands for it. */
export function nameOf(member) {
  return member.name_short ?? t("member_unnamed");
}

/** Return the header of a sale; `more()` is called by whoever wants to know more. */
export function memberHeader(member, program, more) {
  const name = nameOf(member);
  const look = name.length > NAME_CHARS ? "long" : "";
  const hasPoints = program.gives_points || member.balance.available > 0;
  return h(
    "section",
    { class: `panel member ${look}`, "aria-label": t("member") },
    h(
      "span",
      { class: "monogram", "aria-hidden": "true" },
      initials(member) || icon("user", 24),
    ),
    h(
      "div",
      { class: "member-name" },
      h("h1", { tabindex: "-1" }, name),
      h(
        "p",
        { class: "hint" },
        member.as_of
          ? t("as_of", { time: clock(member.as_of) })
          : [member.tier.name, lastDigits(member)].filter(Boolean).join(" · "),
        " ",
        h("button", { class: "member-more", type: "button", onclick: more }, t("member_more")),
      ),
    ),
    hasPoints ? pointsOf(member, program) : stampsOf(member),
    h("div", { class: "badges" }, badgesOf(member, hasPoints)),
  );
}

function pointsOf({ balance: { available }, currency }, program) {
  const asMoney = money(worth(available, program.point_value), currency);
  return collected(available, `${counted("points_of", available)} · ${asMoney}`);
}

/** A card without points is all about its stamps. */
function stampsOf({ stamps }) {
  if (!stamps) return null;
  return collected(stamps.collected, counted("stamps_of", stamps.collected, stamps));
}

function collected(count, words) {
  const hint = h("span", { class: "hint" }, words);
  return h("p", { class: "member-balance" }, h("strong", null, number(count)), hint);
}

/** Return what to mention, the gravest first. */
export function badgesOf(member, withStamps = true) {
  const { debt, pending } = member.balance;
  const paused = pausedUntil(member);
  return [
    isUnconfirmed(member) && badge("info-circle", t("member_unconfirmed"), "warning"),
    paused && badge("clock", t("member_paused", { until: moment(paused) }), "warning"),
    debt > 0 && badge("alert-triangle", t("points_debt", { points: points(debt) }), "danger"),
    pending > 0 && badge("clock", t("points_pending", { points: points(pending) }), "minor"),
    member.birthday_near && badge("cake", t("birthday_near")),
    withStamps && member.stamps && badge("check", t("stamps", member.stamps), "minor"),
    isSoon(member.next_expiry) &&
      badge(
        "clock",
        t("expires", {
          points: points(member.next_expiry.points),
          day: day(member.next_expiry.on),
        }),
      ),
  ];
}

/** Return whether the member's phone is not proven yet: earns, cannot redeem. */
export function isUnconfirmed(member) {
  return member.member_verified === false;
}

/** Return until when the member redeems nothing, after a change of the phone; or null. */
export function pausedUntil({ redemption_paused_until: until }) {
  return until && Date.parse(until) > Date.now() ? until : null;
}

/** Return coupons and benefits; `use(code)` puts a coupon's code into the sale. */
export function offersPanel(member, use) {
  const usable = member.offers.filter((offer) => offer.code).slice(0, OFFERS_MAX);
  const rows = usable.map((offer) =>
    h(
      "li",
      null,
      icon("ticket"),
      h(
        "span",
        null,
        offer.text,
        offer.valid_through &&
          h("small", null, t("valid_through", { day: day(offer.valid_through) })),
      ),
      h("button", { class: "link", type: "button", onclick: () => use(offer.code) }, t("use")),
    ),
  );
  const benefits = member.benefits.map((text) => h("li", null, icon("gift"), text));
  if (!rows.length && !benefits.length) return null;
  return panel(t("offers"), rows, benefits);
}

function panel(title, ...rows) {
  return h(
    "section",
    { class: "panel" },
    h("h2", null, title),
    h("ul", { class: "rows" }, rows),
  );
}

function badge(picture, text, look = "") {
  return h("span", { class: `badge ${look}` }, icon(picture), h("span", null, text));
}

/** Points a year away are nothing to mention at a counter. */
function isSoon(expiry) {
  return expiry && Date.parse(expiry.on) - Date.now() < SOON_DAYS * DAY_MS;
}

/** The end of the phone tells two people of one name apart; the dots tell nothing. */
function lastDigits(member) {
  const digits = (member.phone_masked ?? "").replace(/\D/g, "");
  return digits && `\u2026${digits}`;
}

function initials(member) {
  const words = (member.name_short ?? "").split(" ");
  return words
    .map((word) => [...word][0] ?? "")
    .join("")
    .slice(0, 2);
}

/** Return what points are worth, in minor units. */
export function worth(count, [numerator, denominator]) {
  return Math.floor((count * numerator) / denominator);
}
