"""What a shopper reads of goods that were brought back, in a real browser."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_in_all_looks, too_wide
from tests.e2e.shop import Shop

LINES = [
    {"quantity": "2", "unit_price_minor": 45_000, "sku": "CAKE-12"},
    {"quantity": "1", "unit_price_minor": 60_000, "sku": "BREAD"},
]


def rows_of(page: Page) -> list[str]:
    found = page.locator(".sums div").all_inner_texts()
    return [" ".join(row.split()) for row in found]


def brought_back(shop: Shop, page: Page) -> Any:
    """Sell two cakes and a bread, take one cake back, and open the card."""
    joined = shop.join()
    sold = shop.sell(joined["member_id"], 0, lines=LINES)
    back = shop.post(
        f"/v1/purchases/{sold['id']}/returns",
        {"return_id": "back-1", "lines": [{"line": 0, "quantity": "1"}]},
        key=shop.till_key,
        idempotency_key=f"back-{joined['member_id']}",
    )
    assert back.status == 201, back.text
    page.goto(joined["card_url"])
    return joined


def test_a_return_says_what_came_back_and_what_that_moved(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    brought_back(shop, page)

    page.get_by_role("link", name="Возврат покупки").click()

    expect(page.get_by_role("heading", name="Что вернули")).to_be_visible()
    expect(page.locator(".row-text")).to_contain_text("1 × 450 ₽")
    assert rows_of(page) == ["Списано начисленное за это −22", "Возвращено деньгами 450 ₽"]
    assert (faults_in_all_looks(page), too_wide(page)) == ([], [])


def test_the_purchase_itself_still_says_why_it_gave_so_much(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    brought_back(shop, page)

    page.get_by_role("link", name="Покупка на 1 500 ₽").click()

    expect(page.get_by_role("heading", name="Почему столько")).to_be_visible()
    expect(page.get_by_text("Возвращено 450 ₽")).to_be_visible()
    expect(page.locator(".row-text")).to_have_count(2)
