"""Nothing that an owner typed is lost without a word: the session ends, the page is old."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.office import DESK, PASSWORD, Office, code_of, later, sign_up
from tests.e2e.shop import now_of

MINUTE = 60


@pytest.fixture
def office(open_page: OpenPage, base_url: str) -> Office:
    return sign_up(open_page(viewport=DESK), base_url)


def sign_in(page: Page, office: Office) -> None:
    page.get_by_label("Электронная почта").fill(office.email)
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    code = page.get_by_label("Код из приложения")
    code.fill(code_of(office.secret, now_of(office.base_url).timestamp()))  # sends itself


def fill_store(page: Page) -> None:
    page.get_by_text("Добавить магазин").first.click()
    page.locator("#new-name").fill("Лавка на углу")
    page.locator("#new-address").fill("Садовая, 5")


def test_a_form_sent_after_the_session_ended_comes_back_after_signing_in(
    office: Office, base_url: str
) -> None:
    page = office.page
    office.open("/admin/stores")
    fill_store(page)

    with later(base_url, 61 * MINUTE):
        page.locator("form[action='/admin/stores'] button").click()
        expect(page.get_by_text("Последнее действие не выполнено")).to_be_visible()
        sign_in(page, office)

        expect(page.get_by_role("heading", name="Магазины и кассы")).to_be_visible()
        expect(page.get_by_text("Вернули то, что вы набрали")).to_be_visible()
        expect(page.locator("#new-name")).to_have_value("Лавка на углу")
        expect(page.locator("#new-address")).to_have_value("Садовая, 5")
        expect(page.get_by_role("heading", name="Лавка на углу")).to_have_count(0)
        page.locator("form[action='/admin/stores'] button").click()
        expect(page.get_by_role("heading", name="Лавка на углу")).to_be_visible()
        expect(page.get_by_text("Вернули то, что вы набрали")).to_have_count(0)


def test_a_form_that_waited_for_the_password_comes_back_without_its_pin(
    office: Office, base_url: str
) -> None:
    page = office.page
    office.open("/admin/staff")
    page.locator("#new-name").fill("Ольга")
    page.locator("#new-role").select_option("manager")
    page.locator("#new-pin").fill("4071")

    with later(base_url, 11 * MINUTE):
        page.locator("form[action='/admin/staff'] button").click()
        expect(page.get_by_text("отправьте форму ещё раз")).to_be_visible()
        page.get_by_label("Пароль", exact=True).fill(PASSWORD)
        code = code_of(office.secret, now_of(base_url).timestamp())
        page.get_by_label("Код из приложения").fill(code)
        page.get_by_role("button", name="Подтвердить").click()

        expect(page.locator("#new-name")).to_have_value("Ольга")
        expect(page.locator("#new-role")).to_have_value("manager")
        expect(page.locator("#new-pin")).to_have_value("")
        expect(page.locator("#new-pin")).to_be_focused()
        assert "4071" not in page.evaluate("JSON.stringify({...sessionStorage})")


def test_a_password_is_kept_nowhere_also_when_it_is_shown(
    office: Office, base_url: str
) -> None:
    page = office.page
    office.open("/admin/security")
    page.locator("#old_password").fill(PASSWORD)
    page.locator("#password").fill("nine quiet harbours")
    for button in page.locator("[data-peek]").all():
        button.click()
    expect(page.locator("#password")).to_have_attribute("type", "text")

    with later(base_url, 61 * MINUTE):
        page.locator("form[action='/admin/security/password'] .button").click()
        expect(page.get_by_text("Последнее действие не выполнено")).to_be_visible()

        kept = page.evaluate("JSON.stringify({...sessionStorage})")
        assert (PASSWORD in kept, "harbours" in kept) == (False, False)


def test_a_form_comes_back_to_nobody_else(
    office: Office, open_page: OpenPage, base_url: str
) -> None:
    other = sign_up(open_page(viewport=DESK), base_url)
    page = office.page
    office.open("/admin/stores")
    fill_store(page)

    with later(base_url, 61 * MINUTE):
        page.locator("form[action='/admin/stores'] button").click()
        expect(page.get_by_text("Последнее действие не выполнено")).to_be_visible()
        sign_in(page, other)

        expect(page.get_by_role("heading", name="Магазины и кассы")).to_be_visible()
        expect(page.locator("#new-name")).to_have_value("")
        assert "Садовая" not in page.evaluate("JSON.stringify({...sessionStorage})")


def test_a_form_of_an_old_page_comes_back_on_a_new_one(office: Office) -> None:
    page = office.page
    office.open("/admin/stores")
    fill_store(page)
    other = page.context.new_page()
    other.goto(f"{office.base_url}/admin")
    other.get_by_role("button", name="Выйти").first.click()
    other.get_by_label("Электронная почта").fill(office.email)
    other.get_by_label("Пароль", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Войти").click()
    other.get_by_text("Нет телефона под рукой").click()
    other.get_by_label("Код восстановления").fill(office.recovery_codes[0])
    other.get_by_role("button", name="Войти по коду восстановления").click()
    expect(other.get_by_role("heading", name="Обзор")).to_be_visible()

    page.locator("form[action='/admin/stores'] button").click()
    expect(page.get_by_role("heading", name="Страница устарела")).to_be_visible()
    page.get_by_role("link", name="Вернуться на страницу").click()

    expect(page.locator("#new-name")).to_have_value("Лавка на углу")
    expect(page.get_by_text("Вернули то, что вы набрали")).to_be_visible()


def test_a_design_that_was_being_drawn_comes_back_and_is_drawn(
    office: Office, base_url: str
) -> None:
    page = office.page
    office.open("/admin/design")

    with later(base_url, 61 * MINUTE):
        page.get_by_label("Название на карте").fill("Лён")
        page.locator("[id='colours.foreground']").fill("#f0f0f0")
        expect(page.get_by_text("Сессия закончилась")).to_be_visible()
        sign_in(page, office)

        expect(page.get_by_label("Название на карте")).to_have_value("Лён")
        expect(page.locator("[id='colours.foreground']")).to_have_value("#f0f0f0")
        expect(page.locator("#cards .badge")).to_contain_text("текст не прочесть")


def test_what_was_looked_for_is_looked_for_after_signing_in(
    office: Office, base_url: str
) -> None:
    page = office.page

    with later(base_url, 61 * MINUTE):
        page.goto(f"{base_url}/admin/members?q=%2B79161234567")
        sign_in(page, office)

        expect(page.get_by_role("searchbox")).to_have_value("+79161234567")


def test_the_address_of_a_form_leads_to_its_page(office: Office) -> None:
    page = office.page

    page.goto(f"{office.base_url}/admin/security/recovery-codes")

    expect(page.get_by_role("heading", name="Вход и защита")).to_be_visible()


def test_a_form_that_somebody_comes_back_to_is_sent_again(office: Office) -> None:
    page = office.page
    office.open("/admin/stores")
    fill_store(page)
    page.route("**/admin/stores", lambda route: route.abort("aborted"), times=1)
    with page.expect_event("requestfailed"):
        page.locator("form[action='/admin/stores'] button").click()

    back = "new PageTransitionEvent('pageshow', { persisted: true })"
    page.evaluate(f"void dispatchEvent({back})")  # the browser shows the page as it was left
    with page.expect_response("**/admin/stores"):
        page.locator("form[action='/admin/stores'] button").click()

    expect(page.locator("main")).to_contain_text("Лавка на углу")
