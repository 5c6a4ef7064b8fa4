/**
 * A USB or Bluetooth scanner that types. It works with the focus anywhere and under any
 * keyboard layout: `event.code` says which key it was, where "LP1" arrives as "ДЗ1".
 *
 * Keys that follow each other faster than a hand are a burst; CR or TAB ends it. What the
 * burst typed before it was known as one is taken back: a field gets its former value, and
 * `remember` lets the till take back what its own keys did. If no code comes of it, what was
 * held back from the field is given to it, as it was a quick hand after all.
 */

import { readCode } from "./codes.js";

const GAP_MS = 50; // between keys of a burst, by the events' own clock
const SURE_KEYS = 4; // so many quick keys are no hand's
const SURE_AFTER_L = 2; // every pass begins with L, and no amount does
const QUIET_MS = 300; // then nothing more will come
const KEYS_MAX = 64;
const MARKS = {
  Period: ".", NumpadDecimal: ".", Minus: "-", NumpadSubtract: "-", BracketRight: "]",
};
const ENDS = new Set(["Enter", "NumpadEnter", "Tab"]);
const SHIFTS = new Set(["ShiftLeft", "ShiftRight", "CapsLock"]);

/**
 * Hear a scanner that types.
 * @param {(code: import("./codes.js").Code, text: string) => void} onCode
 * @param {{onUnknown?: (text: string) => void, remember?: () => () => void}} [options]
 *   `onUnknown`: a burst that is no code of ours; `remember`: called at each key that may be
 *   a burst's first, returns what takes back what keys have done since
 * @returns {() => void} stop hearing
 */
export function listenWedge(onCode, options = {}) {
  let burst = null;
  let endedAt = -Infinity; // of the burst before: CR and LF are one end

  const hear = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || SHIFTS.has(event.code)) return;
    const isEnd = ENDS.has(event.code || event.key);
    if (isEnd && event.timeStamp - endedAt < GAP_MS) return swallow(event);
    if (event.repeat || !burst || event.timeStamp - burst.last > GAP_MS) {
      giveBack(burst);
      burst = event.repeat || isEnd ? null : begin(event, options.remember);
    }
    if (!burst) return;
    burst.last = event.timeStamp;
    if (isEnd) return end(event);
    add(event);
  };

  const add = (event) => {
    const symbol = symbolOf(event);
    burst.text = (burst.text + symbol).slice(0, KEYS_MAX);
    if (!isSure(burst)) return;
    if (event.key.length === 1) burst.held += event.key;
    swallow(event);
    clearTimeout(burst.timer);
    const mine = burst;
    burst.timer = setTimeout(() => giveBack(mine), QUIET_MS);
  };

  const end = (event) => {
    const done = burst;
    burst = null;
    if (!isSure(done)) return;
    clearTimeout(done.timer);
    endedAt = event.timeStamp;
    swallow(event); // or it would commit the sale
    done.held = "";
    takeBack(done);
    const code = readCode(done.text);
    if (code) onCode(code, done.text);
    else options.onUnknown?.(done.text);
  };

  document.addEventListener("keydown", hear, true);
  return () => {
    clearTimeout(burst?.timer);
    document.removeEventListener("keydown", hear, true);
  };
}

function begin(event, remember) {
  const field = document.activeElement;
  const isField = field && "value" in field && "selectionStart" in field;
  return {
    text: "", held: "", last: event.timeStamp, timer: 0,
    field: isField ? field : null,
    before: isField ? field.value : "",
    undo: remember?.() ?? (() => {}),
  };
}

function isSure({ text }) {
  return text.length >= (text[0] === "L" ? SURE_AFTER_L : SURE_KEYS);
}

function symbolOf({ code, key }) {
  if (/^Key[A-Z]$/.test(code)) return code[3];
  if (/^(Digit|Numpad)\d$/.test(code)) return code.at(-1);
  if (!code && key.length === 1) return key.toUpperCase(); // some phones do not say
  return MARKS[code] ?? "";
}

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function takeBack({ field, before, undo }) {
  undo();
  if (!field || field.value === before) return;
  field.value = before;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Give a field what was held back from it: no code came. */
function giveBack(burst) {
  if (!burst?.held) return;
  clearTimeout(burst.timer);
  const { field, held } = burst;
  burst.held = "";
  if (!field?.isConnected) return;
  try {
    field.setRangeText(held, field.selectionStart, field.selectionEnd, "end");
  } catch {
    field.value += held; // a field of numbers has no selection
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
