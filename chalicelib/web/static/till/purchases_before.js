/**
 * What a member bought before: the last receipts, and what is in most of them. Read when
 * somebody asks, once for each look-up; a look-up itself never waits for it.
 */

import { Offline, Problem } from "./api.js";
import { fill, h, icon } from "./dom.js";
import { change, day, money } from "./format.js";
import { problemWords } from "./identify.js";
import { categoryName, t } from "./words.js";

const SHOWN_MAX = 3;
const READ_MAX = 10;
const OFTEN_MIN = 2; // receipts that something is in
const OFTEN_SHOWN_MAX = 3;

const known = new WeakMap(); // receipts of a member as looked up

/** Return a panel that reads the purchases once its button is pressed. */
export function purchasesPanel(context, member) {
  const place = h("div", { class: "purchases", "aria-live": "polite" });
  const heading = h("h2", { tabindex: "-1" }, t("purchases"));
  const open = async () => {
    heading.focus({ preventScroll: true }); // the button goes
    await showPurchases(context, member, place);
  };
  const button = { class: "button quiet", type: "button", onclick: open };
  fill(place, h("button", button, t("purchases_show")));
  return h("section", { class: "panel" }, heading, place);
}

/** Read and draw the purchases. */
export async function showPurchases(context, member, place) {
  fill(place, h("p", { class: "hint late" }, t("purchases_reading")));
  try {
    fill(place, rowsOf(await receiptsOf(context, member)));
  } catch (failure) {
    if (!(failure instanceof Offline || failure instanceof Problem)) throw failure;
    const text = failure instanceof Offline ? t("offline_retry") : problemWords(failure);
    fill(place, h("p", { class: "hint", role: "alert" }, text));
  }
}

async function receiptsOf(context, member) {
  if (!known.has(member)) {
    const id = encodeURIComponent(member.member_id);
    const path = `/v1/purchases?member_id=${id}&limit=${READ_MAX}`;
    const { items } = (await context.call("GET", path)).body;
    known.set(
      member,
      items.filter((one) => one.status === "completed"),
    );
  }
  return known.get(member);
}

function rowsOf(receipts) {
  if (!receipts.length) return h("p", { class: "hint" }, t("purchases_none"));
  const rows = receipts.slice(0, SHOWN_MAX).map((receipt) => {
    const moved = receipt.earned - receipt.redeemed;
    const look = moved > 0 ? "amount earned" : "amount";
    const sum = money(receipt.gross_minor - receipt.discount_minor, receipt.currency);
    return h(
      "li",
      null,
      icon("receipt"),
      h("span", null, sum, h("small", null, day(receipt.at))),
      moved !== 0 && h("span", { class: look }, change(moved)),
    );
  });
  const often = oftenIn(receipts);
  return [
    h("ul", { class: "rows" }, rows),
    often && h("p", { class: "hint" }, t("purchases_often", { what: often })),
  ];
}

/** Return what most receipts have in common, if their lines say what was bought. */
function oftenIn(receipts) {
  const counts = new Map();
  for (const receipt of receipts) {
    const names = receipt.lines.map((line) => line.category ?? line.sku).filter(Boolean);
    for (const name of new Set(names)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count >= OFTEN_MIN)
    .sort(([, one], [, other]) => other - one)
    .slice(0, OFTEN_SHOWN_MAX)
    .map(([name]) => categoryName(name))
    .join(", ");
}
