"""A device becomes a till, and people sign in at it by PIN."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage
from tests.e2e.till import CASHIER, HAND, PIN, Till, bind, open_till, sign_in

IDLE_MS = 5 * 60 * 1000  # after which a till locks itself


def test_a_device_is_bound_by_the_link_of_the_office(till: Till, open_page: OpenPage) -> None:
    page = open_page()

    bind(page, till)

    expect(page.get_by_role("heading", name="Кто на кассе")).to_be_visible()
    expect(page.get_by_text("Мира, 12 · Касса 1")).to_be_visible()
    assert "#" not in page.url


def test_the_link_is_good_where_the_till_is_open_already(
    till: Till, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(f"{till.shop.base_url}/till?lang=ru")
    expect(page.get_by_label("Код кассы")).to_be_visible()

    bind(page, till)

    expect(page.get_by_role("heading", name="Кто на кассе")).to_be_visible()


def test_a_code_that_was_used_binds_nothing_and_is_explained(
    till: Till, open_page: OpenPage
) -> None:
    code, other = till.code(), open_page()
    page = open_page()
    other.goto(f"{till.shop.base_url}/till#{code}")
    expect(other.locator(".person")).to_have_count(2)

    page.goto(f"{till.shop.base_url}/till")
    page.get_by_label("Код кассы").fill(code.lower())
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("Код не подошёл")
    expect(page.get_by_label("Код кассы")).to_be_focused()


def test_a_till_that_could_not_be_fetched_whole_says_so_and_is_opened_again(
    till: Till, open_page: OpenPage
) -> None:
    page = open_page(service_workers="block")
    bind(page, till)
    page.route("**/till.screens.sign_in*", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("heading", name="Касса не открылась")).to_be_visible()
    page.unroute("**/till.screens.sign_in*")

    page.get_by_role("button", name="Повторить").click()

    expect(page.locator(".person")).to_have_count(2)


def test_a_cashier_signs_in_with_one_hand(till: Till, open_page: OpenPage) -> None:
    page = open_page(**HAND)
    bind(page, till)

    page.locator(".person", has_text=CASHIER).tap()
    for digit in PIN:
        page.get_by_role("button", name=digit, exact=True).tap()
    page.get_by_role("button", name="Войти").tap()

    expect(page.locator(".home")).to_be_visible()
    expect(page.locator(".where")).to_contain_text(f"Мира, 12 · Касса 1 · {CASHIER}")


def test_wrong_pins_are_counted_down_and_then_lock(till: Till, open_page: OpenPage) -> None:
    page = open_page()
    bind(page, till)
    page.locator(".person", has_text=CASHIER).click()
    field, error = page.locator("#pin"), page.locator("#pin-error")

    field.fill("1357")
    page.keyboard.press("Enter")
    expect(error).to_have_text(re.compile(r"Осталось 4 попытки"))
    for _ in range(4):
        with page.expect_response("**/v1/till/sign-in"):
            field.fill("1357")
            page.keyboard.press("Enter")
        expect(field).to_have_value("")
    field.fill(PIN)
    page.keyboard.press("Enter")

    expect(error).to_have_text(re.compile(r"Подождите \d+ секунд"))
    expect(page.get_by_role("button", name="Войти")).to_be_disabled()


def test_the_next_cashier_signs_in_where_the_last_one_left(
    till: Till, open_page: OpenPage
) -> None:
    page = open_till(open_page, till)

    page.get_by_label("Меню").click()
    page.get_by_role("button", name="Сменить кассира").click()
    expect(page.locator(".person")).to_have_count(2)
    sign_in(page, "Ольга", "9382")

    expect(page.locator(".where")).to_contain_text("Ольга Сергеевна")


def test_a_till_that_nobody_touches_locks_itself(till: Till, open_page: OpenPage) -> None:
    page = open_page()
    page.clock.install()
    bind(page, till)
    sign_in(page)

    page.clock.run_for(IDLE_MS + 1_000)

    expect(page.locator(".person")).to_have_count(2)


def test_an_idle_till_locks_itself_also_after_a_call_that_was_lost(
    till: Till, open_page: OpenPage
) -> None:
    page = open_page(service_workers="block")
    page.clock.install()
    bind(page, till)
    page.route("**/v1/till/operations*", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda one: "/till/operations" in one.url):
        sign_in(page)

    page.clock.run_for(IDLE_MS + 1_000)

    expect(page.locator(".person")).to_have_count(2)


def test_an_idle_till_stays_open_until_somebody_could_sign_in_again(
    till: Till, open_page: OpenPage
) -> None:
    page = open_page()
    page.clock.install()
    bind(page, till)
    sign_in(page)
    page.context.set_offline(True)

    with page.expect_event("requestfailed", lambda one: one.url.endswith("/till/lock")):
        page.clock.run_for(60 * 60_000)
    expect(page.locator(".home")).to_be_visible()
    page.context.set_offline(False)

    expect(page.locator(".person")).to_have_count(2)


def test_the_language_changes_at_once_and_stays(till: Till, open_page: OpenPage) -> None:
    page = open_till(open_page, till)

    page.get_by_label("Меню").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="New member")).to_be_visible()
    page.reload()

    expect(page.get_by_role("button", name="New member")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"
