/**
 * A photo of a phone is several megabytes, a card needs a thousandth of its pixels: what is
 * too large is made smaller here, before it is sent. What cannot be opened goes as it is, and
 * the service says what is wrong with it.
 */

const BYTES_MAX = 1_000_000;
const PIXELS_MAX = 4_000_000;
const SIDES = [1600, 1100, 700]; // pixels of the longer side, tried in turn
const QUALITY = 0.9;

/** Replace a chosen picture that is too large by a smaller one. @param {HTMLInputElement} field */
export async function shrink(field) {
  const file = field.files?.[0];
  const bitmap = file && await createImageBitmap(file).catch(() => null);
  if (!bitmap) return;
  if (file.size <= BYTES_MAX && bitmap.width * bitmap.height <= PIXELS_MAX) return;
  for (const side of SIDES) {
    const smaller = await drawn(bitmap, side, file.type);
    if (!smaller || smaller.size > BYTES_MAX) continue;
    if (field.files?.[0] !== file) return; // another was chosen meanwhile
    const chosen = new DataTransfer();
    chosen.items.add(new File([smaller], file.name, { type: smaller.type }));
    field.files = chosen.files;
    field.dispatchEvent(new Event("change", { bubbles: true })); // the preview follows
    return;
  }
}

/** @param {ImageBitmap} bitmap @param {number} side @param {string} type @returns {Promise<Blob | null>} */
function drawn(bitmap, side, type) {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, type, QUALITY));
}
