"""A member claims a receipt that was made without the card (R53)."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.members import ApiKey, Scope
from chalicelib.wiring import services
from tests.api.caller import Answer, Caller
from tests.api.shop import Shop
from tests.api.test_till_sessions import PIN, bind, hire, sign_in


def member(shop: Shop) -> Caller:
    return Caller(shop.client, shop.join()["member_token"])


def claim(me: Caller, receipt_id: str = "r1", total_minor: int = 10_000, **more: Any) -> Answer:
    body = {"receipt_id": receipt_id, "total_minor": total_minor, **more}
    return me.post("/v1/me/receipts", body)


def other_till(shop: Shop) -> Caller:
    key, key_hash = services().keyring.new_api_key()
    scopes = frozenset({Scope.TILL})
    services().api_keys.add(key_hash, ApiKey("k2", shop.merchant_id, "till-9", "s", scopes))
    return Caller(shop.client, key)


def test_a_receipt_without_a_card_is_claimed_by_number_and_total(shop: Shop) -> None:
    me = member(shop)
    bought = shop.till.post("/v1/purchases", shop.sale(None)).json

    answer = claim(me)

    assert (answer.status, answer.json["id"], answer.json["earned"]) == (201, bought["id"], 5)
    assert me.get("/v1/me").json["balance"]["available"] == 5


def test_a_repeat_gets_the_first_answer_and_earns_nothing(shop: Shop) -> None:
    me = member(shop)
    shop.till.post("/v1/purchases", shop.sale(None))
    body = {"receipt_id": "r1", "total_minor": 10_000}

    first, again = (me.post("/v1/me/receipts", body, key="c1") for _ in range(2))
    anew = claim(me)

    assert (again.status, again.is_replay, again.json) == (200, True, first.json)
    assert (anew.status, anew.code) == (409, "attach_refused")
    assert me.get("/v1/me").json["balance"]["available"] == 5


@pytest.mark.parametrize(
    ("receipt_id", "total_minor", "more"),
    [("r2", 10_000, {}), ("r1", 9_999, {}), ("r1", 10_000, {"till_id": "no-till"}),
     ("r1", 10_000, {"on": "2026-05-31"})],
    ids=["number", "total", "till", "day"],
)  # fmt: skip
def test_what_does_not_fit_is_not_there(
    shop: Shop, receipt_id: str, total_minor: int, more: dict[str, Any]
) -> None:
    me = member(shop)
    shop.till.post("/v1/purchases", shop.sale(None))

    answer = claim(me, receipt_id, total_minor, **more)

    assert (answer.status, answer.code) == (404, "purchase_not_found")


@pytest.mark.parametrize(
    ("printed", "typed"),
    [("61123-09151234", "6112309151234"), ("61123-09151234", "61123 09151234"),
     ("61123-09151234", "61123\u201309151234"), ("ab-17", "AB-17"), ("AB-17", "ab\u201417")],
)  # fmt: skip
def test_a_number_is_known_however_it_was_typed(shop: Shop, printed: str, typed: str) -> None:
    me = member(shop)
    shop.till.post("/v1/purchases", shop.sale(None, printed))

    assert claim(me, typed).status == 201


def test_another_members_receipt_is_not_there(shop: Shop) -> None:
    me, other = member(shop), shop.join()
    shop.till.post("/v1/purchases", shop.sale(other["member_id"]))

    answer = claim(me)

    assert (answer.status, answer.code) == (404, "purchase_not_found")


def test_another_merchants_receipt_is_not_there(shop: Shop, other_shop: Shop) -> None:
    me = member(shop)
    other_shop.till.post("/v1/purchases", other_shop.sale(None))

    assert claim(me).code == "purchase_not_found"


def test_five_tries_in_vain_are_the_last_for_a_day(shop: Shop) -> None:
    me = member(shop)
    shop.till.post("/v1/purchases", shop.sale(None))

    tries = [claim(me, f"guess-{number}").code for number in range(5)]
    locked = claim(me)
    clock = services().clock
    clock.set(clock.now() + timedelta(days=1, seconds=1))

    assert tries == ["purchase_not_found"] * 5
    assert (locked.status, locked.code) == (429, "claim_locked")
    assert claim(me).status == 201


def test_what_is_found_uses_up_no_try(shop: Shop) -> None:
    me = member(shop)
    for number in range(5):
        claim(me, f"guess-{number}" if number < 4 else "r0")
        shop.till.post("/v1/purchases", shop.sale(None, f"r{number}"))

    assert [claim(me, f"r{number}").status for number in (1, 2, 3)] == [201] * 3


def test_five_receipts_are_the_most_that_are_claimed_in_a_day(shop: Shop) -> None:
    me = member(shop)
    for number in range(6):
        shop.till.post("/v1/purchases", shop.sale(None, f"r{number}"))
    body = {"receipt_id": "r4", "total_minor": 10_000}

    found = [claim(me, f"r{number}").status for number in range(4)]
    fifth = me.post("/v1/me/receipts", body, key="c5")
    sixth = claim(me, "r5")
    again = me.post("/v1/me/receipts", body, key="c5")
    services().clock.advance(seconds=86_401)

    assert (found, fifth.status) == ([201] * 4, 201)
    assert (sixth.status, sixth.code) == (429, "claim_locked")
    assert (again.status, again.json) == (200, fifth.json)
    assert claim(me, "r5").status == 201


@pytest.mark.parametrize("is_own", [True, False])
def test_who_rang_a_receipt_up_does_not_claim_it(shop: Shop, is_own: bool) -> None:
    joined, colleague = shop.join(), shop.join()
    store_id = shop.office.post("/v1/stores", {"name": "North"}).json["store_id"]
    made = shop.office.post("/v1/tills", {"store_id": store_id, "name": "Till"})
    cashier = hire(shop, "Vera", "cashier", PIN)
    shop.office.call("PATCH", f"/v1/staff/{cashier}", {"member_id": joined["member_id"]})
    till = bind(shop, made.json["till_id"])
    sign_in(till, cashier, PIN)
    till.post("/v1/purchases", shop.sale(None), Idempotency_Key="k1")
    who = joined if is_own else colleague

    answer = claim(Caller(shop.client, who["member_token"]))

    expected = (409, "own_card") if is_own else (201, None)
    assert (answer.status, answer.code) == expected


def test_two_tills_with_the_same_number_and_total_ask_which(shop: Shop) -> None:
    me = member(shop)
    for till in (shop.till, other_till(shop)):
        till.post("/v1/purchases", shop.sale(None))

    unclear, named = claim(me), claim(me, till_id="till-9")

    assert (unclear.status, unclear.code) == (409, "claim_ambiguous")
    assert named.status == 201


def test_a_receipt_is_claimed_within_fourteen_days(shop: Shop) -> None:
    me = member(shop)
    shop.till.post("/v1/purchases", shop.sale(None))
    clock = services().clock
    clock.set(clock.now() + timedelta(days=15))

    answer = claim(me)

    assert (answer.status, answer.code) == (409, "attach_refused")
