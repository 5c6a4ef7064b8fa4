/**
 * Codes as scanned and as typed: which kind, and whether it can be one at all. The service
 * has the last word; what cannot be a code is not asked about.
 *
 * | kind     | as scanned                                          |
 * |----------|-----------------------------------------------------|
 * | pass     | L1, 12 symbols, maybe a check symbol                |
 * | totp     | L2, 12 symbols, 6 digits of half a minute           |
 * | one_time | L3, 12 symbols, 6 digits of a minute                |
 * | gift     | 16 symbols and their check symbol                   |
 * | coupon   | 8 digits: a member's coupon                         |
 *
 * Twelve symbols of a pass are a number whose remainder by 37 is below 32, so that its check
 * symbol is a letter or a digit: hence even a code without one is checked a little, and by
 * its exact length, as a scanner's burst loses symbols sooner than it changes them.
 * Source: Douglas Crockford, "Base 32", read 2026-11.
 *
 * @typedef {{kind: "pass" | "totp" | "one_time" | "gift" | "coupon", text: string}} Code
 */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHECKS = `${ALPHABET}*~$=U`;
const LENGTH_MAX = 40;
const PASS_SYMBOLS = 12;
const GIFT_SYMBOLS = 16;
const PREFIXES = { 11: ["pass", "L1"], 12: ["totp", "L2"], 13: ["one_time", "L3"] };
const DROPPED = /[ \t\r\n\u00a0\-\u2010-\u2014\u2212]/g;
const CONFUSED = /[OILАВСЕНКМОРТХ]/g; // what a hand confuses; Cyrillic that looks Latin
const MEANT = new Map([..."OILАВСЕНКМОРТХ"].map((ch, at) => [ch, "011ABCEHKM0PTX"[at]]));

/**
 * Read what a scanner read: whole codes only.
 * @param {string} text
 * @returns {Code | null}
 */
export function readCode(text) {
  if (text.length > LENGTH_MAX) return null;
  const symbols = folded(text);
  if (/^\d{8}$/.test(symbols)) return { kind: "coupon", text: symbols };
  if (symbols.length === GIFT_SYMBOLS + 1) return giftOf(symbols);
  const [kind, prefix] = PREFIXES[symbols.slice(0, 2)] ?? [];
  if (!kind) return null;
  const body = symbols.slice(2, 2 + PASS_SYMBOLS);
  const rest = symbols.slice(2 + PASS_SYMBOLS);
  if (!isPass(body, kind === "pass" ? rest : "")) return null;
  if (kind !== "pass" && !/^\d{6}$/.test(rest)) return null;
  return { kind, text: prefix + body + (kind === "pass" ? "" : rest) };
}

/**
 * Read what a hand typed: a pass may come without its prefix.
 * @param {string} text
 * @returns {Code | null}
 */
export function readTyped(text) {
  const symbols = text.length > LENGTH_MAX ? "" : folded(text);
  const isBare = symbols.length === PASS_SYMBOLS || symbols.length === PASS_SYMBOLS + 1;
  return readCode(text) ?? (isBare ? readCode(`L1${symbols}`) : null);
}

/**
 * Return the code of the pass behind a code that names a member; null for the others.
 * @param {Code} code
 * @returns {string | null}
 */
export function passOf(code) {
  if (code.kind === "gift" || code.kind === "coupon") return null;
  return `L1${code.text.slice(2, 2 + PASS_SYMBOLS)}`;
}

function folded(text) {
  const bare = text.replace(/^\][A-Za-z]\d/, ""); // some scanners say which symbol it was
  return bare.toUpperCase().replace(DROPPED, "").replace(CONFUSED, (ch) => MEANT.get(ch));
}

function isPass(body, check) {
  if (body.length !== PASS_SYMBOLS || check.length > 1) return false;
  const found = checkOf(body);
  return check ? check === found : ALPHABET.includes(found ?? "none");
}

function giftOf(symbols) {
  const body = symbols.slice(0, GIFT_SYMBOLS);
  if (checkOf(body) !== symbols[GIFT_SYMBOLS]) return null;
  return { kind: "gift", text: symbols.match(/.{1,4}/g).join("-") };
}

/** Return the check symbol, the number mod 37; undefined if these are no symbols. */
function checkOf(symbols) {
  let rest = 0;
  for (const symbol of symbols) {
    const value = ALPHABET.indexOf(symbol);
    if (value < 0) return undefined;
    rest = (rest * ALPHABET.length + value) % CHECKS.length;
  }
  return CHECKS[rest];
}
