"""SMS about points: the owner switches them on, and the shopper sees the choice."""

import threading
import time
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage
from tests.e2e.office import DESK, Office, sign_up
from tests.e2e.shop import Shop
from tests.e2e.test_journey import member_of
from tests.e2e.test_own_pages import go, saved, sign_in

SECONDS_MAX = 20.0


@pytest.fixture
def office(open_page: OpenPage, base_url: str) -> Office:
    return sign_up(open_page(viewport=DESK), base_url)


def switch(office: Office, button: str, said: str) -> None:
    office.open("/admin/messages")
    office.page.get_by_role("button", name=button).click()
    expect(office.page.get_by_role("status")).to_have_text(said)


def give(office: Office, member_id: str, points: int) -> None:
    answer = office.page.request.post(
        f"{office.base_url}/v1/members/{member_id}/grants",
        data={"points": points, "reason": "thanks"},
        headers={
            "X-CSRF-Token": office.token(),
            "Origin": office.base_url,
            "Sec-Fetch-Site": "same-origin",
            "Idempotency-Key": f"give-{member_id}-{points}",
        },
    )
    assert answer.status == 201, answer.text()


def sent(shop: Shop, phone: str, ending: str) -> str:
    """Return the message to a phone that ends so, once it has arrived."""
    deadline, pause = time.monotonic() + SECONDS_MAX, threading.Event()
    while time.monotonic() < deadline:
        items = shop.get(f"/local/outbox?phone={quote(phone)}").json["items"]
        found = [item["text"] for item in items if item["text"].endswith(ending)]
        if found:
            return str(found[0])
        pause.wait(0.05)
    raise AssertionError("no message arrived")


def test_points_are_told_by_sms_once_the_owner_pays_for_it(
    office: Office, open_page: OpenPage
) -> None:
    shop, page = Shop(office.base_url, office.merchant_id, "", ""), open_page()
    phone = sign_in(page, shop)
    member_id = member_of(page)
    go(page, "Настройки")
    points = page.get_by_role("group", name="Начисления и списания")
    expect(points.get_by_label("SMS")).to_have_count(0)

    office.open("/admin/messages")
    expect(office.page.get_by_text("2,50")).to_be_visible()  # what one costs
    switch(office, "Включить SMS о баллах", "SMS о баллах включены")
    give(office, member_id, 40)

    told = sent(shop, phone, "На карте 40.")
    assert "начислено баллов 40" in told
    page.reload()
    points.get_by_label("SMS").uncheck()
    saved(page, "Сохранить уведомления")
    switch(office, "Выключить SMS о баллах", "SMS о баллах выключены")
    page.reload()
    expect(points.get_by_label("SMS")).to_have_count(0)
