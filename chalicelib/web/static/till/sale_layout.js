/** Where the parts of a sale stand; what they show is the sale's own matter. */

import { h, icon } from "./dom.js";
import { badgesOf, memberHeader, nameOf, offersPanel } from "./member_view.js";
import { operationsPanel } from "./operations.js";
import { purchasesPanel, showPurchases } from "./purchases_before.js";
import { openSheet } from "./sheet.js";
import { t } from "./words.js";

/** Make the parts that are drawn anew whenever something changes. */
export function makePlaces() {
  const link = { class: "link why-link", type: "button", hidden: true };
  return {
    notice: h("p", { class: "notice", role: "alert", hidden: true }),
    chips: h("div", { class: "chips", role: "group", "aria-label": t("redeem_title") }),
    extras: h("div", { class: "extras" }),
    preview: h("div", { class: "preview", "aria-live": "polite" }),
    why: h("div", { class: "why-lines" }),
    whyLink: h("button", link, t("why")),
    toPay: h("dl", { class: "wide-only" }),
    go: h("button", { class: "button go", type: "submit" }),
  };
}

/** Return the whole screen. */
export function layOut({ context, member, program, places, entry, keys }, useCode) {
  const { notice, chips, extras, preview, why, whyLink, toPay, go } = places;
  const more = () => openMore(context, member, useCode);
  const head = member ? memberHeader(member, program, more) : nobody();
  return h(
    "form",
    { class: "sale", novalidate: true },
    h("div", { class: "sale-head" }, head),
    h(
      "div",
      { class: "sale-basket panel" },
      notice,
      entry.element,
      chips,
      h("div", { class: "sale-more" }, extras, whyLink),
    ),
    h("div", { class: "sale-why panel" }, h("h2", null, t("why")), why),
    h(
      "div",
      { class: "sale-keys" },
      h("h2", { class: "wide-only" }, t("summary")),
      preview,
      toPay,
      keys,
      go,
      keyHints(context, member && program.gives_points),
    ),
    h(
      "div",
      { class: "sale-side" },
      member && offersPanel(member, useCode),
      member && purchasesPanel(context, member),
      operationsPanel(context),
    ),
  );
}

/** Show all there is to say of a member, and what they bought before. */
async function openMore(context, member, useCode) {
  const place = h("div", { class: "purchases", "aria-live": "polite" });
  const chosen = openSheet(nameOf(member), (close) =>
    h(
      "div",
      { class: "stack" },
      h("div", { class: "badges" }, badgesOf(member)),
      h("section", { class: "panel" }, h("h3", null, t("purchases")), place),
      offersPanel(member, close),
    ),
  );
  showPurchases(context, member, place);
  const code = await chosen;
  if (code) useCode(code);
}

/** Somebody with a keyboard needs neither mouse nor keys on the screen. */
function keyHints(context, canRedeem) {
  const keys = [
    ["Enter", t("key_enter")],
    canRedeem && ["F2", t("key_redeem")],
    ["Esc", t("key_escape")],
    context.offers("returns") && ["F4", t("key_returns")],
  ].filter(Boolean);
  const hints = keys.map(([key, text]) =>
    h("span", { class: "hint" }, h("kbd", null, key), " ", text),
  );
  return h("p", { class: "key-hints" }, hints);
}

function nobody() {
  return h(
    "section",
    { class: "panel member" },
    h("span", { class: "monogram", "aria-hidden": "true" }, icon("user", 24)),
    h(
      "div",
      { class: "member-name" },
      h("h1", { tabindex: "-1" }, t("without_card")),
      h("p", { class: "hint" }, t("without_card_hint")),
    ),
  );
}
