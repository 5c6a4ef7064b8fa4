/**
 * Where a cashier goes on after signing in: to the sale that was under way, to a result that
 * nobody may have read yet, or to the start.
 */

import { keptBasket } from "./basket_store.js";
import { tillOf } from "./devices.js";
import { HOME } from "./screens/index.js";

const UNREAD_MS = 15 * 60_000; // a PC starts again, a cashier comes back to the till

export async function resume(context) {
  const kept = await keptBasket(tillOf(context.session));
  if (kept?.stage === "sent") context.navigate("result", { draft: kept.draft });
  else if (isUnread(kept)) context.navigate("result", kept);
  else if (kept?.stage === "gift_card") context.navigate("gift_cards", kept);
  else if (kept?.stage === "making") context.navigate("sale", kept);
  else context.navigate(HOME);
}

/** The till went down on this result, a little while ago. */
function isUnread(kept) {
  return kept?.stage === "told" && Date.now() - kept.at < UNREAD_MS;
}
