"""Two tills lose their network, go on selling to one card, and settle to the point."""

from collections.abc import Iterable
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.shop import Shop
from tests.e2e.till import Till, open_till, put_up_another, scan, set_up

STEP = 20  # roubles: one point at 5 %
PAGE = 50


def seen_then_offline(open_page: OpenPage, till: Till, code: str) -> Page:
    """Open a till that has seen the card and then loses its network."""
    page = open_till(open_page, till, service_workers="block")
    scan(page, code)
    expect(page.locator("form.sale")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".home")).to_be_visible()
    page.context.set_offline(True)
    return page


def sell_offline(page: Page, code: str, amounts: Iterable[int]) -> None:
    """Sell to the card for each amount."""
    for amount in amounts:
        scan(page, code)
        expect(page.locator("form.sale")).to_contain_text("Без связи · как было в")
        page.locator("#amount").fill(str(amount))
        page.get_by_role("button", name="Сохранить").click()
        expect(page.get_by_role("heading", name="Покупка сохранена")).to_be_visible()
        page.locator("[data-next]").click()
        expect(page.locator(".home")).to_be_visible()


def come_back(page: Page) -> None:
    """Give the network back, and say so: a scanner's session had taken the page for online."""
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")


def ledger_of(shop: Shop, member_id: str) -> list[Any]:
    """Return all entries of a member, oldest first."""
    path = f"/v1/members/{member_id}/ledger?limit={PAGE}"
    found = shop.get(path, Authorization=f"Bearer {shop.integration_key}").json
    assert found["next_cursor"] is None
    return list(reversed(found["items"]))


def test_twenty_offline_receipts_of_two_tills_settle_exactly(
    shop: Shop, open_page: OpenPage
) -> None:
    member = str(shop.join()["member_id"])
    till = set_up(shop)
    code = till.pass_code(member)
    amounts = [STEP * number for number in range(1, 21)]
    first = seen_then_offline(open_page, till, code)
    second = seen_then_offline(open_page, put_up_another(till), code)
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)  # the service does its work
        route.abort()

    sell_offline(first, code, amounts[0::2])
    sell_offline(second, code, amounts[1::2])
    for page in (first, second):
        expect(page.locator("[data-network]")).to_contain_text("10 в очереди")
    assert till.balance(member) == 0
    first.route("**/v1/purchase-batches", lose, times=1)
    for page in (first, second):
        come_back(page)
    for page in (first, second):
        expect(page.locator("[data-network]")).to_contain_text("На связи")

    entries = [one for one in ledger_of(shop, member) if one["kind"] == "purchase"]
    receipts = shop.get(
        f"/v1/purchases?member_id={member}&limit={PAGE}",
        Authorization=f"Bearer {shop.till_key}",
    ).json["items"]
    assert lost == [200]
    assert sorted(one["gross_minor"] for one in receipts) == [100 * one for one in amounts]
    assert sorted(one["points"] for one in entries) == list(range(1, 21))
    assert till.balance(member) == sum(range(1, 21)) == entries[-1]["balance_after"]
