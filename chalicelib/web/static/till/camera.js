/**
 * The viewfinder: a camera's picture whose codes are read, some times a second.
 *
 * One frame is under way at a time; the next is taken when it was read. While the page is
 * hidden the camera is off, so that no light burns and no other app has to wait for it.
 */

import { chime } from "./chime.js";
import { readCode } from "./codes.js";
import { reader } from "./reader.js";

const FRAME_MS = 80; // twelve a second are enough to aim by
const SAME_MS = 2500; // a code still in view is not read again for so long
const SHAPE = 4 / 3; // of the centre that is looked at, wide or tall
const WANTED = {
  facingMode: { ideal: "environment" },
  width: { ideal: 1280 },
  height: { ideal: 720 },
};
const WORDS = {
  NotAllowedError: "camera_denied",
  SecurityError: "camera_denied",
  NotFoundError: "camera_missing",
  OverconstrainedError: "camera_missing",
  NotReadableError: "camera_busy",
  AbortError: "camera_busy",
};

/** Why there is no picture: `word` is camera_denied, camera_missing or camera_busy. */
export class CameraError extends Error {
  /** @param {string} word @param {unknown} [cause] */
  constructor(word, cause) {
    super(word, { cause });
    this.word = word;
  }
}

/**
 * Show the camera in a `<video>` and read codes until it is stopped.
 * @param {HTMLVideoElement} video
 * @param {(code: import("./codes.js").Code) => void} onCode
 * @param {{torch?: boolean, isSilent?: boolean, onUnknown?: (text: string) => void,
 *   onFault?: (error: Error) => void}} [options] `onUnknown`: a barcode that is none of ours;
 *   `onFault`: the camera went away (CameraError), or nothing can be read
 * @returns {Promise<{stop: () => void, hasTorch: boolean,
 *   setTorch: (isLit: boolean) => Promise<void>}>}
 * @throws {CameraError}
 */
export async function openCamera(video, onCode, options = {}) {
  const seen = { text: "", at: -Infinity };
  let stream = null;
  let isStopped = false;
  let turn = 0; // of the camera: a loop of an earlier turn ends

  const found = (text) => {
    const now = performance.now();
    const isSame = text === seen.text && now - seen.at < SAME_MS;
    Object.assign(seen, { text, at: now });
    if (isSame) return;
    const code = readCode(text);
    if (code && !options.isSilent) chime();
    if (code) onCode(code);
    else options.onUnknown?.(text);
  };
  const fault = (error) => {
    if (!isStopped) options.onFault?.(error);
  };
  const off = () => {
    turn += 1;
    release(stream);
    stream = video.srcObject = null;
  };
  const on = async () => {
    const mine = (turn += 1);
    const opened = await streamFor(video, () => mine === turn && !isStopped);
    if (!opened) return;
    stream = opened;
    stream.getVideoTracks()[0].onended = () => fault(new CameraError("camera_missing"));
    look(video, () => mine === turn, found).catch(fault);
  };
  const turned = () => (document.hidden ? off() : on().catch(fault));

  const stop = () => {
    isStopped = true;
    document.removeEventListener("visibilitychange", turned);
    off();
  };
  document.addEventListener("visibilitychange", turned);
  const setTorch = (isLit) => lit(stream, isLit);
  try {
    await on();
    if (options.torch) await setTorch(true);
  } catch (error) {
    stop();
    throw error;
  }
  return { stop, hasTorch: hasTorch(stream), setTorch };
}

/** Return the running camera, shown in the video; null if nobody wants it any more. */
async function streamFor(video, isWanted) {
  const warm = reader();
  warm.catch(() => {}); // told when the first frame is read
  const stream = await opened();
  if (!isWanted()) {
    release(stream);
    return null;
  }
  Object.assign(video, { srcObject: stream, muted: true, playsInline: true });
  await video.play().catch(() => {}); // torn down meanwhile, or it plays when seen
  return stream;
}

async function opened() {
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraError("camera_missing");
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: WANTED });
  } catch (error) {
    throw new CameraError(WORDS[error.name] ?? "camera_missing", error);
  }
}

async function look(video, isMine, found) {
  const { read } = await reader();
  while (isMine()) {
    const began = performance.now();
    const frame = await centre(video);
    const text = frame && (await read(frame));
    if (text && isMine()) found(text);
    await new Promise((next) => setTimeout(next, began + FRAME_MS - performance.now()));
  }
}

/** Return the middle of the picture: a code is aimed at, and less is read sooner. */
async function centre(video) {
  const { videoWidth: wide, videoHeight: tall } = video;
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || !wide) return null;
  const width = Math.min(wide, Math.round(tall * SHAPE));
  const height = Math.min(tall, Math.round(wide * SHAPE));
  return createImageBitmap(video, (wide - width) >> 1, (tall - height) >> 1, width, height);
}

function hasTorch(stream) {
  return Boolean(stream?.getVideoTracks()[0].getCapabilities?.().torch);
}

async function lit(stream, isLit) {
  if (!hasTorch(stream)) return;
  await stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: isLit }] });
}

function release(stream) {
  for (const track of stream?.getTracks() ?? []) {
    track.onended = null;
    track.stop();
  }
}
