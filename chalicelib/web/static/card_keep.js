/**
 * Makes the card a thing of the phone's own: kept for when there is no network, put on the
 * home screen, and its screen awake while it is looked at. All of it is extra: a browser
 * that knows none of it shows the card as well.
 */

const card = document.querySelector("[data-card]");
const install = card.querySelector("[data-install]");
const FILE = /^\/(static|theme|icons)\//;

/** Have the page and its files kept, and what it loads later: a picture may come last. */
async function keep() {
  const workers = navigator.serviceWorker;
  await workers.register("/card-worker.js", { scope: "/c/" });
  const { active } = await workers.ready;
  const files = new Set();
  const post = (list) => {
    const known = files.size || -1; // the page itself is kept in any case
    for (const { name } of list.getEntriesByType("resource")) {
      const { origin, pathname } = new URL(name);
      if (origin === location.origin && FILE.test(pathname)) files.add(pathname);
    }
    const page = location.pathname + location.search;
    const message = { path: location.pathname, page, files: [...files] };
    if (files.size > known) active.postMessage(message);
  };
  post(performance);
  new PerformanceObserver(post).observe({ type: "resource" });
}

async function stayAwake() {
  if (document.hidden) return;
  await navigator.wakeLock?.request("screen").catch(() => undefined); // a low battery refuses
}

if (navigator.serviceWorker) {
  const quietly = () => keep().catch(() => undefined); // a browser may keep nothing
  if (document.readyState === "complete") quietly();
  else addEventListener("load", quietly);
}
document.addEventListener("visibilitychange", stayAwake);
stayAwake();

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault(); // asked when the shopper taps, not when the browser likes
  install.hidden = false;
  install.onclick = async () => {
    await event.prompt();
    install.hidden = true;
  };
});
