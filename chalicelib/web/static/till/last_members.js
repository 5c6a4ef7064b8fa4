/**
 * Who was seen at this till lately, so that a card scanned without a network has a name. Kept
 * are a hash of the code, an id, a short name and what it had then, for half a day: no phone
 * number, and no code that somebody could copy.
 */

import { passOf } from "./codes.js";
import { answer, read, write } from "./database.js";

const KEPT_MS = 12 * 3600 * 1000;
const KEPT_MAX = 300;

/**
 * Remember whom a scanned code belongs to.
 * @param {string} till
 * @param {import("./codes.js").Code} code
 * @param {{member_id: string, name_short: string, balance: number, tier: string | null,
 *   is_verified: boolean, paused_until: string | null}} member
 */
export async function remember(till, code, member) {
  const hash = await hashOf(code);
  if (!hash) return;
  const kept = { till, hash, ...only(member), as_of: Date.now() };
  await write("members", async (store) => {
    const older = (await answer(store.getAll())).sort((one, other) => other.as_of - one.as_of);
    for (const [at, one] of older.entries()) {
      if (isOld(one) || at >= KEPT_MAX - 1) store.delete([one.till, one.hash]);
    }
    await answer(store.put(kept));
  });
}

/**
 * Return who a code belonged to when the till last saw it: `as_of` says when.
 * @param {string} till
 * @param {import("./codes.js").Code} code
 */
export async function recall(till, code) {
  const hash = await hashOf(code);
  const found = hash && (await read("members", (store) => store.get([till, hash])));
  if (!found || isOld(found)) return null;
  return { ...only(found), as_of: new Date(found.as_of) };
}

/** Forget everybody: the device is bound to another till. */
export async function forgetMembers() {
  await write("members", (store) => void store.clear());
}

/** What is kept of a member, and nothing else. */
function only({ member_id, name_short, balance, tier, is_verified, paused_until }) {
  return { member_id, name_short, balance, tier, is_verified, paused_until };
}

function isOld({ as_of }) {
  return Date.now() - as_of > KEPT_MS;
}

async function hashOf(code) {
  const pass = passOf(code);
  if (!pass) return null;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(pass));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
