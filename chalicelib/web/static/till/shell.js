/** What stands around every screen: where and who, the state of the network, the menu. */

import { fill, h, icon } from "./dom.js";
import { MENU } from "./screens/index.js";
import { counted, LANGUAGES, speak, spoken, t } from "./words.js";

/** Make the frame of the till. */
export function makeShell(context) {
  const place = h("main", { class: "screen" });
  const header = h("header", { class: "top", hidden: true });
  const live = h("p", { class: "unseen", role: "status" });
  const standing = h("div"); // a band that stays from screen to screen
  const alarm = h("div");
  const bands = h("div", { class: "bands" }, standing, alarm);
  const element = h("div", { class: "till" }, header, bands, place, live);
  const state = { pending: 0, conflicts: 0, hasBack: false, isBare: true, held: null };

  function show(screen, hasBack) {
    Object.assign(state, { hasBack, isBare: Boolean(screen.isBare) });
    element.classList.toggle("bare", state.isBare);
    still(null);
    dress();
    fill(place, screen.element);
  }

  function still(held) {
    state.held = held;
    for (const part of [header, standing, place]) part.inert = Boolean(held);
  }

  /** Let nothing be touched nor left until it is released: what is under way is money. */
  function hold() {
    const focused = document.activeElement;
    const mine = {};
    still(mine);
    return () => {
      if (state.held !== mine) return; // another screen is there
      still(null);
      if (document.activeElement === document.body) focused.focus({ preventScroll: true });
    };
  }

  function dress() {
    const session = context.session;
    header.hidden = state.isBare || !session;
    if (header.hidden) return;
    fill(header, mark(), where(session), pill(), menu());
  }

  function mark() {
    if (!state.hasBack) {
      const letter = [...context.session.merchant.name.replace(/[^\p{L}\p{N}]/gu, "")][0];
      return h("span", { class: "monogram", "aria-hidden": "true" }, letter ?? "");
    }
    const label = t("back");
    return h(
      "button",
      { class: "square", type: "button", "aria-label": label, onclick: context.back },
      icon("arrow-left", 24),
    );
  }

  function pill() {
    const count = state.pending + state.conflicts;
    const isQuiet = context.isOnline && !count;
    const look = state.conflicts ? "danger" : isQuiet ? "success" : "warning";
    const words = state.conflicts
      ? counted("conflicts", state.conflicts)
      : state.pending
        ? counted("queued", state.pending)
        : t(context.isOnline ? "online" : "offline");
    const picture = icon(isQuiet ? "check" : context.isOnline ? "cloud-upload" : "cloud-off");
    const kind = `pill ${look}`;
    if (isQuiet) return h("span", { class: kind, "data-network": "on" }, picture, span(words));
    const open = () => context.navigate("queue");
    return h(
      "button",
      {
        class: kind,
        type: "button",
        "data-network": context.isOnline ? "on" : "off",
        onclick: open,
      },
      picture,
      span(words),
    );
  }

  function menu() {
    const chosen = (work) => () => {
      box.open = false;
      work();
    };
    const entries = MENU.filter((entry) => entry.isShown?.(context) ?? true).map((entry) =>
      item(
        entry.icon,
        t(entry.word),
        chosen(() => context.navigate(entry.screen)),
      ),
    );
    const tongues = Object.entries(LANGUAGES).map(([code, name]) => {
      const isCurrent = code === spoken();
      const change = chosen(() => {
        speak(code);
        context.refresh();
      });
      return item("language", name, change, {
        lang: code,
        "aria-current": isCurrent && "true",
      });
    });
    const box = h(
      "details",
      { class: "menu" },
      h("summary", { "aria-label": t("menu") }, icon("dots", 24)),
      h("ul", null, entries, tongues, item("lock", t("lock"), chosen(context.lock))),
    );
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !box.open) return;
      event.stopPropagation();
      box.open = false;
      box.firstChild.focus();
    });
    box.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !box.contains(event.relatedTarget)) box.open = false;
    });
    return box;
  }

  return {
    element,
    show,
    dress,
    hold,
    isHeld: () => Boolean(state.held),
    /** Say what went wrong before there was a screen to say it. */
    band: (...children) => fill(standing, children),
    complain: (text) => fill(alarm, text && h("p", { class: "band", role: "alert" }, text)),
    announce: (text) => {
      live.textContent = "";
      requestAnimationFrame(() => (live.textContent = text));
    },
    setOnline: (isOnline) => {
      if (context.isOnline === isOnline) return;
      context.isOnline = isOnline;
      dress();
    },
    setQueue: (pending, conflicts) => {
      if (pending === state.pending && conflicts === state.conflicts) return;
      Object.assign(state, { pending, conflicts });
      dress();
    },
  };
}

function where(session) {
  const who = session.signed_in?.name;
  const parts = [session.store.name, session.till.name, who].filter(Boolean);
  // Each keeps its beginning, however long the others are.
  const dot = () => h("span", { class: "dot" }, " · ");
  const place = parts.map((part, i) => h("span", null, i > 0 && dot(), part));
  return h("p", { class: "where" }, h("strong", null, session.merchant.name), span(place));
}

function item(picture, text, onclick, more = {}) {
  const button = h("button", { type: "button", onclick, ...more }, icon(picture), text);
  return h("li", null, button);
}

function span(text) {
  return h("span", null, text);
}
