/**
 * From a phone number to a card, over the JSON API.
 *
 * What is under way is kept in sessionStorage, its nonce above all: after a lost answer or
 * a reload the same code is sent again and gets the same answer.
 */

import { call, verify } from "./calls.js";
import { phoneField, written } from "./join_phone.js";
import { otherWays } from "./join_ways.js";
import { codeOf, speaker } from "./problems.js";

const CODE_DIGITS = 6;
const SLOW_MS = 400; // what is answered sooner needs no "sending"

const root = document.querySelector("[data-join]");
const words = JSON.parse(root.dataset.words);
const facts = JSON.parse(root.dataset.facts);
const steps = new Map(
  [...root.querySelectorAll("[data-step]")].map((s) => [s.dataset.step, s]),
);
const { span, explain } = speaker(words, facts.language);
const number = phoneField(root);
const at = (selector) => root.querySelector(selector);
const storeName = `kopilka.join.${facts.merchant}`;
const state = load();
let isBusy = false;
let wasWrong = ""; // the code that was refused last: it is not sent again by itself

// Storage may be forbidden: then a reload begins anew.
function attempt(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function load() {
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  const nonce = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const kept = attempt(() => JSON.parse(sessionStorage.getItem(storeName)));
  return { nonce, step: "phone", ...kept };
}

function keep(changes) {
  Object.assign(state, changes);
  attempt(() => sessionStorage.setItem(storeName, JSON.stringify(state)));
}

function leave() {
  attempt(() => sessionStorage.removeItem(storeName));
  location.replace(state.card_url);
}

const requestCode = (consents) => signUp({ ...state.to, consents });

function signUp(body) {
  return call("POST", `/v1/merchants/${encodeURIComponent(facts.merchant)}/sign-ups`, {
    ...body,
    language: facts.language,
    client_nonce: state.nonce,
    ...(facts.store && { store: facts.store }),
    ...(facts.referral_code && { referral_code: facts.referral_code }),
  });
}

const PLACES = {
  phone_invalid: "#phone-error",
  phone_not_allowed: "#phone-error",
  consent_missing: "#consent-error",
  name_invalid: "#name-error",
  date_refused: "#birth-error",
  birth_date_fixed: "#birth-error",
};

function complain(selector, text) {
  const place = at(selector);
  place.textContent = text;
  const field = root.querySelector(`[aria-describedby~="${place.id || "none"}"]`);
  if (text && field) {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }
}

function forgive(step) {
  for (const place of step.querySelectorAll(".error")) place.textContent = "";
  for (const field of step.querySelectorAll("input")) field.removeAttribute("aria-invalid");
}

function show(name) {
  keep({ step: name });
  steps.forEach((step, key) => (step.hidden = key !== name));
  const step = steps.get(name);
  forgive(step);
  if (name === "code") {
    const way = state.to?.email ? "email" : "sms";
    step.querySelectorAll("[data-sms]").forEach((s) => (s.textContent = s.dataset[way]));
    at("[data-phone]").textContent = state.to?.email ?? written(state.phone);
    at("#code").value = "";
    wasWrong = "";
    countDown();
  }
  (name === "code" ? at("#code") : step.querySelector("h1")).focus();
}

async function whileBusy(step, work) {
  if (isBusy) return;
  isBusy = true;
  forgive(step);
  const button = step.querySelector("[type=submit]");
  const label = button.textContent;
  const slow = setTimeout(() => (button.textContent = words.sending), SLOW_MS);
  step.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    clearTimeout(slow);
    button.textContent = label;
    step.removeAttribute("aria-busy");
    isBusy = false;
  }
}

const consentBoxes = () => [...steps.get("phone").querySelectorAll("[data-version]")];

const answersGiven = () =>
  consentBoxes().map((box) => ({
    purpose: box.name,
    granted: box.checked,
    text_version: box.dataset.version,
  }));

async function submitPhone() {
  const phone = number.value();
  if (!phone) return complain("#phone-error", words.phone_missing);
  if (!hasConsent()) return;
  const consents = answersGiven();
  if (state.phone !== phone) keep({ sign_up_id: undefined });
  keep({ phone, to: { phone }, consents });
  const answer = await requestCode(consents);
  if (answer.ok) return codeSent(answer);
  if (answer.code === "too_many_codes" && state.sign_up_id) {
    waitFor(answer.retryAfter); // an earlier code is still good
    show("code");
    return complain("#code-error", explain(answer));
  }
  const more = ways.offer(answer, "phone") ? ` ${words.ways_below}` : "";
  const place = PLACES[codeOf(answer)] ?? "[data-step=phone] [data-error]";
  complain(place, explain(answer) + more);
}

function codeSent(answer) {
  ways.offer(answer, "code");
  keep({ sign_up_id: answer.sign_up_id, alternatives: answer.alternatives });
  waitFor(answer.resend_after_seconds);
  show("code");
}

async function resend() {
  const answer = await requestCode(state.consents);
  if (answer.ok) return codeSent(answer);
  if (answer.retryAfter) waitFor(answer.retryAfter);
  complain("#code-error", explain(answer));
}

