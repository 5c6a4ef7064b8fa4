"""A gift card kept with the shopper's card, in real browsers: added, paid with, taken off."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_in_all_looks, faults_of, too_wide
from tests.e2e.shop import Shop, open_shop
from tests.e2e.test_own_pages import sign_in
from tests.e2e.till import Till, open_till, scan

MONEY = "\u00a0₽"
HEADING = "Подарочные карты"


@pytest.fixture
def shop(base_url: str) -> Shop:
    return open_shop(base_url, gift_card={})


def issue(shop: Shop, minor: int = 150_000, key: str = "one") -> str:
    """Sell a card; its code."""
    body = {"amount_minor": minor, "activate": True}
    made = shop.post("/v1/gift-cards", body, key=shop.till_key, idempotency_key=key)
    assert made.status == 201, made.text
    return str(made.json["code"])


def open_gift_cards(page: Page) -> None:
    """Open the page of gift cards from the card."""
    page.get_by_role("region", name=HEADING).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1, name=HEADING)).to_be_visible()


def add(page: Page, code: str) -> None:
    page.get_by_label("Код подарочной карты").fill(code)
    page.get_by_role("button", name="Добавить подарочную карту").click()


def keep(shop: Shop, joined: Any, code: str) -> None:
    """Keep a card with a member's, as the member's page does."""
    kept = shop.post("/v1/me/gift-cards", {"code": code}, key=joined["member_token"])
    assert kept.status == 201, kept.text


def member_of(page: Page) -> str:
    return page.url.split("/c/")[1].split(".")[1]


def test_a_shopper_adds_a_card_and_pays_with_it_at_the_till(
    shop: Shop, till: Till, open_page: OpenPage
) -> None:
    code, phone = issue(shop), open_page()
    sign_in(phone, shop)
    card_url, member = phone.url, member_of(phone)
    expect(phone.get_by_role("region", name=HEADING)).to_contain_text("Добавьте подарочную")
    open_gift_cards(phone)
    add(phone, code.lower().replace("-", " "))
    row = phone.locator(".rows li")
    expect(row).to_contain_text(f"Карта …{code.replace('-', '')[-5:]}")
    expect(row).to_contain_text(f"1\u00a0500{MONEY}")
    assert code not in phone.content()

    page = open_till(open_page, till)
    scan(page, till.pass_code(member))
    name = f"Оплатить подарочной картой · 1\u00a0500{MONEY}"
    page.locator("#amount").fill("400")
    page.get_by_role("button", name=name).click()
    expect(page.locator(".go")).to_contain_text(f"к оплате 0{MONEY}")
    page.locator(".go").click()
    expect(page.locator("[data-next]")).to_be_visible()
    (receipt, *_) = till.receipts(member)

    phone.goto(card_url)
    expect(phone.get_by_role("region", name=HEADING)).to_contain_text(f"1\u00a0100{MONEY}")
    assert (receipt["gift_card_minor"], receipt["money_minor"]) == (40_000, 0)


def test_a_number_that_is_said_needs_a_code_from_the_phone(
    shop: Shop, till: Till, open_page: OpenPage
) -> None:
    phone = open_page()
    number = sign_in(phone, shop)
    member, code = member_of(phone), issue(shop)
    open_gift_cards(phone)
    add(phone, code)
    expect(phone.locator(".rows li")).to_have_count(1)
    shop.post("/local/clock", {"advance_seconds": 120})  # past the pause between codes
    page = open_till(open_page, till)
    page.get_by_role("button", name="По телефону").first.click()
    page.locator("#find").fill(number)
    page.keyboard.press("Enter")
    expect(page.locator("form.sale")).to_be_visible()

    page.locator("#amount").fill("400")
    page.get_by_role("button", name="Оплатить подарочной картой").click()
    expect(page.locator(".go")).to_contain_text(f"к оплате 0{MONEY}")
    page.locator(".go").click()
    expect(page.get_by_role("dialog")).to_contain_text("нужен код с его телефона")
    assert faults_of(page) == []
    page.keyboard.press("Escape")
    assert till.receipts(member) == []

    page.locator(".go").click()
    page.get_by_role("dialog").get_by_role("button", name="SMS").click()
    expect(page.get_by_role("dialog").get_by_label("SMS")).to_be_visible()
    page.locator("#proof").fill(shop.code_sent(number, after=1))
    page.keyboard.press("Enter")
    expect(page.locator("[data-next]")).to_be_visible()
    assert till.receipts(member)[0]["gift_card_minor"] == 40_000


def test_a_wrong_code_and_none_are_explained_at_the_field(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    sign_in(page, shop)
    open_gift_cards(page)

    add(page, "")
    expect(page.locator("#gift-error")).to_have_text("Введите код подарочной карты.")
    add(page, "CCAZ-8R3P-FBQX-0GXJ-8")

    expect(page.locator("#gift-error")).to_contain_text("Такой подарочной карты нет")
    expect(page.get_by_label("Код подарочной карты")).to_be_focused()
    assert faults_of(page) == []


def test_a_card_is_taken_off_again(shop: Shop, open_page: OpenPage) -> None:
    page, code = open_page(), issue(shop)
    sign_in(page, shop)
    open_gift_cards(page)
    add(page, code)

    page.locator(".rows summary").click()
    page.get_by_role("button", name="Убрать карту").click()

    expect(page.locator(".rows li")).to_have_count(0)
    path = f"/v1/gift-cards/{code}"
    shown = shop.get(path, Authorization=f"Bearer {shop.till_key}").json
    assert (shown["state"], shown["balance_minor"]) == ("active", 150_000)


def test_the_next_member_does_not_pay_with_the_card_of_the_last(
    shop: Shop, till: Till, open_page: OpenPage
) -> None:
    ann, bob = shop.join(), shop.join()
    keep(shop, ann, issue(shop))
    page = open_till(open_page, till)
    scan(page, till.pass_code(ann["member_id"]))
    page.locator("#amount").fill("400")
    page.get_by_role("button", name="Оплатить подарочной картой").click()
    expect(page.locator(".extra.taken")).to_be_visible()

    scan(page, till.pass_code(bob["member_id"]))

    expect(page.locator(".extra.taken")).to_have_count(0)
    expect(page.locator(".go")).to_contain_text(f"к оплате 400{MONEY}")
    expect(page.get_by_role("button", name="Оплатить подарочной картой")).to_have_count(0)
    expect(page.locator("form.sale .notice").first).to_be_hidden()  # nothing was asked for it


def test_a_till_that_offers_gift_cards_has_no_fault_in_any_look(
    shop: Shop, till: Till, open_page: OpenPage
) -> None:
    ann = shop.join()
    for number, minor in enumerate((150_000, 123_456_700)):
        keep(shop, ann, issue(shop, minor, f"{number}"))
    page = open_till(open_page, till)
    scan(page, till.pass_code(ann["member_id"]))
    page.locator("#amount").fill("400")
    buttons = page.get_by_role("button", name="Подарочной картой …")
    expect(buttons).to_have_count(2)
    expect(page.locator(".go")).to_contain_text(f"к оплате 400{MONEY}")

    offered = [*too_wide(page), *faults_in_all_looks(page)]
    buttons.first.click()
    expect(page.locator(".extra.taken")).to_be_visible()
    expect(page.locator(".go")).to_contain_text(f"к оплате 0{MONEY}")

    assert [*offered, *too_wide(page), *faults_in_all_looks(page)] == []
