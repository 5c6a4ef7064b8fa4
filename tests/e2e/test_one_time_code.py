"""The one-time code of the web card: drawn by the page, good at the till, also offline."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_of
from tests.e2e.shop import Shop, new_phone, open_shop
from tests.e2e.test_looks import give
from tests.e2e.test_other_ways_in import refuse_phone

MINUTE_MS = 60_000
DIGITS = re.compile(r"\d{3}\s\d{3}")


@pytest.fixture(scope="module")
def ruled(base_url: str) -> Shop:
    """A merchant whose tills always ask for a second factor."""
    return open_shop(base_url, confirm_above=0)


@pytest.fixture
def joined(ruled: Shop) -> Any:
    found = ruled.join()
    give(ruled, found["member_id"], f"give-{found['member_id']}", points=500)
    return found


def shown(page: Page) -> str:
    """Return what the card's symbol says, by the text beside it."""
    digits = page.locator("[data-digits] strong")
    expect(digits).to_have_text(DIGITS)
    start = page.locator("[data-one-time]").get_attribute("data-one-time")
    return f"{start}{re.sub(r'[^0-9]', '', digits.inner_text())}"


def drawn(page: Page) -> set[tuple[int, int]]:
    """Return the dark modules of the symbol on the page, as (column, row)."""
    path = page.locator(".qr path").get_attribute("d") or ""
    return {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", path)}


def symbol(payload: str) -> set[tuple[int, int]]:
    """Return the dark modules of a payload, as another encoder sets them."""
    code = QRCode(version=1, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=0)
    code.add_data(payload)
    code.make(fit=False)
    return {
        (x, y) for y, row in enumerate(code.get_matrix()) for x, dark in enumerate(row) if dark
    }


def test_what_the_card_shows_redeems_at_the_till(
    ruled: Shop, joined: Any, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(joined["card_url"])

    payload = shown(page)

    assert drawn(page) == symbol(payload)
    found = ruled.post("/v1/lookups", {"code": payload}, key=ruled.till_key).json
    assert (found["member_id"], found["verified"]) == (joined["member_id"], True)
    redeem = {"mode": "exact", "points": 100}
    confirmed = {"confirmation_id": found["confirmation_id"]}
    sold = ruled.sell(joined["member_id"], 1_000_000, redeem=redeem, **confirmed)
    assert sold["redeemed"] == 100


def test_the_code_changes_every_minute_also_without_a_network(
    ruled: Shop, joined: Any, open_page: OpenPage
) -> None:
    page = open_page()
    page.clock.install()
    page.goto(joined["card_url"])
    first = shown(page)
    page.context.set_offline(True)

    page.clock.fast_forward(MINUTE_MS)

    expect(page.locator("[data-digits] strong")).not_to_have_text(
        f"{first[-6:-3]}\u00a0{first[-3:]}"
    )
    second = shown(page)
    assert drawn(page) == symbol(second)
    found = ruled.post("/v1/lookups", {"code": second}, key=ruled.till_key).json
    assert found["verified"]  # a minute ahead of the service: one step


def test_a_phone_whose_clock_is_wrong_shows_the_right_code(
    ruled: Shop, joined: Any, open_page: OpenPage
) -> None:
    page = open_page()
    page.clock.install(time=1_000_000_000)  # 1970
    page.goto(joined["card_url"])

    payload = shown(page)

    assert ruled.post("/v1/lookups", {"code": payload}, key=ruled.till_key).json["verified"]


def test_without_a_script_the_static_code_stays(joined: Any, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)

    page.goto(joined["card_url"])

    expect(page.locator(".code")).to_be_visible()
    expect(page.locator(".qr")).to_be_visible()
    expect(page.locator("[data-digits]")).to_be_hidden()


def test_a_program_without_the_rule_shows_no_such_code(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()

    page.goto(shop.join()["card_url"])

    expect(page.locator(".code")).to_be_visible()
    assert page.locator("[data-one-time]").count() == 0
    assert "one_time" not in page.content()


def test_a_card_that_nobody_has_confirmed_shows_none_until_it_is(
    ruled: Shop, open_page: OpenPage
) -> None:
    page, phone = open_page(), new_phone()
    refuse_phone(page, ruled)
    page.get_by_role("button", name="Завести карту без номера").click()
    page.get_by_role("button", name="Пропустить").click()
    page.wait_for_url("**/c/**")
    expect(page.locator(".code")).to_be_visible()
    assert page.locator("[data-one-time]").count() == 0

    other = page.context.new_page()
    add = page.get_by_role("link", name="Добавить номер").get_attribute("href")
    other.goto(f"{ruled.base_url}{add}")
    other.get_by_label("Телефон", exact=True).fill(phone)
    other.get_by_role("button", name="Получить код", exact=True).click()
    other.get_by_label("Код из SMS", exact=True).fill(ruled.code_sent(phone))
    other.get_by_role("button", name="Подтвердить").click()
    expect(other.get_by_role("heading", name="Номер добавлен")).to_be_focused()
    other.close()

    payload = shown(page)
    assert drawn(page) == symbol(payload)
    assert ruled.post("/v1/lookups", {"code": payload}, key=ruled.till_key).json["verified"]


def test_a_replaced_pass_code_appears_by_itself(
    ruled: Shop, joined: Any, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(joined["card_url"])
    before = page.locator(".code").inner_text()
    path = f"/v1/members/{joined['member_id']}/code"

    made = ruled.post(path, {}, key=ruled.integration_key, idempotency_key=f"new-{path}")

    assert made.status == 201
    expect(page.locator(".code")).not_to_have_text(before, timeout=15_000)
    payload = shown(page)
    assert drawn(page) == symbol(payload)
    assert ruled.post("/v1/lookups", {"code": payload}, key=ruled.till_key).json["verified"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_it(joined: Any, open_page: OpenPage, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    page.goto(joined["card_url"])
    shown(page)

    assert faults_of(page) == []


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_digits_are_above_the_fold_of_a_phone(
    joined: Any, open_page: OpenPage, language: str
) -> None:
    page = open_page()
    page.goto(f"{joined['card_url']}?lang={language}")
    shown(page)

    box = page.locator("[data-digits]").bounding_box()

    assert box is not None
    assert box["y"] + box["height"] <= 844
