"""Points become a coupon by a button of the card, in a real browser."""

import re
from typing import Any

from playwright.sync_api import APIResponse, Page, Route, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.shop import Shop, open_shop

COUPONS = [
    {"id": "ten", "discount_percent": 10, "price_points": 50, "valid_days": 30},
    {"id": "rich", "discount": "500.00", "price_points": 5_000},
]


def opened(base_url: str, open_page: OpenPage, **options: Any) -> tuple[Page, Shop, Any]:
    """Return the open card of a member with 50 points."""
    shop = open_shop(base_url, coupons=COUPONS)
    joined = shop.join()
    shop.sell(joined["member_id"], 100_000)
    page = open_page(**options)
    page.goto(joined["card_url"])
    expect(page.locator("[data-balance]")).to_have_text("50")
    return page, shop, joined


def test_a_member_gets_a_coupon_for_points_and_uses_it(
    base_url: str, open_page: OpenPage
) -> None:
    page, shop, joined = opened(base_url, open_page)

    expect(page.get_by_text("Не хватает: 4 950 баллов")).to_be_visible()
    page.get_by_text("Получить за 50 баллов").click()
    page.get_by_role("button", name="Обменять 50 баллов").click()

    expect(page.locator("[data-balance]")).to_have_text("0")
    row = page.get_by_text(re.compile(r"\d{4} \d{4}"))
    expect(row).to_be_visible()
    found = re.search(r"\d{4} \d{4}", row.inner_text())
    assert found
    sold = shop.sell(joined["member_id"], 100_000, promo_codes=[found.group()])
    assert sold["discount_minor"] == 10_000


def test_a_press_after_a_lost_answer_takes_the_points_once(
    base_url: str, open_page: OpenPage
) -> None:
    page, shop, joined = opened(base_url, open_page)
    keys: list[str] = []

    def lose_the_first(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            route.continue_()
            return
        route.fetch()
        route.abort()

    page.route("**/coupons", lose_the_first)
    page.get_by_text("Получить за 50 баллов").click()
    button = page.get_by_role("button", name="Обменять 50 баллов")
    button.click()
    expect(page.get_by_text("Обмен не прошёл.")).to_be_visible()
    page.evaluate(
        "document.querySelector('[data-coupon]')?.click()"
    )  # at once: the card may refresh itself in between

    expect(page.locator("[data-balance]")).to_have_text("0")
    path = f"/v1/members/{joined['member_id']}/coupons"
    listed = shop.get(path, Authorization=f"Bearer {shop.till_key}").json["items"]
    assert len(listed) == 1
    assert len(set(keys)) == 1


def test_a_press_after_the_card_was_drawn_anew_takes_the_points_once(
    base_url: str, open_page: OpenPage
) -> None:
    page, shop, joined = opened(base_url, open_page, service_workers="block")
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/coupons", lambda route: held.append((route, route.fetch())), times=1)
    swap = page.get_by_role("button", name="Обменять 50 баллов")
    page.get_by_text("Получить за 50 баллов").click()
    with page.expect_request("**/coupons"):
        swap.click()
    shop.sell(joined["member_id"], 200_000)
    expect(page.locator("[data-balance]")).to_have_text("100")

    page.get_by_text("Получить за 50 баллов").click()
    swap.click()
    [(route, answer)] = held
    route.fulfill(response=answer)

    expect(page.locator("[data-said]")).to_have_text("Купон на карте")
    path = f"/v1/members/{joined['member_id']}/coupons"
    listed = shop.get(path, Authorization=f"Bearer {shop.till_key}").json["items"]
    assert len(listed) == 1


def test_a_lost_answer_is_asked_for_again_also_after_the_card_was_drawn_anew(
    base_url: str, open_page: OpenPage
) -> None:
    page, shop, joined = opened(base_url, open_page, service_workers="block")
    page.route("**/coupons", lambda route: (route.fetch(), route.abort()), times=1)
    swap = page.get_by_role("button", name="Обменять 50 баллов")
    page.get_by_text("Получить за 50 баллов").click()
    swap.click()
    shop.sell(joined["member_id"], 200_000)
    expect(page.locator("[data-balance]")).to_have_text("100")

    page.get_by_text("Получить за 50 баллов").click()
    swap.click()

    expect(page.locator("[data-said]")).to_have_text("Купон на карте")
    path = f"/v1/members/{joined['member_id']}/coupons"
    listed = shop.get(path, Authorization=f"Bearer {shop.till_key}").json["items"]
    assert len(listed) == 1
