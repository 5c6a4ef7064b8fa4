/**
 * Who is signed in, as the browser remembers it: for a reload without a network, and to
 * lock when nobody touches the till. The service locks by its own clock as well.
 */

const KEPT = "kopilka.till.session";
const TOUCHES = ["pointerdown", "keydown"];
const AGAIN_MS = 10_000;
const NOTED_MS = 5_000; // no more often is it written down that somebody is there

let timer = 0;
let onIdle = null;
let idleMs = 0;
let notedAt = 0;
let isTrying = false; // to lock: two calls would take each other's session away

/** Remember a session, without what lets it write. */
export function keepSession(session) {
  const { csrf_token: _, ...kept } = session;
  write({ session: kept, activeAt: Date.now() });
}

/** Return the session of a moment ago; nobody is signed in if the till stood idle since. */
export function keptSession() {
  const kept = read();
  if (!kept) return null;
  const isFresh = Date.now() - kept.activeAt < kept.session.lock_after_seconds * 1000;
  return isFresh ? kept.session : { ...kept.session, signed_in: null };
}

/** Forget whom the device belonged to. */
export function forget() {
  clearTimeout(timer);
  attempt(() => localStorage.removeItem(KEPT));
}

/**
 * Call `lock` once nobody has touched the till, in any of its tabs, for as long as the session
 * says; if it resolves with false, again in a while, or when there is a network.
 */
export function lockWhenIdle(session, lock) {
  onIdle = session.signed_in ? lock : null;
  idleMs = session.lock_after_seconds * 1000;
  watch();
}

function watch(wait = idleMs) {
  clearTimeout(timer);
  if (onIdle && idleMs) timer = setTimeout(idle, wait);
}

async function idle() {
  if (!onIdle || !idleMs || isTrying) return;
  const left = idleMs - Math.abs(Date.now() - (read()?.activeAt ?? 0));
  if (left > 0) return watch(left);
  isTrying = true;
  try {
    if (!(await onIdle())) watch(Math.min(AGAIN_MS, idleMs));
  } finally {
    isTrying = false;
  }
}

addEventListener("online", idle);

for (const name of TOUCHES) {
  addEventListener(name, () => {
    watch();
    if (onIdle && Date.now() - notedAt > NOTED_MS) {
      notedAt = Date.now();
      const kept = read();
      if (kept) write({ ...kept, activeAt: notedAt });
    }
  });
}

let lamp = null;

/** Keep the screen on while the till is looked at; browsers that cannot do without. */
export async function keepAwake() {
  if (!navigator.wakeLock || document.hidden || (lamp && !lamp.released)) return;
  try {
    lamp = await navigator.wakeLock.request("screen");
  } catch {
    lamp = null; // a low battery: the till works on
  }
}

document.addEventListener("visibilitychange", () => {
  if (onIdle) keepAwake();
});

function read() {
  return attempt(() => JSON.parse(localStorage.getItem(KEPT)));
}

function write(kept) {
  attempt(() => localStorage.setItem(KEPT, JSON.stringify(kept)));
}

// Storage may be forbidden: then a reload without a network asks to wait for it.
function attempt(work) {
  try {
    return work();
  } catch {
    return null;
  }
}
