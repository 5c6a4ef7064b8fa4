/**
 * Sends what the outbox holds whenever that may work: at the start, when the network is
 * back, when the page is looked at again, when something was added, and again after a pause
 * that grows. A network that is there and leads nowhere says nothing when it is mended: so
 * the pause stays short while somebody looks. Pauses differ a little by chance, so that the
 * tills of a street do not return all at once.
 */

import { flush, pending } from "./outbox.js";

const PAUSE_MS = 2_000; // after the first failure; then twice as long each time
const PAUSE_MS_MAX = 15_000; // while the page is looked at
const PAUSE_MS_MAX_HIDDEN = 120_000;
const SPREAD = 0.3;
const SIGNED_OUT = new Set([401, 403]); // somebody has to sign in: no use in hurrying

/**
 * Keep sending until stopped.
 * @param {string} till
 * @param {(body: any) => Promise<any>} post see `flush`
 * @param {{onSettled?: (settled: import("./outbox.js").Settled) => void,
 *   onTry?: (isAnswered: boolean) => void, wait?: (ms: number) => number}} [options] `onTry`:
 *   whether the service answered; `wait`: how long to wait instead of so many milliseconds
 * @returns {{now: () => Promise<void>, stop: () => void}} `now`: try at once
 */
export function keepSending(till, post, options = {}) {
  const wait = options.wait ?? ((ms) => ms * (1 - SPREAD * Math.random()));
  let failures = 0;
  let timer = 0;
  let running = null;
  let known = 0; // sales that wait
  let isStopped = false;

  const attempt = async () => {
    clearTimeout(timer);
    const error = await tried();
    if (isStopped) return;
    failures = error ? failures + 1 : 0;
    if (error) timer = setTimeout(now, pauseAfter(failures, error, wait));
  };
  const tried = async () => {
    if (!navigator.onLine) return { status: 0 };
    try {
      const { left, isBusy } = await flush(till, post, options.onSettled);
      if (!isBusy) options.onTry?.(true);
      return left || isBusy ? { status: 503 } : null;
    } catch (error) {
      options.onTry?.(Boolean(error.status));
      return error;
    }
  };
  const now = () => (running ??= attempt().finally(() => (running = null)));
  const more = ({ waiting }) => {
    const isAdded = waiting > known;
    known = waiting;
    if (waiting && (isAdded || !failures)) now();
  };

  const unwatch = pending(till, more);
  const back = () => {
    failures = 0; // those without a network say nothing about the one that is back
    return now();
  };
  const seen = () => document.visibilityState === "visible" && back();
  addEventListener("online", back);
  document.addEventListener("visibilitychange", seen);
  const stop = () => {
    isStopped = true;
    clearTimeout(timer);
    unwatch();
    removeEventListener("online", back);
    document.removeEventListener("visibilitychange", seen);
  };
  return { now, stop };
}

/** Return for how long nothing is tried; who asks for more time gets it. */
function pauseAfter(failures, { status, retryAfter = 0 }, wait) {
  const isSeen = document.visibilityState === "visible" && !SIGNED_OUT.has(status);
  const longest = isSeen ? PAUSE_MS_MAX : PAUSE_MS_MAX_HIDDEN;
  const grown = Math.min(PAUSE_MS * 2 ** Math.min(failures - 1, 10), longest);
  return Math.max(wait(SIGNED_OUT.has(status) ? longest : grown), retryAfter * 1000);
}
