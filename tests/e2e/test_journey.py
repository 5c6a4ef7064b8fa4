"""Joining and holding the card in a real browser, against the real service."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.shop import Shop, new_phone


def ask_for_code(page: Page, shop: Shop, query: str = "", phone: str = "") -> str:
    """Fill in the first step; the phone."""
    phone = phone or new_phone()
    page.goto(f"{shop.join_url}{query}")
    page.get_by_label("Телефон", exact=True).fill(phone)
    page.locator("#consent-program").check()
    page.get_by_role("button", name="Получить код").click()
    expect(page.get_by_label("Код из SMS", exact=True)).to_be_focused()
    return phone


def member_of(page: Page) -> str:
    """Return the member whose card is open."""
    return urlsplit(page.url).path.split(".")[1]


def test_a_shopper_joins_buys_and_sees_the_points(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    phone = ask_for_code(page, shop)

    page.get_by_label("Код из SMS", exact=True).fill(shop.code_sent(phone))
    page.get_by_label("Имя", exact=True).fill("Анна Петрова")
    page.get_by_label("Дата рождения", exact=True).fill("1990-05-06")
    page.get_by_role("button", name="Сохранить и открыть карту").click()
    page.wait_for_url("**/c/**")
    expect(page.get_by_text("Анна", exact=True)).to_be_visible()
    expect(page.locator("[data-balance]")).to_have_text("0")
    shop.sell(member_of(page), 100_000)

    expect(page.locator("[data-balance]")).to_have_text("50")
    expect(page.get_by_role("link", name="Покупка на 1 000 ₽")).to_be_visible()
    expect(page.locator("[data-said]")).to_have_text("50 баллов")


def test_the_keyboard_is_enough(shop: Shop, open_page: OpenPage) -> None:
    page, phone = open_page(), new_phone()
    page.goto(shop.join_url)
    press = page.keyboard.press

    page.get_by_label("Телефон", exact=True).focus()
    page.keyboard.type(phone)
    press("Tab")
    press("Space")
    press("Tab")
    press("Tab")
    press("Enter")
    expect(page.get_by_label("Код из SMS", exact=True)).to_be_focused()
    page.keyboard.type(shop.code_sent(phone))
    expect(page.get_by_role("heading", name="Карта готова")).to_be_focused()
    press("Tab")
    page.keyboard.type("Анна")
    press("Enter")

    page.wait_for_url("**/c/**")
    expect(page.get_by_text("Анна", exact=True)).to_be_visible()


def test_a_lost_answer_and_a_reload_strand_nobody(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    phone = ask_for_code(page, shop)
    code = shop.code_sent(phone)

    def lose(route: Route) -> None:
        route.fetch()  # the service does its work
        route.abort()  # and the answer is lost

    page.route("**/verify", lose)
    page.get_by_label("Код из SMS", exact=True).fill(code)
    expect(page.locator("#code-error")).to_contain_text("Нет связи")
    page.unroute("**/verify")
    page.reload()
    page.get_by_label("Код из SMS", exact=True).fill(code)

    expect(page.get_by_role("heading", name="Карта готова")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Пропустить").click()
    page.wait_for_url("**/c/**")
    expect(page.locator("[data-balance]")).to_have_text("0")


def test_who_is_a_member_already_comes_straight_to_the_card(
    shop: Shop, open_page: OpenPage
) -> None:
    page, other = open_page(), open_page()
    phone = ask_for_code(page, shop)
    page.get_by_label("Код из SMS", exact=True).fill(shop.code_sent(phone))
    expect(page.get_by_role("heading", name="Карта готова")).to_be_visible()
    shop.post("/local/clock", {"advance_seconds": 120})  # past the pause between codes

    other.goto(shop.join_url)
    other.get_by_label("Телефон", exact=True).fill(phone)
    other.locator("#consent-program").check()
    other.get_by_role("button", name="Получить код").click()
    other.get_by_label("Код из SMS", exact=True).fill(shop.code_sent(phone, after=1))

    other.wait_for_url("**/c/**")
    expect(other.locator("[data-balance]")).to_be_visible()


def test_a_wrong_code_is_said_and_is_not_sent_twice(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    phone = ask_for_code(page, shop)
    code = shop.code_sent(phone)
    wrong = "000000" if code != "000000" else "111111"
    field, error = page.get_by_label("Код из SMS", exact=True), page.locator("#code-error")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(str(request.post_data)))

    field.fill(wrong)
    expect(error).to_have_text("Код не подошёл. Осталось попыток: 4. Проверьте цифры.")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill(wrong)
    field.fill(f" {code[:3]} {code[3:]} ")  # as pasted

    expect(page.get_by_role("heading", name="Карта готова")).to_be_visible()
    assert [wrong in body for body in sent] == [True, False]


def test_asking_again_too_soon_says_when_and_keeps_the_first_code(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    phone = ask_for_code(page, shop)
    expect(page.locator("[data-resend]")).to_be_disabled()
    expect(page.locator("[data-resend]")).to_have_text(re.compile(r"через \d+"))

    page.get_by_role("button", name="Изменить номер").click()
    page.get_by_role("button", name="Получить код").click()

    expect(page.locator("#code-error")).to_contain_text("Код уже отправлен")
    page.get_by_label("Код из SMS", exact=True).fill(shop.code_sent(phone))
    expect(page.get_by_role("heading", name="Карта готова")).to_be_visible()


@pytest.mark.parametrize(
    ("phone", "words"),
    [
        ("", "Введите номер телефона."),
        ("123", "Это не номер мобильного телефона."),
        ("+4915112345678", "На номера этой страны коды не отправляем."),
    ],
)
def test_a_phone_that_cannot_get_a_code_is_explained(
    shop: Shop, open_page: OpenPage, phone: str, words: str
) -> None:
    page = open_page()
    page.goto(shop.join_url)
    page.locator("#consent-program").check()

    page.get_by_label("Телефон", exact=True).fill(phone)
    page.get_by_role("button", name="Получить код").click()

    expect(page.locator("#phone-error")).to_contain_text(words)
    expect(page.get_by_label("Телефон", exact=True)).to_be_focused()


def test_without_the_program_consent_nothing_is_sent(shop: Shop, open_page: OpenPage) -> None:
    page = open_page(locale="en-GB")
    page.goto(shop.join_url)

    page.get_by_label("Phone number", exact=True).fill(new_phone())
    page.get_by_role("button", name="Get the code").click()

    expect(page.locator("#consent-error")).to_contain_text("cannot be opened")
    expect(page.locator("#consent-program")).to_be_focused()


def test_the_consents_are_kept_as_they_were_given(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    phone = ask_for_code(page, shop)
    with page.expect_response("**/verify") as answered:
        page.get_by_label("Код из SMS", exact=True).fill(shop.code_sent(phone))
    token = answered.value.json()["member_token"]

    kept = shop.get("/v1/me/consents", Authorization=f"Bearer {token}").json["items"]

    assert [(one["purpose"], one["granted"], one["text_version"]) for one in kept] == [
        ("program", True, "program-2026-11"),
        ("advertising", False, "advertising-2026-11"),
    ]


def test_a_page_nobody_looks_at_asks_for_nothing(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    page.clock.install()
    page.goto(shop.join()["card_url"])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    with page.expect_response("**/live*"):
        page.clock.run_for(4_000)

    page.evaluate(
        "Object.defineProperty(document, 'hidden', { value: true, configurable: true })"
    )
    asked.clear()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    for _ in range(5):
        page.clock.run_for(60_000)
        page.evaluate("fetch('/healthz').then(answer => answer.text())")  # a round trip
    assert set(asked) == {"/healthz"}
    page.evaluate("delete document.hidden")
    with page.expect_request("**/live*"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_without_a_network_the_card_says_from_when_it_is(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(shop.join()["card_url"])
    page.context.set_offline(True)

    expect(page.locator("[data-status]")).to_contain_text("Нет связи")
    expect(page.locator(".qr")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("[data-status]")).to_be_hidden()


@pytest.mark.parametrize(
    ("country", "typed", "sent"),
    [
        ("RU", "8 (999) 123-45-67", "+79991234567"),
        ("RU", "79991234567", "+79991234567"),
        ("RU", "999 123 45 67", "+79991234567"),
        ("US", "(201) 555-0123", "+12015550123"),
        ("RU", "+1 201 555 0123", "+12015550123"),
        ("US", "007 999 123-45-67", "+79991234567"),
        ("RU", "+44 7911 123456", "+44 7911 123456"),
    ],
)
def test_a_number_in_any_form_becomes_international(
    shop: Shop, open_page: OpenPage, country: str, typed: str, sent: str
) -> None:
    page = open_page()
    page.route("**/sign-ups", lambda route: route.abort())
    page.goto(shop.join_url)
    page.get_by_label("Страна номера").select_option(country)
    page.locator("#consent-program").check()

    page.get_by_label("Телефон", exact=True).fill(typed)
    with page.expect_request("**/sign-ups") as asked:
        page.get_by_role("button", name="Получить код").click()

    assert asked.value.post_data_json["phone"] == sent


def test_a_pasted_number_chooses_its_country(shop: Shop, open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(shop.join_url)
    field = page.get_by_label("Телефон", exact=True)

    page.evaluate("navigator.clipboard.writeText('+1 (201) 555-0123')")
    field.press("Control+v")

    expect(page.get_by_label("Страна номера")).to_have_value("US")
    expect(field).to_have_value("2015550123")


@pytest.mark.parametrize("which", ["late", "reused"])
def test_a_late_or_reused_code_says_what_to_do(
    shop: Shop, open_page: OpenPage, which: str
) -> None:
    page, other = open_page(), open_page()
    phone = ask_for_code(page, shop)
    code = shop.code_sent(phone)
    if which == "late":
        shop.post("/local/clock", {"advance_seconds": 601})
        words = "Время кода вышло. Отправьте код ещё раз."
    else:
        kept = page.evaluate("JSON.stringify(sessionStorage)")
        page.get_by_label("Код из SMS", exact=True).fill(code)
        expect(page.get_by_role("heading", name="Карта готова")).to_be_visible()
        other.goto(shop.join_url)
        other.evaluate(
            "(kept) => Object.entries(JSON.parse(kept)).forEach(([name, state]) => "
            "sessionStorage.setItem(name, JSON.stringify({ ...JSON.parse(state), "
            "nonce: 'another-browser' })))",
            kept,
        )
        other.reload()
        page, words = other, "Этот код уже использован. Отправьте код ещё раз."

    page.get_by_label("Код из SMS", exact=True).fill(code)

    expect(page.locator("#code-error")).to_have_text(words)
    expect(page.get_by_label("Код из SMS", exact=True)).to_be_focused()
