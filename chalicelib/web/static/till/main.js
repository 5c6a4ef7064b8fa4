/**
 * The till: boot, the router and the keyboard.
 *
 * A screen is a function `(context, params) → Screen`, listed in `screens/index.js`:
 *   element   what is shown             title     the page's name, for the tab and readers
 *   focus     what gets the focus       onCode    a card or gift card was scanned
 *   onKey     a key; true: it was used  onBack    instead of the screen before
 *   leave     before another screen     isBare    without header: nobody is signed in
 */

import { call, Offline, Problem } from "./api.js";
import { chime } from "./chime.js";
import { timed, wasSet } from "./clock.js";
import { fill, h } from "./dom.js";
import { listenToScanner, sendQueue, watchNetwork, watchQueue } from "./devices.js";
import { isOurs } from "./keypad.js";
import { loadOperations } from "./operations.js";
import { resume } from "./resume.js";
import { fetchScreen, fetchScreens, HOME, isScreen, KEYS, SCREENS } from "./screens/index.js";
import { forget, keepAwake, keepSession, keptSession, lockWhenIdle } from "./session.js";
import { makeShell } from "./shell.js";
import { asTrained, trainingBand } from "./trainer.js";
import { t } from "./words.js";

const FONTS = new URL("../fonts.css", import.meta.url).pathname;
const STEPS_MAX = 20; // back from so many screens
const DIALOG = "dialog[open]";

const context = {
  session: null,
  isOnline: navigator.onLine,
  operations: [], // of this till since it was opened, newest first
  clockAhead: 0, // milliseconds the service's clock is ahead of ours
  call: callAsStaff,
  post,
  renew,
  here,
  navigate,
  back,
  home: () => navigate(HOME),
  hold: () => shell.hold(),
  offers: isScreen,
  enter,
  lock,
  listen,
  announce,
  refresh: () => navigate(current.name, current.params, { isSame: true }),
};
const shell = makeShell(context);
const steps = [];
const listeners = []; // of scanned codes, while a dialog is open
let current = { name: "", params: {}, screen: null };
let turns = 0; // screens so far: one that is fetched late takes no newer one's place

/** Call the service as whoever is signed in; who is no longer has to sign in again. */
async function callAsStaff(method, path, options = {}) {
  try {
    const found = await (method === "GET" ? call : post)(method, path, options);
    if (!context.isOnline) sendQueue(); // what waits may go now
    shell.setOnline(true);
    return found;
  } catch (error) {
    if (error instanceof Offline) shell.setOnline(false);
    if (error instanceof Problem && error.status === 401) await boot();
    throw error;
  }
}

/**
 * Call with what lets this page write. Another tab may have signed somebody in since, and so
 * changed it: then it is asked for, and the call, which was not heard, is made again.
 */
async function post(method, path, options = {}) {
  try {
    return await call(method, path, { csrf: await token(), ...options });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "csrf_refused") throw error;
    const before = context.session.signed_in?.staff_id;
    await renew();
    if (before && before !== context.session.signed_in?.staff_id) {
      enter(context.session);
      throw error;
    }
    return call(method, path, { csrf: context.session.csrf_token, ...options });
  }
}

/** Return what lets this page write; a page that was opened without a network has none yet. */
async function token() {
  if (!context.session.csrf_token || wasSet()) {
    await renew();
    if (!context.session.signed_in) enter(context.session);
  }
  return context.session.csrf_token;
}

/** Ask the service who is signed in, what lets us write, and what time it is. */
async function renew() {
  const body = timed((await call("GET", "/v1/till/session")).body);
  context.session = asTrained(body);
  context.clockAhead = body.clock_ahead_ms;
  keepSession(body);
}

function navigate(name, params = {}, how = {}) {
  const mine = ++turns;
  if (name in SCREENS) return show(name, params, how);
  fetchScreen(name).then(
    () => mine === turns && show(name, params, how),
    () => mine === turns && unfetched(),
  );
}

/** Say that a screen did not come: not every browser fetches one again without a reload. */
function unfetched() {
  const canGoOn = current.screen && !current.screen.isBare && !shell.isHeld();
  if (canGoOn) shell.complain(t("offline_retry"));
  else failed(() => location.reload());
}

