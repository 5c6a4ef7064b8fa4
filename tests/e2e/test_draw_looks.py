"""A draw's public page as it is seen: axe's rules, narrow and enlarged, and on paper."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.conftest import OpenPage
from tests.e2e.shop import open_shop
from tests.e2e.test_looks import LOOKS, faults_of


@pytest.fixture(scope="module")
def draw_url(base_url: str) -> str:
    """Return a draw that is announced."""
    shop = open_shop(base_url)
    day = (datetime.now(UTC).date() + timedelta(days=1)).isoformat()
    body = {
        "title": "A draw",
        "opens": day,
        "closes": day,
        "prizes": [
            {"name": "A bicycle", "count": 1},
            {"name": "Points", "count": 9, "points": 5},
        ],
        "entries": {"per": "amount", "amount_minor": 10_000},
    }
    key = shop.integration_key
    announced = shop.post("/v1/draws", body, key=key, idempotency_key="draw")
    assert announced.status == 201, announced.text
    return str(announced.json["page_url"])


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_axe_finds_nothing_at_a_draw(
    draw_url: str, open_page: OpenPage, look: tuple[int, str]
) -> None:
    width, scheme = look
    page = open_page(viewport={"width": width, "height": 844}, color_scheme=scheme)

    page.goto(draw_url)
    page.locator("summary").click()

    assert faults_of(page) == []


@pytest.mark.parametrize(("width", "text"), [(320, "16px"), (390, "32px")])
def test_a_narrow_or_enlarged_draw_needs_no_sideways_scrolling(
    draw_url: str, open_page: OpenPage, width: int, text: str
) -> None:
    page = open_page(viewport={"width": width, "height": 640})

    page.goto(draw_url)
    page.evaluate("size => { document.documentElement.style.fontSize = size }", text)

    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_on_paper_a_draw_has_its_hashes_and_no_links(
    draw_url: str, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(draw_url)

    page.emulate_media(media="print")

    assert page.locator(".facts").is_visible()
    assert not page.locator(".files").is_visible()
    assert not page.locator(".menu").is_visible()
