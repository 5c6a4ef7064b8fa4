"""Forced colours: what a control loses when a reader's own colours paint over its ground."""

from typing import Final

from playwright.sync_api import Page

CONTROLS: Final = (
    "button, a.button, summary.button, label.button, select, textarea,"
    " input:not([type=checkbox]):not([type=radio]):not([type=hidden])"
)
FOCUSED: Final = "a[href], button, summary, select, textarea, input:not([type=hidden])"
# A field may have its edge on what holds it together with its sign.
_EDGELESS: Final = """(controls) => {
  const isDrawn = (one) => {
    const style = getComputedStyle(one);
    const sides = ["Top", "Right", "Bottom", "Left"];
    const borders = sides.filter((side) => parseFloat(style[`border${side}Width`]) >= 1
      && !["none", "hidden"].includes(style[`border${side}Style`])
      && style[`border${side}Color`] !== style.backgroundColor
      && style[`border${side}Color`] !== "rgba(0, 0, 0, 0)");
    const isOutlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
    return borders.length === 4 || isOutlined;
  };
  const isSeen = (one) => one.checkVisibility({ visibilityProperty: true })
    && one.getBoundingClientRect().width > 1;
  return [...document.querySelectorAll(controls)]
    .filter((one) => isSeen(one) && !isDrawn(one))
    .filter((one) => !(one.matches("input") && isDrawn(one.parentElement)))
    .map((one) => `no edge: ${one.outerHTML.slice(0, 160)}`);
}"""
_UNSEEN_FOCUS: Final = """(focused) => {
  const before = document.activeElement;
  const dialog = document.querySelector("dialog[open]");
  const seen = [];
  for (const one of document.querySelectorAll(focused)) {
    if (one.disabled || !one.checkVisibility({ visibilityProperty: true })) continue;
    if (dialog && !dialog.contains(one)) continue;
    document.activeElement?.blur();  // what a click focused would keep its ring away
    one.focus({ focusVisible: true, preventScroll: true });
    if (document.activeElement !== one) continue;
    const ring = [one, one.closest("label"), one.parentElement].some((place) => {
      const style = place && getComputedStyle(place);
      return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    if (!ring) seen.push(`focus unseen: ${one.outerHTML.slice(0, 160)}`);
  }
  before?.focus({ preventScroll: true });
  return seen;
}"""


def edgeless(page: Page) -> list[str]:
    """Return the controls that are seen and have no edge."""
    return list(page.evaluate(_EDGELESS, CONTROLS))


def unseen_focus(page: Page) -> list[str]:
    """Return what can be focused and does not show it."""
    return list(page.evaluate(_UNSEEN_FOCUS, FOCUSED))
