/** Money, points and moments in the language that is spoken. Money is in minor units. */

import { counted, spoken } from "./words.js";

const MINUS = "\u2212";
const USUAL_PLACES = 2;
const cached = new Map();
// The service's own table: browsers write some currencies without their hundredths.
const table = document.getElementById("till-currencies")?.textContent ?? "{}";
const placesOf = new Map(Object.entries(JSON.parse(table)));

function formatter(kind, options) {
  const key = `${spoken()} ${JSON.stringify(options)} ${kind.name}`;
  if (!cached.has(key)) cached.set(key, new kind(spoken(), options));
  return cached.get(key);
}

/** Return how many decimal places the service counts a currency in. */
export function places(currency) {
  return placesOf.get(currency) ?? USUAL_PLACES;
}

/** Return the key that begins the decimals; none where there are none. */
export function decimalMark(currency) {
  if (!places(currency)) return "";
  return spoken() === "ru" ? "," : ".";
}

/** Write an amount; whole ones without decimals. */
export function money(minor, currency) {
  const digits = places(currency);
  const isWhole = minor % 10 ** digits === 0;
  const options = {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: isWhole ? 0 : digits,
    maximumFractionDigits: digits,
  };
  return tidy(formatter(Intl.NumberFormat, options).format(minor / 10 ** digits));
}

/** Return the sign of a currency alone. */
export function sign(currency) {
  const options = { style: "currency", currency, currencyDisplay: "narrowSymbol" };
  const parts = formatter(Intl.NumberFormat, options).formatToParts(0);
  return parts.find((part) => part.type === "currency").value;
}

/** Write a whole number. */
export function number(value) {
  return tidy(formatter(Intl.NumberFormat, {}).format(value));
}

/** Write points with their word: «375 баллов». */
export function points(value) {
  return counted("points", value, { n: number(value) });
}

/** Write points with sign and word: «+43 балла». */
export function change(value) {
  const signed = value > 0 ? `+${number(value)}` : number(value);
  return counted("points", value, { n: signed });
}

/** Write the time of day. */
export function clock(moment) {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return formatter(Intl.DateTimeFormat, options).format(new Date(moment));
}

/** Write a day; a business day `YYYY-MM-DD` is the same everywhere. */
export function day(text) {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const options = { day: "numeric", month: "long", ...(isDay && { timeZone: "UTC" }) };
  return tidy(formatter(Intl.DateTimeFormat, options).format(new Date(text)));
}

/** Write a day and the time of it. */
export function moment(text) {
  return `${day(text)}, ${clock(text)}`;
}

/** Write how long to wait: «через 45 с», «через 12 минут». */
export function inTime(seconds) {
  const isShort = seconds < 90;
  const style = isShort ? "short" : "long";
  const format = new Intl.RelativeTimeFormat(spoken(), { numeric: "always", style });
  return format.format(Math.max(1, Math.ceil(isShort ? seconds : seconds / 60)),
    isShort ? "second" : "minute");
}

/** Read an amount as typed: «1 250,5» → 125050; null if it is none. */
export function readMoney(text, currency) {
  const digits = places(currency);
  const bare = ungrouped(text).replace(",", ".");
  const pattern = digits ? new RegExp(`^\\d{1,9}(\\.\\d{0,${digits}})?$`) : /^\d{1,11}$/;
  if (!pattern.test(bare)) return null;
  return Math.round(Number(bare) * 10 ** digits);
}

/** Group the digits of an amount in the making; what cannot stand in one is dropped. */
export function groupMoney(text, currency) {
  const digits = places(currency);
  const [whole, ...rest] = ungrouped(text).replace(/[^\d.,]/g, "").split(/[.,]/);
  const grouped = whole
    .replace(/^0+(?=\d)/, "")
    .slice(0, 9)
    .replace(/\B(?=(\d{3})+$)/g, "\u00a0");
  if (!rest.length || !digits) return grouped;
  const part = rest.join("").slice(0, digits);
  return `${grouped || "0"}${decimalMark(currency)}${part}`;
}

/**
 * Return an amount without marks between thousands: «1.250,50» and «1,250,000» as they are
 * pasted. One mark alone begins the decimals: nobody can type three of them.
 */
function ungrouped(text) {
  const bare = text.replace(/[\s\u00a0\u202f]/g, "");
  const [, whole, part = ""] =
    /^(\d{1,3}(?:,\d{3})+)(\.\d*)?$/.exec(bare) ??
    /^(\d{1,3}(?:\.\d{3})+)(,\d*)?$/.exec(bare) ??
    [];
  const isGrouped = whole && (part || whole.match(/[.,]/g).length > 1);
  return isGrouped ? whole.replace(/[.,]/g, "") + part : bare;
}

/** Write an amount as it would be typed. */
export function typedMoney(minor, currency) {
  const digits = places(currency);
  const text = (minor / 10 ** digits).toFixed(minor % 10 ** digits ? digits : 0);
  return groupMoney(text, currency);
}

function tidy(text) {
  return text.replace("-", MINUS).replace(/[ \u202f]/g, "\u00a0");
}
