/**
 * Keeps cards on the phone, so that a page opens without a network: the last page, the last
 * live part of it, and the files they need. Each copy says when it was last known to be true
 * (`Kept-At`, milliseconds). A hashed file never changes; everything else asks first.
 */

const STORE = "kopilka-card-1:"; // then the card's path: a card that goes takes its copies
const WAIT_MS = 4_000; // for a network that is there and does not answer
const BROKEN = 500; // and above: the service, or what stands before it, is down
const FILES_MAX = 40; // of one card
const CARD = /^\/c\/[^/]+$/;
const LIVE = /^\/c\/[^/]+\/live$/;
const FILE = /^\/(static|theme|icons)\//;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.waitUntil(inTurn(event.data)));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (FILE.test(pathname)) event.respondWith(fileOf(request));
  else if (CARD.test(pathname) || LIVE.test(pathname)) event.respondWith(newest(request));
  else if (request.mode === "navigate") event.respondWith(orCard(request));
});

const cardOf = (path) => path.split("/").slice(0, 3).join("/");
const storeOf = (path) => caches.open(STORE + cardOf(path));

let last = Promise.resolve();

/** An older list of files takes nothing out that a newer one has brought. */
function inTurn(wish) {
  last = last.then(() => keep(wish)).catch(() => undefined); // the next asks again
  return last;
}

/** What a page that has just loaded asks for: itself, if it is new here, and its files. */
async function keep({ path, page, files }) {
  const store = await storeOf(path);
  if (!(await store.match(path))) {
    const answer = await fetch(page, { cache: "no-store" });
    if (answer.ok) await put(store, path, answer);
  }
  const wanted = new Set(files.slice(0, FILES_MAX));
  for (const request of await store.keys()) {
    const { pathname } = new URL(request.url);
    if (FILE.test(pathname) && !wanted.has(pathname)) await store.delete(request);
    wanted.delete(pathname);
  }
  await Promise.all([...wanted].map((name) => store.add(name).catch(() => undefined)));
}

async function fileOf(request) {
  return (await caches.match(request, { ignoreSearch: true })) ?? fetch(request);
}

/** The network's answer; the kept copy if there is none, or none in time. */
async function newest(request) {
  const { pathname } = new URL(request.url);
  const store = await storeOf(pathname);
  const kept = (await store.match(pathname)) ?? (await unchanged(store, pathname));
  const asked = fetch(request).then((answer) => note(store, pathname, answer));
  if (!kept) return asked;
  const late = new Promise((done) => setTimeout(done, WAIT_MS));
  const answer = await Promise.race([asked.catch(() => undefined), late]);
  return answer && answer.status < BROKEN ? answer : kept;
}

/** Without a live part of its own a kept page is what there is to know. */
async function unchanged(store, path) {
  const page = LIVE.test(path) && (await store.match(cardOf(path)));
  if (!page) return undefined;
  const headers = { "Kept-At": page.headers.get("Kept-At") };
  return new Response(null, { status: 304, headers });
}

async function note(store, path, answer) {
  if (answer.status === 404) await caches.delete(STORE + cardOf(path));
  if (answer.status === 304) await touch(store, path);
  if (answer.status === 200) {
    await put(store, path, answer.clone());
    if (CARD.test(path)) await store.delete(`${path}/live`); // the page itself is newer
  }
  return answer;
}

/** What is kept is still true: without a live part it is the page's own. */
async function touch(store, path) {
  for (const one of [path, cardOf(path)]) {
    const kept = await store.match(one);
    if (kept) return write(store, one, kept, await kept.blob());
  }
}

/** A copy says what this phone's clock was when the service said what time it is. */
async function put(store, path, answer) {
  const text = await answer.text();
  const stamped = text.replace(/data-now="\d+"/g, `$& data-kept-at="${Date.now()}"`);
  await write(store, path, answer, stamped);
}

async function write(store, path, { headers }, body) {
  const stamped = new Headers(headers);
  stamped.set("Kept-At", String(Date.now()));
  await store.put(path, new Response(body, { headers: stamped }));
}

/** Other pages of a card are not kept: without a network they lead to the card. */
async function orCard(request) {
  try {
    return await fetch(request);
  } catch {
    return Response.redirect(cardOf(new URL(request.url).pathname));
  }
}
