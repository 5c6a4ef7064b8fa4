/**
 * What stands around the till: the scanner that types, the network, and the queue of sales
 * that the service has not answered for.
 */

import { chime } from "./chime.js";
import { passOf } from "./codes.js";
import { write } from "./keypad.js";
import { notePromises } from "./offline.js";
import { done, isUnderWay, kept, pending } from "./outbox.js";
import { keepSending } from "./outbox_runner.js";
import { listenWedge } from "./wedge.js";

const TIMEOUT_MS = 20_000;
const waiting = new Set(); // of those who want to know what became of a sale
let queue = null;

/** Return the name of a till in what the browser keeps. */
export function tillOf(session) {
  const place = `${session.merchant.merchant_id}/${session.till.till_id}`;
  return session.is_training ? `${place}/training` : place;
}

/**
 * Hear every code that a scanner types, whatever has the focus. A dialog's field that takes
 * scans (`data-scan`) gets what names nobody, and is told by the event `scan`.
 */
export function listenToScanner(onCode, onUnknown, remember) {
  const hear = (code, text) => (!passOf(code) && intoField(text)) || onCode(code);
  const hearAny = (text) => intoField(text) || onUnknown(text);
  return listenWedge(hear, { onUnknown: hearAny, remember });
}

function intoField(text) {
  const field = document.querySelector("dialog[open] [data-scan]");
  if (!field) return false;
  chime();
  write(field, text);
  return field.dispatchEvent(new Event("scan"));
}

/** Tell the shell how the network is. */
export function watchNetwork(shell) {
  addEventListener("online", () => shell.setOnline(true));
  addEventListener("offline", () => shell.setOnline(false));
}

/** Keep sending what waits at this till, and tell the shell how much that is. */
export function watchQueue(context, shell) {
  const till = tillOf(context.session);
  if (queue?.till === till) return void queue.sender.now();
  queue?.sender.stop();
  queue?.unwatch();
  const post = (body) =>
    context.post("POST", "/v1/purchase-batches", { body, timeout: TIMEOUT_MS });
  const onSettled = (settled) => waiting.forEach((tell) => tell(settled));
  const sender = keepSending(till, post, { onSettled, onTry: shell.setOnline });
  const unwatch = pending(till, () => {
    kept(till).then((all) => {
      notePromises(all);
      shell.setQueue(...countsOf(all));
    }, () => undefined);
  });
  queue = { till, sender, unwatch };
}

/** Return how many sales wait and were refused; one that is being sent does not wait yet. */
function countsOf(all) {
  const refused = all.filter((one) => one.state === "refused").length;
  return [all.length - refused - all.filter(isUnderWay).length, refused];
}

/** Send what waits now; resolves when that was tried. */
export async function sendQueue() {
  await queue?.sender.now();
}

/** Return the sales of the queue, oldest first. */
export function queued(context) {
  return kept(tillOf(context.session));
}

/** Let go of a sale that was refused: somebody has seen why. */
export function dropQueued(context, key) {
  return done(tillOf(context.session), key);
}

/** Call back once the queue knows what became of a sale; returns how to stop. */
export function onSettled(key, tell) {
  const hear = (settled) => settled.key === key && tell(settled);
  waiting.add(hear);
  return () => waiting.delete(hear);
}
