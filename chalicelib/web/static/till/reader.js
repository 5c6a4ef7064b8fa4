/**
 * What reads barcodes in a picture: the browser's own detector where it knows every symbol a
 * pass can have, else WebAssembly in a worker. Made once and kept: the till comes back to
 * the viewfinder after every sale.
 *
 * @typedef {{name: "native" | "wasm",
 *   read: (frame: ImageBitmap) => Promise<string | null>}} Reader
 */

const NEEDED = ["qr_code", "aztec", "pdf417", "code_128"];

/** @type {Promise<Reader> | null} */
let made = null;

/** @returns {Promise<Reader>} */
export function reader() {
  made ??= make().catch((error) => {
    made = null; // the next viewfinder tries again
    throw error;
  });
  return made;
}

async function make() {
  return (await nativeReader()) ?? workerReader();
}

async function nativeReader() {
  try {
    const known = await BarcodeDetector.getSupportedFormats();
    if (!NEEDED.every((format) => known.includes(format))) return null;
    const detector = new BarcodeDetector({ formats: NEEDED });
    const read = async (frame) => {
      const found = await detector.detect(frame);
      frame.close();
      return found[0]?.rawValue ?? null;
    };
    return { name: "native", read };
  } catch {
    return null; // there is none, or its service does not run
  }
}

/** One frame at a time: the next waits for the answer, also that of a viewfinder just shut. */
function workerReader() {
  const worker = new Worker(new URL("./scan_worker.js", import.meta.url), { type: "module" });
  let answered = null;
  const answer = () => new Promise((resolve, reject) => (answered = { resolve, reject }));
  const failed = (message) => {
    made = null;
    worker.terminate();
    answered?.reject(new Error(message));
  };
  worker.onmessage = ({ data }) => {
    if (data.error) failed(data.error);
    else answered?.resolve(data.text ?? null);
  };
  worker.onerror = (event) => failed(event.message || "the reader did not load");
  const ask = (frame) => {
    const text = answer();
    worker.postMessage({ frame }, [frame]);
    return text;
  };
  let last = answer();
  const read = (frame) => (last = last.then(() => ask(frame)));
  return last.then(() => ({ name: "wasm", read }));
}
