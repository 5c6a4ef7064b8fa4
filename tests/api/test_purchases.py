"""Quotes and purchases, through the whole application."""

import json

import pytest

from chalicelib.domain.members import ApiKey, Scope
from chalicelib.wiring import services
from tests.api.caller import Caller
from tests.api.shop import Shop


def test_a_sale_earns_points(shop: Shop) -> None:
    member_id = shop.join()["member_id"]

    answer = shop.till.post("/v1/purchases", shop.sale(member_id))

    assert answer.status == 201
    assert answer.json["earned"] == 5
    assert answer.json["to_pay_minor"] == answer.json["money_minor"] == 10_000
    assert answer.json["balance"] == {"available": 5, "pending": 0, "debt": 0, "held": 0}
    assert answer.json["tier"] == {"name": "Basic", "is_new": False, "after": "Basic"}


def test_a_repeat_under_the_same_key_gets_the_same_answer(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    first = shop.till.post("/v1/purchases", shop.sale(member_id), key="k1")

    repeat = shop.till.post("/v1/purchases", shop.sale(member_id), key="k1")

    assert (first.status, first.is_replay) == (201, False)
    assert (repeat.status, repeat.is_replay) == (200, True)
    assert repeat.json == first.json


def test_a_return_does_not_change_the_answer_to_a_repeat(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    first = shop.till.post("/v1/purchases", shop.sale(member_id), key="k1")
    shop.till.post(f"/v1/purchases/{first.json['id']}/void", {"reason": "mistake"})

    repeat = shop.till.post("/v1/purchases", shop.sale(member_id), key="k1")

    assert repeat.json == first.json


def test_the_same_key_with_another_body_is_refused(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    shop.till.post("/v1/purchases", shop.sale(member_id), key="k1")

    answer = shop.till.post("/v1/purchases", shop.sale(member_id, "r2"), key="k1")

    assert (answer.status, answer.code) == (422, "idempotency_key_reused")


def test_the_same_key_at_another_endpoint_is_refused(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    shop.till.post("/v1/purchases", shop.sale(member_id), key="k1")
    body = {"member_id": member_id, "points": 1, "reason": "coffee"}

    answer = shop.till.post("/v1/redemptions", body, key="k1")

    assert (answer.status, answer.code) == (422, "idempotency_key_reused")


def test_the_same_key_for_another_path_with_the_same_body_is_refused(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    shop.give(member_id, 10)
    one, other = (
        shop.till.post("/v1/holds", {"member_id": member_id, "points": 5}).json["id"]
        for _ in range(2)
    )
    shop.till.post(f"/v1/holds/{one}/release", {}, key="k1")

    answer = shop.till.post(f"/v1/holds/{other}/release", {}, key="k1")

    assert (answer.status, answer.code) == (422, "idempotency_key_reused")


def test_a_receipt_earns_once_whatever_the_key(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    first = shop.till.post("/v1/purchases", shop.sale(member_id))

    answer = shop.till.post("/v1/purchases", shop.sale(member_id))

    assert (answer.status, answer.code) == (409, "receipt_exists")
    assert answer.json["purchase_id"] == first.json["id"]


def test_points_pay_up_to_the_tiers_share(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    lot_id = shop.give(member_id, 50).json["lot_id"]

    answer = shop.till.post("/v1/purchases", shop.sale(member_id, redeem={"mode": "max"}))

    assert answer.json["redeem_max"] == answer.json["redeemed"] == 20
    assert answer.json["to_pay_minor"] == 8_000
    assert answer.json["allocation"] == [{"lot_id": lot_id, "points": 20}]


def test_at_most_so_many_points_are_taken(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    shop.give(member_id, 10)

    answer = shop.till.post(
        "/v1/purchases", shop.sale(member_id, redeem={"mode": "max", "points": 30})
    )

    assert answer.json["redeemed"] == 10


def test_exactly_so_many_points_are_refused_if_there_are_fewer(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    shop.give(member_id, 10)

    answer = shop.till.post(
        "/v1/purchases", shop.sale(member_id, redeem={"mode": "exact", "points": 11})
    )

    assert (answer.status, answer.code) == (409, "insufficient_points")
    assert (answer.json["asked"], answer.json["available"]) == (11, 10)


@pytest.mark.parametrize(
    ("language", "words"),
    [("ru", "Уровень «Basic»: 5\u00a0% баллами"), ("en", "Tier Basic: 5% in points")],
)
def test_the_answer_says_why_in_the_callers_language(shop: Shop, language, words) -> None:
    member_id = shop.join()["member_id"]

    quote = shop.till.call(
        "POST",
        "/v1/quotes",
        shop.sale(member_id),
        headers={"Accept-Language": f"{language}, de;q=0.5"},
    )

    assert [why["text"] for why in quote.json["lines"][0]["why"]] == [words]


def test_a_quote_writes_nothing_and_is_kept(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    quote = shop.till.post("/v1/quotes", shop.sale(member_id))
    before = shop.till.get(f"/v1/members/{member_id}").json

    bought = shop.till.post(
        "/v1/purchases", shop.sale(member_id, quote_id=quote.json["quote_id"])
    )

    assert before["ledger_version"] == 1
    assert bought.json["earned"] == quote.json["earned"] == 5


def test_a_purchase_worth_less_than_its_quote_gets_the_new_quote(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    shop.give(member_id, 20)
    wish = {"redeem": {"mode": "max"}}
    quote = shop.till.post("/v1/quotes", shop.sale(member_id, **wish))
    shop.till.post("/v1/redemptions", {"member_id": member_id, "points": 15, "reason": "tea"})

    answer = shop.till.post(
        "/v1/purchases", shop.sale(member_id, quote_id=quote.json["quote_id"], **wish)
    )

    assert (answer.status, answer.code) == (409, "quote_changed")
    assert answer.json["quote"]["redeemed"] == 5


def test_a_total_is_one_line(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    body = {"member_id": member_id, "receipt_id": "r1", "channel": "offline"}

    answer = shop.till.post("/v1/purchases", {**body, "total_minor": 0})

    assert answer.status == 201
    assert [line["gross_minor"] for line in answer.json["lines"]] == [0]


def test_a_weighed_line_is_rounded_to_the_minor_unit(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    lines = [{"quantity": "0.350", "unit_price_minor": 1_001, "unit": "kg"}]

    answer = shop.till.post("/v1/quotes", shop.sale(member_id, lines=lines))

    assert answer.json["gross_minor"] == 350
    assert answer.json["lines"][0]["quantity"] == "0.35"


def test_an_anonymous_receipt_can_be_attached_once(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    bought = shop.till.post("/v1/purchases", shop.sale(None))
    path = f"/v1/purchases/{bought.json['id']}/attach"
    body = {"member_id": member_id, "total_minor": 10_000}

    attached = shop.till.post(path, body, key="a1")
    repeated = shop.till.post(path, body, key="a1")
    again = shop.till.post(path, body, key="a2")

    assert bought.json["member_id"] is None
    assert (attached.status, attached.json["earned"]) == (201, 5)
    assert repeated.json == attached.json
    assert (again.status, again.code) == (409, "attach_refused")


def test_a_void_does_not_change_the_answer_to_a_repeated_attachment(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    bought = shop.till.post("/v1/purchases", shop.sale(None))
    path = f"/v1/purchases/{bought.json['id']}"
    body = {"member_id": member_id, "total_minor": 10_000}
    attached = shop.till.post(f"{path}/attach", body, key="a1")
    shop.till.post(f"{path}/void", {"reason": "mistake"})

    repeated = shop.till.post(f"{path}/attach", body, key="a1")

    assert repeated.json == attached.json


def test_a_batch_answers_for_each_item(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    first = shop.till.post("/v1/purchases", shop.sale(member_id), key="k1")
    items = [
        {"idempotency_key": "k1", "purchase": shop.sale(member_id)},
        {"idempotency_key": "k2", "purchase": shop.sale(member_id, "r2")},
        {"idempotency_key": "k3", "purchase": shop.sale(member_id, "r2")},
        {"idempotency_key": "k4", "purchase": {**shop.sale(member_id, "r4"), "x": 1}},
        {"idempotency_key": "k5", "purchase": shop.sale("mem_nobody", "r5")},
    ]

    answer = shop.till.post("/v1/purchase-batches", {"items": items})

    assert [item["status"] for item in answer.json["items"]] == [200, 201, 409, 400, 404]
    assert answer.json["items"][0]["purchase"] == first.json
    assert answer.json["items"][3]["problem"]["code"] == "unknown_field"


def test_receipts_are_found_by_number_and_by_member(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    bought = shop.till.post("/v1/purchases", shop.sale(member_id)).json

    by_number = shop.till.get("/v1/purchases?receipt_id=r1").json
    by_member = shop.till.get(f"/v1/purchases?member_id={member_id}").json
    by_id = shop.till.get(f"/v1/purchases/{bought['id']}").json

    assert by_number["items"] == by_member["items"] == [by_id] == [bought]


def test_a_receipt_of_another_till_is_found_by_its_number_if_that_is_asked_for(
    shop: Shop, other_shop: Shop
) -> None:
    bought = shop.till.post("/v1/purchases", shop.sale(None, "61123-09151234")).json
    key, key_hash = services().keyring.new_api_key()
    scopes = frozenset({Scope.TILL})
    services().api_keys.add(key_hash, ApiKey("k2", shop.merchant_id, "till-9", "s", scopes))
    till = Caller(shop.client, key)
    own = till.post("/v1/purchases", shop.sale(None, "6112309151234")).json

    asked = "/v1/purchases?receipt_id=6112309151234"
    here = till.get(asked).json["items"]
    anywhere = till.get(f"{asked}&any_till=true").json["items"]
    first = shop.till.get(f"{asked}&any_till=true&limit=1").json["items"]
    elsewhere = other_shop.till.get(f"{asked}&any_till=true").json["items"]

    assert (here, anywhere, first, elsewhere) == ([own], [own, bought], [bought], [])


def test_any_till_goes_with_a_number(shop: Shop) -> None:
    member_id = shop.join()["member_id"]

    answer = shop.till.get(f"/v1/purchases?member_id={member_id}&any_till=true")

    assert (answer.status, answer.code) == (400, "bad_input")


def test_a_line_is_returned_in_parts_that_make_the_whole(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    lines = [{"quantity": "3", "unit_price_minor": 3_333}]
    bought = shop.till.post("/v1/purchases", shop.sale(member_id, lines=lines)).json
    path = f"/v1/purchases/{bought['id']}/returns"

    parts = [
        shop.till.post(path, {"return_id": f"t{n}", "lines": [{"line": 0, "quantity": "1"}]})
        for n in range(3)
    ]
    more = shop.till.post(path, {"return_id": "t3", "lines": [{"line": 0, "quantity": "1"}]})

    assert sum(part.json["refund_minor"] for part in parts) == 9_999
    assert sum(part.json["clawed_back"] for part in parts) == bought["earned"] == 4
    assert (more.status, more.code) == (409, "return_refused")


def test_a_receipt_is_moved_by_a_manager(shop: Shop) -> None:
    ann, bob = shop.join()["member_id"], shop.join()["member_id"]
    bought = shop.till.post("/v1/purchases", shop.sale(ann)).json

    moved = shop.office.post(
        f"/v1/purchases/{bought['id']}/move", {"member_id": bob, "reason": "wrong card"}
    )

    assert (moved.status, moved.json["member_id"]) == (201, bob)
    assert shop.till.get(f"/v1/members/{ann}").json["balance"]["available"] == 0
    assert shop.till.get(f"/v1/members/{bob}").json["balance"]["available"] == 5


def test_a_hold_is_captured_by_a_purchase(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    shop.give(member_id, 50)
    held = shop.till.post("/v1/holds", {"member_id": member_id, "points": 20}, key="h1")
    repeated = shop.till.post("/v1/holds", {"member_id": member_id, "points": 20}, key="h1")

    bought = shop.till.post("/v1/purchases", shop.sale(member_id, hold_id=held.json["id"]))

    assert repeated.json == held.json
    assert bought.json["redeemed"] == 20
    assert bought.json["balance"] == {"available": 30, "pending": 0, "debt": 0, "held": 0}


def test_a_released_hold_gives_its_points_back_once(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    shop.give(member_id, 50)
    held = shop.till.post("/v1/holds", {"member_id": member_id, "points": 20}).json

    released = shop.till.post(f"/v1/holds/{held['id']}/release", {})
    again = shop.till.post(f"/v1/holds/{held['id']}/release")

    assert (released.status, released.json["points"]) == (201, 20)
    assert (again.status, again.code) == (404, "hold_not_found")
    assert shop.till.get(f"/v1/members/{member_id}").json["balance"]["available"] == 50


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"member_id": "mem_nobody"}, "member_not_found"),
        ({"at": "2026-06-01T13:00:00Z"}, "date_refused"),
        ({"at": "2026-04-01T12:00:00Z"}, "date_refused"),
        ({"hold_id": "hold_nothing"}, "hold_not_found"),
        ({"lines": [{"quantity": "999999", "unit_price_minor": 10**12}]}, "bad_input"),
        ({"total_minor": 5}, "bad_input"),
        ({"colour": "red"}, "unknown_field"),
    ],
)
def test_a_refused_sale_writes_nothing(shop: Shop, change: dict, code: str) -> None:
    member_id = shop.join()["member_id"]

    answer = shop.till.post("/v1/purchases", shop.sale(member_id, **change))

    assert answer.code == code
    assert answer.status < 500
    assert shop.till.get(f"/v1/members/{member_id}").json["ledger_version"] == 1
    assert shop.till.get("/v1/purchases?receipt_id=r1").json["items"] == []


def test_a_keyed_call_without_a_key_is_refused(shop: Shop) -> None:
    answer = shop.till.post("/v1/purchases", shop.sale("mem_1"), key=None)

    assert (answer.status, answer.code) == (400, "idempotency_key_missing")


@pytest.mark.parametrize("key", ["k" * 256, "ключ", "a\tb"])
def test_an_unusable_key_is_refused(shop: Shop, key: str) -> None:
    answer = shop.till.post("/v1/purchases", shop.sale("mem_1"), key=key)

    assert (answer.status, answer.code) == (400, "idempotency_key_missing")


def test_a_body_that_is_no_json_is_refused(shop: Shop) -> None:
    answer = shop.till.call("POST", "/v1/quotes", raw=b'{"a": NaN}')

    assert (answer.status, answer.code) == (400, "malformed_json")


def test_json_without_a_media_type_is_taken(shop: Shop) -> None:
    raw = json.dumps(shop.sale(None)).encode()

    answer = shop.till.call("POST", "/v1/quotes", raw=raw, headers={"Content-Type": ""})

    assert answer.status == 200


def test_a_return_called_void_does_not_bar_the_void(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    bought = shop.till.post("/v1/purchases", shop.sale(member_id)).json
    path = f"/v1/purchases/{bought['id']}"
    named = {"return_id": "void", "lines": [{"line": 0, "quantity": "0.5"}]}

    returned = shop.till.post(f"{path}/returns", named)
    voided = shop.till.post(f"{path}/void", {"reason": "rung up twice"})

    assert (returned.status, voided.status) == (201, 201)
    assert voided.json["return_id"] == "void"
    assert shop.till.get(path).json["status"] == "voided"