async function submitCode() {
  const code = at("#code").value;
  if (code.length !== CODE_DIGITS) return complain("#code-error", words.code_missing);
  const answer = await verify(state.sign_up_id, { code, client_nonce: state.nonce });
  if (answer.code === "birth_date_needed") {
    keep({ code });
    return show("birth");
  }
  if (!answer.ok) {
    if (answer.status && answer.status !== 503) wasWrong = code;
    if (answer.retryAfter && answer.code === "code_locked") waitFor(answer.retryAfter);
    complain("#code-error", explain(answer));
    at("#code").select();
    return;
  }
  enter(answer);
}

function enter(answer) {
  keep({ card_url: answer.card_url, member_token: answer.member_token, code: undefined });
  if (answer.status === 201) show("profile");
  else leave(); // known already: nothing to ask
}

/** Of a number that was silent for long: its owner knows what a stranger does not. */
async function submitBirth(said) {
  const body = { code: state.code, client_nonce: state.nonce, ...said };
  const answer = await verify(state.sign_up_id, body);
  if (answer.ok) return enter(answer);
  const isWrong = answer.code === "birth_date_needed";
  complain("#owner-error", isWrong ? words.birth_date_wrong : explain(answer));
}

function sayBirth() {
  const date = at("#owner-birth-date").value;
  if (!date) return complain("#owner-error", words.date_incomplete);
  return submitBirth({ birth_date: date });
}

async function submitProfile() {
  const name = at("#name").value.trim();
  const birthDate = at("#birth-date").value;
  if (at("#birth-date").validity.badInput) {
    return complain("#birth-error", words.date_incomplete);
  }
  if (!name && !birthDate) return leave();
  const body = { ...(name && { name }), ...(birthDate && { birth_date: birthDate }) };
  const answer = await call("PATCH", "/v1/me", body, state.member_token);
  if (answer.ok) return leave();
  const place = PLACES[codeOf(answer)];
  if (place) return complain(place, explain(answer));
  complain("[data-step=profile] [data-error]", words.profile_unsaved);
}

const ways = otherWays(root, {
  /** A code by e-mail, for the same step. */
  async email(address) {
    if (!hasConsent()) return;
    keep({ to: { email: address }, consents: answersGiven(), sign_up_id: undefined });
    const answer = await requestCode(state.consents);
    return answer.ok ? codeSent(answer) : complain("#email-error", explain(answer));
  },
  refuse: () => complain("#email-error", words.email_invalid),
  /** A card at once, that only earns. */
  async card() {
    if (!hasConsent()) return;
    const answer = await signUp({ card_only: true, consents: answersGiven() });
    if (answer.ok) return enter(answer);
    complain(`[data-step=${state.step}] .error[role]`, explain(answer));
  },
  busy: (step, work) => whileBusy(step, work),
});

function hasConsent() {
  if (consentBoxes().every((box) => !box.required || box.checked)) return true;
  show("phone");
  complain("#consent-error", words.consent_missing);
  return false;
}

let clock = 0; // of the pause between two codes

function waitFor(seconds) {
  keep({ resend_at: Date.now() + seconds * 1000 });
  countDown();
}

function countDown() {
  clearTimeout(clock);
  const button = at("[data-resend]");
  button.dataset.label ??= button.textContent;
  const left = Math.ceil(((state.resend_at ?? 0) - Date.now()) / 1000);
  button.disabled = left > 0;
  button.textContent =
    left > 0 ? words.resend_in.replace("{when}", span(left)) : button.dataset.label;
  if (left > 0) clock = setTimeout(countDown, 1000);
}

const work = {
  phone: submitPhone,
  code: submitCode,
  birth: sayBirth,
  profile: submitProfile,
};
steps.forEach((step, name) => {
  step.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(step, work[name]);
  });
  step.querySelector("[type=submit]").disabled = false;
});
at("[data-resend]").addEventListener("click", () => whileBusy(steps.get("code"), resend));
at("[data-back]").addEventListener("click", () => show("phone"));
at("[data-skip]").addEventListener("click", leave);
at("[data-anew]").addEventListener("click", () =>
  whileBusy(steps.get("birth"), () => submitBirth({ starts_anew: true })),
);
at("#code").addEventListener("input", (event) => {
  const digits = event.target.value.replace(/\D/g, "").slice(0, CODE_DIGITS);
  if (event.target.value !== digits) event.target.value = digits;
  if (digits.length === CODE_DIGITS && digits !== wasWrong)
    whileBusy(steps.get("code"), submitCode);
});

at("#birth-date").max = new Date().toISOString().slice(0, 10); // as the API counts: in UTC
at("#phone").value ||= state.phone ?? "";
consentBoxes().forEach((box) => {
  box.checked = (state.consents ?? []).some((c) => c.purpose === box.name && c.granted);
});
const proofs = { code: state.sign_up_id, birth: state.code, profile: state.card_url };
if (proofs[state.step]) show(state.step);
if (proofs.code && state.step === "code") ways.offer(state, "code");
