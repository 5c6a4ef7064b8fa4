/**
 * Keeps the card fresh: asks for the part that changes while the page is looked at, and
 * puts it in if it did. The server answers 304 from one read while nothing has changed.
 */

const LIVE_MS = 3_000;
const SLOWEST_MS = 60_000;
const TIMEOUT_MS = 15_000; // then nobody answers: the next look asks again
const COUNT_UP_MS = 320;
const COPIED_MS = 3_000;
const PAUSED = ["member_unverified", "redemption_paused"]; // pressing again changes nothing

const card = document.querySelector("[data-card]");
const notice = card.querySelector("[data-status]");
const said = card.querySelector("[data-said]");
let tag = card.dataset.tag;
let freshAt = new Date(Number(card.dataset.now)); // the service's clock: as good as any here
let pauseMs = LIVE_MS;
let timer = 0;
let asks = 0; // looks at the service so far
let latest = 0; // of those that were answered: a late answer takes no newer one's place

async function refresh() {
  const mine = ++asks;
  const answer = await fetch(card.dataset.livePath, {
    headers: { "If-None-Match": tag },
    cache: "no-store",
    referrerPolicy: "no-referrer",
    signal: AbortSignal.timeout?.(TIMEOUT_MS),
  });
  if (answer.status === 404) {
    location.reload(); // the card is gone: the page says so
    return;
  }
  const keptAt = Number(answer.headers.get("Kept-At")); // the phone's own copy: no network
  if (![200, 304].includes(answer.status)) throw new Error(`answered ${answer.status}`);
  const text = await answer.text();
  if (mine < latest) return;
  if (!keptAt) latest = mine;
  if (answer.status === 200) {
    show(new DOMParser().parseFromString(text, "text/html"));
    tag = answer.headers.get("ETag") ?? "";
  }
  freshAt = new Date(keptAt || Date.now());
  if (keptAt) throw new Error("no network");
}

function show(fresh) {
  const stamped = card.querySelectorAll(".stamp.is-filled").length;
  const before = card.querySelector("[data-live=balance]").dataset.points;
  for (const part of fresh.querySelectorAll("[data-live]")) {
    card.querySelector(`[data-live=${part.dataset.live}]`).replaceWith(part);
  }
  const balance = card.querySelector("[data-live=balance]");
  if (balance.dataset.points !== before) {
    said.textContent = balance.querySelector("p").textContent;
    countUp(
      balance.querySelector("[data-balance]"),
      whole(before),
      whole(balance.dataset.points),
    );
  }
  const filled = [...card.querySelectorAll(".stamp.is-filled")].slice(stamped);
  filled.forEach((stamp) => stamp.classList.add("is-new"));
}

function countUp(place, from, to) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const written = place.textContent;
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  const begun = performance.now();
  const step = (now) => {
    const share = Math.min(1, (now - begun) / COUNT_UP_MS);
    place.textContent =
      share < 1 ? numbers.format(Math.round(from + (to - from) * share)) : written;
    if (share < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

const whole = (text) => Number(text.replace(/\D/g, ""));

async function tick() {
  clearTimeout(timer);
  if (document.hidden) return; // `visibilitychange` begins anew
  const mine = asks + 1;
  try {
    await refresh();
    pauseMs = LIVE_MS;
    notice.hidden = true;
  } catch {
    pauseMs = Math.min(SLOWEST_MS, pauseMs * 2);
    notice.textContent = card.dataset.stale.replace("{time}", moment(freshAt));
    notice.hidden = latest > mine; // a newer look was answered
  }
  clearTimeout(timer);
  timer = setTimeout(tick, pauseMs);
}

/** A time of today, or a day and a time. */
function moment(at) {
  const isToday = at.toDateString() === new Date().toDateString();
  const day = isToday ? {} : { day: "numeric", month: "long" };
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return at.toLocaleString(document.documentElement.lang, { ...day, ...clock });
}

const send = card.querySelector("[data-share]");
if (send && navigator.share) {
  send.hidden = false;
  send.addEventListener("click", () => {
    const { share: url, title } = send.dataset;
    navigator.share({ title, url }).catch(() => undefined); // the shopper thought better of it
  });
}

const copy = card.querySelector("[data-copy]");
if (copy && navigator.clipboard) {
  copy.hidden = false; // without a clipboard the link itself is there to be pressed long
  const label = copy.querySelector("span");
  const before = label.textContent;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(copy.dataset.copy);
    label.textContent = said.textContent = copy.dataset.copied;
    setTimeout(() => (label.textContent = before), COPIED_MS);
  });
}

// Exchanges that were not answered yet, by coupon: the card may be drawn anew meanwhile.
const keys = new Map();
const underWay = new Set();

/** Turns points into a coupon. A press after a lost answer repeats the same operation. */
async function exchange(button) {
  const { coupon } = button.dataset;
  if (underWay.has(coupon)) return;
  const fault = button.parentElement.querySelector("[data-coupon-error]");
  button.disabled = true;
  if (!keys.has(coupon)) keys.set(coupon, newKey());
  underWay.add(coupon);
  fault.textContent = "";
  try {
    const answer = await fetch(card.dataset.couponsPath, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": keys.get(coupon) },
      body: JSON.stringify({ coupon }),
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout?.(TIMEOUT_MS),
    });
    if (!answer.ok) throw new Error((await answer.json()).code);
  } catch ({ message }) {
    button.disabled = false;
    fault.textContent = PAUSED.includes(message) ? card.dataset.paused : card.dataset.failed;
    return;
  } finally {
    underWay.delete(coupon);
  }
  keys.delete(coupon);
  // The coupon is there: what cannot be shown yet comes with the next look at the service.
  await refresh().catch(() => undefined);
  said.textContent = card.dataset.exchanged;
  card.querySelector("#coupons").focus();
}

function newKey() {
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

card.addEventListener("click", (event) => {
  const button = event.target.closest("[data-coupon]");
  if (button) exchange(button);
});
document.addEventListener("visibilitychange", tick);
addEventListener("online", tick);
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  tag = ""; // a page behind the card may have changed what no tag tells, such as gift cards
  tick();
});
// A page that is older than its loading is the phone's own copy: ask at once.
timer = setTimeout(tick, Date.now() - freshAt > LIVE_MS ? 0 : LIVE_MS);
