/** A receipt that was made without the card: its number and total, and the points for it. */

import { call, newKey } from "./calls.js";
import { complain, whileBusy } from "./form_faults.js";
import { codeOf, speaker } from "./problems.js";

const root = document.querySelector("[data-own]");
const words = JSON.parse(root.dataset.words);
const { explain } = speaker(words, document.documentElement.lang);
const form = root.querySelector("[data-claim]");
let sent = { text: "", key: "" }; // the same receipt, asked for again, is the same operation

/** "1 234,50" and "1,234.5" in minor units; undefined if it is no such sum. */
function minor(text) {
  const digits = Number(form.dataset.exponent);
  const close = text.replace(/[\s\u00a0\u202f]/g, "");
  const plain = close.replace(/,(?=\d{3}(,\d{3})*\.)/g, "").replace(",", ".");
  const found = plain.match(/^(\d{1,12})(?:\.(\d+))?[^\d.]*$/);
  if (!found || (found[2] ?? "").length > digits) return undefined;
  return Number(found[1] + (found[2] ?? "").padEnd(digits, "0"));
}

function refuse(problem) {
  // The field is there before it is told about, so that it can be led to.
  if (codeOf(problem) === "claim_ambiguous") form.querySelector("[data-day]").hidden = false;
  complain(form, problem, explain);
}

async function claim() {
  const number = form.receipt_id.value.trim();
  const total = minor(form.total.value);
  if (!number) return refuse({ code: "receipt_missing" });
  if (total === undefined) return refuse({ code: "total_missing" });
  if (form.on.validity.badInput) return refuse({ code: "date_incomplete" });
  const body = { receipt_id: number, total_minor: total };
  if (form.on.value) body.on = form.on.value;
  const text = JSON.stringify(body);
  if (sent.text !== text) sent = { text, key: newKey() };
  const answer = await call("POST", "/v1/me/receipts", body, root.dataset.token, sent.key);
  if (!answer.ok) return refuse(answer);
  location.replace(`${root.dataset.cardPath}/operations/${answer.ledger_version}${location.search}`);
}

const button = form.querySelector("[type=submit]");
form.addEventListener("submit", (event) => {
  event.preventDefault();
  whileBusy(form, button, words, claim);
});
button.disabled = false;