function show(name, params, { isSame = false, isBack = false }) {
  shell.complain();
  for (const open of document.querySelectorAll(DIALOG)) open.close(); // nobody's any more
  current.screen?.leave?.();
  if (current.name && !isSame && !isBack && !current.screen.isBare) {
    steps.push({ name: current.name, params: current.params });
    steps.splice(0, Math.max(0, steps.length - STEPS_MAX));
  }
  if (name === HOME) steps.length = 0;
  const screen = SCREENS[name](context, params);
  current = { name, params, screen };
  shell.show(screen, name !== HOME && !screen.isBare);
  document.title = `${screen.title} · ${t("till")}`;
  const first = screen.focus ?? screen.element.querySelector("h1");
  first?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** Return what tells whether the screen is still the one of now: answers may be late. */
function here() {
  const { screen } = current;
  return () => current.screen === screen;
}

function back() {
  if (shell.isHeld()) return;
  if (current.screen?.onBack) return current.screen.onBack();
  const step = steps.pop();
  if (step) navigate(step.name, step.params, { isBack: true });
  else if (!current.screen?.isBare) navigate(HOME);
}

/** Take a session's answer: whoever is signed in goes on, else somebody signs in. */
function enter(answered) {
  const session = timed(answered);
  context.session = asTrained(session);
  context.clockAhead = session.clock_ahead_ms ?? 0;
  keepSession(session);
  shell.dress();
  shell.band(trainingBand(context));
  lockWhenIdle(session, () => lock({ isIdle: true }));
  keepAwake();
  watchQueue(context, shell);
  if (!session.signed_in) return navigate("sign_in");
  resume(context);
  if (!context.operations.length) loadOperations(context);
  fetchScreens().catch(() => {}); // asked again by whoever opens one
}

/**
 * Let the next cashier sign in; what is under way is kept. Nobody could without a network: so
 * an idle till is not locked then. Returns whether it is.
 */
async function lock({ isIdle = false } = {}) {
  if (!context.session?.signed_in) return true;
  try {
    const { body } = await post("POST", "/v1/till/lock");
    enter(body.till ? body : { ...context.session, signed_in: null });
  } catch (error) {
    if (isIdle && error instanceof Offline) return false;
    enter({ ...context.session, signed_in: null }); // the service locks by its own clock
  }
  return true;
}

function announce(text) {
  shell.announce(text);
}

/** Hand the next codes to somebody else than the screen; returns how to stop. */
function listen(hear) {
  listeners.push(hear);
  return () => listeners.splice(listeners.indexOf(hear), 1);
}

/** Hand a code on; a screen that has no place of its own for a complaint resolves with it. */
async function scanned(code) {
  if (shell.isHeld()) return;
  chime();
  const hear = listeners.at(-1);
  if (hear) return hear(code);
  const screen = current.screen;
  const failure = await screen?.onCode?.(code);
  if (failure?.text && current.screen === screen) shell.complain(failure.text);
}

function unknown(text) {
  const screen = current.screen;
  if (shell.isHeld()) return;
  if (screen?.onUnknown) screen.onUnknown(text);
  else if (screen?.onCode && !listeners.length) shell.complain(t("code_unknown"));
}

/** Return what takes back what the keys of a scanner have done before they were known. */
function remember() {
  const { name, params, screen } = current;
  const undo = screen?.remember?.();
  return () => {
    if (current.name !== name) navigate(name, params, { isBack: true });
    else undo?.();
  };
}

async function boot() {
  if (location.hash.length > 1) return navigate("activation"); // the office's link: a new till
  if (keptSession()) fetchScreens().catch(() => {}); // it will be somebody's
  try {
    const { body } = await call("GET", "/v1/till/session");
    shell.setOnline(true);
    enter(body);
  } catch (error) {
    if (error instanceof Offline) return bootOffline();
    if (!(error instanceof Problem) || error.status !== 401) return failed();
    forget();
    context.session = null;
    navigate("activation", { isExpired: error.code === "session_expired" });
  }
}

function bootOffline() {
  shell.setOnline(false);
  const kept = keptSession();
  if (kept) enter(kept);
  else failed();
}

function failed(retry = boot) {
  current.screen?.leave?.(); // its keys, too
  current = { name: "", params: {}, screen: null };
  const onclick = () => retry();
  const again = h("button", { class: "button", type: "button", onclick }, t("again"));
  const heading = h("h1", { tabindex: "-1" }, t("boot_failed"));
  const element = h(
    "section",
    { class: "narrow panel" },
    heading,
    t("boot_failed_text"),
    again,
  );
  shell.show({ element, title: t("boot_failed"), isBare: true }, false);
  again.focus();
}

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || document.querySelector(DIALOG)) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const screen = current.screen;
  if (!screen) return;
  if (shell.isHeld()) return void (isOurs(event) && event.preventDefault());
  const asked = KEYS[event.key];
  const isUsed = () => {
    event.preventDefault();
    return true;
  };
  if (screen.onKey?.(event)) return isUsed();
  if (event.key === "Escape") return isUsed() && back();
  if (asked && isScreen(asked) && !screen.isBare) return isUsed() && navigate(asked);
});

// The office's link, opened where a till is open already: no page is loaded then.
addEventListener("hashchange", () => location.hash.length > 1 && navigate("activation"));

// The phone's own way back stays within the till.
history.pushState(null, "", location.href);
addEventListener("popstate", () => {
  history.pushState(null, "", location.href);
  const open = document.querySelector(DIALOG);
  if (open) open.close("back");
  else back();
});

fill(document.getElementById("till"), shell.element);
document.head.append(h("link", { rel: "stylesheet", href: FONTS })); // nothing waits for it
listenToScanner(scanned, unknown, remember);
watchNetwork(shell);
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/till/worker.js", { scope: "/till" }).catch(() => {});
}
boot();
