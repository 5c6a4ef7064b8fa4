"""The funnel over the whole application: cards, phones, days, tables, and who may look."""

from typing import Any

import pytest

from chalicelib.adapters.dynamo.funnel_items import FunnelItem
from chalicelib.adapters.dynamo.items import Item
from chalicelib.wiring import services
from tests.api.caller import Caller
from tests.api.iphone import Iphone
from tests.api.shop import PROGRAM, Shop, open_shop

DAY = 86_400
HEAD = (
    "day,created,added_to_apple,added_to_google,web_only,removed,"
    "pushes_sent,pushes_delivered,pushes_failed,pushes_dead"
)


def funnel(shop: Shop, query: str = "?from=2026-06-01&to=2026-06-01") -> dict[str, Any]:
    answer = shop.office.get(f"/v1/funnel{query}")
    assert answer.status == 200, answer.body
    return answer.json


def numbers(counts: dict[str, Any]) -> dict[str, int]:
    """Return what is not zero."""
    return {name: number for name, number in counts.items() if number and name != "day"}


@pytest.fixture
def phone(shop: Shop) -> Iphone:
    return Iphone(Caller(shop.client), device_id=f"phone-{shop.merchant_id}")


def test_three_cards_one_on_a_phone_one_removed_one_on_the_web_only(
    shop: Shop, phone: Iphone
) -> None:
    kept, removed, _ = (shop.join() for _ in range(3))
    phone.add(kept["apple_pass_url"])
    phone.remove(phone.add(removed["apple_pass_url"]).serial)

    found = funnel(shop)

    expected = {"created": 3, "added_to_apple": 2, "web_only": 1, "removed": 1}
    assert numbers(found["items"][0]) == expected
    assert numbers(found["total"]) == expected


def test_repeats_of_a_phone_are_counted_once(shop: Shop, phone: Iphone) -> None:
    one = phone.add(shop.join()["apple_pass_url"])
    for push_token in ("0a", "0b", "0b"):
        phone.push_token = push_token
        phone.register(one)
    for _ in range(2):
        phone.held[one.serial] = one
        phone.remove(one.serial)

    found = funnel(shop)["total"]

    assert numbers(found) == {"created": 1, "added_to_apple": 1, "removed": 1}


def test_a_wrong_token_counts_nothing(shop: Shop, phone: Iphone) -> None:
    one = phone.take(shop.join()["apple_pass_url"])
    one.token = "x" * 20

    answer = phone.register(one)

    assert answer.status == 401
    assert numbers(funnel(shop)["total"]) == {"created": 1, "web_only": 1}


def test_a_card_added_days_later_leaves_the_web_only_of_its_own_day(
    shop: Shop, phone: Iphone
) -> None:
    joined = shop.join()
    before = funnel(shop)["items"][0]["web_only"]
    services().clock.advance(2 * DAY)
    phone.add(joined["apple_pass_url"])

    days = funnel(shop, "?from=2026-06-01&to=2026-06-03")["items"]

    assert before == 1
    assert [numbers(day) for day in days] == [{"created": 1}, {}, {"added_to_apple": 1}]


def test_a_day_is_the_programs_not_utcs(shop: Shop, phone: Iphone) -> None:
    services().clock.advance(10 * 3_600)  # 22:00 UTC is tomorrow in Moscow
    phone.remove(phone.add(shop.join()["apple_pass_url"]).serial)

    days = funnel(shop, "?from=2026-06-01&to=2026-06-02")["items"]

    expected = {"created": 1, "added_to_apple": 1, "removed": 1}
    assert [numbers(day) for day in days] == [{}, expected]


def test_thirty_days_to_today_are_shown_unless_it_is_said(shop: Shop) -> None:
    days = funnel(shop, "")["items"]

    assert [days[0]["day"], days[-1]["day"], len(days)] == ["2026-05-03", "2026-06-01", 30]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?from=2026-06-02&to=2026-06-01", "period_refused"),
        ("?from=2026-03-01&to=2026-06-01", "period_refused"),  # 93 days
        ("?from=yesterday", "bad_input"),
        ("?since=2026-06-01", "unknown_field"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/funnel", "/v1/funnel.csv"])
def test_a_stretch_that_cannot_be_shown_is_refused(
    shop: Shop, path: str, query: str, code: str
) -> None:
    answer = shop.office.get(path + query)

    assert (answer.status, answer.code) == (400, code)


def test_ninety_two_days_are_shown(shop: Shop) -> None:
    assert len(funnel(shop, "?from=2026-03-02&to=2026-06-01")["items"]) == 92


def test_the_table_has_a_row_for_every_day(shop: Shop) -> None:
    shop.join()

    answer = shop.office.get("/v1/funnel.csv?from=2026-05-31&to=2026-06-01")

    rows = answer.body.decode().splitlines()
    assert rows == [HEAD, "2026-05-31" + ",0" * 9, "2026-06-01,1,0,0,1,0,0,0,0,0"]
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_a_merchant_sees_its_own_cards_alone(shop: Shop, other_shop: Shop) -> None:
    shop.join()

    assert numbers(funnel(other_shop)["total"]) == {}


def test_a_till_may_not_look(shop: Shop) -> None:
    answers = [shop.till.get(f"/v1/funnel{suffix}") for suffix in ("", ".csv")]

    assert [(one.status, one.code) for one in answers] == [(403, "scope_missing")] * 2


def test_a_purchase_writes_nothing_of_the_funnel(shop: Shop, phone: Iphone) -> None:
    joined = shop.join()
    phone.add(joined["apple_pass_url"])
    written: list[str] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        items = params.get("TransactItems", [params])
        written.extend(str(item) for item in items if "FUNNEL" in str(item))

    events = services().connection.client.meta.events
    events.register("before-parameter-build.dynamodb", note)
    sold = shop.till.post("/v1/purchases", shop.sale(joined["member_id"]))
    events.unregister("before-parameter-build.dynamodb", note)

    assert sold.status == 201
    assert written == []


def test_counts_name_no_member(shop: Shop, phone: Iphone) -> None:
    joined = shop.join()
    phone.add(joined["apple_pass_url"])

    items = list(FunnelItem.query(f"T#{shop.merchant_id}#FUNNEL"))

    assert items
    assert Item.Meta.table_name
    assert all(joined["member_id"] not in str(item.attribute_values) for item in items)


def test_two_merchants_days_may_differ(shop: Shop, wired, client) -> None:
    wired.clock.advance(10 * 3_600)
    west = open_shop(client, f"{shop.merchant_id}-w", {**PROGRAM, "timezone": "Europe/London"})
    for one in (shop, west):
        one.join()

    days = [funnel(one, "?from=2026-06-01&to=2026-06-02")["items"] for one in (shop, west)]

    assert [[day["created"] for day in two] for two in days] == [[0, 1], [1, 0]]
