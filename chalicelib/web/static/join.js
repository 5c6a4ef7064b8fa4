/**
 * From a phone number to a card, over the JSON API.
 *
 * What is under way is kept in sessionStorage, its nonce above all: after a lost answer or
 * a reload the same code is sent again and gets the same answer.
 */

const CODE_DIGITS = 6;
const VERIFY_TRIES_MAX = 3;
const RETRY_MS = 500;
const SLOW_MS = 400; // what is answered sooner needs no "sending"
const RESEND_SOON_SECONDS = 90; // a longer wait is a limit, not the pause between codes
const TIMEOUT_MS = 15_000;

const root = document.querySelector("[data-join]");
const words = JSON.parse(root.dataset.words);
const facts = JSON.parse(root.dataset.facts);
const steps = new Map(
  [...root.querySelectorAll("[data-step]")].map((s) => [s.dataset.step, s]),
);
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

async function call(method, path, body, token) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  try {
    const answer = await fetch(path, {
      method,
      headers,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const found = await answer.json();
    const retryAfter = Number(answer.headers.get("Retry-After") ?? 0);
    return { ...found, ok: answer.ok, status: answer.status, retryAfter };
  } catch {
    return { ok: false, status: 0, code: "offline" };
  }
}

async function verify(code) {
  const path = `/v1/sign-ups/${encodeURIComponent(state.sign_up_id)}/verify`;
  let answer;
  for (let tries = 0; tries < VERIFY_TRIES_MAX; tries += 1) {
    if (tries) await new Promise((done) => setTimeout(done, RETRY_MS * 2 ** tries));
    answer = await call("POST", path, { code, client_nonce: state.nonce });
    if (answer.status !== 0 && answer.status !== 503) break;
  }
  return answer;
}

function requestCode(consents) {
  return call("POST", `/v1/merchants/${encodeURIComponent(facts.merchant)}/sign-ups`, {
    phone: state.phone,
    language: facts.language,
    consents,
    client_nonce: state.nonce,
    ...(facts.store && { store: facts.store }),
    ...(facts.referral_code && { referral_code: facts.referral_code }),
  });
}

const UNITS = { hour: 3600, minute: 60, second: 1 };
const POINTED = {
  "/phone": "phone_invalid",
  "/name": "name_invalid",
  "/birth_date": "date_refused",
};
const PLACES = {
  phone_invalid: "#phone-error",
  phone_not_allowed: "#phone-error",
  consent_missing: "#consent-error",
  name_invalid: "#name-error",
  date_refused: "#birth-error",
  birth_date_fixed: "#birth-error",
};

function span(seconds) {
  const unit = Object.keys(UNITS).find((name) => seconds >= 1.5 * UNITS[name]) ?? "second";
  const style = unit === "second" ? "short" : "long";
  const format = new Intl.RelativeTimeFormat(facts.language, { numeric: "always", style });
  return format.format(Math.max(1, Math.ceil(seconds / UNITS[unit])), unit);
}

function codeOf(problem) {
  if (problem.status === 503) return "busy";
  if (problem.code === "bad_input") return POINTED[problem.errors?.[0]?.pointer];
  if (problem.code === "code_wrong" && !problem.attempts_left) return "code_wrong_last";
  const isPause = problem.retryAfter <= RESEND_SOON_SECONDS;
  return problem.code === "too_many_codes" && isPause ? "resend_early" : problem.code;
}

function explain(problem) {
  const names = new Intl.DisplayNames(facts.language, { type: "region" });
  const countries =
    (problem.countries ?? "").match(/\w+/g)?.map((code) => names.of(code)) ?? [];
  return (words[codeOf(problem)] ?? words.unexpected)
    .replace("{when}", span(problem.retryAfter ?? 0))
    .replace("{left}", problem.attempts_left)
    .replace("{countries}", countries.join(", "));
}

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
    at("[data-phone]").textContent = state.phone;
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

async function submitPhone() {
  const phone = at("#phone").value.trim();
  if (!phone) return complain("#phone-error", words.phone_missing);
  if (consentBoxes().some((box) => box.required && !box.checked)) {
    return complain("#consent-error", words.consent_missing);
  }
  const consents = consentBoxes().map((box) => ({
    purpose: box.name,
    granted: box.checked,
    text_version: box.dataset.version,
  }));
  if (state.phone !== phone) keep({ sign_up_id: undefined });
  keep({ phone, consents });
  const answer = await requestCode(consents);
  if (answer.ok) return codeSent(answer);
  if (answer.code === "too_many_codes" && state.sign_up_id) {
    waitFor(answer.retryAfter); // an earlier code is still good
    show("code");
    return complain("#code-error", explain(answer));
  }
  const place = PLACES[codeOf(answer)] ?? "[data-step=phone] [data-error]";
  complain(place, explain(answer));
}

function codeSent(answer) {
  keep({ sign_up_id: answer.sign_up_id });
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
  const answer = await verify(code);
  if (!answer.ok) {
    if (answer.status && answer.status !== 503) wasWrong = code;
    if (answer.retryAfter && answer.code === "code_locked") waitFor(answer.retryAfter);
    complain("#code-error", explain(answer));
    at("#code").select();
    return;
  }
  keep({ card_url: answer.card_url, member_token: answer.member_token });
  if (answer.status === 201) show("profile");
  else leave(); // known already: nothing to ask
}

async function submitProfile() {
  const name = at("#name").value.trim();
  const birthDate = at("#birth-date").value;
  if (at("#birth-date").validity.badInput) return complain("#birth-error", words.date_refused);
  if (!name && !birthDate) return leave();
  const body = { ...(name && { name }), ...(birthDate && { birth_date: birthDate }) };
  const answer = await call("PATCH", "/v1/me", body, state.member_token);
  if (answer.ok) return leave();
  const place = PLACES[codeOf(answer)];
  if (place) return complain(place, explain(answer));
  complain("[data-step=profile] [data-error]", words.profile_unsaved);
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

const work = { phone: submitPhone, code: submitCode, profile: submitProfile };
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
const isUnderWay = { code: state.sign_up_id, profile: state.card_url }[state.step];
if (isUnderWay) show(state.step);
