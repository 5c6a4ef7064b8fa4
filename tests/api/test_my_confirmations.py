"""Members confirm by a code what they do themselves: erasing (P21)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.wiring import services
from tests.api.caller import Answer, Caller
from tests.api.shop import Shop, new_phone

KEY = {"Idempotency-Key": "e1"}


def wait(**time: int) -> None:
    clock = services().clock
    clock.set(clock.now() + timedelta(**time))


def joined(shop: Shop, phone: str) -> tuple[dict[str, Any], Caller]:
    found = shop.join(phone)
    wait(seconds=61)  # a phone gets a code a minute
    return found, Caller(shop.client, found["member_token"])


def asked(me: Caller) -> str:
    answer = me.post("/v1/me/confirmations", {"purpose": "erase"})
    assert (answer.status, answer.json["state"]) == (201, "pending")
    return answer.json["id"]


def verified(shop: Shop, me: Caller, phone: str) -> str:
    confirmation_id = asked(me)
    body = {"code": shop.code_sent(phone)}
    answer = me.post(f"/v1/me/confirmations/{confirmation_id}/verify", body)
    assert (answer.status, answer.json["state"]) == (200, "verified")
    return confirmation_id


def erase(me: Caller, confirmation_id: str = "") -> Answer:
    named = f"&confirmation_id={confirmation_id}" if confirmation_id else ""
    return me.call("DELETE", f"/v1/me?confirm=erase{named}", headers=KEY)


def test_members_erase_themselves_by_a_code_and_may_join_anew(shop: Shop) -> None:
    phone = new_phone()
    first, me = joined(shop, phone)
    confirmation_id = verified(shop, me, phone)

    done, again = erase(me, confirmation_id), erase(me, confirmation_id)

    assert (done.status, again.json, again.is_replay) == (200, done.json, True)
    assert me.get("/v1/me").status == 404
    wait(seconds=61)
    assert shop.join(phone)["member_id"] != first["member_id"]


def test_without_a_code_nobody_is_erased(shop: Shop) -> None:
    phone = new_phone()
    _, me = joined(shop, phone)

    missing, unknown, pending = erase(me), erase(me, "cnf_x.mem_1"), erase(me, asked(me))

    answers = [
        (one.status, one.code, one.json["reason"]) for one in (missing, unknown, pending)
    ]
    assert answers == [
        (403, "erase_unconfirmed", "missing"),
        (403, "erase_unconfirmed", "unknown"),
        (403, "erase_unconfirmed", "pending"),
    ]
    assert me.get("/v1/me").status == 200


def test_a_confirmation_that_is_over_erases_nobody(shop: Shop) -> None:
    phone = new_phone()
    _, me = joined(shop, phone)
    confirmation_id = verified(shop, me, phone)
    wait(minutes=11)

    answer = erase(me, confirmation_id)

    assert (answer.code, answer.json["reason"]) == ("erase_unconfirmed", "expired")


def test_a_code_for_the_till_erases_nobody(shop: Shop) -> None:
    phone = new_phone()
    found, me = joined(shop, phone)
    body = {"member_id": found["member_id"], "method": "sms"}
    at_till = shop.till.post("/v1/confirmations", body).json["id"]
    code = {"code": shop.code_sent(phone)}

    own = me.post(f"/v1/me/confirmations/{at_till}/verify", code)
    shop.till.post(f"/v1/confirmations/{at_till}/verify", code)

    assert (own.status, own.code) == (404, "confirmation_not_found")
    assert erase(me, at_till).json["reason"] == "unknown"


def test_a_code_to_erase_redeems_nothing_and_no_till_can_verify_it(shop: Shop) -> None:
    phone = new_phone()
    found, me = joined(shop, phone)
    draft = {**shop.office.get("/v1/program").json, "confirm_above": 0}
    shop.office.call("PUT", "/v1/program/draft", draft)
    shop.office.post("/v1/program/draft/publish")
    shop.give(found["member_id"], 50)
    confirmation_id = asked(me)
    code = {"code": shop.code_sent(phone)}

    at_till = shop.till.post(f"/v1/confirmations/{confirmation_id}/verify", code)
    me.post(f"/v1/me/confirmations/{confirmation_id}/verify", code)
    body = {"member_id": found["member_id"], "points": 5, "reason": "mug"}
    redeemed = shop.till.post("/v1/redemptions", {**body, "confirmation_id": confirmation_id})

    assert (at_till.status, at_till.code) == (404, "confirmation_not_found")
    assert shop.till.get(f"/v1/confirmations/{confirmation_id}").status == 404
    assert (redeemed.status, redeemed.json["reason"]) == (403, "unknown")


def test_another_members_confirmation_is_404_and_erases_nobody(shop: Shop) -> None:
    phone = new_phone()
    _, me = joined(shop, phone)
    _, other = joined(shop, new_phone())
    confirmation_id = asked(me)
    code = {"code": shop.code_sent(phone)}

    answer = other.post(f"/v1/me/confirmations/{confirmation_id}/verify", code)
    me.post(f"/v1/me/confirmations/{confirmation_id}/verify", code)

    assert (answer.status, answer.code) == (404, "confirmation_not_found")
    assert erase(other, confirmation_id).json["reason"] == "unknown"
    assert other.get("/v1/me").status == 200


@pytest.mark.parametrize("guesses", [5])
def test_guesses_are_counted_and_end(shop: Shop, guesses: int) -> None:
    phone = new_phone()
    _, me = joined(shop, phone)
    path = f"/v1/me/confirmations/{asked(me)}/verify"
    right = shop.code_sent(phone)
    wrong = {"code": "000000" if right != "000000" else "000001"}

    answers = [me.post(path, wrong).code for _ in range(guesses)]

    assert answers == ["confirmation_code_wrong"] * guesses
    assert me.post(path, {"code": right}).code == "confirmation_locked"


def test_a_member_without_a_phone_is_asked_for_no_code(shop: Shop) -> None:
    found, me = joined(shop, new_phone())
    member = MemberRef(shop.merchant_id, found["member_id"])
    profile = services().members.profile(member)
    assert profile is not None
    services().members.save_profile(replace(profile, phone=None))

    refused = me.post("/v1/me/confirmations", {"purpose": "erase"})

    assert (refused.status, refused.code) == (409, "no_phone")
    assert erase(me).status == 200
