/**
 * The forms of the member's own pages: what each sends, and what is said then.
 *
 * `data-send` names the call, `data-next` the page that shows what became of it, `data-done`
 * what is said then, here or there, `data-missing` what is wrong if a field is empty. Only what
 * was changed is sent: a date that was not touched is no correction of it. `data-fresh` is what
 * reads otherwise after a change.
 */

import { call, newKey } from "./calls.js";
import { complain, whileBusy } from "./form_faults.js";
import { speaker } from "./problems.js";

const CODE_DIGITS = 6;
const SAID_MS = 3_000;
const SAID = "kopilka.said"; // by the page before this one
const PAGES_MAX = 1_000; // of an export

const root = document.querySelector("[data-own]");
const words = JSON.parse(root.dataset.words);
const { explain } = speaker(words, document.documentElement.lang);
const said = root.querySelector("[data-said]");
const ask = (method, path, body, key) => call(method, path, body, root.dataset.token, key);
const submitOf = (form) => form.querySelector("[type=submit]");

function bodyOf(form) {
  const boxes = [...form.querySelectorAll("[data-version]")];
  if (boxes.length) {
    const answers = boxes.map(({ name, checked, dataset }) => ({
      purpose: name,
      granted: checked,
      text_version: dataset.version,
    }));
    return { consents: answers };
  }
  const choices = [...form.querySelectorAll("[data-choice]")];
  if (choices.length) return { notices: chosen(choices) };
  const fields = [...form.querySelectorAll("input[name], select[name]")];
  const changed = fields.filter((field) => {
    const first = field.options ? [...field.options].find((one) => one.defaultSelected) : field;
    return field.value !== (first?.defaultValue ?? first?.value);
  });
  return Object.fromEntries(changed.map(({ name, value }) => [name, value.trim()]));
}

/** Turns "points.sms" and its box into what the service takes: topics, and ways of each. */
function chosen(boxes) {
  const topics = {};
  for (const { name, checked } of boxes) {
    const [topic, way] = name.split(".");
    (topics[topic] ??= {})[way] = checked;
  }
  return topics;
}

/** Says it on the button, where the eyes are, and to who listens. */
function say(button, text) {
  const place = button.querySelector("span") ?? button;
  const label = (button.dataset.label ??= place.textContent);
  place.textContent = said.textContent = text;
  setTimeout(() => (place.textContent = label), SAID_MS);
}

async function submit(form) {
  const [method, path] = form.dataset.send.split(" ");
  const hasBody = !["/v1/me/sign-out-others"].includes(path) && method !== "DELETE";
  const body = hasBody ? bodyOf(form) : undefined;
  const { missing } = form.dataset;
  const needed = missing ? [...form.querySelectorAll("[required]")] : [];
  if (needed.some(({ value }) => !value.trim())) {
    return complain(form, { code: missing }, explain);
  }
  // Half a date is no date: the browser gives an empty one, which would read as untouched.
  if ([...form.elements].some(({ validity }) => validity?.badInput)) {
    return complain(form, { code: "date_incomplete" }, explain);
  }
  if (body && !Object.keys(body).length) return done(form);
  const fields = [...form.querySelectorAll("input[name]")];
  const sent = fields.map((field) => [field, field.value, field.checked]);
  const answer = await ask(method, path, body);
  if (!answer.ok) return complain(form, answer, explain);
  for (const [field, value] of sent) field.defaultValue = value;
  // What was typed while the answer was awaited is not saved yet, and is not called so.
  const isAll = sent.every(([field, ...was]) => `${was}` === `${[field.value, field.checked]}`);
  if (isAll || form.dataset.next) done(form);
  await freshen(form);
}

function done(form) {
  const { next, done: text } = form.dataset;
  if (!next) return say(submitOf(form), text);
  if (text) attempt(() => sessionStorage.setItem(SAID, text));
  location.replace(next);
}

