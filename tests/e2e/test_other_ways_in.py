"""Joining where no message arrives, in a real browser: a letter, or a card without a number."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_of
from tests.e2e.shop import Shop, new_phone

FOREIGN = "+44 7400 123456"


def refuse_phone(page: Page, shop: Shop) -> None:
    """Ask for a code for a number that none is sent to."""
    page.goto(shop.join_url)
    page.get_by_label("Телефон", exact=True).fill(FOREIGN)
    page.locator("#consent-program").check()
    page.get_by_role("button", name="Получить код", exact=True).click()
    expect(page.locator("#phone-error")).to_contain_text("коды не отправляем")


def test_a_foreign_number_gets_its_code_by_e_mail(shop: Shop, open_page: OpenPage) -> None:
    page, address = open_page(), f"{new_phone()[1:]}@example.com"
    refuse_phone(page, shop)
    assert faults_of(page) == []

    page.get_by_label("Электронная почта").fill(address)
    page.get_by_role("button", name="Получить код по почте").click()
    field = page.get_by_label("Код из письма", exact=True)
    expect(field).to_be_focused()
    expect(page.locator("[data-phone]")).to_have_text(address)
    expect(page.get_by_text("Письмо не приходит")).to_be_visible()
    field.fill(shop.letter_sent(address))
    page.get_by_role("button", name="Пропустить").click()

    page.wait_for_url("**/c/**")
    expect(page.locator("[data-balance]")).to_have_text("0")


def test_a_card_by_e_mail_is_erased_by_a_code_from_a_letter(
    shop: Shop, open_page: OpenPage
) -> None:
    page, address = open_page(), f"{new_phone()[1:]}@example.com"
    refuse_phone(page, shop)
    page.get_by_label("Электронная почта").fill(address)
    page.get_by_role("button", name="Получить код по почте").click()
    page.get_by_label("Код из письма", exact=True).fill(shop.letter_sent(address))
    page.get_by_role("button", name="Пропустить").click()
    page.wait_for_url("**/c/**")
    shop.post("/local/clock", {"advance_seconds": 120})
    page.goto(f"{page.url.partition('?')[0]}/my-data")

    page.locator("#erase ~ details summary").click()
    page.get_by_role("button", name=f"Получить код на {address}").click()

    expect(page.get_by_label("Код из письма", exact=True)).to_be_focused()


def test_a_card_without_a_number_opens_at_once_and_asks_for_one(
    shop: Shop, open_page: OpenPage
) -> None:
    page, phone = open_page(), new_phone()
    refuse_phone(page, shop)

    page.get_by_role("button", name="Завести карту без номера").click()
    page.get_by_role("button", name="Пропустить").click()
    page.wait_for_url("**/c/**")
    expect(page.get_by_text("Карта копит баллы.")).to_be_visible()
    assert faults_of(page) == []
    page.get_by_role("link", name="Добавить номер").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Добавить номер")
    page.get_by_label("Телефон", exact=True).fill(phone)
    page.get_by_role("button", name="Получить код", exact=True).click()
    page.get_by_label("Код из SMS", exact=True).fill(shop.code_sent(phone))
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_role("heading", name="Номер добавлен")).to_be_focused()
    page.get_by_role("link", name="К карте").last.click()

    expect(page.locator(".qr")).to_be_visible()
    expect(page.get_by_text("Карта копит баллы.")).to_have_count(0)
    expect(page.get_by_role("link", name="Новый номер телефона")).to_be_visible()


def test_while_the_code_is_awaited_the_other_ways_are_there(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(shop.join_url)
    expect(page.locator("[data-ways]")).to_be_hidden()
    page.get_by_label("Телефон", exact=True).fill(new_phone())
    page.locator("#consent-program").check()
    page.get_by_role("button", name="Получить код", exact=True).click()

    expect(page.get_by_text("SMS не приходит", exact=True)).to_be_visible()
    page.reload()
    page.get_by_text("SMS не приходит", exact=True).click()

    expect(page.get_by_label("Электронная почта")).to_be_visible()
    expect(page.get_by_role("button", name="Завести карту без номера")).to_be_visible()
    assert faults_of(page) == []


def test_an_address_that_is_none_is_not_sent_and_that_is_said(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    refuse_phone(page, shop)

    page.get_by_label("Электронная почта").fill("anna")
    page.get_by_label("Электронная почта").press("Enter")

    expect(page.get_by_label("Электронная почта")).to_be_focused()
    expect(page.get_by_label("Электронная почта")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#email-error")).to_contain_text("Это не адрес почты")
