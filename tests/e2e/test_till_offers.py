"""What a cashier mentions and takes at a sale: codes, coupons, categories, former purchases."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_of
from tests.e2e.shop import Shop, ask, open_shop
from tests.e2e.test_till_sale import enter, give
from tests.e2e.till import HAND, HAND_MS, Till, by_code, open_till, scan, set_up
from tests.journeys.calling import eventually

MONEY = "\u00a0₽"
COUPONS = [
    {"id": "ten", "discount_percent": 10},
    {"id": "rich", "discount": "500.00", "min_receipt": "5000.00"},
]
CATEGORIES = {
    "bread": {"earn": 10, "redeem": 20},
    "coffee": {"earn": 2, "redeem": 20},
    "default": {"earn": 0, "redeem": 20},
}
ONLY_LISTED = {"bread": {"earn": 10, "redeem": 20}, "coffee": {"earn": 2, "redeem": 20}}


@pytest.fixture
def till(base_url: str) -> Till:
    return set_up(open_shop(base_url, coupons=COUPONS))


def mine(joined: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {joined['member_token']}"}


def by_message(shop: Shop, joined: Any, coupon: str) -> str:
    """Send a member who has agreed to messages a coupon; its code as the message says it."""
    consent = {"purpose": "advertising", "granted": True, "text_version": "test"}
    path = f"{shop.base_url}/v1/me/consents"
    agreed = ask(path, body={"consents": [consent]}, headers=mine(joined))
    assert agreed.status == 200, agreed.text
    member_id = joined["member_id"]
    body = {"coupon": coupon, "pay": "none", "notify": "sms"}
    key = f"coupon-{member_id}"
    path = f"/v1/members/{member_id}/coupons"
    given = shop.post(path, body, key=shop.integration_key, idempotency_key=key)
    assert given.status == 201, given.text
    said = re.compile(f"{given.json['code'][:4]} {given.json['code'][4:]}")

    def arrived() -> str | None:
        items = shop.get("/local/outbox?limit=1000").json["items"]
        found = [said.search(item["text"]) for item in items if item["kind"] == "sms"]
        return next((one.group() for one in found if one), None)

    return eventually(arrived, "the coupon's message")


def put_in(page: Page, code: str) -> None:
    """Type a promo code or a coupon."""
    page.get_by_role("button", name="Промокод", exact=True).click()
    page.get_by_label("Промокод или купон").fill(code)
    page.keyboard.press("Enter")


def test_a_promo_code_takes_its_part_off_and_a_wrong_one_is_told_and_taken_out(
    till: Till, open_page: OpenPage
) -> None:
    shop, member = till.shop, str(till.shop.join()["member_id"])
    wish = {"code": "ОСЕНЬ10", "coupon": "ten"}
    made = shop.post(
        "/v1/promo-codes", wish, key=shop.integration_key, idempotency_key="autumn"
    )
    assert made.status == 201, made.text
    page = open_till(open_page, till, **HAND)
    by_code(page, till.pass_code(member))
    enter(page, "1000")

    put_in(page, "зима")
    expect(page.locator(".sale [role=alert]")).to_contain_text("Промокод")
    expect(page.locator(".extra.taken")).to_have_count(0)
    put_in(page, "осень10")
    expect(page.locator(".preview")).to_contain_text(f"\u2212100{MONEY}")
    page.get_by_role("button", name=f"Провести · к оплате 900{MONEY}").tap()

    expect(page.locator(".result")).to_contain_text(f"900{MONEY}")
    [receipt] = till.receipts(member)
    assert (receipt["discount_minor"], receipt["money_minor"]) == (10_000, 90_000)
    assert [one["is_applied"] for one in receipt["promo_codes"]] == [True]


def test_a_code_that_gives_nothing_here_is_said_to_give_nothing(
    till: Till, open_page: OpenPage
) -> None:
    shop, member = till.shop, str(till.shop.join()["member_id"])
    wish = {"code": "ОПТ500", "coupon": "rich"}
    shop.post("/v1/promo-codes", wish, key=shop.integration_key, idempotency_key="rich")
    page = open_till(open_page, till)
    by_code(page, till.pass_code(member))
    enter(page, "1000")

    put_in(page, "ОПТ500")
    expect(page.locator(".preview")).to_contain_text("ничего не дал")
    page.get_by_role("button", name="Убрать промокод").click()

    expect(page.locator(".preview")).not_to_contain_text("ничего не дал")
    expect(page.locator(".go")).to_contain_text(f"1\u00a0000{MONEY}")


def test_a_coupon_of_a_message_is_used_once(till: Till, open_page: OpenPage) -> None:
    joined = till.shop.join()
    code = by_message(till.shop, joined, "ten")
    member = str(joined["member_id"])
    page = open_till(open_page, till)
    by_code(page, till.pass_code(member))
    enter(page, "1000")

    put_in(page, code)
    expect(page.locator(".go")).to_contain_text(f"900{MONEY}")
    page.locator(".go").click()
    page.locator("[data-next]").click()
    by_code(page, till.pass_code(member))
    enter(page, "1000")
    put_in(page, code)

    expect(page.locator(".sale [role=alert]")).to_contain_text("Промокод")
    expect(page.locator(".go")).to_contain_text(f"1\u00a0000{MONEY}")
    [receipt] = till.receipts(member)
    assert receipt["discount_minor"] == 10_000


def test_a_birthday_and_offers_are_seen_at_the_header_and_used_by_one_touch(
    till: Till, open_page: OpenPage
) -> None:
    joined = till.shop.join()
    near = till.shop.now() + timedelta(days=3)
    born = f"1990-{near:%m-%d}" if near.day != 29 else f"1988-{near:%m-%d}"
    path = f"{till.shop.base_url}/v1/me"
    kept = ask(path, body={"birth_date": born}, headers=mine(joined), method="PATCH")
    assert kept.status == 200, kept.text
    by_message(till.shop, joined, "ten")
    page = open_till(open_page, till, **HAND)

    by_code(page, till.pass_code(str(joined["member_id"])))
    expect(page.locator(".member .badges")).to_contain_text("День рождения рядом")
    enter(page, "1000")
    page.get_by_role("button", name="Предложения · 1").tap()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("скидка 10")
    assert faults_of(page) == []
    dialog.get_by_role("button", name="Применить").tap()

    expect(page.locator(".go")).to_contain_text(f"900{MONEY}")


@pytest.mark.parametrize("rates", [CATEGORIES, ONLY_LISTED], ids=["others too", "no others"])
def test_a_sale_begins_with_what_earns(
    base_url: str, open_page: OpenPage, rates: dict[str, Any]
) -> None:
    shop = open_shop(base_url, rates=None, category_rates=rates)
    till, member = set_up(shop), str(shop.join()["member_id"])
    page = open_till(open_page, till)
    by_code(page, till.pass_code(member))

    first = page.get_by_role("button", name="Категории" if rates is ONLY_LISTED else "Сумма")
    expect(first).to_have_attribute("aria-pressed", "true")
    page.keyboard.type("1000", delay=HAND_MS)

    expect(page.locator(".go")).to_contain_text(f"1\u00a0000{MONEY}")
    earned = "+100\u00a0баллов" if rates is ONLY_LISTED else "0\u00a0баллов"
    expect(page.locator(".preview")).to_contain_text(earned)


def test_each_category_is_priced_by_its_own_rate(base_url: str, open_page: OpenPage) -> None:
    shop = open_shop(base_url, rates=None, category_rates=CATEGORIES)
    till, member = set_up(shop), str(shop.join()["member_id"])
    page = open_till(open_page, till)
    by_code(page, till.pass_code(member))

    page.get_by_role("button", name="Категории").click()
    expect(page.get_by_label("bread", exact=True)).to_be_focused()
    page.get_by_label("bread", exact=True).fill("1000")
    page.get_by_label("кофе", exact=True).fill("500")
    expect(page.locator("[data-total]")).to_have_text(f"1\u00a0500{MONEY}")
    expect(page.locator(".preview")).to_contain_text("+110\u00a0баллов")
    expect(page.locator(".why", has_text="bread")).to_contain_text("+100\u00a0баллов")
    expect(page.locator(".why", has_text="Категория «кофе»")).to_contain_text("+10\u00a0баллов")
    assert faults_of(page) == []
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="+110\u00a0баллов")).to_be_visible()
    [receipt] = till.receipts(member)
    lines = {one["category"]: (one["gross_minor"], one["earned"]) for one in receipt["lines"]}
    assert lines == {"bread": (100_000, 100), "coffee": (50_000, 10)}


def bought(till: Till, member: str) -> None:
    """Let a member have bought four times, bread most often."""
    for amount, category in ((10_000, "milk"), (20_000, "bread"), (30_000, "bread")):
        line = {"quantity": "1", "unit_price_minor": amount, "category": category}
        till.shop.sell(member, amount, lines=[line])
    till.shop.sell(member, 40_000)


@pytest.mark.parametrize("is_phone", [True, False], ids=["phone", "desk"])
def test_the_last_purchases_are_one_touch_away_and_read_only_then(
    till: Till, open_page: OpenPage, is_phone: bool
) -> None:
    member = str(till.shop.join()["member_id"])
    bought(till, member)
    give(till, member, 500)  # a movement, and no purchase
    page = open_till(open_page, till, **(HAND if is_phone else {}))
    asked: list[str] = []

    def hear(request: Request) -> None:
        if "/v1/purchases?" in request.url:
            asked.append(request.url)

    page.on("request", hear)
    scan(page, till.pass_code(member))
    enter(page, "100")
    before = list(asked)
    if is_phone:
        page.get_by_role("button", name="Подробнее").tap()
    else:
        page.get_by_role("button", name="Показать").click()

    rows = page.locator(".purchases li:visible")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text(f"400{MONEY}")
    expect(rows.nth(0)).to_contain_text("+20\u00a0баллов")
    expect(rows.nth(2)).to_contain_text(f"200{MONEY}")
    often = page.locator(".purchases:visible", has_text="Чаще всего: bread")
    expect(often).not_to_contain_text("milk")
    assert (before, len(asked)) == ([], 1)
    assert faults_of(page) == []


def test_who_has_bought_nothing_yet_is_said_so_and_without_a_network_nothing_is_made_up(
    till: Till, open_page: OpenPage
) -> None:
    member = str(till.shop.join()["member_id"])
    page = open_till(open_page, till)
    by_code(page, till.pass_code(member))

    page.context.set_offline(True)
    page.get_by_role("button", name="Подробнее").click()
    expect(page.get_by_role("dialog")).to_contain_text("Нет связи")
    page.keyboard.press("Escape")
    page.context.set_offline(False)
    page.get_by_role("button", name="Подробнее").click()

    expect(page.get_by_role("dialog")).to_contain_text("Здесь появится первая покупка")
