"""Who stands at the till: a number spoken aloud, and a card that a family shares."""

import re

import pytest

from tests.journeys.calling import Service, eventually
from tests.journeys.shop import Joined, Shop, open_shop


def confirmed_by_sms(shop: Shop, member: Joined) -> str:
    """Send a code to the owner's phone, and read it out at the till: the confirmation."""
    before = len(shop.service.outbox("sms", member.phone))
    body = {"member_id": member.member_id, "method": "sms"}
    asked = shop.till("POST", "/v1/confirmations", body)
    assert asked.status == 201, asked.body

    def arrived() -> str | None:
        messages = shop.service.outbox("sms", member.phone)
        return messages[0]["text"] if len(messages) > before else None

    code = re.findall(r"\d{6}", eventually(arrived, "a code"))[0]
    path = f"/v1/confirmations/{asked.json['id']}/verify"
    assert shop.till("POST", path, {"code": code}).status == 200
    return str(asked.json["id"])


def code_of(shop: Shop, member: Joined) -> str:
    return str(shop.member(member.member_id)["identifiers"][0]["value"])


@pytest.mark.parametrize("confirm_above", [None, 500])
def test_a_number_spoken_aloud_earns_and_redeems_only_with_the_code_on_the_phone(
    service: Service, confirm_above: int | None
) -> None:
    shop = open_shop(service, confirm_above=confirm_above)
    owner = shop.join()
    shop.grant(owner.member_id, 100)
    points = {"redeem": {"mode": "exact", "points": 10}}

    found = shop.till("POST", "/v1/lookups", {"phone": owner.phone}).json
    plain = shop.buy(found["member_id"], 10_000)
    refused = shop.buy(found["member_id"], 10_000, **points)
    confirmation = confirmed_by_sms(shop, owner)
    paid = shop.buy(found["member_id"], 10_000, confirmation_id=confirmation, **points)

    assert (plain.status, plain.json["earned"]) == (201, 10)
    assert (refused.status, refused.code) == (403, "confirmation_required")
    assert (refused.json["identified_by"], refused.json["methods"][-1]) == ("phone", "sms")
    assert (paid.status, paid.json["redeemed"]) == (201, 10)


def test_a_familys_card_earns_on_any_phone_and_asks_the_owner_above_the_limit(
    service: Service,
) -> None:
    shop = open_shop(service, confirm_above=50)
    owner = shop.join()
    shop.grant(owner.member_id, 200)
    shared = {"code": code_of(shop, owner)}  # the same pass, on a child's phone

    child = shop.till("POST", "/v1/lookups", shared).json
    earned = shop.buy(child["member_id"], 10_000)
    small = shop.buy(child["member_id"], 10_000, redeem={"mode": "exact", "points": 50})
    large = shop.buy(child["member_id"], 20_000, redeem={"mode": "exact", "points": 60})
    asked = confirmed_by_sms(shop, owner)
    agreed = shop.buy(
        child["member_id"], 20_000,
        redeem={"mode": "exact", "points": 60}, confirmation_id=asked,
    )  # fmt: skip

    assert (earned.json["earned"], small.json["redeemed"]) == (10, 50)
    assert (large.status, large.code) == (403, "confirmation_required")
    assert (large.json["allowed"], "sms" in large.json["methods"]) == (0, True)
    assert "identified_by" not in large.json
    assert (agreed.status, agreed.json["redeemed"]) == (201, 60)
