"""The office as it is seen: axe's rules, narrow and enlarged pages, no script refused."""

import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests.e2e.conftest import OpenPage
from tests.e2e.looks import OPEN_ALL, faults_in_all_looks, faults_in_forced_colours, too_wide
from tests.e2e.office import DESK, sign_up

PAGES = (
    "/admin",
    "/admin/members",
    "/admin/members?q=nobody",
    "/admin/operations",
    "/admin/attention",
    "/admin/attention?state=settled",
    "/admin/program",
    "/admin/program/templates?name=sport_nutrition",
    "/admin/program/edit",
    "/admin/program/document",
    "/admin/program/draft",
    "/admin/design",
    "/admin/posters",
    "/admin/messages",
    "/admin/stores",
    "/admin/tills/till-1",
    "/admin/staff",
    "/admin/keys",
    "/admin/audit",
    "/admin/security",
    "/admin/confirm?next=/admin/keys",
    "/admin/members/mem_unknown",
)
DOORS = ("/admin/sign-up", "/admin/sign-in", "/admin/forgotten")


@pytest.fixture(scope="module")
def state(browser: object, base_url: str) -> object:
    """Sign one owner up for all looks; the cookies."""
    context = browser.new_context(viewport=DESK, locale="ru-RU")  # type: ignore[attr-defined]
    sign_up(context.new_page(), base_url)
    kept = context.storage_state()
    context.close()
    return kept


@pytest.mark.parametrize("language", ["ru-RU", "en-GB"])
def test_no_page_has_a_fault_in_any_look(
    state: object, base_url: str, open_page: OpenPage, language: str
) -> None:
    inside = open_page(storage_state=state, viewport=DESK, locale=language)
    outside = open_page(viewport=DESK, locale=language)

    found = {
        path: faults
        for page, paths in ((inside, PAGES), (outside, DOORS))
        for path in paths
        if (faults := faults_at(page, f"{base_url}{path}"))
    }

    assert found == {}


def faults_at(page: Page, url: str) -> list[str]:
    """Return what is wrong with everything that opens open, and what the console says."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 404" not in message.text:
            said.append(message.text)

    page.on("console", hear)
    page.goto(url)
    found = too_wide(page)
    page.evaluate(OPEN_ALL)
    found += faults_in_forced_colours(page) + faults_in_all_looks(page)
    page.remove_listener("console", hear)
    return [*found, *said]


def test_the_keyboard_alone_skips_to_the_content_and_opens_the_menu(
    state: object, base_url: str, open_page: OpenPage
) -> None:
    page = open_page(storage_state=state)
    page.goto(f"{base_url}/admin")

    page.keyboard.press("Tab")
    skipped = page.evaluate("document.activeElement.getAttribute('href')")
    page.locator(".more summary").focus()
    page.keyboard.press("Enter")
    opened = page.locator(".sheet").is_visible()
    page.keyboard.press("Escape")

    assert skipped == "#content"
    assert opened
    assert not page.locator(".sheet").is_visible()
