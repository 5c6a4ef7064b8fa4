/** The second factor of a redemption: the card's changing code, or one sent by SMS. */

import { Offline, Problem } from "./api.js";
import { h, icon } from "./dom.js";
import { money, points } from "./format.js";
import { problemWords } from "./identify.js";
import { nameOf } from "./member_view.js";
import { openSheet } from "./sheet.js";
import { isHandheld, viewfinder } from "./viewfinder.js";
import { t } from "./words.js";

const DIGITS = 6;

/** What `proveMember` resolves with where the card itself was the proof. */
export const SHOWN = Symbol("shown");

/** Ask whether points are to be taken; resolves with true, or nothing. */
export function confirmRedemption(member, quote) {
  const asked = { points: points(quote.redeemed), name: nameOf(member) };
  return openSheet(t("confirm_title", asked), (close) =>
    h(
      "div",
      { class: "stack" },
      h(
        "dl",
        { class: "pairs" },
        pair(t("to_pay"), money(quote.money_minor, quote.currency)),
        quote.balance && pair(t("balance_after"), points(quote.balance.available)),
      ),
      h(
        "button",
        { class: "button", type: "button", "data-first": true, onclick: () => close(true) },
        t("confirm_go", asked),
      ),
      h(
        "button",
        { class: "button quiet", type: "button", onclick: () => close() },
        t("confirm_not"),
      ),
    ),
  );
}

function pair(label, value) {
  return h("div", { class: "pair" }, h("dt", null, label), h("dd", null, value));
}

/**
 * Prove that the member is there; resolves with a confirmation's id, nothing if it was left.
 * Who was found by a phone number may also show the card: `SHOWN`, and what is asked now
 * is asked anew.
 */
export async function proveMember(context, member, need) {
  const parts = {};
  const leave = context.listen((code) => parts.form.onCode(code));
  const id = await openSheet(t("proof_title"), (close) => {
    const isSpoken = need.identified_by === "phone";
    parts.form = proofForm(context, member, isSpoken, close);
    parts.finder = isHandheld() && viewfinder(parts.form.onCode);
    const said = h("p", null, whyOf(need));
    return h("div", { class: "stack" }, said, parts.finder?.element, parts.form.element);
  });
  if (parts.finder) parts.finder.stop();
  leave();
  return id;
}

function whyOf(need) {
  if (need.pays_by === "gift_card") return t("proof_gift_card");
  if (need.identified_by === "phone") return t("proof_spoken");
  return t("proof_why", { points: points(need.allowed) });
}

function proofForm(context, member, isSpoken, close) {
  const state = { sent: "" };
  const error = h("p", { class: "error", id: "proof-error", role: "alert" });
  const field = h("input", {
    id: "proof",
    class: "figure spaced",
    inputmode: "numeric",
    autocomplete: "off",
    "aria-describedby": "proof-error",
    "data-first": true,
  });
  const label = h("label", { for: "proof" }, t("proof_digits"));
  const go = h("button", { class: "button", type: "submit" }, t("proof_go"));

  const attempt = async (work) => {
    if (go.disabled) return null; // a second touch asks for no second code
    error.textContent = "";
    go.disabled = true;
    try {
      return await work();
    } catch (failure) {
      if (!(failure instanceof Offline || failure instanceof Problem)) throw failure;
      error.textContent =
        failure instanceof Offline ? t("offline_retry") : problemWords(failure);
      field.setAttribute("aria-invalid", "true");
      field.select();
      return null;
    } finally {
      go.disabled = false;
    }
  };
  const post = (path, body) => context.call("POST", path, { body }).then((one) => one.body);
  const confirm = (method, code) =>
    attempt(async () => {
      const asked = { member_id: member.member_id, method, code };
      close((await post("/v1/confirmations", asked)).id);
    });
  const verify = (code) =>
    attempt(async () => {
      const path = `/v1/confirmations/${encodeURIComponent(state.sent)}/verify`;
      close((await post(path, { code })).id);
    });
  const send = () =>
    attempt(async () => {
      const asked = { member_id: member.member_id, method: "sms" };
      state.sent = (await post("/v1/confirmations", asked)).id;
      label.textContent = t("proof_sms");
      field.value = "";
      field.focus();
      context.announce(t("proof_sent"));
    });
  const submit = (event) => {
    event.preventDefault();
    const code = field.value.replace(/\s/g, "");
    if (code.length !== DIGITS) return field.focus();
    return state.sent ? verify(code) : confirm("one_time_code", code);
  };
  const show = (code) =>
    attempt(async () => {
      const found = await post("/v1/lookups", { code });
      if (found.member_id === member.member_id) close(SHOWN);
      else error.textContent = t("proof_other");
    });
  const hint = isSpoken ? "proof_spoken_scan" : "proof_scan";
  const element = h(
    "form",
    { class: "stack", novalidate: true, onsubmit: submit },
    h("p", { class: "with-icon" }, icon("scan"), h("span", null, t(hint))),
    h("div", { class: "field" }, label, field, error),
    go,
    h("button", { class: "button quiet", type: "button", onclick: send }, t("proof_send")),
  );
  const onCode = (code) => {
    const method = { totp: "totp", one_time: "one_time_code" }[code.kind];
    if (method) confirm(method, code.text);
    else if (isSpoken && code.kind === "pass") show(code.text);
    else error.textContent = t("proof_static");
  };
  return { element, onCode };
}
