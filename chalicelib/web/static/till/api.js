/** Calls of the JSON API. What is not answered is `Offline`, a refusal is a `Problem`. */

import { spoken } from "./words.js";

const TIMEOUT_MS = 10_000;

/** No answer came: whether the call has done its work is unknown. */
export class Offline extends Error {}

/** The service's refusal. */
export class Problem extends Error {
  /** @param {number} status @param {any} body @param {number} retryAfter seconds */
  constructor(status, body, retryAfter) {
    super(`${status} ${body.code}`);
    this.status = status;
    this.code = body.code ?? "internal_error";
    this.body = body;
    this.retryAfter = retryAfter;
    // Whether it was done is not known; without a code it is what stands before the service.
    this.isUnsure = status >= 500 || !body.code;
  }
}

/**
 * Call the service.
 * @param {string} method
 * @param {string} path
 * @param {{body?: any, key?: string, approval?: string, csrf?: string, timeout?: number,
 *   signal?: AbortSignal}} [options]
 * @returns {Promise<{status: number, body: any}>}
 */
export function call(method, path, options = {}) {
  return rule ? rule(method, path, options, send) : send(method, path, options);
}

let rule = null;

/** Let something stand between the till and the service: it is given every call. */
export function putBetween(found) {
  rule = found;
}

async function send(method, path, options = {}) {
  const limit = AbortSignal.timeout(options.timeout ?? TIMEOUT_MS);
  const signal = options.signal ? either(limit, options.signal) : limit;
  let answer, body;
  try {
    answer = await fetch(path, { ...request(method, options), signal });
    body = answer.status === 204 ? {} : await answer.json();
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    throw new Offline(String(error));
  }
  if (answer.ok) return { status: answer.status, body };
  throw new Problem(answer.status, body, Number(answer.headers.get("Retry-After") ?? 0));
}

/** Tablets of some years ago have no `AbortSignal.any`. */
function either(...signals) {
  const ended = new AbortController();
  for (const one of signals) {
    if (one.aborted) ended.abort(one.reason);
    one.addEventListener("abort", () => ended.abort(one.reason), { once: true });
  }
  return ended.signal;
}

function request(method, options) {
  const headers = { "Accept-Language": spoken() };
  if (options.key) headers["Idempotency-Key"] = options.key;
  if (options.approval) headers["Approval-Id"] = options.approval;
  if (options.csrf) headers["X-CSRF-Token"] = options.csrf;
  if (options.body === undefined) return { method, headers, cache: "no-store" };
  headers["Content-Type"] = "application/json";
  return { method, headers, cache: "no-store", body: JSON.stringify(options.body) };
}
