"""More money on a gift card at the till: by hand, by keys alone, and taken back."""

import secrets
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.shop import ask, open_shop
from tests.e2e.till import HAND, HAND_MS, MANAGER_PIN, Till, open_till, scan, set_up

MONEY = "\u00a0₽"
TABS_MAX = 60


@pytest.fixture
def till(base_url: str) -> Till:
    return set_up(open_shop(base_url, gift_card={"balance_max": "5000"}))


def sold(till: Till, minor: int = 200_000) -> str:
    """Sell a card beforehand; its code."""
    body = {"amount_minor": minor, "activate": True}
    made = till.shop.post(
        "/v1/gift-cards", body, key=till.shop.till_key, idempotency_key=secrets.token_hex(8)
    )
    assert made.status == 201, made.text
    return str(made.json["code"])


def card_of(till: Till, code: str) -> Any:
    """Return a card as it stands."""
    path = f"/v1/gift-cards/{code}"
    return till.shop.get(path, Authorization=f"Bearer {till.shop.till_key}").json


def open_card(page: Page, code: str) -> None:
    """Find a card by its code."""
    page.get_by_role("button", name="Подарочные карты").click()
    scan(page, code)
    expect(page.locator("h2.gift-balance")).to_be_visible()


def from_menu(page: Page, name: str) -> None:
    page.locator(".menu summary").click()
    page.locator(".menu").get_by_role("button", name=name).click()


