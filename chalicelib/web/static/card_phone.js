/**
 * Another phone: its number, the codes of both, and what became of it.
 *
 * A change whose codes are on their way is kept in sessionStorage: who looks for a code in
 * another application may come back to a page that was loaded anew.
 */

import { call, newKey } from "./calls.js";
import { complain, forgive, whileBusy } from "./form_faults.js";
import { phoneField } from "./join_phone.js";
import { speaker } from "./problems.js";

const root = document.querySelector("[data-own]");
const words = JSON.parse(root.dataset.words);
const { explain } = speaker(words, document.documentElement.lang);
const number = phoneField(root);
const at = (selector) => root.querySelector(selector);
const stepOf = (name) => at(`[data-step=${name}]`);
const CODE_DIGITS = 6;
const SAID_MS = 3_000;
const mergeKey = newKey();
const NEXT = { done: "done", awaiting_approval: "waiting", merge_offered: "merge" };
const storeName = `kopilka.phone.${root.dataset.cardPath}`;
let change = { id: "" };
let wish = {}; // what was asked for: codes are sent again for the same

function show(name) {
  for (const step of root.querySelectorAll("[data-step]")) {
    step.hidden = step.dataset.step !== name;
  }
  if (name !== "codes") keep(undefined);
  at(`[data-step=${name}] h2`).focus();
}

// Storage may be forbidden: then a reload begins anew.
function attempt(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function keep(what) {
  if (what) attempt(() => sessionStorage.setItem(storeName, JSON.stringify(what)));
  else attempt(() => sessionStorage.removeItem(storeName));
}

function showCodes() {
  at("[data-old-code]").hidden = !change.needs_old_code;
  forgive(stepOf("codes"));
  for (const field of stepOf("codes").querySelectorAll("input")) field.value = "";
  show("codes");
}

const ask = (path, body, key) =>
  call("POST", `/v1/me/phone-changes${path}`, body, root.dataset.token, key);
const own = (rest) => `/${encodeURIComponent(change.id)}/${rest}`;
const digits = (id) => at(id).value.replace(/\D/g, "");

async function begin() {
  const answer = await ask("", wish);
  if (!answer.ok) return answer;
  change = answer;
  keep({ change, wish });
  showCodes();
}

const work = {
  async new() {
    const isWithout = at("[data-without-old]")?.checked ?? false;
    const phone = number.value();
    if (!phone) return { code: "phone_missing" };
    wish = { phone, without_old: isWithout };
    return begin();
  },
  async codes() {
    const old = change.needs_old_code && { old_code: digits("#old-code") };
    const said = [digits("#new-code"), ...Object.values(old || {})];
    if (said.some((code) => code.length !== CODE_DIGITS)) return { code: "code_missing" };
    const answer = await ask(own("verify"), { new_code: digits("#new-code"), ...old });
    if (!answer.ok) return answer;
    show(NEXT[answer.state] ?? "new");
  },
  async merge() {
    const answer = await ask(own("merge"), undefined, mergeKey);
    if (!answer.ok) return answer;
    show(NEXT[answer.state] ?? "done");
  },
};

for (const form of root.querySelectorAll("form[data-step]")) {
  const button = form.querySelector("[type=submit]");
  button.disabled = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form, button, words, async () => {
      const problem = await work[form.dataset.step]();
      if (problem) complain(form, problem, explain);
    });
  });
}

const again = at("[data-again]");
again.addEventListener("click", () =>
  whileBusy(stepOf("codes"), again, words, async () => {
    const problem = await begin();
    if (problem) return complain(stepOf("codes"), problem, explain);
    again.textContent = at("[data-said]").textContent = again.dataset.done;
    setTimeout(() => (again.textContent = again.dataset.label), SAID_MS);
  }),
);
at("[data-other]").addEventListener("click", () => show("new"));

const kept = attempt(() => JSON.parse(sessionStorage.getItem(storeName)));
if (kept && Date.parse(kept.change.expires_at) > Date.now()) {
  ({ change, wish } = kept);
  showCodes();
}
