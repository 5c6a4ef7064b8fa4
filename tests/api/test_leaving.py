"""Erasing members and merging them, over HTTP."""

import json

import pytest

from chalicelib.domain.members import OutgoingSms
from chalicelib.jobs.outbox import sweep
from chalicelib.jobs.sms import send
from chalicelib.wiring import services
from tests.api.caller import Caller
from tests.api.shop import Shop, new_phone
from tests.api.test_confirmations import confirm, sell, shown

WHY = "?reason=asked+by+letter"
LEFT_MAX = 1_000


def erase(shop: Shop, member_id: str, key: str = "e1"):
    return shop.office.call(
        "DELETE", f"/v1/members/{member_id}{WHY}", headers={"Idempotency-Key": key}
    )


def merge(shop: Shop, member_id: str, other_id: str, key: str = "m1", **more: str):
    body = {"other_member_id": other_id, "reason": "two cards", **more}
    return shop.office.call(
        "POST", f"/v1/members/{member_id}/merges", body, headers={"Idempotency-Key": key}
    )


def test_an_erased_member_is_gone_from_every_endpoint(shop: Shop) -> None:
    phone = new_phone()
    joined = shop.join(phone)
    member_id = joined["member_id"]
    shop.give(member_id, 40)
    card = {"type": "card", "value": "C-1"}
    shop.office.post(f"/v1/members/{member_id}/identifiers", card)

    done = erase(shop, member_id)

    assert (done.status, done.json["object"]) == (200, "erasure")
    assert (done.json["points_forfeited"], done.json["reason"]) == (40, "asked by letter")
    for path in ("", "/ledger", "/balance", "/coupons"):
        answer = shop.office.get(f"/v1/members/{member_id}{path}")
        assert (answer.status, answer.code) == (404, "member_not_found"), path
    for body in ({"phone": phone}, {"card_number": "C-1"}):
        assert shop.till.post("/v1/lookups", body).status == 404
    assert Caller(shop.client, joined["member_token"]).get("/v1/me").status == 404
    assert shop.till.post("/v1/purchases", shop.sale(member_id)).status == 404
    assert shop.till.get(f"/v1/purchases?member_id={member_id}").status == 404


