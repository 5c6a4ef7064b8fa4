"""Changing the number on the card's page, in a real browser; and numbers that were silent."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_in_all_looks, faults_of
from tests.e2e.shop import Shop, new_phone
from tests.e2e.test_journey import ask_for_code
from tests.e2e.test_own_pages import sign_in

HALF_A_YEAR = 181 * 86_400


def ask_to_change(page: Page, shop: Shop) -> tuple[str, str]:
    """Sign in and ask for another number; the old one and the new."""
    old, new = sign_in(page, shop), new_phone()
    shop.post("/local/clock", {"advance_seconds": 120})  # past the pause between codes
    page.goto(f"{page.url}/phone")
    page.get_by_label("Новый номер", exact=True).fill(new)
    return old, new


def test_codes_of_both_numbers_change_the_number(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    old, new = ask_to_change(page, shop)

    page.get_by_role("button", name="Получить коды").click()
    page.get_by_label("Код с нового номера").fill(shop.code_sent(new))
    page.get_by_label("Код с номера").fill(shop.code_sent(old, after=1))
    page.get_by_role("button", name="Подтвердить").click()

    expect(page.get_by_role("heading", name="Номер сменён")).to_be_focused()
    found = shop.post("/v1/lookups", {"phone": new}, key=shop.till_key)
    assert found.json["member_id"] == urlsplit(page.url).path.split(".")[1]


def test_without_the_old_number_it_waits_for_the_staff(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    _, new = ask_to_change(page, shop)

    page.get_by_label("Прежнего номера у меня больше нет").check()
    page.get_by_role("button", name="Получить коды").click()
    expect(page.locator("#old-code")).to_be_hidden()
    page.get_by_label("Код с нового номера").fill(shop.code_sent(new))
    page.get_by_role("button", name="Подтвердить").click()

    expect(page.get_by_role("heading", name="Осталось подойти на кассу")).to_be_focused()


def test_without_a_number_it_asks_for_one_at_the_field(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{shop.join()['card_url']}/phone")

    page.get_by_role("button", name="Получить коды").click()

    expect(page.locator("#phone-error")).to_have_text("Введите номер телефона.")
    expect(page.get_by_label("Новый номер", exact=True)).to_be_focused()


def test_a_number_with_a_card_offers_to_make_them_one(shop: Shop, open_page: OpenPage) -> None:
    page, other = open_page(), open_page()
    taken = sign_in(other, shop)
    shop.sell(urlsplit(other.url).path.split(".")[1], 100_000)
    old, _ = ask_to_change(page, shop)
    page.get_by_label("Новый номер", exact=True).fill(taken)

    page.get_by_role("button", name="Получить коды").click()
    page.get_by_label("Код с нового номера").fill(shop.code_sent(taken, after=1))
    page.get_by_label("Код с номера").fill(shop.code_sent(old, after=1))
    page.get_by_role("button", name="Подтвердить").click()
    page.get_by_role("button", name="Объединить карты").click()

    expect(page.get_by_role("heading", name="Номер сменён")).to_be_focused()
    page.get_by_role("link", name="К карте").last.click()
    expect(page.locator("[data-balance]")).to_have_text("50")


@pytest.mark.parametrize(
    ("typed", "words"), [("123", "Это не номер"), ("same", "Карта уже на этом номере")]
)
def test_a_number_that_will_not_do_is_explained(
    shop: Shop, open_page: OpenPage, typed: str, words: str
) -> None:
    page = open_page()
    old, _ = ask_to_change(page, shop)

    page.get_by_label("Новый номер", exact=True).fill(old if typed == "same" else typed)
    page.get_by_role("button", name="Получить коды").click()

    expect(page.locator("form:visible .error:not(:empty)")).to_contain_text(words)


def come_back(page: Page, shop: Shop) -> None:
    """Sign in with the number of a member who was silent for half a year."""
    first = page.context.new_page()
    phone = ask_for_code(first, shop)
    first.get_by_label("Код из SMS", exact=True).fill(shop.code_sent(phone))
    first.get_by_label("Дата рождения", exact=True).fill("1990-05-06")
    first.get_by_role("button", name="Сохранить и открыть карту").click()
    first.wait_for_url("**/c/**")
    shop.sell(urlsplit(first.url).path.split(".")[1], 100_000)
    first.close()
    shop.post("/local/clock", {"advance_seconds": HALF_A_YEAR})
    page.goto(shop.join_url)
    page.get_by_label("Телефон", exact=True).fill(phone)
    page.locator("#consent-program").check()
    page.get_by_role("button", name="Получить код").click()
    page.get_by_label("Код из SMS", exact=True).fill(shop.code_sent(phone, after=1))
    expect(page.get_by_role("heading", name="Подтвердите, что карта ваша")).to_be_focused()


def test_a_number_silent_for_half_a_year_opens_its_card_by_the_birth_date(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    come_back(page, shop)

    page.locator("#owner-birth-date").fill("1991-05-06")
    page.get_by_role("button", name="Подтвердить").last.click()
    expect(page.locator("#owner-error")).to_contain_text("В карте другая дата")
    page.locator("#owner-birth-date").fill("1990-05-06")
    page.get_by_role("button", name="Подтвердить").last.click()

    page.wait_for_url("**/c/**")
    expect(page.locator("[data-balance]")).to_have_text("50")


def test_whoever_got_the_number_begins_with_a_card_of_their_own(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    come_back(page, shop)
    assert faults_of(page) == []

    page.get_by_role("button", name="Завести новую карту").click()
    page.get_by_role("button", name="Пропустить").click()

    page.wait_for_url("**/c/**")
    expect(page.locator("[data-balance]")).to_have_text("0")


def test_axe_finds_nothing_where_the_number_is_changed(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    ask_to_change(page, shop)
    found = faults_in_all_looks(page)
    page.get_by_role("button", name="Получить коды").click()
    expect(page.get_by_label("Код с нового номера")).to_be_visible()

    found += faults_in_all_looks(page)

    assert found == []
