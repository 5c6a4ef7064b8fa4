/**
 * The sale under way, so that a reload or a power cut loses nothing a cashier has entered,
 * nor what became of it.
 * Its idempotency key is made with it and stays: a commit whose answer was lost is asked
 * again under the same key, also by the page that was loaded since. A browser that keeps
 * nothing, or no more, sells all the same.
 */

import { answer, read, write } from "./database.js";

const KEPT_MS = 12 * 3600 * 1000; // the next day's shopper is another

/** @returns {string} a key of a new sale */
export function newKey() {
  return crypto.randomUUID();
}

/**
 * Keep the sale as it is now; the last one kept wins.
 * @param {string} till
 * @param {any} basket plain values; its `key` is its idempotency key
 * @param {(other: any) => boolean} [mayGo] whether it takes the place of what is kept
 */
export async function keepBasket(till, basket, mayGo = () => true) {
  const kept = { till, basket, kept_at: Date.now() };
  await change(till, mayGo, (store) => store.put(kept));
}

/** @param {string} till @returns {Promise<any | null>} the sale that was under way */
export async function keptBasket(till) {
  const found = await attempt(read("baskets", (store) => store.get(till)));
  return found && Date.now() - found.kept_at < KEPT_MS ? found.basket : null;
}

/** @param {string} till @param {(other: any) => boolean} [mayGo] */
export async function dropBasket(till, mayGo = () => true) {
  await change(till, mayGo, (store) => store.delete(till));
}

function change(till, mayGo, work) {
  const changed = write("baskets", async (store) => {
    const other = await answer(store.get(till));
    if (!other || mayGo(other.basket)) await answer(work(store));
  });
  return attempt(changed);
}

function attempt(work) {
  return work.catch((error) => console.warn("not kept", error.name));
}
