"""What was sold before: at the start, also after a reload, and on paper."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.till import DESK, Till, bind, open_sale, open_till, scan, sign_in


def sold(page: Page, till: Till, member: str) -> None:
    """Sell something and go back to the start."""
    scan(page, till.pass_code(member))
    page.locator("#amount").fill("1234")
    page.get_by_role("button", name="Провести").click()
    page.get_by_role("button", name="Следующий").click()
    expect(page.locator(".home")).to_contain_text("1\u00a0234\u00a0₽")


def test_a_reload_keeps_the_latest_operations_in_sight(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_till(open_page, till)
    sold(page, till, member)

    page.reload()

    expect(page.locator(".home")).to_contain_text("1\u00a0234\u00a0₽")


def test_a_till_opened_without_a_network_shows_them_once_there_is_one(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_page(viewport=DESK)
    bind(page, till)
    sign_in(page)
    sold(page, till, member)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator(".home")).to_contain_text("Здесь появится первая покупка")

    page.context.set_offline(False)

    expect(page.locator(".home")).to_contain_text("1\u00a0234\u00a0₽")


def test_a_purchase_by_its_total_is_called_so_on_paper(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_sale(open_page, till, member, "1000")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Напечатать чек").click()

    paper = page.locator(".paper")
    expect(paper).to_contain_text("Покупка")
    expect(paper).not_to_contain_text("Строка")