def test_erasing_again_under_the_same_key_is_the_same_answer(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    first = erase(shop, member_id)

    again, other_key = erase(shop, member_id), erase(shop, member_id, "e2")

    assert (again.status, again.json) == (200, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other_key.status, other_key.code) == (404, "member_not_found")


def test_another_reason_under_the_same_key_is_another_request(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    erase(shop, member_id)

    answer = shop.office.call(
        "DELETE", f"/v1/members/{member_id}?reason=else", headers={"Idempotency-Key": "e1"}
    )

    assert (answer.status, answer.code) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("query", ["", "?confirm=yes", "?reason=x"])
def test_a_member_is_not_erased_by_a_stray_call(shop: Shop, query: str) -> None:
    me = Caller(shop.client, shop.join()["member_token"])

    answer = me.call("DELETE", f"/v1/me{query}", headers={"Idempotency-Key": "e1"})

    assert answer.status == 400
    assert me.get("/v1/me").status == 200


def test_the_card_of_an_erased_member_is_gone(shop: Shop) -> None:
    joined = shop.join()
    path = joined["card_url"].removeprefix("https://cards.example")
    anybody = Caller(shop.client)
    assert anybody.get(path).status == 200

    erase(shop, joined["member_id"])

    assert anybody.get(path).status == 404


def test_two_members_become_one(shop: Shop) -> None:
    phone = new_phone()
    ann, bob = shop.join()["member_id"], shop.join(phone)["member_id"]
    shop.give(ann, 10)
    shop.give(bob, 30)

    done = merge(shop, ann, bob)

    assert (done.status, done.json["member_id"], done.json["merged_member_id"]) == (
        201, ann, bob,
    )  # fmt: skip
    assert done.json["points"] == 30
    assert shop.till.post("/v1/lookups", {"phone": phone}).json["member_id"] == ann
    assert shop.office.get(f"/v1/members/{ann}").json["balance"]["available"] == 40
    kinds = [one["kind"] for one in shop.office.get(f"/v1/members/{ann}/ledger").json["items"]]
    assert kinds[0] == "takeover"


def test_the_merged_members_id_names_the_survivor(shop: Shop) -> None:
    ann, bob = shop.join()["member_id"], shop.join()["member_id"]
    merge(shop, ann, bob)

    answer = shop.office.get(f"/v1/members/{bob}")

    assert (answer.status, answer.code) == (404, "member_not_found")
    assert answer.json["merged_into"] == ann


def test_merging_again_under_the_same_key_moves_nothing(shop: Shop) -> None:
    ann, bob = shop.join()["member_id"], shop.join()["member_id"]
    shop.give(bob, 30)
    first = merge(shop, ann, bob)

    again, other_key = merge(shop, ann, bob), merge(shop, ann, bob, "m2")

    assert (again.status, again.json) == (200, first.json)
    assert (other_key.status, other_key.code) == (404, "member_not_found")
    assert shop.office.get(f"/v1/members/{ann}").json["balance"]["available"] == 30


def test_who_cannot_be_merged_is_refused_clearly(shop: Shop, other_shop: Shop) -> None:
    ann = shop.join()["member_id"]
    stranger = other_shop.join()["member_id"]

    with_itself, with_stranger = merge(shop, ann, ann), merge(shop, ann, stranger, "m2")

    assert (with_itself.status, with_itself.code) == (409, "merge_refused")
    assert (with_stranger.status, with_stranger.code) == (404, "member_not_found")
    assert other_shop.office.get(f"/v1/members/{stranger}").status == 200


def test_the_sweep_leaves_nothing_to_do(shop: Shop) -> None:
    ann, bob = shop.join()["member_id"], shop.join()["member_id"]
    merge(shop, ann, bob)
    erase(shop, ann)

    sweep({}, None)

    # Other tests have left phones behind that no push reaches here.
    left = services().devices.dirty(LEFT_MAX)
    assert [one for one in left if one.merchant_id == shop.merchant_id] == []


def test_the_digits_of_a_merged_members_card_prove_nobodys_presence(shop: Shop) -> None:
    ann, bob = shop.join()["member_id"], shop.join()["member_id"]
    on_bobs_card = shown(shop, bob)

    merge(shop, ann, bob)
    for _ in range(12):  # more than wrong codes are taken: these lock nobody out
        found = shop.till.post("/v1/lookups", {"code": on_bobs_card}).json
    own = shop.till.post("/v1/lookups", {"code": shown(shop, ann)}).json

    assert (found["member_id"], found["verified"]) == (ann, False)
    assert found["unverified_reason"] == "stale"
    assert (own["member_id"], own["verified"]) == (ann, True)


def test_a_code_on_its_way_to_who_was_erased_is_not_sent(shop: Shop) -> None:
    phone = new_phone()
    member_id = shop.join(phone)["member_id"]
    services().clock.advance(61)  # one code a minute
    asked = {"member_id": member_id, "method": "sms"}
    assert shop.till.post("/v1/confirmations", asked).status == 201
    ports = services()
    (message,) = [
        found
        for merchant_id, message_id in ports.sms_outbox.waiting(limit=1_000)
        if (found := ports.sms_outbox.find(merchant_id, message_id)) and found.to == phone
    ]

    erase(shop, member_id)
    send({"Records": [record_of(message)]}, None)

    left = ports.sms_outbox.find(shop.merchant_id, message.message_id)
    assert left is not None
    assert left.state == "failed"


def test_a_confirmation_of_who_has_gone_lets_nothing_through(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    shop.give(member_id, 500)
    confirmation = confirm(shop, member_id, shown(shop, member_id)).json

    erase(shop, member_id)
    answer = sell(shop, member_id, 500, confirmation_id=confirmation["id"])

    assert (answer.status, answer.code) == (404, "member_not_found")


def record_of(message: OutgoingSms) -> dict[str, str]:
    """Return what the worker is called with."""
    body = {"merchant_id": message.merchant_id, "message_id": message.message_id}
    return {"messageId": "1", "body": json.dumps(body)}
