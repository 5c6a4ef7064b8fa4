"""A receipt made without the card, claimed on the card's page; what the shopper reads then."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_in_all_looks
from tests.e2e.shop import Shop


def sell_to_nobody(shop: Shop, amount_minor: int) -> str:
    """Record a purchase without a card; its receipt number."""
    number = f"N-{amount_minor}"
    body = {
        "receipt_id": number,
        "channel": "offline",
        "lines": [{"quantity": "1", "unit_price_minor": amount_minor}],
    }
    sold = shop.post("/v1/purchases", body, key=shop.till_key, idempotency_key=number)
    assert sold.status == 201, sold.text
    return number


def open_claim(page: Page, shop: Shop) -> None:
    page.goto(shop.join()["card_url"])
    page.get_by_role("link", name="Забыли показать карту?").click()


def claim(page: Page, number: str, total: str) -> None:
    page.get_by_label("Номер чека").fill(number)
    page.get_by_label("Сумма").fill(total)
    page.get_by_role("button", name="Добавить покупку").click()


@pytest.mark.parametrize("total", ["1 234,50", "1234.5", "1234,50 ₽", "1,234.50"])
def test_a_receipt_made_without_the_card_earns_by_its_number_and_total(
    shop: Shop, open_page: OpenPage, total: str
) -> None:
    page = open_page()
    number = sell_to_nobody(shop, 123_450)
    open_claim(page, shop)

    claim(page, number, total)

    expect(page.get_by_role("heading", name="Покупка на 1 234,50 ₽")).to_be_visible()
    expect(page.locator(".sum")).to_have_text("+61 начислено")


def test_another_total_finds_nothing_and_says_what_to_check(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    number = sell_to_nobody(shop, 50_000)
    open_claim(page, shop)

    claim(page, number, "499")

    expect(page.locator("#receipt-error")).to_have_text(
        "Такого чека нет. Проверьте номер и сумму."
    )
    expect(page.get_by_label("Номер чека")).to_be_focused()


def test_a_receipt_is_claimed_by_one_member_only(shop: Shop, open_page: OpenPage) -> None:
    first, second = open_page(), open_page()
    number = sell_to_nobody(shop, 70_000)
    open_claim(first, shop)
    claim(first, number, "700")
    expect(first.locator(".sum")).to_be_visible()
    open_claim(second, shop)

    claim(second, number, "700")

    expect(second.locator("#receipt-error")).to_have_text(
        "Такого чека нет. Проверьте номер и сумму."
    )


@pytest.mark.parametrize(
    ("number", "total", "words"),
    [
        ("", "100", "Введите номер чека."),
        ("N-1", "", "Введите сумму, как на чеке: например, 875,50."),
        ("N-1", "1,234,50", "Введите сумму, как на чеке: например, 875,50."),
        ("N-1", "1.234", "Введите сумму, как на чеке: например, 875,50."),
    ],
)
def test_what_is_missing_is_said_before_anything_is_sent(
    shop: Shop, open_page: OpenPage, number: str, total: str, words: str
) -> None:
    page = open_page()
    open_claim(page, shop)

    claim(page, number, total)

    expect(page.locator(".error:not(:empty)")).to_have_text(words)


def test_axe_finds_nothing_where_a_receipt_is_claimed(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    open_claim(page, shop)
    claim(page, "N-0", "1")
    expect(page.locator("#receipt-error")).not_to_be_empty()

    assert faults_in_all_looks(page) == []


def test_a_receipt_that_was_moved_to_another_member_reads_as_cancelled(shop: Shop) -> None:
    first, second = shop.join(), shop.join()
    sold = shop.sell(first["member_id"], 90_000)
    paths = [one["card_url"].removeprefix(shop.base_url) for one in (first, second)]

    moved = shop.post(
        f"/v1/purchases/{sold['id']}/move",
        {"member_id": second["member_id"], "reason": "wrong card"},
        key=shop.integration_key,
        idempotency_key="move",
    )

    assert moved.status == 201, moved.text
    own, others = (shop.get(f"{path}/operations/2").text for path in paths)
    assert "Покупка отменена" in own
    assert "Покупка отменена" not in others
    assert "+45" in others
