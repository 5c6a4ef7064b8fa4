"""A lost phone, a forgotten card, a changed number: what members mend by themselves."""

import json
from datetime import timedelta

from tests.journeys.calling import Service
from tests.journeys.days import D, day, opened
from tests.journeys.shop import Shop, new_phone
from tests.journeys.wallet import files_of, take_pass


def test_a_new_phone_takes_the_card_from_the_lost_one(shop: Shop) -> None:
    call = shop.service.call
    lost = shop.join()
    on_lost = take_pass(
        shop.service, lost.answer["apple_pass_url"], device_id="lost", push_token="0a"
    )
    assert on_lost.register().status == 201
    code = shop.member(lost.member_id)["identifiers"][0]["value"]

    new = shop.join(lost.phone)
    listed = call("GET", "/v1/me/devices", credential=new.token).json["items"]
    [theirs] = [one for one in listed if one["kind"] == "apple_wallet"]
    left = call("DELETE", f"/v1/me/devices/{theirs['id']}", credential=new.token)

    assert [one["is_this"] for one in left.json["items"]] == [True]
    assert call("GET", "/v1/me", credential=lost.token).status == 401
    assert call("GET", lost.answer["card_url"]).status == 404
    assert on_lost.fetch().status == 401
    found = shop.till("POST", "/v1/lookups", {"code": code})
    assert (found.status, found.code) == (404, "code_replaced")
    assert call("GET", "/v1/me", credential=new.token).json["id"] == lost.member_id


def test_the_pass_that_is_kept_shows_the_new_code(shop: Shop) -> None:
    lost = shop.join()
    kept = shop.join(lost.phone)
    held = take_pass(
        shop.service, kept.answer["apple_pass_url"], device_id="kept", push_token="0b"
    )
    held.register()

    shop.service.call("POST", "/v1/me/sign-out-others", credential=kept.token)

    shown = json.loads(files_of(held.fetch().body)["pass.json"])
    code = shop.member(lost.member_id)["identifiers"][0]["value"]
    assert shown["barcodes"][0]["message"] == code
    assert shop.till("POST", "/v1/lookups", {"code": code}).status == 200


def test_a_receipt_without_the_card_is_claimed_at_home(shop: Shop) -> None:
    member = shop.join()
    shop.buy(None, 10_000, key="0042")

    body = {"receipt_id": "0042", "total_minor": 10_000}
    answer = shop.service.call(
        "POST", "/v1/me/receipts", body, credential=member.token, key="claim"
    )

    assert (answer.status, answer.json["earned"]) == (201, 10)
    assert shop.available(member.member_id) == 10


def test_a_number_changed_without_the_old_one_waits_three_days(clocked: Service) -> None:
    shop = opened(clocked, day(D))
    member, new = shop.join(), new_phone()
    shop.grant(member.member_id, 100)
    begun = clocked.call(
        "POST",
        "/v1/me/phone-changes",
        {"phone": new, "without_old": True},
        credential=member.token,
    )
    path = f"/v1/me/phone-changes/{begun.json['id']}/verify"
    code = {"new_code": clocked.code_for(new)}
    proven = clocked.call("POST", path, code, credential=member.token)

    approval = {"evidence": "a passport"}
    done = shop.office("POST", f"/v1/phone-changes/{begun.json['id']}/approve", approval)
    body = {"member_id": member.member_id, "points": 5, "reason": "a mug"}
    before = shop.till("POST", "/v1/redemptions", body)
    clocked.set_clock(day(D) + timedelta(hours=73))
    after = shop.till("POST", "/v1/redemptions", body)

    assert (proven.json["state"], done.json["state"]) == ("awaiting_approval", "done")
    assert (before.status, before.code) == (409, "redemption_paused")
    assert after.status == 201
    assert (
        shop.till("POST", "/v1/lookups", {"phone": new}).json["member_id"] == member.member_id
    )
    assert shop.till("POST", "/v1/lookups", {"phone": member.phone}).status == 404
