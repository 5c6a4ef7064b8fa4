"""An owner who has forgotten the password, from the sign-in page to the overview."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_in_all_looks, too_wide
from tests.e2e.office import DESK, Office, code_of, later, sign_up
from tests.e2e.shop import now_of

NEW = "девять серебряных вилок"
MINUTE = 60


def ask_for_link(page: Page, office: Office) -> str:
    """Ask for a letter from the sign-in page; the link in it."""
    page.goto(f"{office.base_url}/admin/sign-in?lang=ru")
    page.get_by_role("link", name="Забыли пароль?").click()
    page.get_by_label("Электронная почта").fill(office.email)
    page.get_by_role("button", name="Отправить ссылку").click()
    expect(page.get_by_role("status")).to_contain_text("Проверьте почту")
    return office.link_sent()


def test_a_letter_leads_to_a_new_password_and_back_into_the_office(
    open_page: OpenPage, base_url: str
) -> None:
    office = sign_up(open_page(viewport=DESK), base_url)
    page = open_page(viewport=DESK)
    link = ask_for_link(page, office)

    page.goto(link)
    expect(page.get_by_label("Электронная почта")).to_have_value(office.email)
    page.get_by_label("Новый пароль", exact=True).fill(NEW)
    page.get_by_role("button", name="Сохранить пароль").click()
    expect(page.get_by_role("status")).to_contain_text("Пароль изменён")
    with later(base_url, 5 * MINUTE):  # a code is good once
        page.get_by_label("Электронная почта").fill(office.email)
        page.get_by_label("Пароль", exact=True).fill(NEW)
        page.get_by_role("button", name="Войти").click()
        code = code_of(office.secret, now_of(base_url).timestamp())
        page.get_by_label("Код из приложения").fill(code)  # sends itself
        expect(page.get_by_role("heading", name="Обзор")).to_be_visible()

    office.page.reload()
    expect(office.page.get_by_role("heading", name="Вход в кабинет")).to_be_visible()


def test_a_link_that_was_used_offers_another(open_page: OpenPage, base_url: str) -> None:
    office = sign_up(open_page(viewport=DESK), base_url)
    page = open_page()
    link = ask_for_link(page, office)
    page.goto(link)
    page.get_by_label("Новый пароль", exact=True).fill(NEW)
    page.get_by_role("button", name="Сохранить пароль").click()
    expect(page.get_by_role("heading", name="Вход в кабинет")).to_be_visible()

    page.goto(link)

    expect(page.get_by_role("heading", name="Ссылка уже не действует")).to_be_visible()
    page.get_by_role("link", name="Отправить новую ссылку").click()
    expect(page.get_by_label("Электронная почта")).to_be_visible()


def test_its_pages_have_no_fault_in_any_look(open_page: OpenPage, base_url: str) -> None:
    office = sign_up(open_page(viewport=DESK), base_url)
    page = open_page(viewport=DESK)
    link = ask_for_link(page, office)
    found = too_wide(page) + faults_in_all_looks(page)

    page.goto(link)
    found += too_wide(page) + faults_in_all_looks(page)
    page.goto(f"{link.partition('?')[0]}x?lang=ru")
    expect(page.get_by_role("heading", name="Ссылка уже не действует")).to_be_visible()
    found += too_wide(page) + faults_in_all_looks(page)

    assert found == []
