/**
 * The till's service worker, scope /till: the till opens without a network. It keeps the page
 * and the files that `/till/files.json` lists: `{version, files: [address, …]}`.
 *
 * The page comes from the network first, as it names the files of its version; files have
 * their hash in the name and come from what is kept. What the service says, `/v1/…`, is never
 * kept. A new list is fetched whenever the page came from the network.
 */

const LIST = "/till/files.json";
const PAGE = "/till";
const KEPT = "kopilka.till.";
const PATIENCE_MS = 4_000; // then the page that is kept is shown
const BROKEN = 500; // and above: the service, or what stands before it, is down
const FILES = ["/static/", "/theme/"];

self.addEventListener("install", (event) => {
  event.waitUntil(renew().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (FILES.some((start) => pathname.startsWith(start))) event.respondWith(file(request));
  else if (pathname === PAGE && request.mode === "navigate") event.respondWith(page(event));
});

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function page(event) {
  const asked = fetch(event.request);
  event.waitUntil(asked.then((answer) => answer.ok && renew()).catch(() => {}));
  const late = new Promise((next) => setTimeout(next, PATIENCE_MS));
  const answer = await Promise.race([asked.catch(() => null), late]);
  if (answer && answer.status < BROKEN) return answer;
  return (await caches.match(PAGE, { ignoreSearch: true, ignoreVary: true })) ?? asked;
}

/** Keep the page and the files of the version the service has now, and of no other. */
async function renew() {
  const { version, files } = await (await fetch(LIST, { cache: "no-store" })).json();
  const name = KEPT + version;
  if (!(await caches.has(name))) await fill(name, files);
  for (const other of await caches.keys()) {
    if (other.startsWith(KEPT) && other !== name) await caches.delete(other);
  }
}

/** Keep all of it or nothing; what an older version kept already is not fetched again. */
async function fill(name, files) {
  const fresh = await Promise.all(files.map(async (path) => [path, await file(path)]));
  fresh.push([PAGE, await fetch(PAGE, { cache: "no-store" })]);
  const bad = fresh.find(([, answer]) => !answer.ok || answer.redirected);
  if (bad) throw new Error(`not there: ${bad[0]}`);
  const cache = await caches.open(name);
  try {
    await Promise.all(fresh.map(([path, answer]) => cache.put(path, answer)));
  } catch (error) {
    await caches.delete(name); // no room left
    throw error;
  }
}
