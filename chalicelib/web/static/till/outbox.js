/**
 * Sales that the service has not answered for: made without a network, or their answer was
 * lost. Each has its own idempotency key and its own clock, both given once: it may be sent
 * as often as it takes and is written once. A sale leaves when the service has said what
 * became of it; one it refused stays, to be looked at.
 *
 * | state   | means                                                        |
 * |---------|--------------------------------------------------------------|
 * | waiting | not sent yet, as far as we know                              |
 * | asking  | was sent, the answer is not known: it is asked again         |
 * | refused | the service will not take it as it is; `problem` says why    |
 *
 * `till` is a text of merchant and till: see `database.js`.
 *
 * @typedef {{number: number, till: string, key: string, purchase: any, note: any,
 *   state: "waiting" | "asking" | "refused", kept_at: string, sent_until: number,
 *   problem: any}} Kept
 * @typedef {{key: string, note: any, purchase: any, problem: any}} Settled
 */

import { answer, read, write } from "./database.js";

const BATCH_MAX = 50; // as the service takes them
const BATCH_BYTES_MAX = 60_000; // of 64 KB
const KEPT_MAX = 5_000;
const TOLD_AS_WHOLE = new Set([400, 413, 422]); // one bad item may spoil a batch
const SENDING_MS = 20_000; // a call under way has its answer by then, or none
const LOCK = "kopilka.till.outbox";

const watchers = new Set();
const tabs = new BroadcastChannel(LOCK);
tabs.onmessage = () => told(false);

/** The queue is full: the till must not go on selling without a network. */
export class OutboxFull extends Error {}

/**
 * Record a sale at once, and never lose sight of it: it is kept before it is sent, and leaves
 * when the answer has come. Without one it stays, and is asked about under the same key.
 * @template T
 * @param {string} till
 * @param {any} purchase the body of `POST /v1/purchases`
 * @param {{key: string, note?: any, send: () => Promise<T>}} how `send` posts it; its error
 *   has `status` and `isUnsure` if the service answered
 * @returns {Promise<T>} what `send` found; its error comes out
 */
export async function record(till, purchase, { key, note = null, send }) {
  // A browser that keeps nothing, or no more, must not stop a sale that can be sent.
  await attempt(add(till, purchase, { key, note, sendingMs: SENDING_MS }));
  try {
    const found = await send();
    await attempt(done(till, key)); // if it stays, it is asked about, and is a repeat
    return found;
  } catch (error) {
    const isRefused = error.status && !error.isUnsure;
    await attempt(isRefused ? done(till, key) : mark(till, [key], { sent_until: 0 }));
    throw error;
  }
}

/**
 * Keep a sale before it is sent. The same key again changes nothing.
 * @param {string} till
 * @param {any} purchase the body of `POST /v1/purchases`; made without a network, it has the
 *   moment of the sale by this till's clock as `at`
 * @param {{key: string, note?: any, sendingMs?: number}} how `note`: what the till shows of
 *   it; `sendingMs`: so long somebody else is sending it
 * @returns {Promise<void>} once it is on the disk
 * @throws {OutboxFull}
 */
export async function add(till, purchase, { key, note = null, sendingMs = 0 }) {
  await write("receipts", async (store) => {
    if (await answer(store.index("key").get([till, key]))) return;
    if ((await answer(store.count())) >= KEPT_MAX) throw new OutboxFull();
    const state = sendingMs ? "asking" : "waiting";
    const now = Date.now();
    const times = { kept_at: new Date(now).toISOString(), sent_until: now + sendingMs };
    await answer(store.add({ till, key, purchase, note, state, ...times, problem: null }));
  });
  navigator.storage?.persist?.().catch(() => {});
  told();
}

/**
 * Let go of a sale: its answer has come, or somebody dealt with the refusal.
 * @param {string} till @param {string} key
 */
export async function done(till, key) {
  await change(till, [key], (store, found) => store.delete(found.number));
  told();
}

/** @param {string} till @returns {Promise<Kept[]>} all of a till, oldest first */
export async function kept(till) {
  return read("receipts", (store) => store.index("till").getAll(till));
}