/** Puts in what the service now says of a form's fields; without an answer they stay. */
async function freshen(form) {
  const old = [...form.querySelectorAll("[data-fresh]")];
  if (!old.length) return;
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => undefined);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const one of old) {
    const fresh = page.getElementById(one.id);
    if (one.matches("input")) one.readOnly = fresh?.readOnly ?? one.readOnly;
    else one.textContent = fresh?.textContent ?? one.textContent;
  }
}

// Storage may be forbidden: then nothing is said of what the page itself shows.
function attempt(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}

const before = attempt(() => sessionStorage.getItem(SAID));
if (before) {
  attempt(() => sessionStorage.removeItem(SAID));
  const place = root.querySelector("[data-done-before]");
  place.hidden = false;
  place.textContent = before;
}

// A form that is sent before its script is there would reload the page.
for (const form of root.querySelectorAll("[data-send]")) {
  submitOf(form)?.removeAttribute("disabled");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form, submitOf(form), words, () => submit(form));
  });
}

/* Everything that is known, as one file. */
const taking = root.querySelector("[data-export]");
const copying = taking?.closest("section");
taking?.addEventListener("click", () =>
  whileBusy(copying, taking, words, async () => {
    const pages = [];
    for (let cursor = ""; pages.length < PAGES_MAX; ) {
      const answer = await ask("GET", `/v1/me/export${cursor && `?cursor=${cursor}`}`);
      if (!answer.ok) return complain(copying, answer, explain);
      const { ok, status, retryAfter, ...page } = answer;
      pages.push(page);
      if (!page.next_cursor) break;
      cursor = page.next_cursor;
    }
    save(pages);
    say(taking, taking.dataset.done);
  }),
);

function save([first, ...others]) {
  const ledger = [first, ...others].flatMap((page) => page.ledger);
  const receipts = [first, ...others].flatMap((page) => page.receipts);
  const whole = { ...first, ledger, receipts, next_cursor: null };
  const file = new Blob([JSON.stringify(whole, null, 2)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = "my-data.json";
  link.click();
  URL.revokeObjectURL(link.href);
}

/* Erasing: a code, then the erasure itself, once. */
const eraseKey = newKey();
let confirmation = "";

async function send(form) {
  const answer = await ask("POST", "/v1/me/confirmations", { purpose: "erase" });
  if (!answer.ok) return complain(form, answer, explain);
  confirmation = answer.id;
  root.querySelector("[data-erase=send]").hidden = true;
  root.querySelector("[data-erase=code]").hidden = false;
  root.querySelector("#erase-code").value = "";
  root.querySelector("#erase-code").focus();
}

const again = root.querySelector("[data-erase-again]");
again?.addEventListener("click", () => {
  const form = again.closest("form");
  const first = confirmation;
  whileBusy(form, again, words, async () => {
    await send(form);
    if (confirmation !== first) say(again, again.dataset.done);
  });
});

async function erase(form) {
  const field = form.querySelector("#erase-code");
  if (field) {
    const code = field.value.replace(/\D/g, "");
    if (code.length !== CODE_DIGITS) return complain(form, { code: "code_missing" }, explain);
    const path = `/v1/me/confirmations/${encodeURIComponent(confirmation)}/verify`;
    const verified = await ask("POST", path, { code });
    if (!verified.ok) return complain(form, verified, explain);
  }
  const id = confirmation && `&confirmation_id=${encodeURIComponent(confirmation)}`;
  const answer = await ask("DELETE", `/v1/me?confirm=erase${id}`, undefined, eraseKey);
  if (!answer.ok) return complain(form, answer, explain);
  await forget();
  for (const part of root.children) part.hidden = !("erased" in part.dataset);
  root.querySelector("[data-erased] h2").focus();
}

/** Nothing of the card stays on this phone. */
async function forget() {
  sessionStorage.clear();
  const names = (await globalThis.caches?.keys()) ?? [];
  const ours = names.filter((name) => name.endsWith(root.dataset.cardPath));
  await Promise.all(ours.map((name) => caches.delete(name)));
}

const steps = { send, code: erase, "at-once": erase };
for (const form of root.querySelectorAll("[data-erase]")) {
  submitOf(form).disabled = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form, submitOf(form), words, () => steps[form.dataset.erase](form));
  });
}
