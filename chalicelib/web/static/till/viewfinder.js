/**
 * The camera's picture with the frame to hold a card in. It opens by itself where the
 * cashier has allowed the camera before or the device is held in a hand; elsewhere a button
 * opens it, as most counters with a keyboard have a scanner.
 */

import { CameraError, openCamera } from "./camera.js";
import { fill, h, icon } from "./dom.js";
import { t } from "./words.js";

const HANDHELD = "(pointer: coarse)";

/**
 * Make a viewfinder that hands on every code it reads.
 * @param {(code: import("./codes.js").Code) => void} onCode
 * @param {() => void} [onUnknown] a barcode that is none of ours
 */
export function viewfinder(onCode, onUnknown = () => {}) {
  const element = h("section", { class: "finder", "aria-label": t("finder") });
  let camera = null;
  let isLeft = false;

  const open = async () => {
    const video = h("video", { playsinline: true, muted: true, "aria-hidden": "true" });
    element.classList.remove("closed");
    fill(element, video, h("div", { class: "finder-frame" }), hint(t("finder_hint")));
    try {
      camera = await openCamera(video, onCode, { onUnknown, onFault: failed });
      if (isLeft) camera.stop();
      else if (camera.hasTorch) element.append(torch(camera));
    } catch (error) {
      failed(error);
    }
  };
  const failed = (error) => {
    camera?.stop();
    camera = null;
    if (!(error instanceof CameraError)) console.warn(error);
    closed(t(error instanceof CameraError ? error.word : "camera_missing"));
  };
  const closed = (text) => {
    const button = h(
      "button",
      { class: "button", type: "button", onclick: open },
      t("finder_on"),
    );
    const lines = [icon("scan", 24), h("p", null, text), button];
    element.classList.add("closed");
    fill(element, h("div", { class: "finder-stack" }, lines));
  };
  const stop = () => {
    isLeft = true;
    camera?.stop();
    camera = null;
  };
  closed(t("finder_off"));
  wantsCamera().then((isWanted) => isWanted && !isLeft && open());
  return { element, stop };
}

/** Return whether the device is held in a hand: it has no scanner, and a camera. */
export function isHandheld() {
  return matchMedia(HANDHELD).matches;
}

async function wantsCamera() {
  if (isHandheld()) return true;
  try {
    return (await navigator.permissions.query({ name: "camera" })).state === "granted";
  } catch {
    return false; // a browser that does not tell
  }
}

function torch(camera) {
  let isLit = false;
  const button = h(
    "button",
    {
      class: "square finder-torch",
      type: "button",
      "aria-label": t("torch"),
      "aria-pressed": "false",
    },
    icon("bolt", 24),
  );
  button.addEventListener("click", async () => {
    isLit = !isLit;
    await camera.setTorch(isLit);
    button.setAttribute("aria-pressed", String(isLit));
  });
  return button;
}

function hint(text) {
  return h("p", { class: "finder-hint" }, text);
}
