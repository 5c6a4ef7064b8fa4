"""A café's stamp card at the till: each cup is stamped, and the cheapest becomes free."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_of
from tests.e2e.shop import Shop, open_shop
from tests.e2e.till import DESK, HAND, HAND_MS, Till, by_code, open_till

MONEY = "\u00a0₽"
CAFE = {
    "type": "stamps",
    "rates": None,
    "tiers": None,
    "anniversaries": None,
    "stamps": {"category": "coffee", "every": 3},
}


@pytest.fixture
def shop(base_url: str) -> Shop:
    return open_shop(base_url, **CAFE)


def cups(page: Page, *prices: str) -> None:
    """Type the price of each cup into a field of its own."""
    for place, price in enumerate(prices):
        if place:
            page.get_by_role("button", name="Ещё: кофе").click()
        expect(page.locator(".entries input").nth(place)).to_be_focused()
        page.keyboard.type(price, delay=HAND_MS)


@pytest.mark.parametrize("options", [{"viewport": DESK}, HAND], ids=["desk", "phone"])
def test_each_cup_is_stamped_and_the_cheapest_is_free(
    till: Till, member: str, open_page: OpenPage, options: dict[str, Any]
) -> None:
    page = open_till(open_page, till, **options)
    by_code(page, till.pass_code(member))

    cups(page, "200", "150")
    page.get_by_label("Остальное").fill("90")
    expect(page.locator(".go")).to_contain_text(f"440{MONEY}")
    assert faults_of(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Штампы: 2 из 3")).to_be_visible()
    page.locator("[data-next]").click()
    by_code(page, till.pass_code(member))
    expect(page.locator(".member-balance")).to_contain_text("2")
    cups(page, "250", "180")
    expect(page.locator(".preview")).to_contain_text(f"180{MONEY}")
    page.keyboard.press("Enter")

    expect(page.locator(".result")).to_contain_text(f"250{MONEY}")
    second, first = till.receipts(member)
    told = [(line["category"], line["gross_minor"]) for line in first["lines"]]
    assert told == [("coffee", 20_000), ("coffee", 15_000), (None, 9_000)]
    assert (first["stamps"], second["stamps"]) == (2, 1)
    assert second["money_minor"] == 25_000
