/**
 * The till's words: both catalogues come with the page, so that the language changes
 * without a network. Facts are put in as they are: `{name}` is all there is to a template.
 */

const catalogues = JSON.parse(document.getElementById("till-words").textContent);
const KEPT = "kopilka.till.language";

export const LANGUAGES = { ru: "Русский", en: "English" };

let language = attempt(() => localStorage.getItem(KEPT)) ?? document.documentElement.lang;
if (!(language in catalogues)) language = "en";
let plurals = new Intl.PluralRules(language);
document.documentElement.lang = language;

/** Return the language that is spoken now. */
export function spoken() {
  return language;
}

/** Speak another language from now on, also after a reload. */
export function speak(wanted) {
  language = wanted;
  plurals = new Intl.PluralRules(language);
  document.documentElement.lang = language;
  attempt(() => localStorage.setItem(KEPT, language));
}

/**
 * Return the words of a key.
 * @param {string} key
 * @param {Record<string, string | number>} [facts]
 */
export function t(key, facts = {}) {
  const text = catalogues[language][key];
  if (typeof text !== "string") throw new Error(`no words: ${key}`);
  return put(text, facts);
}

/** Return the form of a key's words that goes with a count; `{n}` is the count as given. */
export function counted(key, count, facts = {}) {
  const forms = catalogues[language][key];
  return put(forms[plurals.select(Math.abs(count))] ?? forms.other, { n: count, ...facts });
}

/** Return whether there are words of a key. */
export function has(key) {
  return key in catalogues[language];
}

/** Return what a category is called: a template's by our words, a merchant's own as it is. */
export function categoryName(code) {
  return has(`category_${code}`) ? t(`category_${code}`) : code;
}

function put(text, facts) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(facts[name] ?? whole));
}

// Storage may be forbidden: then the browser's language is spoken.
function attempt(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}
