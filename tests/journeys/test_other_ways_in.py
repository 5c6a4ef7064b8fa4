"""Where no SMS arrives, and where a number has another owner: on a running service."""

import re
from datetime import time
from uuid import uuid4

from tests.journeys.calling import Answer, Service, eventually
from tests.journeys.days import D, after, day, opened
from tests.journeys.shop import CONSENTS, Shop, new_phone


def sign_up(shop: Shop, nonce: str, **how: object) -> Answer:
    body = {"language": "ru", "consents": CONSENTS, "client_nonce": nonce, **how}
    return shop.service.call("POST", f"/v1/merchants/{shop.merchant}/sign-ups", body)


def test_a_foreign_number_is_offered_email_and_the_letter_opens_the_card(shop: Shop) -> None:
    email, nonce = f"{uuid4().hex}@example.com", uuid4().hex
    refused = sign_up(shop, nonce, phone="+447400123456")
    asked = sign_up(shop, nonce, email=email)

    def arrived() -> str | None:
        found = shop.service.outbox("email", email)
        return re.findall(r"\b\d{6}\b", found[0]["text"])[0] if found else None

    joined = shop.verify(asked.json["sign_up_id"], eventually(arrived, "a letter"), nonce)

    assert (refused.status, refused.json["alternatives"]) == (403, ["email", "card_only"])
    assert joined.status == 201
    shop.grant(joined.json["member_id"], 100)
    held = {"member_id": joined.json["member_id"], "points": 1}
    assert shop.till("POST", "/v1/holds", held).status == 201


def test_a_card_without_a_phone_earns_and_only_earns(shop: Shop) -> None:
    opened_card = sign_up(shop, uuid4().hex, card_only=True)
    member_id = opened_card.json["member_id"]

    bought = shop.buy(member_id, 10_000)
    paid = shop.buy(member_id, 10_000, redeem={"mode": "max"})

    assert (opened_card.status, bought.json["earned"]) == (201, 10)
    assert (paid.status, paid.code) == (409, "member_unverified")


def test_a_recycled_number_shows_its_new_owner_nothing_of_the_old_one(
    clocked: Service,
) -> None:
    shop = opened(clocked, day(D), expiry_days=999)
    phone, nonce = new_phone(), uuid4().hex
    former = shop.join(phone, birth_date="1990-06-10")
    shop.buy(former.member_id, 100_000)
    clocked.set_clock(after(181, time(12)))
    before = len(clocked.outbox("sms", phone))
    sign_up_id = shop.ask_for_code(phone, nonce).json["sign_up_id"]
    code = clocked.code_for(phone, after=before)
    said = {"code": code, "client_nonce": nonce}

    asked = clocked.call("POST", f"/v1/sign-ups/{sign_up_id}/verify", said)
    wrong = [
        clocked.call(
            "POST", f"/v1/sign-ups/{sign_up_id}/verify", {**said, "birth_date": "1991-06-10"}
        )
        for _ in range(3)
    ]
    fresh = wrong[-1].json["member_id"]

    assert (asked.status, asked.code) == (409, "birth_date_needed")
    assert [one.status for one in wrong] == [409, 409, 201]
    assert fresh != former.member_id
    assert (shop.available(fresh), shop.available(former.member_id)) == (0, 100)
    assert [entry["kind"] for entry in shop.ledger(fresh)] == ["join"]
