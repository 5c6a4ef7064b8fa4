"""One tap in a message, in a real browser: the phone is confirmed, the card opens."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_of
from tests.e2e.shop import Shop
from tests.journeys.calling import eventually

PHONE = "+79995550{:03d}"
NUMBERS = iter(range(1000))
VIEWS = [
    ("ru-RU", "light", 390), ("en-GB", "dark", 390), ("ru-RU", "dark", 1366),
    ("ru-RU", "light", 320),
]  # fmt: skip


def link_sent(shop: Shop, phone: str) -> str:
    """Return the address in the latest message, once it has arrived."""

    def look() -> str | None:
        items = shop.get(f"/local/outbox?phone={quote(phone)}").json["items"]
        found = [re.search(r"https?://\S+/k/[0-9a-f]{16}$", item["text"]) for item in items]
        return found[0].group() if found and found[0] else None

    return eventually(look, "a link")


@pytest.fixture
def typed_in(shop: Shop) -> tuple[str, str]:
    """A member the till has typed in: id, and the link on the phone."""
    phone = PHONE.format(next(NUMBERS))
    body = {"phone": phone, "language": "ru"}
    answer = shop.post("/v1/members", body, key=shop.till_key, idempotency_key=phone)
    assert answer.status == 201, answer.text
    return answer.json["id"], link_sent(shop, phone)


def is_confirmed(shop: Shop, member_id: str) -> bool:
    found = shop.get(f"/v1/members/{member_id}", Authorization=f"Bearer {shop.till_key}")
    return bool(found.json["member_verified"])


def test_one_tap_confirms_and_the_consents_lead_to_the_card(
    shop: Shop, typed_in: tuple[str, str], open_page: OpenPage
) -> None:
    member_id, link = typed_in
    page = open_page()

    page.goto(link)
    expect(page.get_by_role("heading", name="Номер подтверждён")).to_be_visible()
    confirmed = is_confirmed(shop, member_id)
    page.get_by_role("button", name="Открыть карту").click()
    asked = page.get_by_text("Отметьте согласие")
    expect(asked).to_be_visible()
    page.get_by_label(re.compile("Даю согласие")).check()
    page.get_by_role("button", name="Открыть карту").click()
    page.wait_for_url("**/c/**")

    assert confirmed
    expect(page.locator(".qr").first).to_be_visible()


def test_a_preview_without_scripts_confirms_nothing(
    shop: Shop, typed_in: tuple[str, str], open_page: OpenPage
) -> None:
    member_id, link = typed_in

    open_page(java_script_enabled=False).goto(link)

    assert not is_confirmed(shop, member_id)


def test_without_a_network_the_page_says_so_and_tries_again(
    shop: Shop, typed_in: tuple[str, str], open_page: OpenPage
) -> None:
    member_id, link = typed_in
    page = open_page()
    page.route("**/v1/phone-links/**", lambda route: route.abort())
    page.goto(link)
    expect(page.get_by_text("Нет связи")).to_be_visible()
    page.unroute("**/v1/phone-links/**")

    page.get_by_role("button", name="Повторить").click()

    expect(page.get_by_role("heading", name="Номер подтверждён")).to_be_visible()
    assert is_confirmed(shop, member_id)


def test_trouble_of_the_service_is_not_called_trouble_of_the_network(
    typed_in: tuple[str, str], open_page: OpenPage
) -> None:
    _, link = typed_in
    page = open_page()
    page.route("**/v1/phone-links/**", lambda route: route.fulfill(status=503, json={}))

    page.goto(link)

    expect(page.get_by_text("Сейчас не получилось. Баллы на месте.")).to_be_visible()
    expect(page.get_by_role("button", name="Повторить")).to_be_visible()


@pytest.mark.parametrize(("locale", "scheme", "width"), VIEWS)
def test_the_page_can_be_used_by_everybody(
    typed_in: tuple[str, str], open_page: OpenPage, locale: str, scheme: str, width: int
) -> None:
    _, link = typed_in
    size = {"width": width, "height": 844}
    page = open_page(locale=locale, color_scheme=scheme, viewport=size)

    page.goto(link)
    page.get_by_role("button").last.wait_for()

    assert faults_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_stands_in_the_middle_of_a_wide_screen(
    typed_in: tuple[str, str], open_page: OpenPage
) -> None:
    _, link = typed_in
    page = open_page(viewport={"width": 1366, "height": 768})

    page.goto(link)

    step = page.locator("[data-step=confirmed]")
    expect(step).to_be_visible()
    box = step.bounding_box()
    assert box is not None
    assert box["width"] <= 480
    assert round(box["x"] + box["width"] / 2) == 1366 // 2


def test_the_enlarged_page_needs_no_sideways_scrolling(
    typed_in: tuple[str, str], open_page: OpenPage
) -> None:
    _, link = typed_in
    page = open_page(viewport={"width": 390, "height": 640})
    page.goto(link)
    page.get_by_role("button").last.wait_for()

    page.evaluate("document.documentElement.style.fontSize = '32px'")

    assert page.evaluate("document.documentElement.scrollWidth") == 390
