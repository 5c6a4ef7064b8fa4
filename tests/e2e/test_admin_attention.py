"""What an offline till could not settle reaches the owner, and is dealt with; debts too."""

from datetime import UTC, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_of
from tests.e2e.office import DESK, Office, sign_up
from tests.e2e.shop import Shop, now_of
from tests.e2e.test_admin_audit import called, made
from tests.e2e.test_admin_guards import join
from tests.e2e.test_twenty_offline import come_back
from tests.e2e.till import CASHIER, PIN, Till, bind, scan
from tests.e2e.till import sign_in as sign_in_at_till

HAND = {"width": 390, "height": 844}
NOTE = "Позвонили, покупка была: начислили вручную"
OWED = 30
RULES = {
    "title": "Пекарня",
    "point_value": "1.00",
    "earn_percent": 1,
    "redeem_percent": 100,
    "offline_redeem_limit": 50,
}


@pytest.fixture
def office(open_page: OpenPage, base_url: str) -> Office:
    return sign_up(open_page(viewport=DESK), base_url)


@pytest.fixture
def desk(office: Office, open_page: OpenPage, base_url: str) -> Page:
    """A till of the office's shop, with its cashier signed in."""
    shop = Shop(base_url, office.merchant_id, "", "")
    cashier_id = made(office, "/v1/staff", {"name": CASHIER, "role": "cashier", "pin": PIN})
    other = made(office, "/v1/staff", {"name": "Вера", "role": "cashier", "pin": "9382"})
    till = made(office, "/v1/tills", {"store_id": "main", "name": "У входа"})
    page = open_page(viewport=DESK)
    ids = (one["staff_id"] for one in (cashier_id, other))
    bind(page, Till(shop, till["till_id"], *ids))
    sign_in_at_till(page)
    return page


def asked(office: Office, method: str, path: str, body: Any = None) -> Any:
    """Call the service with the owner's session."""
    headers = {
        "X-CSRF-Token": office.token(),
        "Origin": office.base_url,
        "Sec-Fetch-Site": "same-origin",
        "Idempotency-Key": f"{method} {path}",
    }
    answer = office.page.request.fetch(
        f"{office.base_url}{path}", method=method, headers=headers, data=body
    )
    assert answer.ok, answer.text()
    return answer.json()


def pass_code(office: Office, member_id: str) -> str:
    found = asked(office, "GET", f"/v1/members/{member_id}")["identifiers"]
    return str(next(one["value"] for one in found if one["type"] == "pass"))


def sell_without_network(page: Page, code: str) -> None:
    """Sell to a card the till has seen before, with the network gone."""
    scan(page, code)
    expect(page.locator("form.sale")).to_be_visible()
    page.keyboard.press("Escape")
    page.context.set_offline(True)
    scan(page, code)
    page.get_by_label("выпечка", exact=True).fill("875")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("heading", name="Покупка сохранена")).to_be_visible()
    page.locator("[data-next]").click()


def test_a_sale_refused_after_the_outage_is_seen_by_cashier_and_owner_and_settled(
    office: Office, desk: Page
) -> None:
    member_id = join(office)
    sell_without_network(desk, pass_code(office, member_id))
    asked(office, "DELETE", f"/v1/members/{member_id}?reason=asked")

    come_back(desk)
    desk.locator("[data-network]", has_text="не принят").click()
    desk.get_by_role("button", name="Понятно").click()
    expect(desk.get_by_text("Такой карты в программе нет")).to_have_count(0)
    office.open("/admin")
    page = office.page
    page.locator(".side").get_by_role("link", name="Внимание 1").click()
    matter = page.locator(".matter")
    expect(matter).to_contain_text("875\u00a0₽")
    expect(matter).to_contain_text("У входа · Анна")
    expect(matter).to_contain_text("Такой карты в программе нет")
    assert faults_of(page) == []
    matter.get_by_text("Закрыть с пометкой").click()
    matter.get_by_role("button", name="Закрыть", exact=True).click()
    matter.get_by_label("Что сделано").fill(NOTE)
    matter.get_by_role("button", name="Закрыть", exact=True).click()

    expect(page.get_by_role("status")).to_contain_text("Закрыто")
    expect(page.get_by_text("Сейчас ничего не требует внимания")).to_be_visible()
    page.get_by_role("link", name="Закрытые").click()
    expect(page.locator(".matter")).to_contain_text(NOTE)
    assert faults_of(page) == []
    office.open("/admin/audit")
    row = page.get_by_role("row", name="Продажа без связи закрыта")
    expect(row).to_contain_text(NOTE)


def test_a_debt_is_listed_and_forgiven(office: Office, desk: Page, base_url: str) -> None:
    asked(office, "PUT", "/v1/program/draft", RULES)
    asked(office, "POST", "/v1/program/draft/publish")
    member_id = join(office)
    sold_at = now_of(base_url).astimezone(UTC) - timedelta(minutes=10)
    sale = {
        "member_id": member_id,
        "receipt_id": "7-002",
        "channel": "offline",
        "total_minor": OWED * 100,
        "at": sold_at.isoformat(),
        "redeem": {"mode": "exact", "points": OWED},
    }
    called(desk, "/v1/purchases", sale, "sell-offline")
    office.open("/admin/attention")
    page = office.page
    matter = page.locator(".matter")
    expect(matter).to_contain_text(f"{OWED}\u00a0баллов")
    expect(matter).to_contain_text("Списание без связи · чек 7-002")
    expect(page.get_by_role("row", name="У входа")).to_contain_text(str(OWED))
    assert faults_of(page) == []

    matter.get_by_text("Простить").first.click()
    matter.get_by_label("Причина").fill("Сбой сети у нас")
    matter.get_by_role("button", name=f"Простить долг: {OWED}\u00a0баллов").click()

    expect(page.get_by_role("status")).to_contain_text("Долг прощён")
    expect(page.get_by_text("Никто ничего не должен")).to_be_visible()
    assert asked(office, "GET", f"/v1/members/{member_id}")["balance"]["debt"] == 0
    page.set_viewport_size(HAND)
    assert faults_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= HAND["width"]


def test_what_needs_attention_looks_whole_on_a_phone(office: Office) -> None:
    page = office.page
    page.set_viewport_size({"width": 320, "height": 700})

    office.open("/admin/attention")

    expect(page.get_by_text("Сейчас ничего не требует внимания")).to_be_visible()
    assert faults_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
