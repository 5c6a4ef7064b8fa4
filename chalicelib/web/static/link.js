/**
 * Confirms a phone: the tap on the link in the message was the yes.
 *
 * Sent from a page that somebody sees, as previews of links run hidden or run no scripts. The
 * same again gets the same answer, so that a lost one, or a reload, harms nobody.
 */

const TIMEOUT_MS = 15_000;

const root = document.querySelector("[data-link]");
const form = root.querySelector("form");
let isBusy = false;

/** @param {string} name of the step to show; the others are hidden */
function show(name) {
  for (const step of root.querySelectorAll("[data-step]")) {
    step.hidden = step.dataset.step !== name;
  }
  root.querySelector(`[data-step="${name}"] h1`).focus();
}

/**
 * @param {object[]} consents answers to the questions, none at first
 * @returns {Promise<{status: number, card_url?: string}>} 0 where nothing was answered
 */
async function confirm(consents) {
  try {
    const answer = await fetch(root.dataset.confirm, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ consents, language: root.dataset.language }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { ...(await answer.json()), status: answer.status };
  } catch {
    return { status: 0 };
  }
}

function reasonOf(status) {
  if (status === 404) return root.dataset.gone;
  return status ? root.dataset.failed : root.dataset.offline;
}

async function begin() {
  if (isBusy || document.visibilityState !== "visible") return;
  isBusy = true;
  const answer = await confirm([]);
  isBusy = false;
  if (answer.status === 200) {
    document.removeEventListener("visibilitychange", begin);
    if (form.querySelector("[type=checkbox]")) show("confirmed");
    else location.replace(answer.card_url);
    return;
  }
  tell(answer);
}

/** Says why there is no card yet, and shows the one way on. */
function tell({ status }) {
  const isGone = status === 404;
  const trouble = root.querySelector('[data-step="trouble"]');
  trouble.querySelector("[data-error]").textContent = reasonOf(status);
  trouble.querySelector("[data-again]").hidden = isGone;
  trouble.querySelector("[data-sign-in]").hidden = !isGone;
  show("trouble");
}

async function finish(event) {
  event.preventDefault();
  const boxes = [...form.querySelectorAll("[type=checkbox]")];
  const missing = boxes.find((box) => box.required && !box.checked);
  const place = form.querySelector("#consent-error");
  if (place) place.textContent = missing ? root.dataset.consentNeeded : "";
  missing?.focus();
  if (missing || isBusy) return;
  isBusy = true;
  const answer = await confirm(
    boxes.map((box) => ({
      purpose: box.name,
      granted: box.checked,
      text_version: box.dataset.version,
    })),
  );
  isBusy = false;
  if (answer.status === 200) location.replace(answer.card_url);
  else if (answer.status === 404) tell(answer);
  else form.querySelector("p[data-error]").textContent = reasonOf(answer.status);
}

form.addEventListener("submit", finish);
root.querySelector("[data-again]").addEventListener("click", begin);
document.addEventListener("visibilitychange", begin);
begin();
