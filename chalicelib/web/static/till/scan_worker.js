/**
 * Reads barcodes beside the page: zxing-cpp as WebAssembly, from our own origin.
 * In: {frame: ImageBitmap}. Out: {text: string | null} or {error: string}; first {ready}.
 */

import {
  prepareZXingModule,
  readBarcodes,
} from "../vendor/zxing-wasm-3.1.4/es/reader/index.js";

const WASM = new URL(
  "../vendor/zxing-wasm-3.1.4/reader/zxing_reader.wasm",
  import.meta.url,
).href;
const FORMATS = ["QRCode", "Aztec", "PDF417", "Code128"];
const HARD_EVERY = 3; // frames; a hard look takes some times as long as a quick one

let frames = 0;
let canvas = null;

// Its own idea of where the file lies is a public CDN.
const ready = prepareZXingModule({
  overrides: { locateFile: (name, prefix) => (name.endsWith(".wasm") ? WASM : prefix + name) },
  fireImmediately: true,
});

ready.then(
  () => self.postMessage({ ready: true }),
  (error) => self.postMessage({ error: String(error) }),
);

self.onmessage = async ({ data }) => {
  try {
    await ready;
    self.postMessage({ text: await textIn(data.frame) });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};

async function textIn(frame) {
  const isHard = frames++ % HARD_EVERY === HARD_EVERY - 1;
  const found = await readBarcodes(pixelsOf(frame), {
    formats: FORMATS,
    tryHarder: isHard,
    tryRotate: true,
    tryInvert: isHard,
    tryDownscale: isHard,
    maxNumberOfSymbols: 1,
  });
  return found.find((one) => one.isValid)?.text ?? null;
}

function pixelsOf(frame) {
  const { width, height } = frame;
  if (canvas?.width !== width || canvas.height !== height) {
    canvas = new OffscreenCanvas(width, height);
  }
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  drawing.drawImage(frame, 0, 0);
  frame.close();
  return drawing.getImageData(0, 0, width, height);
}