def top_up(page: Page, amount: str) -> None:
    """Put money on the card that is shown."""
    page.get_by_role("button", name="Пополнить", exact=True).click()
    page.locator("#top-up-amount").fill(amount)
    page.keyboard.press("Enter")


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus, as somebody without a mouse does."""
    for _ in range(TABS_MAX):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by the keyboard")


def press(page: Page, name: str) -> None:
    """Reach a button and press it."""
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_be_visible()
    reach(page, button)
    page.keyboard.press("Enter")


def test_a_card_is_topped_up_and_the_shift_shows_it(till: Till, open_page: OpenPage) -> None:
    code = sold(till)
    page = open_till(open_page, till)
    open_card(page, code)

    top_up(page, "1500")

    expect(page.locator("[data-topped-up]")).to_have_text(f"3\u00a0500{MONEY}")
    expect(page.locator("h2.gift-balance")).to_have_text(f"3\u00a0500{MONEY}")
    page.get_by_role("button", name="Напечатать чек").click()
    expect(page.locator(".paper")).to_contain_text("Пополнение карты")
    expect(page.locator(".paper")).not_to_contain_text(code)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    from_menu(page, "Смена")
    expect(page.locator(".pair", has_text="1 пополнение карт")).to_contain_text(
        f"1\u00a0500{MONEY}"
    )
    expect(page.locator(".shift-money")).to_have_text(f"1\u00a0500{MONEY}")


def test_a_hand_taps_a_usual_amount_on_a_phone(till: Till, open_page: OpenPage) -> None:
    code = sold(till)
    page = open_till(open_page, till, **HAND)
    page.get_by_role("button", name="Подарочные карты").tap()
    page.locator("#gift-code").fill(code)
    page.get_by_role("button", name="Показать").tap()
    page.get_by_role("button", name="Пополнить", exact=True).tap()

    page.get_by_role("button", name=f"1\u00a0000{MONEY}", exact=True).tap()
    page.get_by_role("button", name=f"Пополнить на 1\u00a0000{MONEY}").tap()

    expect(page.locator("[data-topped-up]")).to_have_text(f"3\u00a0000{MONEY}")
    assert card_of(till, code)["topped_up_minor"] == 100_000


def test_a_top_up_whose_answer_was_lost_is_made_once(till: Till, open_page: OpenPage) -> None:
    code = sold(till)
    page = open_till(open_page, till, service_workers="block")
    open_card(page, code)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/top-ups", lose)
    top_up(page, "1000")
    expect(page.locator("#top-up-error")).to_contain_text("дважды не запишется")
    page.unroute("**/top-ups")
    page.locator(".go").click()

    expect(page.locator("[data-topped-up]")).to_have_text(f"3\u00a0000{MONEY}")
    assert card_of(till, code)["balance_minor"] == 300_000


def test_more_than_a_card_may_hold_is_told_in_money(till: Till, open_page: OpenPage) -> None:
    code = sold(till)
    page = open_till(open_page, till)
    open_card(page, code)

    top_up(page, "3000,01")

    expect(page.locator("#top-up-error")).to_contain_text(f"5\u00a0000{MONEY}")
    assert card_of(till, code)["balance_minor"] == 200_000


def test_money_typed_for_one_card_never_goes_onto_another(
    till: Till, open_page: OpenPage
) -> None:
    first, second = sold(till), sold(till, 300_000)
    page = open_till(open_page, till)
    open_card(page, first)
    page.get_by_role("button", name="Пополнить", exact=True).click()
    page.locator("#top-up-amount").fill("100")

    scan(page, second)

    expect(page.locator("h2.gift-balance")).to_have_text(f"3\u00a0000{MONEY}")
    expect(page.locator("#top-up-amount")).to_have_count(0)
    expect(page.locator("#gift-amount")).to_have_value("")


def test_a_manager_takes_a_top_up_back(till: Till, open_page: OpenPage) -> None:
    code = sold(till)
    page = open_till(open_page, till)
    open_card(page, code)
    top_up(page, "1500")
    expect(page.locator("[data-topped-up]")).to_be_visible()

    page.get_by_role("button", name=f"Отменить пополнение на 1\u00a0500{MONEY}").click()
    page.get_by_label("Причина").fill("Не та сумма")
    page.locator("#approval-pin").fill(MANAGER_PIN)
    page.keyboard.press("Enter")

    expect(page.locator("h2.gift-balance")).to_have_text(f"2\u00a0000{MONEY}")
    expect(page.get_by_text("Пополнение отменено").first).to_be_visible()
    assert card_of(till, code)["topped_up_minor"] == 0
    log = ask(
        f"{till.shop.base_url}/v1/audit",
        headers={"Authorization": f"Bearer {till.shop.integration_key}"},
    ).json["items"]
    assert {one["deed"] for one in log} >= {"top_up_voided", "approval_used"}


def test_training_puts_nothing_on_a_card(till: Till, open_page: OpenPage) -> None:
    code = sold(till)
    page = open_till(open_page, till)
    from_menu(page, "Учебный режим")
    page.get_by_role("button", name="Включить учебный режим").click()
    expect(page.locator(".band")).to_be_visible()
    open_card(page, code)

    top_up(page, "100")

    expect(page.locator("#top-up-error")).to_contain_text("В учебном режиме")
    assert card_of(till, code)["balance_minor"] == 200_000


def test_a_gift_card_lives_without_a_mouse(till: Till, open_page: OpenPage) -> None:
    page = open_till(open_page, till)
    press(page, "Подарочные карты")
    reach(page, page.locator("#gift-amount"))
    page.keyboard.type("2000", delay=HAND_MS)
    page.keyboard.press("Enter")
    code = page.locator("[data-gift-code]").inner_text()

    reach(page, page.locator("#gift-code"))
    page.keyboard.type(code, delay=HAND_MS)
    page.keyboard.press("Enter")
    expect(page.locator("h2.gift-balance")).to_have_text(f"2\u00a0000{MONEY}")
    press(page, "Пополнить")
    page.keyboard.type("1000", delay=HAND_MS)
    page.keyboard.press("Enter")
    expect(page.locator("[data-topped-up]")).to_have_text(f"3\u00a0000{MONEY}")

    press(page, "Оплатить этой картой")
    page.keyboard.type("500", delay=HAND_MS)
    expect(page.locator(".go")).to_contain_text(f"к оплате 0{MONEY}")
    page.keyboard.press("Enter")
    expect(page.locator("[data-next]")).to_be_focused()
    page.keyboard.press("Escape")

    press(page, "Подарочные карты")
    reach(page, page.locator("#gift-code"))
    page.keyboard.type(code, delay=HAND_MS)
    page.keyboard.press("Enter")
    expect(page.locator("h2.gift-balance")).to_have_text(f"2\u00a0500{MONEY}")


@pytest.mark.parametrize(
    ("currency", "offered", "typed"),
    [
        ("RUB", "1\u00a0000\u00a0₽", "1\u00a0000"),
        ("EUR", "10\u00a0€", "10"),
        ("JPY", "1\u00a0000\u00a0¥", "1\u00a0000"),
    ],
)
def test_usual_amounts_are_those_of_the_currency(
    base_url: str, open_page: OpenPage, currency: str, offered: str, typed: str
) -> None:
    till = set_up(open_shop(base_url, currency=currency, gift_card={}))
    page = open_till(open_page, till)
    page.get_by_role("button", name="Подарочные карты").click()

    page.get_by_role("button", name=offered, exact=True).click()

    expect(page.locator("#gift-amount")).to_have_value(typed)
    expect(page.locator(".go")).to_contain_text(offered)
