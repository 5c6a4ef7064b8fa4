/** Find a receipt to return or correct: by its number, by its member, or among the latest. */

import { Offline, Problem } from "../api.js";
import { fill, h, icon } from "../dom.js";
import { change, clock, day, money } from "../format.js";
import { complaintOf } from "../identify.js";
import { nameOf } from "../member_view.js";
import { t } from "../words.js";

const LATEST_MAX = 20;
const OPENS = new Set(["purchase"]);

export function returns(context, params = {}) {
  const { currency } = context.session.merchant;
  const error = h("p", { class: "error", id: "number-error", role: "alert" });
  const field = h("input", {
    id: "receipt-number",
    autocomplete: "off",
    value: params.number ?? "",
    "aria-describedby": "number-error",
  });
  const list = h("section", { class: "panel" });

  const refuse = (text) => {
    error.textContent = text;
    field.setAttribute("aria-invalid", "true");
    field.focus();
  };
  const find = async (event) => {
    event.preventDefault();
    const number = field.value.trim();
    if (!number) return refuse(t("receipt_number_missing"));
    const isMine = asked();
    try {
      const path = `/v1/purchases?any_till=true&receipt_id=${encodeURIComponent(number)}`;
      const receipts = (await context.call("GET", path)).body.items;
      if (!isMine()) return;
      if (!receipts.length) refuse(t("receipt_unknown"));
      else if (receipts.length === 1) context.navigate("receipt", { receipt: receipts[0] });
      else showReceipts(t("receipts_of", { name: number }), receipts);
    } catch (failure) {
      if (isMine()) refuse(wordsOf(failure));
    }
  };
  const onCode = async (code) => {
    const isMine = asked();
    try {
      const member = (await context.call("POST", "/v1/lookups", { body: { code: code.text } }))
        .body;
      const path = `/v1/purchases?member_id=${encodeURIComponent(member.member_id)}`;
      const receipts = (await context.call("GET", path)).body.items;
      if (isMine()) showReceipts(t("receipts_of", { name: nameOf(member) }), receipts);
    } catch (failure) {
      if (isMine()) refuse(complaintOf(failure).text);
    }
  };
  const showReceipts = (title, receipts) => {
    const rows = receipts.map((receipt) =>
      row(
        () => context.navigate("receipt", { receipt }),
        {
          title: t("receipt_named", { number: receipt.receipt_id }),
          at: receipt.at,
          amount: money(receipt.gross_minor - receipt.discount_minor, currency),
          points: receipt.earned - receipt.redeemed,
          isVoided: receipt.status === "voided",
        },
        true,
      ),
    );
    show(title, rows, t("receipts_none"));
    list.querySelector("h2").focus();
  };
  let asks = 0; // receipts asked for: a late answer takes no newer one's place
  const asked = () => {
    const mine = ++asks;
    const isHere = context.here();
    return () => mine === asks && isHere();
  };
  let turns = 0; // lists so far: nor does the one that nobody asked for
  const show = (title, rows, empty) => {
    turns += 1;
    fill(
      list,
      h("h2", { tabindex: "-1" }, title),
      rows.length
        ? h("ul", { class: "rows openable" }, rows)
        : h("p", { class: "hint" }, empty),
    );
  };
  const showLatest = async () => {
    fill(list, h("p", { class: "hint late" }, t("receipts_reading")));
    const mine = turns;
    const showMine = (rows, empty) =>
      mine === turns && show(t("receipts_latest"), rows, empty);
    try {
      const { items } = (await context.call("GET", "/v1/till/operations")).body;
      showMine(latestRows(context, items), t("operations_empty"));
    } catch (failure) {
      showMine([], wordsOf(failure));
    }
  };

  field.addEventListener("input", () => {
    error.textContent = "";
    field.removeAttribute("aria-invalid");
  });
  showLatest();
  const element = h(
    "div",
    { class: "desk" },
    h(
      "form",
      { class: "panel stack", novalidate: true, onsubmit: find },
      h("h1", { tabindex: "-1" }, t("returns_title")),
      h(
        "div",
        { class: "field" },
        h("label", { for: "receipt-number" }, t("receipt_number")),
        field,
        error,
      ),
      h("button", { class: "button", type: "submit" }, t("receipt_find")),
      h("p", { class: "hint with-icon" }, icon("scan"), h("span", null, t("returns_scan"))),
    ),
    list,
  );
  return { element, title: t("returns_title"), focus: field, onCode };
}

/** Return rows of sales, newest first, those that were voided marked. */
function latestRows(context, items) {
  const { currency } = context.session.merchant;
  const voided = new Set(
    items.filter((one) => one.kind === "void").map((one) => one.purchase_id),
  );
  return items
    .filter((one) => OPENS.has(one.kind))
    .slice(0, LATEST_MAX)
    .map((one) =>
      row(() => context.navigate("receipt", { id: one.purchase_id }), {
        title: t("receipt_named", { number: one.receipt_id }),
        note: one.member_id ? "" : t("without_card"),
        at: one.at,
        amount: money(one.amount_minor, currency),
        points: one.points_given - one.points_redeemed,
        isVoided: voided.has(one.purchase_id),
      }),
    );
}

function row(onclick, shown, hasDay = false) {
  const when = hasDay ? `${day(shown.at)}, ${clock(shown.at)}` : clock(shown.at);
  const notes = [when, shown.note, shown.isVoided && t("receipt_voided")].filter(Boolean);
  const look = shown.points > 0 ? "earned" : "";
  return h(
    "li",
    null,
    h(
      "button",
      { class: "open-row", type: "button", onclick },
      icon(shown.isVoided ? "ban" : "receipt"),
      h("span", null, shown.title, h("small", null, notes.join(" · "))),
      h(
        "span",
        { class: "amount" },
        shown.amount,
        shown.points !== 0 && h("small", { class: look }, change(shown.points)),
      ),
      icon("chevron-right"),
    ),
  );
}

function wordsOf(failure) {
  if (failure instanceof Offline) return t("offline_retry");
  if (failure instanceof Problem) return complaintOf(failure).text;
  throw failure;
}
