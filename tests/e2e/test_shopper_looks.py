"""The shopper's pages in English, and every step of joining: axe's rules, all that opens open.

Russian is looked at beside each page's own tests; joining, which has none there, here.
"""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage
from tests.e2e.joining import Joining
from tests.e2e.looks import OPEN_ALL, faults_in_all_looks, too_wide
from tests.e2e.shop import Shop, new_phone, open_shop
from tests.e2e.test_draw_looks import announced
from tests.e2e.test_looks import give
from tests.e2e.test_own_pages import OWN

ENGLISH = "en-GB"


@pytest.fixture(scope="module")
def owned(base_url: str) -> tuple[Shop, Any]:
    """A shop, and a member of it who has points to lose and a history."""
    shop = open_shop(base_url)
    joined = shop.join()
    give(shop, joined["member_id"], "english", points=120, expires_in_days=40)
    shop.sell(joined["member_id"], 1_600_000)
    return shop, joined


@pytest.fixture(scope="module")
def draw_url(owned: tuple[Shop, Any]) -> str:
    """Return a draw that is announced."""
    return announced(owned[0])


@pytest.mark.parametrize("language", ["ru", "en"])
def test_axe_finds_nothing_at_any_step_of_joining_and_none_scrolls_sideways(
    shop: Shop, open_page: OpenPage, language: str
) -> None:
    page, found = open_page(), {}

    for name in Joining(page, shop, language).steps():
        found[name] = [*faults_in_all_looks(page), *too_wide(page)]

    assert len(found) == 6
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_the_step_of_the_code_has_one_button_that_leads_and_one_beside_it(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()

    assert "code" in Joining(page, shop, "ru").steps()

    step = page.locator("[data-step=code]")
    expect(step.locator(".button:visible")).to_have_count(4)
    edged = step.locator(".button:visible").evaluate_all(
        """all => all.filter((one) => !["rgba(0, 0, 0, 0)"].includes(
          getComputedStyle(one).borderTopColor)).map((one) => one.type)"""
    )
    assert edged == ["button"]  # to send it again; the one that leads is filled
    expect(step.locator(".button[type=submit]")).to_have_count(1)


def test_what_is_missing_stands_under_the_words_it_is_about(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(f"{shop.join_url}?lang=ru")
    page.locator("#phone").fill(new_phone())
    page.locator("[data-step=phone] [type=submit]").click()
    expect(page.locator("#consent-error")).not_to_be_empty()

    words, said = (
        page.locator(one).evaluate(
            """one => one.getBoundingClientRect().left
              + parseFloat(getComputedStyle(one).paddingLeft)"""
        )
        for one in ("label[for=consent-program]", "#consent-error")
    )

    assert words == said


def test_axe_finds_nothing_where_a_silent_number_says_whose_it_is(
    shop: Shop, open_page: OpenPage
) -> None:
    page, found = open_page(locale=ENGLISH), []
    walk = Joining(page, shop, "en")
    assert [*walk.steps()][-1] == "profile"

    for _ in walk.come_back():
        found.append(faults_in_all_looks(page))

    assert found == [[]]


def test_axe_finds_nothing_on_any_page_in_english(
    owned: tuple[Shop, Any], draw_url: str, open_page: OpenPage
) -> None:
    shop, joined = owned
    page, found = open_page(locale=ENGLISH), {}
    card, base = joined["card_url"], shop.base_url
    addresses = [card, *(f"{card}/{name}" for name in (*OWN, "operations/2"))]
    addresses += [f"{base}/r/{shop.merchant}", f"{base}/c/none", draw_url]

    for address in addresses:
        page.goto(f"{address}?lang=en")
        page.evaluate(OPEN_ALL)
        found[address] = faults_in_all_looks(page)
        assert page.locator("html").get_attribute("lang") == "en"

    assert {address: faults for address, faults in found.items() if faults} == {}


def test_axe_finds_nothing_where_something_is_asked_in_english(
    owned: tuple[Shop, Any], open_page: OpenPage
) -> None:
    shop, _ = owned
    page, found = open_page(locale=ENGLISH), []
    card = shop.join()["card_url"]
    shop.post("/local/clock", {"advance_seconds": 120})  # past the pause between codes

    page.goto(f"{card}/receipts?lang=en")
    page.locator("#receipt-number").fill("N-0")
    page.locator("#receipt-total").fill("1")
    page.locator("main [type=submit]").click()
    expect(page.locator("#receipt-error")).not_to_be_empty()
    found += faults_in_all_looks(page)
    page.goto(f"{card}/phone?lang=en")
    page.locator("#phone").fill(new_phone())
    page.locator("[data-step=new] [type=submit]").click()
    expect(page.locator("#new-code")).to_be_visible()
    found += faults_in_all_looks(page)

    assert found == []
