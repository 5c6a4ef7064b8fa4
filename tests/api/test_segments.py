"""Segments over the API: staff set them, tills see them, promotions ask for them."""

from typing import Any

import pytest
from chalice.test import Client

from chalicelib.wiring import services
from tests.api.caller import Answer, Caller
from tests.api.shop import PROGRAM, Shop, open_shop

DOUBLE = {"id": "vip-days", "multiplier": 2, "segments": ["vip"]}


def _set(shop: Shop, member_id: str, segments: list[Any], key: str | None = None) -> Answer:
    headers = {"Idempotency-Key": key} if key else {}
    path = f"/v1/members/{member_id}/segments"
    return shop.office.call("PUT", path, {"segments": segments}, headers=headers)


def test_a_member_is_shown_with_the_segments_that_were_set(shop: Shop) -> None:
    member_id = shop.join(phone := "+79995550011")["member_id"]

    answer = _set(shop, member_id, ["vip", "coffee", "vip"], key="k1")

    assert (answer.status, answer.json["segments"]) == (200, ["coffee", "vip"])
    shown = shop.office.get(f"/v1/members/{member_id}").json
    found = shop.till.post("/v1/lookups", {"phone": phone}).json
    assert shown["segments"] == found["segments"] == ["coffee", "vip"]


def test_a_repeat_answers_what_it_did_although_the_list_has_changed(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    first = _set(shop, member_id, ["vip"], key="k1")
    _set(shop, member_id, ["tea"], key="k2")

    again = _set(shop, member_id, ["vip"], key="k1")

    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert shop.office.get(f"/v1/members/{member_id}").json["segments"] == ["tea"]


def test_a_member_does_not_see_the_shops_notes(shop: Shop) -> None:
    joined = shop.join()
    assert _set(shop, joined["member_id"], ["difficult"], key="k1").status == 200
    member = Caller(shop.client, joined["member_token"])

    own, ledger = member.get("/v1/me").json, member.get("/v1/me/ledger").json

    assert "difficult" not in f"{own}{ledger}"


def test_the_ledger_tells_staff_who_was_put_where(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    _set(shop, member_id, ["vip"], key="k1")

    latest = shop.office.get(f"/v1/members/{member_id}/ledger").json["items"][0]

    assert (latest["kind"], latest["points"]) == ("segments", 0)
    assert (latest["segments"], latest["key"]) == (["vip"], "k1")


def test_a_promotion_for_a_segment_counts_in_quote_and_purchase(client: Client) -> None:
    shop = open_shop(
        client, services().keyring.new_id("mer"), PROGRAM | {"promotions": [DOUBLE]}
    )
    member_id = shop.join()["member_id"]
    sale = shop.sale(member_id)
    quote = {name: value for name, value in sale.items() if name != "receipt_id"}
    before = shop.till.post("/v1/quotes", quote).json["earned"]

    _set(shop, member_id, ["vip"], key="k1")

    after = shop.till.post("/v1/quotes", quote).json["earned"]
    bought = shop.till.post("/v1/purchases", sale).json["earned"]
    assert (before, after, bought) == (5, 10, 10)


@pytest.mark.parametrize(
    "segments", [[""], ["x" * 33], ["a\nb"], [7], ["s"] * 9, "vip", None], ids=str
)
def test_what_is_no_list_of_names_is_refused(shop: Shop, segments: Any) -> None:
    member_id = shop.join()["member_id"]

    answer = _set(shop, member_id, segments, key="k1")

    assert (answer.status, answer.code) == (400, "bad_input")
    assert shop.office.get(f"/v1/members/{member_id}").json["segments"] == []
