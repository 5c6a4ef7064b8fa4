"""A card is scanned at a real till: by its camera, and by a scanner that types."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from chalicelib.domain.pass_designs import Symbology
from tests.e2e.browser import launched
from tests.e2e.clips import Held, clip
from tests.e2e.conftest import OpenPage
from tests.e2e.keyboard import keyboard
from tests.e2e.shop import Shop
from tests.e2e.till import HAND, Till, bind, open_till, sign_in
from tests.e2e.watching import watch


@pytest.fixture
def code(shop: Shop, till: Till) -> str:
    """What the pass of a member says."""
    return till.pass_code(shop.join()["member_id"])


@pytest.fixture
def camera(browser: Browser, base_url: str, code: str, tmp_path: Path) -> Iterator[Page]:
    """A browser in a hand, the member's card before its camera."""
    held = Held(symbology=Symbology.AZTEC, angle=12, blur=1)
    path = clip(tmp_path / "card.mjpeg", code, held)
    fake = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={path}"]
    chromium = launched(browser.browser_type, *fake)
    context = chromium.new_context(locale="ru-RU", permissions=["camera"], **HAND)
    faults = watch(context, base_url)
    yield context.new_page()
    chromium.close()
    assert faults == []


def test_a_card_before_the_camera_opens_the_sale_of_its_member(
    till: Till, camera: Page
) -> None:
    said: list[str] = []
    camera.on("console", lambda line: said.append(line.text))
    bind(camera, till)

    sign_in(camera)

    expect(camera.locator("form.sale")).to_be_visible()
    # A device that is no till yet asks who it is, and is told 401: browsers log that.
    assert [line for line in said if "401" not in line] == []


def test_a_card_under_a_scanner_that_types_opens_the_sale_of_its_member(
    till: Till, code: str, open_page: OpenPage
) -> None:
    page = open_till(open_page, till)

    with keyboard(page) as keys:
        keys.burst(code, at=0, end="Enter")

    expect(page.locator("form.sale")).to_be_visible()


@pytest.mark.parametrize("is_focused", [True, False])
def test_what_is_scanned_during_a_sale_leaves_the_amount_as_it_was(
    till: Till, code: str, open_page: OpenPage, is_focused: bool
) -> None:
    page = open_till(open_page, till)
    with keyboard(page) as keys:
        keys.burst(code, at=0, end="Enter")
        expect(page.locator("form.sale")).to_be_visible()
        keys.burst("1250", at=10, gap=0.15)
        amount = page.get_by_label("Сумма чека")
        expect(amount).to_have_value(re.compile(r"^1\s250$"))

        if not is_focused:
            page.evaluate("document.activeElement.blur()")
        keys.burst("4600051000057", at=20, end="Enter")  # goods, not a card

    expect(page.locator("form.sale")).to_be_visible()
    expect(amount).to_have_value(re.compile(r"^1\s250$"))
