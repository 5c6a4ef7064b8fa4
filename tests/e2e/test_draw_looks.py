"""A draw's public page as it is seen: axe's rules, narrow and enlarged, and on paper."""

from datetime import timedelta

import pytest

from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_in_all_looks, too_wide
from tests.e2e.shop import Shop, open_shop


@pytest.fixture(scope="module")
def draw_url(base_url: str) -> str:
    return announced(open_shop(base_url))


def announced(shop: Shop) -> str:
    """Announce a draw of tomorrow; its page."""
    day = (shop.now().date() + timedelta(days=1)).isoformat()
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
    made = shop.post("/v1/draws", body, key=key, idempotency_key="draw")
    assert made.status == 201, made.text
    return str(made.json["page_url"])


def test_axe_finds_nothing_at_a_draw(draw_url: str, open_page: OpenPage) -> None:
    page = open_page()

    page.goto(draw_url)
    page.locator("summary").click()

    assert faults_in_all_looks(page) == []


def test_a_narrow_or_enlarged_draw_needs_no_sideways_scrolling(
    draw_url: str, open_page: OpenPage
) -> None:
    page = open_page()

    page.goto(draw_url)

    assert too_wide(page) == []


def test_on_paper_a_draw_has_its_hashes_and_no_links(
    draw_url: str, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(draw_url)

    page.emulate_media(media="print")

    assert page.locator(".facts").is_visible()
    assert not page.locator(".files").is_visible()
    assert not page.locator(".menu").is_visible()
