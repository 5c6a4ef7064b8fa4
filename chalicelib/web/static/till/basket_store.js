/**
 * The sale under way, so that a reload or a power cut loses nothing a cashier has entered,
 * nor what became of it.
 * Its idempotency key is made with it and stays: a commit whose answer was lost is asked
 * again under the same key, also by the page that was loaded since. A browser that keeps
 * nothing, or no more, sells all the same.
 */

import { read, write } from "./database.js";

const KEPT_MS = 12 * 3600 * 1000; // the next day's shopper is another

/** @returns {string} a key of a new sale */
export function newKey() {
  return crypto.randomUUID();
}

/**
 * Keep the sale as it is now; the last one kept wins.
 * @param {string} till
 * @param {any} basket plain values; its `key` is its idempotency key
 */
export async function keepBasket(till, basket) {
  const kept = { till, basket, kept_at: Date.now() };
  await attempt(write("baskets", (store) => void store.put(kept)));
}

/** @param {string} till @returns {Promise<any | null>} the sale that was under way */
export async function keptBasket(till) {
  const found = await attempt(read("baskets", (store) => store.get(till)));
  return found && Date.now() - found.kept_at < KEPT_MS ? found.basket : null;
}

/** @param {string} till */
export async function dropBasket(till) {
  await attempt(write("baskets", (store) => void store.delete(till)));
}

function attempt(work) {
  return work.catch((error) => console.warn("not kept", error.name));
}
