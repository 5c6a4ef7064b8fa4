"""A scanner that types fills in what a dialog asks for: goods, a promo code, a gift card."""

from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_of
from tests.e2e.till import GO, HAND_MS, Till, by_code, open_sale, open_till, press, scan

GOODS, SHORT_GOODS = "4601234567893", "46012344"  # the short one looks like a coupon


def test_goods_under_a_scanner_become_lines(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_till(open_page, till)
    by_code(page, till.pass_code(member))
    page.get_by_role("button", name="Товары").click()

    scan(page, GOODS)
    expect(page.get_by_label("Цена", exact=True)).to_be_focused()
    expect(page.get_by_label("Артикул")).to_have_value(GOODS)
    assert faults_of(page) == []
    page.keyboard.type("120", delay=HAND_MS)
    press(page, "Enter")
    page.get_by_role("button", name="Добавить товар").click()
    scan(page, SHORT_GOODS)
    expect(page.get_by_label("Цена", exact=True)).to_be_focused()
    expect(page.get_by_label("Артикул")).to_have_value(SHORT_GOODS)
    page.keyboard.type("80", delay=HAND_MS)
    press(page, "Enter")
    expect(page.locator("[data-total]")).to_have_text("200\u00a0₽")
    page.get_by_role("button", name=GO).click()

    expect(page.locator(".result")).to_be_visible()
    [receipt] = till.receipts(member)
    assert [line["sku"] for line in receipt["lines"]] == [GOODS, SHORT_GOODS]
    assert receipt["promo_codes"] == []


def test_what_a_dialog_asks_for_is_scanned_into_it(
    till: Till, member: str, open_page: OpenPage
) -> None:
    asked = {"amount_minor": 100_000, "activate": True}
    made = till.shop.post(
        "/v1/gift-cards", asked, key=till.shop.integration_key, idempotency_key="card"
    )
    page = open_sale(open_page, till, member, "400")

    page.get_by_role("button", name="Подарочная карта").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    scan(page, made.json["code"].replace("-", ""))

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".go")).to_contain_text("к оплате 0\u00a0₽")
    page.get_by_role("button", name="Промокод", exact=True).click()
    scan(page, "SALE10")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".sale [role=alert]")).to_contain_text("Промокод не подходит")
