/**
 * Every screen by its name, the entries of the menu, and keys that lead to a screen from
 * anywhere. Only the first screen of a new till comes with the page; what sells is fetched
 * while somebody signs in, and what few sales need after that (`DESK`). A new screen is one
 * line in one of the two.
 */

import { activation } from "./activation.js";

export const HOME = "home";

/** The screens that are here. */
export const SCREENS = { activation };

/* prettier-ignore */
const SELLING = {
  sign_in: () => import("./sign_in.js").then((found) => found.signIn),
  home: () => import("./home.js").then((found) => found.home),
  find: () => import("./find.js").then((found) => found.find),
  new_member: () => import("./new_member.js").then((found) => found.newMember),
  sale: () => import("./sale.js").then((found) => found.sale),
  result: () => import("./result.js").then((found) => found.result),
  queue: () => import("./queue.js").then((found) => found.queue),
};

/* prettier-ignore */
const DESK = {
  returns: () => import("../desk/returns.js").then((found) => found.returns),
  receipt: () => import("../desk/receipt.js").then((found) => found.receipt),
  desk_result: () => import("../desk/desk_result.js").then((found) => found.deskResult),
  gift_cards: () => import("../desk/gift_cards.js").then((found) => found.giftCards),
  shift: () => import("../desk/shift.js").then((found) => found.shift),
  print: () => import("../desk/print.js").then((found) => found.print),
  pin_reset: () => import("../desk/pin_reset.js").then((found) => found.pinReset),
  training: () => import("../desk/training.js").then((found) => found.training),
};

const LATER = { ...SELLING, ...DESK };

/** Return whether there is a screen of that name. */
export function isScreen(name) {
  return name in SCREENS || name in LATER;
}

/** Fetch a screen; raises if that fails, and may be asked again. */
export async function fetchScreen(name) {
  SCREENS[name] ??= await LATER[name]();
}

/** Fetch all screens, while nobody waits for them. */
export async function fetchScreens() {
  await Promise.all(Object.keys(SELLING).map(fetchScreen));
  for (const name of Object.keys(DESK)) await fetchScreen(name);
}

/** Entries of the menu: `{screen, word, icon, isShown?(context)}`. */
export const MENU = [
  { screen: "returns", word: "returns", icon: "receipt-refund" },
  { screen: "shift", word: "shift_title", icon: "chart-bar" },
  { screen: "queue", word: "queue", icon: "cloud-upload" },
  { screen: "training", word: "training", icon: "player-play" },
];

/** Keys that lead to a screen, if there is one of that name. */
export const KEYS = { F4: "returns" };
