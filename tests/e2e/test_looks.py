"""What is seen: the code above the fold, narrow and enlarged pages, axe's rules."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import OpenPage
from tests.e2e.shop import Shop, open_shop

AXE = Path(__file__).parent / "vendor/axe-core-4.14.1/axe.min.js"
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


def faults_of(page: Page) -> list[str]:
    """Return what axe finds, and where; its script is put in past the policy."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert found["passes"], "axe ran"
    return [
        f"{fault['id']}: {node['html'][:200]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


LOOKS = [(width, scheme) for width in (390, 1366) for scheme in ("light", "dark")]


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("which", ["card", "join", "rules", "missing", "index"])
def test_axe_finds_nothing(
    shop: Shop, card_url: str, open_page: OpenPage, which: str, look: tuple[int, str]
) -> None:
    base, (width, scheme) = shop.base_url, look
    urls = {"card": card_url, "join": shop.join_url, "missing": f"{base}/c/x", "index": base}
    urls["rules"] = f"{base}/r/{shop.merchant}"
    page = open_page(viewport={"width": width, "height": 844}, color_scheme=scheme)

    page.goto(urls[which])
    if which != "missing":
        page.locator("summary").click()

    assert faults_of(page) == []


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


@pytest.mark.parametrize(("width", "text"), [(320, "16px"), (390, "32px")])
def test_narrow_and_enlarged_pages_need_no_sideways_scrolling(
    shop: Shop, card_url: str, open_page: OpenPage, width: int, text: str
) -> None:
    page = open_page(viewport={"width": width, "height": 640})

    widths = []
    for url in (card_url, shop.join_url, f"{shop.base_url}/r/{shop.merchant}"):
        page.goto(url)
        page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        widths.append(page.evaluate("document.documentElement.scrollWidth"))

    assert widths == [width] * 3


def test_forced_colours_keep_the_code_scannable(card_url: str, open_page: OpenPage) -> None:
    page = open_page(forced_colors="active")

    page.goto(card_url)

    ground = page.locator(".pass-code").evaluate("e => getComputedStyle(e).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    assert page.locator(".qr").evaluate("e => getComputedStyle(e).fill") == "rgb(0, 0, 0)"
