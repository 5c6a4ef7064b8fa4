/**
 * Training: while it is on, no call that could write leaves the browser. Members are samples,
 * sales are quotes by the merchant's own program, and what is kept in the browser is kept
 * apart from the real till's. It ends when the cashier changes.
 */

import { Offline, Problem, putBetween } from "./api.js";
import { h, icon } from "./dom.js";
import { t } from "./words.js";

const KEPT = "kopilka.till.training";
const QUOTES = "/v1/till/training-quotes";
const SAMPLES = "/v1/till/training-members";
const BATCHES = "/v1/purchase-batches";
const OF_A_SALE = new Set(["receipt_id", "quote_id", "confirmation_id", "at"]);
const LET_THROUGH = /^\/v1\/till\/(session|sign-in|lock|training-)/; // who is here, and we
const VOID = /^\/v1\/purchases\/[^/]+\/void$/;

let real = null; // operations of the till before training began
let newcomers = new Set(); // phones that were given a card in training

/** Return a session as somebody who learns has it; without a cashier nobody learns. */
export function asTrained(session) {
  const { is_training: _, ...plain } = session;
  if (!session.signed_in) forget();
  const isOn = read() === placeOf(session);
  putBetween(isOn ? between : null);
  return isOn ? { ...plain, is_training: true } : plain;
}

/** Begin or end training at this till, for whoever is signed in. */
export function setTraining(context, isOn) {
  if (isOn) {
    real = [...context.operations];
    newcomers = new Set();
    write(placeOf(context.session));
  } else {
    forget();
  }
  context.operations.splice(0, Infinity, ...(isOn ? [] : (real ?? [])));
  if (!isOn) real = null;
  context.enter(context.session);
}

/** Return what says on every screen that nothing is written; nothing if it is. */
export function trainingBand(context) {
  if (!context.session?.is_training) return null;
  const stop = () => setTraining(context, false);
  return h(
    "p",
    { class: "band", role: "status" },
    icon("player-play"),
    h("span", null, t("training_band")),
    h("button", { class: "link", type: "button", onclick: stop }, t("training_off")),
  );
}

/** Return the sample members, as look-ups. */
export async function samples(context) {
  return (await context.call("GET", SAMPLES)).body.items;
}

/** Stand between the till and the service: nothing that writes gets through. */
async function between(method, path, options, send) {
  if (LET_THROUGH.test(path)) return send(method, path, options);
  if (path === "/v1/lookups") return found(options, send);
  if (path === "/v1/quotes") return quoted(options, send);
  if (path === "/v1/purchases" && method === "POST") return sold(options, send);
  if (path === "/v1/members" && method === "POST") return joined(options.body);
  if (path === BATCHES) throw new Offline("training"); // a real sale waits until it is over
  if (VOID.test(path)) return { status: 201, body: {} };
  if (method === "GET" && path.startsWith("/v1/purchases?")) return nothing();
  if (method === "GET" && path === "/v1/till/operations") return nothing();
  if (method === "GET") return send(method, path, options);
  throw new Problem(403, { code: "training" }, 0);
}

async function found({ body }, send) {
  const { items } = (await send("GET", SAMPLES)).body;
  const isNew = body.phone && newcomers.has(body.phone);
  return { status: 200, body: items[isNew ? 1 : 0] };
}

function joined({ phone }) {
  newcomers.add(phone);
  return { status: 201, body: {} };
}

function quoted(options, send) {
  const kept = Object.entries(options.body).filter(([name]) => !OF_A_SALE.has(name));
  const { key: _, approval: __, ...rest } = options;
  return send("POST", QUOTES, { ...rest, body: Object.fromEntries(kept) });
}

async function sold(options, send) {
  const { body } = await quoted(options, send);
  const receipt = {
    ...body,
    id: "pur_training",
    object: "purchase",
    status: "completed",
    receipt_id: options.body.receipt_id,
    returns: [],
  };
  return { status: 201, body: receipt };
}

function nothing() {
  return { status: 200, body: { items: [], next_cursor: null } };
}

function placeOf({ merchant, till, signed_in }) {
  return [merchant.merchant_id, till.till_id, signed_in?.staff_id ?? ""].join("/");
}

function read() {
  try {
    return sessionStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function write(place) {
  try {
    sessionStorage.setItem(KEPT, place);
  } catch {
    // Storage may be forbidden: then there is no training.
  }
}

function forget() {
  try {
    sessionStorage.removeItem(KEPT);
  } catch {
    // Nothing was kept.
  }
}
