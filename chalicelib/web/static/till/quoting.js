/**
 * Live quotes: asked a moment after the last key, stale ones dropped. Beside the chosen
 * redemption the largest is priced too, for the chip that offers it and says why; if the
 * service refuses that one, no points can be redeemed, and the sale goes on.
 */

import { Offline, Problem } from "./api.js";
import { bodyOf, totalOf } from "./basket.js";
import { isUnconfirmed, pausedUntil } from "./member_view.js";

const PAUSE_MS = 120; // between two keys of a quick hand
const TIMEOUT_MS = 8_000;
const FRESH_MS = 60_000; // a price is shown again if it holds at least so long
const MOST = { mode: "max" };
const NOTHING = { body: "", quote: null };

/**
 * @param {(found: {state: "none" | "busy" | "ok" | "offline" | "refused", quote?: any,
 *   most?: any, refusal?: any, problem?: any}) => void} show
 */
export function makeQuoting(context, member, show) {
  let timer = 0;
  let asked = null; // the request under way
  let waiting = Promise.resolve();
  let release = () => {}; // whoever waits
  let known = NOTHING; // the largest redemption, as it was priced last

  function stop() {
    clearTimeout(timer);
    asked?.abort(new DOMException("a newer one was asked for", "AbortError"));
    asked = null;
    release();
  }

  function ask(basket) {
    stop();
    if (!totalOf(basket)) {
      waiting = Promise.resolve();
      return show({ state: "none" });
    }
    const priceOfMost = quoteOfMost(basket);
    if (priceOfMost) {
      waiting = Promise.resolve();
      return show({ state: "ok", quote: priceOfMost, most: priceOfMost });
    }
    show({ state: "busy" });
    waiting = new Promise((resolve) => {
      release = resolve;
      timer = setTimeout(() => run(basket).finally(resolve), PAUSE_MS);
    });
  }

  /** Who takes the most after seeing it waits for nothing: it is priced already. */
  function quoteOfMost(basket) {
    if (basket.redeem.mode !== "max" || bodyText(basket) !== known.body) return null;
    return Date.parse(known.quote.valid_until) - FRESH_MS > Date.now() + context.clockAhead
      ? known.quote
      : null;
  }

  /** The service knows more now than when it set a price: the next one is asked for. */
  function forget() {
    known = NOTHING;
  }

  function bodyText(basket) {
    return JSON.stringify(bodyOf(basket, member, MOST));
  }

  async function run(basket) {
    const mine = new AbortController();
    asked = mine;
    const found = await priced(basket, mine.signal);
    if (asked === mine && found) show(found);
  }

  async function priced(basket, signal) {
    const post = (redeem) =>
      context
        .call("POST", "/v1/quotes", {
          body: bodyOf(basket, member, redeem),
          timeout: TIMEOUT_MS,
          signal,
        })
        .then((answer) => answer.body);
    const canRedeem =
      member?.balance.available > 0 && !isUnconfirmed(member) && !pausedUntil(member);
    const wantsMost = canRedeem && basket.redeem.mode !== "max";
    try {
      const chosen = post(basket.redeem);
      const largest = wantsMost ? post(MOST).then(most, refused) : chosen.then(most);
      largest.catch(() => undefined); // the first refusal is the one that is told
      const quote = await chosen;
      const found = { state: "ok", quote, ...(await largest) };
      known = found.most ? { body: bodyText(basket), quote: found.most } : NOTHING;
      return found;
    } catch (failure) {
      if (signal.aborted) return null;
      if (failure instanceof Offline) return { state: "offline" };
      if (!(failure instanceof Problem)) throw failure;
      return { state: failure.isUnsure ? "offline" : "refused", problem: failure };
    }
  }

  return { ask, stop, forget, settled: () => waiting };
}

function most(quote) {
  return { most: quote };
}

function refused(failure) {
  if (failure instanceof Problem) return { refusal: failure };
  throw failure;
}
