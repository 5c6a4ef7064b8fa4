/** Calls to the JSON API, none longer than a shopper waits. */

const TIMEOUT_MS = 15_000;
const VERIFY_TRIES_MAX = 3;
const RETRY_MS = 500;

/** The answer's body with `ok`, `status` and `retryAfter`; without a network `offline`. */
export async function call(method, path, body, token, key) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (key) headers["Idempotency-Key"] = key;
  try {
    const answer = await fetch(path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const found = await answer.json();
    const retryAfter = Number(answer.headers.get("Retry-After") ?? 0);
    return { ...found, ok: answer.ok, status: answer.status, retryAfter };
  } catch {
    return { ok: false, status: 0, code: "offline" };
  }
}

/** Asked again after a lost answer: the same client gets the same answer. */
export async function verify(signUpId, body) {
  const path = `/v1/sign-ups/${encodeURIComponent(signUpId)}/verify`;
  let answer;
  for (let tries = 0; tries < VERIFY_TRIES_MAX; tries += 1) {
    if (tries) await new Promise((done) => setTimeout(done, RETRY_MS * 2 ** tries));
    answer = await call("POST", path, body);
    if (answer.status !== 0 && answer.status !== 503) break;
  }
  return answer;
}

/** A key under which the same write, sent again, is done once. */
export function newKey() {
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
