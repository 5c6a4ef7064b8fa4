/** Elements without a framework: `h("button", { class: "key", onclick }, "1")`. */

const SPRITE = new URL("../icons.svg", import.meta.url).pathname;
const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "open", "srcObject"]);

/**
 * Make an element. `on…` functions become listeners; null, undefined and false are left out.
 * @param {string} tag
 * @param {Record<string, any> | null} [attributes]
 * @param {...(Node | string | number | null | undefined | false | any[])} children
 * @returns {HTMLElement & Record<string, any>}
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) put(element, name, value);
  element.append(...present(children));
  return element;
}

function put(element, name, value) {
  if (typeof value === "function") {
    element.addEventListener(name.replace(/^on/, ""), value);
  } else if (PROPERTIES.has(name)) {
    if (value !== undefined && value !== null) element[name] = value;
  } else if (value === true) {
    element.setAttribute(name, "");
  } else if (value !== false && value !== null && value !== undefined) {
    element.setAttribute(name, String(value));
  }
}

/** Put these children, and only these, into an element. */
export function fill(element, ...children) {
  element.replaceChildren(...present(children));
  return element;
}

const SETTLED_MS = 350;

/**
 * Let nothing be touched for a moment in a place that has come under a hand: who touches a
 * button twice means that one, not what lies there now. Returns how to stop waiting.
 */
export function settle(place, then = () => {}) {
  place.inert = true;
  const timer = setTimeout(() => {
    place.inert = false;
    then();
  }, SETTLED_MS);
  return () => clearTimeout(timer);
}

function present(children) {
  return children
    .flat(2)
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}

/** Return a picture of the sprite; it says nothing to a screen reader. */
export function icon(name, size = 20) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("class", `icon-${size}`);
  picture.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SPRITE}#${name}`);
  picture.append(use);
  return picture;
}
