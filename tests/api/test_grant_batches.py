"""Points for many members at once: each row is judged and given on its own (F052)."""

from typing import Any

import pytest

from tests.api.caller import Answer
from tests.api.shop import Shop, new_phone

PRIZE = {"reason": "photo contest", "points": 30}


def give(shop: Shop, *members: dict[str, Any], key: str = "contest", **more: Any) -> Answer:
    body = {**PRIZE, "members": list(members), **more}
    return shop.office.post("/v1/grant-batches", body, key=key)


def balance(shop: Shop, member_id: str) -> int:
    return shop.till.get(f"/v1/members/{member_id}").json["balance"]["available"]


def test_a_member_is_named_by_id_phone_or_card(shop: Shop) -> None:
    phone = new_phone()
    ann, bob, cat = (shop.join(one)["member_id"] for one in (None, phone, None))
    card = {"type": "card", "value": "C-1000"}
    shop.office.post(f"/v1/members/{cat}/identifiers", card)

    answer = give(shop, {"member_id": ann}, {"phone": phone}, {"card_number": "C-1000"})

    assert answer.status == 200
    assert [row["status"] for row in answer.json["items"]] == [201] * 3
    assert [row["member_id"] for row in answer.json["items"]] == [ann, bob, cat]
    assert [balance(shop, one) for one in (ann, bob, cat)] == [30] * 3


def test_a_row_that_is_refused_holds_back_no_other(shop: Shop) -> None:
    ann = shop.join()["member_id"]

    answer = give(
        shop,
        {"member_id": "mem_nobody"},
        {"phone": "12"},
        {"phone": new_phone()},
        {"card_number": "none"},
        {"member_id": ann},
    )

    rows = answer.json["items"]
    codes = [row["problem"]["code"] if row["problem"] else None for row in rows]
    assert codes == [
        "member_not_found",
        "phone_invalid",
        "member_not_found",
        "member_not_found",
        None,
    ]
    assert [row["status"] for row in rows] == [404, 400, 404, 404, 201]
    assert balance(shop, ann) == 30


def test_a_repeat_gives_nothing_twice_and_does_what_was_left(shop: Shop) -> None:
    ann, phone = shop.join()["member_id"], new_phone()
    first = give(shop, {"member_id": ann}, {"phone": phone})
    bob = shop.join(phone)["member_id"]

    again = give(shop, {"member_id": ann}, {"phone": phone})

    rows = again.json["items"]
    assert [row["status"] for row in first.json["items"]] == [201, 404]
    assert [(row["status"], row["is_replay"]) for row in rows] == [(200, True), (201, False)]
    assert rows[0]["lot_id"] == first.json["items"][0]["lot_id"]
    assert [balance(shop, one) for one in (ann, bob)] == [30, 30]


def test_a_member_named_twice_is_given_twice(shop: Shop) -> None:
    ann = shop.join()["member_id"]

    give(shop, {"member_id": ann}, {"member_id": ann}, expires_in_days=10)

    lots = shop.office.get(f"/v1/members/{ann}").json["lots"]
    assert [(lot["points"], lot["expires_on"]) for lot in lots] == [(30, "2026-06-11")] * 2


def test_a_key_stands_for_one_batch(shop: Shop) -> None:
    ann = shop.join()["member_id"]
    give(shop, {"member_id": ann})

    answer = give(shop, {"member_id": ann}, points=31)

    assert (answer.status, answer.code) == (422, "idempotency_key_reused")
    assert balance(shop, ann) == 30


@pytest.mark.parametrize(
    "members",
    [[], [{}], [{"member_id": "mem_1", "phone": "+79161234567"}], [{"member_id": "m"}] * 501],
)
def test_a_batch_that_names_nobody_or_too_many_is_refused(
    shop: Shop, members: list[dict[str, str]]
) -> None:
    answer = give(shop, *members)

    assert (answer.status, answer.code) == (400, "bad_input")


def test_another_merchants_member_gets_nothing(shop: Shop, other_shop: Shop) -> None:
    ann = shop.join()["member_id"]

    answer = give(other_shop, {"member_id": ann})

    assert [row["status"] for row in answer.json["items"]] == [404]
    assert balance(shop, ann) == 0