/**
 * Tell how many sales of a till wait for an answer and how many were refused: now, and
 * whenever that changes, in this tab or another.
 * @param {string} till
 * @param {(count: {waiting: number, refused: number}) => void} onCount
 * @returns {() => void} tell no more
 */
export function pending(till, onCount) {
  let turn = 0;
  const tell = async () => {
    const mine = (turn += 1);
    const all = await kept(till).catch(() => []);
    const refused = all.filter((one) => one.state === "refused").length;
    if (mine === turn) onCount({ waiting: all.length - refused, refused });
  };
  watchers.add(tell);
  tell();
  return () => watchers.delete(tell) && (turn += 1);
}

/**
 * Send what waits, oldest first. One tab of a browser does it at a time.
 * @param {string} till
 * @param {(body: {items: any[]}) => Promise<{body: {items: any[]}}>} post to
 *   `/v1/purchase-batches`; its errors come out, and everything unanswered stays
 * @param {(settled: Settled) => void} [onSettled] told of each sale whose fate is known now
 * @returns {Promise<{left: number, isBusy: boolean}>} `left`: still waiting, to be sent again
 *   later; `isBusy`: another tab is sending
 */
export async function flush(till, post, onSettled = () => {}) {
  const send = () => sendAll(till, post, onSettled);
  if (!navigator.locks) return send(); // the keys alone keep it from being written twice
  return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) =>
    lock ? send() : { left: 0, isBusy: true },
  );
}

async function sendAll(till, post, onSettled) {
  const unanswered = (await kept(till)).filter((one) => one.state !== "refused");
  const queue = unanswered.filter((one) => !isUnderWay(one));
  let left = unanswered.length - queue.length;
  while (queue.length) {
    const batch = queue.splice(0, fitting(queue));
    const results = await resultsOf(batch, post);
    for (const [at, result] of results.entries()) {
      if (!(await settled(till, batch[at], result, onSettled))) left += 1;
    }
    told();
  }
  return { left, isBusy: false };
}

/** Somebody else is sending it; a clock that was set back does not make that last. */
export function isUnderWay({ sent_until }) {
  const more = sent_until - Date.now();
  return more > 0 && more <= SENDING_MS;
}

/** Return how many of the first go into one call. */
function fitting(queue) {
  let bytes = 0;
  const end = queue.findIndex((one, at) => {
    bytes += new TextEncoder().encode(JSON.stringify(itemOf(one))).length + 1;
    return at > 0 && (at >= BATCH_MAX || bytes > BATCH_BYTES_MAX);
  });
  return end < 0 ? queue.length : end;
}

function itemOf({ key, purchase }) {
  return { idempotency_key: key, purchase };
}

/** Return one result per sale; a batch that is refused as a whole is sent one by one. */
async function resultsOf(batch, post) {
  const keys = batch.map((one) => one.key);
  await attempt(mark(batch[0].till, keys, { state: "asking" })); // a full disk stops no sale
  try {
    return (await post({ items: batch.map(itemOf) })).body.items;
  } catch (error) {
    if (!TOLD_AS_WHOLE.has(error.status)) throw error;
    if (batch.length === 1) return [{ status: error.status, problem: error.body }];
  }
  const results = [];
  for (const one of batch) results.push(...(await resultsOf([one], post)));
  return results;
}

/** Note what became of a sale; false if that is not known yet. */
async function settled(till, one, { purchase = null, problem = null }, onSettled) {
  if (problem?.retryable) return false;
  if (problem) await mark(till, [one.key], { state: "refused", problem });
  else await done(till, one.key);
  onSettled({ key: one.key, note: one.note, purchase, problem });
  return true;
}

async function mark(till, keys, changes) {
  await change(till, keys, (store, found) => store.put({ ...found, ...changes }));
  told();
}

async function change(till, keys, work) {
  await write("receipts", async (store) => {
    for (const key of keys) {
      const found = await answer(store.index("key").get([till, key]));
      if (found) await answer(work(store, found));
    }
  });
}

async function attempt(work) {
  await work.catch((error) => console.warn("not kept", error.name));
}

function told(isOurs = true) {
  for (const tell of watchers) tell();
  if (isOurs) tabs.postMessage(null);
}
