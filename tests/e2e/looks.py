"""What is seen of a page: axe's rules at each size, by day and by night, its width, its edges.

One load of a page serves all of its looks, as each costs a second. A theme changes colours
and nothing else (`tests/web/test_looks.py` holds that), so that at night only the rules
about colours are asked again.
"""

from pathlib import Path
from typing import Final

from playwright.sync_api import Page, ViewportSize

from tests.e2e.edges import edgeless, unseen_focus

AXE: Final = Path(__file__).parent / "vendor/axe-core-4.14.1/axe.min.js"
RULES_OF_COLOURS: Final = ("color-contrast", "link-in-text-block")
SIZES: Final[tuple[ViewportSize, ...]] = (
    {"width": 390, "height": 844},
    {"width": 1366, "height": 844},
)
# What must not scroll sideways: a width, and the size of its text.
NARROW: Final = (320, "16px")
ENLARGED: Final = (390, "32px")
OPEN_ALL: Final = "for (const one of document.querySelectorAll('details')) one.open = true"
# Only what was found comes back: what passed is as long as the page.
_RUN: Final = """async (rules) => {
  const chosen = rules.length ? { runOnly: { type: "rule", values: rules } } : {};
  const found = await axe.run(document, { resultTypes: ["violations"], ...chosen });
  return {
    passes: found.passes.length,
    faults: found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`)),
  };
}"""


def faults_of(page: Page, *rules: str) -> list[str]:
    """Return what axe finds, and where; its script is put in past the policy."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(_RUN, rules)
    assert found["passes"], "axe ran"
    return list(found["faults"])


def faults_by_day_and_night(page: Page) -> list[str]:
    """Return what axe finds in both themes; the page is left by day."""
    by_day = faults_of(page)
    page.emulate_media(color_scheme="dark")
    by_night = faults_of(page, *RULES_OF_COLOURS)
    page.emulate_media(color_scheme="light")
    return [*by_day, *(f"by night, {fault}" for fault in by_night)]


def faults_in_all_looks(page: Page) -> list[str]:
    """Return what axe finds at each size in both themes."""
    faults = []
    before = page.viewport_size
    for size in SIZES:
        page.set_viewport_size(size)
        faults += [f"{size['width']}: {fault}" for fault in faults_by_day_and_night(page)]
    if before is not None:
        page.set_viewport_size(before)
    return faults


def too_wide(page: Page, *more: tuple[int, str]) -> list[str]:
    """Return where the page scrolls sideways: on a narrow phone, or with text twice as big."""
    wide, before = [], page.viewport_size
    for width, text in (NARROW, ENLARGED, *more):
        page.set_viewport_size({"width": width, "height": 640})
        page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        needed = page.evaluate("document.documentElement.scrollWidth")
        wide += [f"{width} px, text {text}: {needed}"] if needed > width else []
    page.evaluate("document.documentElement.style.removeProperty('font-size')")
    if before is not None:
        page.set_viewport_size(before)
    return wide


def faults_in_forced_colours(page: Page) -> list[str]:
    """Return what loses its edge or hides its focus under a reader's own colours."""
    page.emulate_media(forced_colors="active")
    found = edgeless(page) + unseen_focus(page)
    page.emulate_media(forced_colors="none")
    return found
