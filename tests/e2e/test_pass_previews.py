"""Cards in a browser: a scanner reads them off the screen, and nothing leaves the card."""

import io
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from tests.e2e.conftest import OpenPage
from tests.e2e.pass_previews import NAMES, WALLETS, designer, page_of

KINDS = {"qr": "QRCode", "aztec": "Aztec", "pdf417": "PDF417", "code128": "Code128"}
OUTSIDE = """() => [...document.querySelectorAll('text')].filter(text => {
    const card = text.ownerSVGElement.getBoundingClientRect();
    const box = text.getBoundingClientRect();
    return box.left < card.left || box.right > card.right || box.bottom > card.bottom;
}).map(text => text.textContent)"""


@pytest.mark.parametrize("symbology", KINDS)
def test_a_scanner_reads_both_cards_off_the_screen(
    base_url: str, open_page: OpenPage, symbology: str
) -> None:
    office = designer(base_url, "bakery")
    office.call("/v1/pass-design/draft", {"symbology": symbology}, "PUT")
    page = open_page(viewport={"width": 900, "height": 700}, device_scale_factor=3)

    page.set_content(page_of([office.card(one, of="draft") for one in WALLETS], columns=2))

    shot = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    found = [(one.format.name, one.text[:2]) for one in zxingcpp.read_barcodes(shot)]
    assert found == [(KINDS[symbology], "L1")] * 2


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_text_leaves_its_card(base_url: str, open_page: OpenPage, language: str) -> None:
    long_name = "Объединение пекарен и кондитерских имени Колоса-Ржаного"
    cards = [
        designer(base_url, name, long_name).card(wallet, language=language)
        for name in NAMES
        for wallet in WALLETS
    ]
    page = open_page(viewport={"width": 900, "height": 700})

    page.set_content(page_of(cards, columns=2))

    outside: Any = page.evaluate(OUTSIDE)
    assert outside == []
    assert page.locator("svg").count() == 2 * len(NAMES)


def test_a_card_says_aloud_what_it_shows(base_url: str, open_page: OpenPage) -> None:
    office = designer(base_url, "cafe_stamps", "Кофейня")
    page = open_page()

    page.set_content(page_of([office.card("apple")], columns=1))

    card = page.get_by_role("img", name="Apple Wallet · Кофейня")
    assert card.count() == 1
