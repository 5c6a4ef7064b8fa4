"""Whole journeys by the keyboard alone: nothing is clicked, and the focus can be seen."""

import re
from typing import Final

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.edges import unseen_focus
from tests.e2e.office import DESK, PASSWORD, code_of
from tests.e2e.shop import Shop, new_phone, now_of, open_shop
from tests.e2e.test_till_sale import give
from tests.e2e.till import CASHIER, HAND_MS, PIN, bind, set_up

TABS_MAX: Final = 60


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus, as a person would."""
    expect(wanted).to_be_visible()
    for _ in range(TABS_MAX):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {wanted}")


def press_on(page: Page, wanted: Locator, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


def type_in(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_label(label, exact=True))
    page.keyboard.type(text)


def test_an_owner_opens_the_office_and_looks_around(open_page: OpenPage, base_url: str) -> None:
    page = open_page(viewport=DESK)
    page.goto(f"{base_url}/admin/sign-up?lang=ru")

    type_in(page, "Название магазина", "Пекарня «Ключ»")
    tab_to(page, page.get_by_role("radio").first)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    type_in(page, "Ваше имя", "Анна Петрова")
    type_in(page, "Электронная почта", f"keys-{new_phone()[1:]}@example.org")
    type_in(page, "Пароль", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Защитите вход")).to_be_visible()
    press_on(page, page.locator("summary").first)
    secret = page.locator("#totp-secret").inner_text().replace(" ", "")
    tab_to(page, page.get_by_label("Введите 6 цифр"))
    page.keyboard.type(code_of(secret, now_of(base_url).timestamp()))
    page.keyboard.press("Enter")
    press_on(page, page.get_by_role("link", name="Коды сохранены"))
    expect(page.get_by_role("heading", name="Обзор")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the navigation
    press_on(page, page.get_by_role("link", name="Проверьте правила программы"))

    expect(page.get_by_role("heading", level=1, name="Правила")).to_be_visible()
    assert unseen_focus(page) == []


def test_a_member_keeps_a_name_and_then_erases_the_card(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    phone = join_by_keys(page, shop)
    address = page.url
    shop.post("/local/clock", {"advance_seconds": 120})  # past the pause between codes

    press_on(page, page.get_by_role("link", name="Настройки"))
    type_in(page, "Имя", "Анна")
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_have_text("Изменения сохранены")
    press_on(page, page.get_by_role("link", name="К карте"))
    press_on(page, page.get_by_role("link", name="Мои данные"))
    press_on(page, page.locator("summary", has_text="Удалить карту"))
    press_on(page, page.get_by_role("button", name="Получить код"))
    expect(page.locator("#erase-code")).to_be_focused()
    page.keyboard.type(shop.code_sent(phone, after=1))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Карта и данные удалены")).to_be_focused()
    assert shop.get(address.removeprefix(shop.base_url)).status == 404


def test_a_cashier_signs_in_and_points_are_redeemed_with_a_second_factor(
    base_url: str, open_page: OpenPage
) -> None:
    shop = open_shop(base_url, confirm_above=100)
    till, card, page = set_up(shop), open_page(), open_page(viewport=DESK)
    phone = join_by_keys(card, shop)
    member = str(
        shop.post("/v1/lookups", {"phone": phone}, key=shop.till_key).json["member_id"]
    )
    give(till, member, 300)
    bind(page, till)
    press_on(page, page.locator(".person", has_text=CASHIER))
    page.keyboard.type(PIN, delay=HAND_MS)
    page.keyboard.press("Enter")
    expect(page.locator(".home")).to_be_visible()

    page.keyboard.type(phone.removeprefix("+"), delay=HAND_MS)
    page.keyboard.press("Enter")
    expect(page.locator("form.sale")).to_be_visible()
    page.keyboard.type("1000", delay=HAND_MS)
    expect(page.locator('[data-redeem="max"]')).to_be_enabled()
    page.keyboard.press("F2")
    expect(page.locator(".go")).to_contain_text("800")
    page.keyboard.press("Enter")
    expect(page.locator("#proof")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    kept = till.balance(member)
    page.keyboard.press("F2")
    expect(page.locator(".go")).to_contain_text("1\u00a0000")
    page.keyboard.press("F2")
    expect(page.locator(".go")).to_contain_text("800")
    assert unseen_focus(page) == []
    page.keyboard.press("Enter")
    expect(page.locator("#proof")).to_be_focused()
    digits = re.sub(r"\D", "", card.locator(".one-time strong").inner_text())
    page.keyboard.type(digits, delay=HAND_MS)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="800\u00a0₽")).to_be_visible()
    expect(page.locator("[data-next]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".home")).to_be_visible()
    page.keyboard.press("F4")
    expect(page.locator("#receipt-number")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.locator(".home")).to_be_visible()
    assert (kept, till.balance(member)) == (300, 100)


def join_by_keys(page: Page, shop: Shop) -> str:
    """Join without a pointer and skip the profile; the phone."""
    phone = new_phone()
    page.goto(shop.join_url)
    type_in(page, "Телефон", phone)
    press_on(page, page.locator("#consent-program"), "Space")
    press_on(page, page.get_by_role("button", name="Получить код", exact=True))
    expect(page.get_by_label("Код из SMS", exact=True)).to_be_focused()
    page.keyboard.type(shop.code_sent(phone))
    press_on(page, page.get_by_role("button", name="Пропустить"))
    page.wait_for_url("**/c/**")
    return phone
