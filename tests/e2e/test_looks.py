"""What is seen: the code above the fold, narrow and enlarged pages, axe's rules."""

from typing import Any

import pytest

from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_in_all_looks, too_wide
from tests.e2e.shop import Shop, open_shop

QR_SHARE_MIN = 0.7


@pytest.fixture(scope="module")
def card_url(base_url: str) -> str:
    """Return a card with all there is to see."""
    shop = open_shop(base_url)
    joined = shop.join()
    member_id = joined["member_id"]
    give(shop, member_id, "a", points=120, expires_in_days=40)
    give(shop, member_id, "b", points=44, activates_in_days=14)
    shop.sell(member_id, 1_600_000)
    hold = {"member_id": member_id, "points": 100, "order_reference": "o1"}
    held = shop.post("/v1/holds", hold, key=shop.integration_key, idempotency_key="h")
    assert held.status == 201, held.text
    return str(joined["card_url"])


def give(shop: Shop, member_id: str, key: str, **grant: Any) -> None:
    given = shop.post(
        f"/v1/members/{member_id}/grants",
        {"reason": "welcome", **grant},
        key=shop.integration_key,
        idempotency_key=key,
    )
    assert given.status == 201, given.text


@pytest.mark.parametrize(
    "which", ["card", "join", "rules", "missing", "nowhere", "unread", "index"]
)
def test_axe_finds_nothing(shop: Shop, card_url: str, open_page: OpenPage, which: str) -> None:
    base = shop.base_url
    urls = {"card": card_url, "join": shop.join_url, "missing": f"{base}/c/x", "index": base}
    urls |= {"nowhere": f"{base}/nothing", "unread": f"{base}/c/{'x' * 700}"}
    urls["rules"] = f"{base}/r/{shop.merchant}"
    page = open_page()

    page.goto(urls[which])
    if which not in {"missing", "nowhere", "unread"}:
        page.locator(".menu summary").click()

    assert faults_in_all_looks(page) == []


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_code_is_large_and_above_the_fold_of_a_small_phone(
    card_url: str, open_page: OpenPage, language: str
) -> None:
    page = open_page(viewport={"width": 360, "height": 640})

    page.goto(f"{card_url}?lang={language}")

    qr, code = page.locator(".qr").bounding_box(), page.locator(".code").bounding_box()
    assert qr
    assert code
    assert qr["width"] >= QR_SHARE_MIN * 360
    assert qr["width"] == qr["height"]
    assert code["y"] + code["height"] <= 640


def test_the_code_is_black_on_white_at_night_too(card_url: str, open_page: OpenPage) -> None:
    page = open_page(color_scheme="dark")

    page.goto(card_url)

    ground = page.locator(".pass-code").evaluate("e => getComputedStyle(e).backgroundColor")
    modules = page.locator(".qr").evaluate("e => getComputedStyle(e).fill")
    assert (ground, modules) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")


def test_narrow_and_enlarged_pages_need_no_sideways_scrolling(
    shop: Shop, card_url: str, open_page: OpenPage
) -> None:
    page, wide = open_page(), {}

    for url in (card_url, shop.join_url, f"{shop.base_url}/r/{shop.merchant}"):
        page.goto(url)
        wide[url] = too_wide(page)

    assert {url: found for url, found in wide.items() if found} == {}


def test_forced_colours_keep_the_code_scannable(card_url: str, open_page: OpenPage) -> None:
    page = open_page(forced_colors="active")

    page.goto(card_url)

    ground = page.locator(".pass-code").evaluate("e => getComputedStyle(e).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    assert page.locator(".qr").evaluate("e => getComputedStyle(e).fill") == "rgb(0, 0, 0)"
