"""From the sticker on the counter to the pass in an iPhone, touched as a shopper does."""

import json

from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage
from tests.e2e.shop import Shop, new_phone
from tests.e2e.test_pages import IPHONE
from tests.journeys.wallet import files_of

SYMBOLS = 12  # what a code says; one more under it is a check for those who type it


def test_a_sticker_leads_to_a_pass_with_the_code_of_the_card(
    shop: Shop, open_page: OpenPage
) -> None:
    page, phone = open_page(user_agent=IPHONE, has_touch=True, is_mobile=True), new_phone()
    made = shop.post("/v1/stores", {"name": "Мира, 12"}, key=shop.integration_key)

    page.goto(f"{shop.join_url}?s={made.json['store_id']}")
    page.get_by_label("Телефон", exact=True).fill(phone)
    page.locator("#consent-program").check()
    page.get_by_role("button", name="Получить код").tap()
    page.get_by_label("Код из SMS", exact=True).fill(shop.code_sent(phone))
    page.get_by_role("button", name="Пропустить").tap()
    page.wait_for_url("**/c/**")
    expect(page.locator(".qr")).to_be_visible()
    code = (page.locator(".code").text_content() or "").split(": ")[-1]
    with page.expect_download() as taken:
        page.get_by_role("link", name="Apple Wallet").tap()

    content = json.loads(files_of(taken.value.path().read_bytes())["pass.json"])
    [barcode] = content["barcodes"]
    scanned = f"L1{code.replace('-', '')[:SYMBOLS]}"
    assert (barcode["message"], barcode["altText"]) == (scanned, code)
    assert barcode["format"] == "PKBarcodeFormatQR"
