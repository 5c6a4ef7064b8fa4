"""What a member is told unasked: chosen over the API, and heard of by pass and message."""

from typing import Any

import pytest

from chalicelib.adapters.dynamo.items import Item
from chalicelib.jobs.outbox import relay, sweep
from chalicelib.wiring import services
from tests.api.caller import Caller
from tests.api.iphone import Iphone
from tests.api.shop import Shop, new_phone
from tests.infra.test_policy_use import Context, allowed, noted, stream_of

ALL_ON = {
    "points": {"wallet": True, "sms": True, "email": True},
    "reminders": {"sms": True, "email": True},
    "offers": {"wallet": True, "sms": True},
}


def joined(shop: Shop, phone: str) -> tuple[dict[str, Any], Caller]:
    found = shop.join(phone)
    sweep({}, Context())
    return found, Caller(shop.client, found["member_token"])


def texts_to(shop: Shop, phone: str) -> list[str]:
    outbox = services().sms_outbox
    sweep({}, Context())
    found = [outbox.find(*one) for one in outbox.waiting(limit=1_000)]
    return [sms.text for sms in found if sms and sms.to == phone]


def buy(shop: Shop, member_id: str, receipt_id: str = "r1") -> None:
    answer = shop.till.post("/v1/purchases", shop.sale(member_id, receipt_id))
    assert answer.status == 201


def test_all_is_on_and_what_is_named_is_changed(shop: Shop) -> None:
    _, me = joined(shop, new_phone())
    before = me.get("/v1/me").json["notices"]

    body = {"notices": {"points": {"wallet": False}, "offers": {"sms": False}}}
    me.call("PATCH", "/v1/me", body)
    answer = me.call("PATCH", "/v1/me", {"notices": {"offers": {"sms": True}}})

    assert before == ALL_ON
    assert answer.json["notices"] == {
        **ALL_ON, "points": {"wallet": False, "sms": True, "email": True}
    }  # fmt: skip
    exported = me.get("/v1/me/export").json["person"]["member"]
    assert exported["notices"] == answer.json["notices"]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"points": {"wallet": "no"}}, "bad_input"),
        ({"points": {"pigeon": True}}, "unknown_field"),
        ({"reminders": {"wallet": True}}, "unknown_field"),
        ({"codes": {"sms": False}}, "unknown_field"),
        ([], "bad_input"),
    ],
)
def test_there_is_nothing_else_to_choose(shop: Shop, bad: Any, code: str) -> None:
    _, me = joined(shop, new_phone())

    answer = me.call("PATCH", "/v1/me", {"notices": bad})

    assert (answer.status, answer.code) == (400, code)
    assert me.get("/v1/me").json["notices"] == ALL_ON


def test_a_till_is_told_nothing_of_the_choice(shop: Shop) -> None:
    member, _ = joined(shop, new_phone())

    assert "notices" not in shop.till.get(f"/v1/members/{member['member_id']}").json


def test_the_office_of_a_shop_may_change_it_for_a_member_who_asks(shop: Shop) -> None:
    member, me = joined(shop, new_phone())
    path = f"/v1/members/{member['member_id']}"

    shop.office.call("PATCH", path, {"notices": {"reminders": {"sms": False}}})

    assert me.get("/v1/me").json["notices"]["reminders"] == {"sms": False, "email": True}


def test_a_quiet_pass_changes_without_a_word(shop: Shop) -> None:
    member, me = joined(shop, new_phone())
    iphone = Iphone(Caller(shop.client))
    loud = announced(iphone.take(member["apple_pass_url"]).content)

    me.call("PATCH", "/v1/me", {"notices": {"points": {"wallet": False}}})
    buy(shop, member["member_id"])
    quiet = announced(iphone.take(member["apple_pass_url"]).content)

    assert loud == ["tier"]  # the first
    assert quiet == []


def announced(content: dict[str, Any]) -> list[str]:
    rows = content["storeCard"].values()
    return [field["key"] for row in rows for field in row if "changeMessage" in field]


def test_a_purchase_is_told_by_sms_once_where_the_shop_pays_for_it(shop: Shop) -> None:
    phone = new_phone()
    member, _ = joined(shop, phone)
    before = texts_to(shop, phone)

    services().merchants.tell_points(shop.merchant_id, is_on=True)
    buy(shop, member["member_id"])
    found = [texts_to(shop, phone) for _ in range(3)]

    told = "Roastery: начислено баллов 5. На карте 5."
    assert [one.count(told) for one in found] == [1, 1, 1]
    assert told not in before


def test_a_member_who_switched_sms_off_is_sent_none(shop: Shop) -> None:
    phone = new_phone()
    member, me = joined(shop, phone)
    services().merchants.tell_points(shop.merchant_id, is_on=True)

    me.call("PATCH", "/v1/me", {"notices": {"points": {"sms": False}}})
    buy(shop, member["member_id"])

    assert not any("начислено" in text for text in texts_to(shop, phone))


def test_the_relay_and_the_sweep_ask_only_what_their_policies_allow(shop: Shop) -> None:
    phone = new_phone()
    member, _ = joined(shop, phone)
    services().merchants.tell_points(shop.merchant_id, is_on=True)
    buy(shop, member["member_id"], "r1")
    records = stream_of(Item._get_connection().connection.client)
    with noted() as by_relay:
        relay(records, Context())
    buy(shop, member["member_id"], "r2")
    with noted() as by_sweep:
        sweep({}, Context())

    assert len([text for text in texts_to(shop, phone) if "начислено" in text]) == 2
    assert by_relay - allowed("relay") == set()
    assert by_sweep - allowed("sweep") == set()


def test_a_purchase_asks_the_table_nothing_more_where_members_are_told(shop: Shop) -> None:
    member, _ = joined(shop, new_phone())
    buy(shop, member["member_id"], "r0")
    counts = []

    for is_on in (False, True):
        services().merchants.tell_points(shop.merchant_id, is_on=is_on)
        services().merchants.find(shop.merchant_id)
        with noted() as calls:
            buy(shop, member["member_id"], f"r-{is_on}")
        counts.append(sorted(calls))

    assert counts[0] == counts[1]
