/**
 * Shows the one-time code: L3, the card's symbols and six digits that change every minute.
 * Worked out here, so that it is shown without a network too. TOTP: RFC 6238 over
 * HMAC-SHA-1. The symbol is QR version 1 at level M (ISO/IEC 18004), which twenty capital
 * letters and digits just fill. Without WebCrypto (an address that is not https) the static
 * code stays.
 */

const SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LENGTH = 20; // symbols of a payload
const DIGITS = 6;
const SIZE = 21; // modules of a side
const DATA_BITS = 128; // sixteen codewords
const CHECKS = 10; // codewords that mend
const FORMAT = "101010000010010"; // level M, mask 0
const TICK_MS = 500;

const pass = document.querySelector(".pass");
const keys = new Map(); // by their text
const clocks = new Map(); // by what was said
let shown = ""; // what is drawn now, and where
let drawnOn = null;

async function tick() {
  const place = pass.querySelector("[data-one-time]");
  if (!place || document.hidden) return;
  const periodMs = Number(place.dataset.period) * 1000;
  const now = Date.now() + aheadOf(place.dataset);
  const step = Math.floor(now / periodMs);
  const digits = await digitsOf(place.dataset.key, step);
  const payload = place.dataset.oneTime + digits;
  if (payload !== shown || place !== drawnOn) {
    draw(place, payload, digits);
    shown = payload;
    drawnOn = place;
  }
  place.querySelector("[data-left]").value = (step + 1) * periodMs - now;
}

/**
 * How far the service's clock is ahead of the phone's. A copy the phone kept says what the
 * phone's was when the service said `now`.
 */
function aheadOf({ oneTime, now, keptAt }) {
  const name = `${oneTime} ${now}`;
  if (!clocks.has(name)) clocks.set(name, Number(now) - Number(keptAt ?? Date.now()));
  return clocks.get(name);
}

function draw(place, payload, digits) {
  const symbol = place.querySelector(".qr");
  symbol.setAttribute("viewBox", `0 0 ${SIZE} ${SIZE}`);
  symbol.querySelector("path").setAttribute("d", pathOf(modulesOf(payload)));
  const said = place.querySelector("[data-digits]");
  said.querySelector("strong").textContent = `${digits.slice(0, 3)}\u00a0${digits.slice(3)}`;
  const left = place.querySelector("[data-left]");
  left.max = Number(place.dataset.period) * 1000;
  said.hidden = left.hidden = false;
}

async function digitsOf(hex, step) {
  if (!keys.has(hex)) {
    const bytes = Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
    const algorithm = { name: "HMAC", hash: "SHA-1" };
    keys.set(hex, await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]));
  }
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const mac = new DataView(await crypto.subtle.sign("HMAC", keys.get(hex), counter.buffer));
  const number = mac.getUint32(mac.getUint8(mac.byteLength - 1) & 15) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}

/** The codewords of a payload: sixteen that say it, ten that mend. */
function codewordsOf(text) {
  if (text.length !== LENGTH) throw new Error(`${text.length} symbols`);
  let bits = `0010${binary(LENGTH, 9)}`; // alphanumeric
  for (let place = 0; place < LENGTH; place += 2) {
    const [high, low] = [...text.slice(place, place + 2)].map((one) => SYMBOLS.indexOf(one));
    bits += binary(high * 45 + low, 11);
  }
  const said = bits.padEnd(DATA_BITS, "0").match(/.{8}/g).map((byte) => parseInt(byte, 2));
  return [...said, ...remainder(said)];
}

const binary = (number, width) => number.toString(2).padStart(width, "0");

/** Of the Reed-Solomon code over GF(256) with 0x11d. */
function remainder(said) {
  const times = (a, b) => {
    let product = 0;
    for (; b; b >>= 1, a = (a << 1) ^ (a & 128 ? 0x11d : 0)) if (b & 1) product ^= a;
    return product;
  };
  let divisor = [1];
  for (let power = 0, root = 1; power < CHECKS; power += 1, root = times(root, 2)) {
    const next = [...divisor, 0];
    divisor.forEach((factor, place) => (next[place + 1] ^= times(factor, root)));
    divisor = next;
  }
  const rest = new Array(CHECKS).fill(0);
  for (const word of said) {
    const factor = word ^ rest.shift();
    rest.push(0);
    divisor.slice(1).forEach((one, place) => (rest[place] ^= times(one, factor)));
  }
  return rest;
}

/** Rows of dark (true) and light modules. */
function modulesOf(text) {
  const rows = Array.from({ length: SIZE }, () => new Array(SIZE).fill(null));
  finder(rows, 0, 0);
  finder(rows, 0, SIZE - 7);
  finder(rows, SIZE - 7, 0);
  for (let place = 8; place < SIZE - 8; place += 1) {
    rows[6][place] = rows[place][6] = place % 2 === 0;
  }
  format(rows);
  const bits = codewordsOf(text).map((word) => binary(word, 8)).join("");
  let next = 0;
  let upwards = true;
  for (const right of [20, 18, 16, 14, 12, 10, 8, 5, 3, 1]) {
    for (let count = 0; count < SIZE; count += 1) {
      const row = upwards ? SIZE - 1 - count : count;
      for (const column of [right, right - 1]) {
        if (rows[row][column] !== null) continue;
        rows[row][column] = (bits[next] === "1") !== ((row + column) % 2 === 0);
        next += 1;
      }
    }
    upwards = !upwards;
  }
  return rows;
}

/** A finder with the light line around it, as far as it is in the symbol. */
function finder(rows, top, left) {
  for (let row = -1; row <= 7; row += 1) {
    for (let column = -1; column <= 7; column += 1) {
      if (rows[top + row]?.[left + column] === undefined) continue;
      const ring = Math.max(Math.abs(row - 3), Math.abs(column - 3));
      rows[top + row][left + column] = ring !== 2 && ring !== 4;
    }
  }
}

function format(rows) {
  const bit = (place) => FORMAT[place] === "1";
  const last = SIZE - 1;
  for (let place = 0; place < 7; place += 1) {
    rows[8][place < 6 ? place : 7] = rows[last - place][8] = bit(place);
  }
  for (let place = 7; place < 15; place += 1) {
    rows[place < 9 ? 15 - place : 14 - place][8] = rows[8][last - 14 + place] = bit(place);
  }
  rows[last - 7][8] = true;
}

function pathOf(rows) {
  let path = "";
  rows.forEach((row, y) =>
    row.forEach((isDark, x) => (path += isDark ? `M${x} ${y}h1v1h-1z` : "")),
  );
  return path;
}

if (globalThis.crypto?.subtle) {
  new MutationObserver(tick).observe(pass, { childList: true }); // the card was refreshed
  document.addEventListener("visibilitychange", tick);
  setInterval(tick, TICK_MS);
  tick();
}
