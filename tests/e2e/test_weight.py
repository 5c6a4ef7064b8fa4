"""What a shopper's phone has to fetch from the sticker to the first card."""

import gzip

from playwright.sync_api import Request, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.shop import Shop, ask
from tests.e2e.test_journey import ask_for_code

BYTES_MAX = 150_000
SCRIPT_BYTES_MAX = 60_000


def test_the_first_card_is_light_and_comes_from_one_place(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    asked: set[str] = set()

    def note(request: Request) -> None:
        if request.method == "GET" and "/live" not in request.url:
            asked.add(request.url)

    page.on("request", note)
    phone = ask_for_code(page, shop)
    page.get_by_label("Код из SMS", exact=True).fill(shop.code_sent(phone))
    page.get_by_role("button", name="Пропустить").click()
    page.wait_for_url("**/c/**")
    expect(page.locator(".qr")).to_be_visible()
    page.wait_for_load_state("networkidle")

    weights = {url: len(gzip.compress(ask(url).body)) for url in asked}

    scripts = [size for url, size in weights.items() if url.endswith(".js")]
    assert len(weights) > 10
    assert all(url.startswith(f"{shop.base_url}/") for url in weights)
    assert sum(weights.values()) <= BYTES_MAX, weights
    assert sum(scripts) <= SCRIPT_BYTES_MAX, weights
