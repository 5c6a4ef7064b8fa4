"""Writes docs/screens/: every face in its states, `make screens`.

A running service is walked through as the tests of looks walk through it. Each screen is
seen three times: a phone by day in Russian, a phone by night in English, a desk by day in
Russian; what a till does beside selling is seen at a desk in English too. Colours are few,
so that a picture takes some kilobytes. Names of faces draw those alone.
"""

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from local.find_browser import find_browser
from local.testing import running_service
from tests.e2e.conftest import LIMITS
from tests.e2e.office_screens import OfficeScreens
from tests.e2e.shop import open_shop
from tests.e2e.shopper_screens import ShopperScreens
from tests.e2e.test_till_desk_looks import Walk as DeskWalk
from tests.e2e.test_till_looks import Walk
from tests.e2e.till import set_up

FOLDER: Final = Path(__file__).parents[2] / "docs" / "screens"
COLOURS: Final = 64
HEIGHT_MAX: Final = 2600  # of a long page


@dataclass(frozen=True, slots=True)
class Look:
    """One way to see a screen."""

    name: str
    width: int
    height: int
    scheme: str
    language: str

    @property
    def options(self) -> dict[str, Any]:
        return {
            "viewport": {"width": self.width, "height": self.height},
            "color_scheme": self.scheme,
            "locale": {"ru": "ru-RU", "en": "en-GB"}[self.language],
            "reduced_motion": "reduce",
            "timezone_id": "Europe/Moscow",
        }


LOOKS: Final = (
    Look("phone", 390, 844, "light", "ru"),
    Look("phone-night-en", 390, 844, "dark", "en"),
    Look("desk", 1366, 768, "light", "ru"),
)
DESK_IN_ENGLISH: Final = Look("desk-night-en", 1366, 768, "dark", "en")
FACES: Final = ("shopper", "till", "desk", "office")


def main(folder: Path, wanted: Sequence[str]) -> None:
    """Draw all faces anew, or those that are wanted.

    A look has a service of its own: a walk moves the clock by months.
    """
    path = find_browser()
    assert path is not None, "this needs Chromium: make browser"
    faces = [face for face in (shopper, till, desk, office) if face.__name__ in wanted]
    for face in faces:
        for old in (folder / face.__name__).glob("*.png"):
            old.unlink()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for look in (*LOOKS, DESK_IN_ENGLISH):
            with running_service(LIMITS) as address:
                for face in faces:
                    if look in LOOKS or face is desk:
                        _draw(browser, address, look, face, folder / face.__name__)
        browser.close()


Face = Callable[[Page, str, Look], Iterator[str]]


def shopper(page: Page, address: str, look: Look) -> Iterator[str]:
    """Show joining, the card, what is behind it, and every other page of a shopper."""
    yield from ShopperScreens(page, address, look.language).screens()


def till(page: Page, address: str, look: Look) -> Iterator[str]:
    """Show the till from its activation to what waits for the network."""
    found = set_up(open_shop(address, confirm_above=100))
    member_id = str(found.shop.join()["member_id"])
    found.shop.sell(member_id, 240_000_000)
    yield from Walk(page, found, found.pass_code(member_id), look.language).screens()


def desk(page: Page, address: str, look: Look) -> Iterator[str]:
    """Show what a till does beside selling."""
    found = set_up(open_shop(address, gift_card={}))
    member_id = str(found.shop.join()["member_id"])
    found.shop.sell(member_id, 240_000_000)
    language = "ru" if look.language == "ru" else "en"
    yield from DeskWalk(page, found, found.pass_code(member_id), language).screens()


def office(page: Page, address: str, look: Look) -> Iterator[str]:
    """Show the office of a merchant who has just begun, and of one who has been at it."""
    yield from OfficeScreens(page, address, look.language).screens()


def _draw(browser: Browser, address: str, look: Look, face: Face, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(**look.options)
    page = context.new_page()
    for name in face(page, address, look):
        page.evaluate("document.fonts.ready.then(() => true)")
        image = _seen(page, look)
        plain = name.replace(", ", "-").replace(" ", "-")
        image.quantize(COLOURS).save(folder / f"{plain}.{look.name}.png", optimize=True)
    context.close()


def _seen(page: Page, look: Look) -> Image.Image:
    """Return the whole page as a screen so tall would show it: bars stay at its edges."""
    height = page.evaluate("document.documentElement.scrollHeight")
    size = {"width": look.width, "height": max(look.height, min(height, HEIGHT_MAX))}
    page.set_viewport_size(size)
    shot = page.screenshot(animations="disabled")
    page.set_viewport_size({"width": look.width, "height": look.height})
    return Image.open(io.BytesIO(shot)).convert("RGB")


if __name__ == "__main__":
    main(FOLDER, sys.argv[1:] or FACES)
