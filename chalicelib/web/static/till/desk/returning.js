/**
 * What comes back of a receipt: how much of each line is left, what is chosen, and what that
 * would move. The service quotes a return by the same rules it then makes it by.
 */

import { Offline, Problem } from "../api.js";
import { newKey } from "../basket.js";

const MILLI = 1000;
const PAUSE_MS = 180;

/** Return thousandths of a quantity as the service writes it. */
export function milliOf(text) {
  const [whole, part = ""] = text.replace(",", ".").split(".");
  return Number(whole) * MILLI + Number(part.padEnd(3, "0"));
}

/** Return a quantity as the service reads it. */
export function quantityOf(milli) {
  const part = String(milli % MILLI).padStart(3, "0").replace(/0+$/, "");
  return `${Math.floor(milli / MILLI)}${part && `.${part}`}`;
}

/** Return how much of each line is not back yet, in thousandths. */
export function leftOf(receipt) {
  const left = receipt.lines.map((line) => milliOf(line.quantity));
  for (const done of receipt.returns) {
    for (const part of done.lines) left[part.line] -= milliOf(part.quantity);
  }
  return left;
}

/** Return the lines that are chosen, as a return asks for them; null: none. */
export function linesOf(chosen) {
  const lines = chosen
    .map((milli, line) => ({ line, quantity: quantityOf(milli) }))
    .filter((_, line) => chosen[line] > 0);
  return lines.length ? lines : null;
}

/** Return whether a receipt can be returned at all. */
export function isReturnable(receipt) {
  return receipt.status === "completed" && leftOf(receipt).some((milli) => milli > 0);
}

/**
 * Quotes of what is chosen, a moment after the last change; stale ones are dropped.
 * @param {(found: {state: "none" | "busy" | "ok" | "offline" | "refused", quote?: any,
 *   problem?: any}) => void} show
 */
export function quoteReturns(context, receipt, show) {
  let timer = 0;
  let asked = null;

  const stop = () => {
    clearTimeout(timer);
    asked?.abort(new DOMException("a newer one was asked for", "AbortError"));
    asked = null;
  };
  const ask = (chosen) => {
    stop();
    const lines = linesOf(chosen);
    if (!lines) return show({ state: "none" });
    show({ state: "busy" });
    timer = setTimeout(() => run(lines), PAUSE_MS);
  };
  const run = async (lines) => {
    const mine = new AbortController();
    asked = mine;
    try {
      const path = `${pathOf(receipt)}/returns/quote`;
      const options = { body: { lines }, signal: mine.signal };
      const { body } = await context.call("POST", path, options);
      if (asked === mine) show({ state: "ok", quote: body });
    } catch (failure) {
      if (mine.signal.aborted) return;
      if (failure instanceof Offline) return show({ state: "offline" });
      if (!(failure instanceof Problem)) throw failure;
      show({ state: "refused", problem: failure });
    }
  };
  return { ask, stop };
}

/** Return the address of a receipt. */
export function pathOf(receipt) {
  return `/v1/purchases/${encodeURIComponent(receipt.id)}`;
}

/**
 * Make a way to do something to a receipt once: the same content goes under the same key,
 * so that a lost answer can be asked for again. `known` is what was done last.
 */
export function onceFor(known = { content: "", key: "" }) {
  let last = { content: JSON.stringify(known.content), key: known.key };
  return (content) => {
    const text = JSON.stringify(content);
    if (last.content !== text) last = { content: text, key: newKey() };
    return last.key;
  };
}
