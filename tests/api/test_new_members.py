"""Members added at a till or by an online shop, found again, and confirmed by a link."""

import re
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.wiring import services
from tests.api.caller import Answer, Caller
from tests.api.shop import Shop, new_phone


def add(caller: Caller, phone: str | None, **more: Any) -> Answer:
    body = {"language": "ru", **more}
    return caller.post("/v1/members", body if phone is None else {"phone": phone, **body})


def link_sent(shop: Shop, phone: str) -> str:
    """Return the address in the latest message to a phone."""
    outbox = services().sms_outbox
    found = [outbox.find(*named) for named in outbox.waiting(limit=1_000)]
    latest = max((s for s in found if s and s.to == phone), key=lambda sms: sms.created_at)
    address = re.search(r"https://cards\.example(/k/[0-9a-f]{16})$", latest.text)
    assert address is not None
    assert len(latest.text) <= 70
    return address.group(1)


def confirm(shop: Shop, path: str, **body: Any) -> Answer:
    return Caller(shop.client).post(path.replace("/k/", "/v1/phone-links/"), body)


def test_a_phone_typed_at_the_till_earns_at_once_and_redeems_after_the_tap(shop: Shop) -> None:
    phone = new_phone()
    added = add(shop.till, phone, name="Anna")
    member_id = added.json["id"]

    bought = shop.till.post("/v1/purchases", shop.sale(member_id))
    redeem = {"member_id": member_id, "points": 1, "reason": "mug"}
    before = shop.till.post("/v1/redemptions", redeem)
    confirmed = confirm(shop, link_sent(shop, phone))
    after = shop.till.post("/v1/redemptions", redeem)

    assert (added.status, added.json["link"]) == (201, "sent")
    assert (bought.status, bought.json["earned"]) == (201, 5)
    assert (before.status, before.code) == (409, "member_unverified")
    assert (confirmed.status, confirmed.json["member_id"]) == (200, member_id)
    assert after.status == 201


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/v1/purchases", {"redeem": {"mode": "exact", "points": 1}}),
        ("/v1/purchases", {"redeem": {"mode": "max"}}),
        ("/v1/quotes", {"redeem": {"mode": "max"}}),
        ("/v1/holds", None),
    ],
)
def test_nothing_is_redeemed_before(shop: Shop, path: str, more: dict | None) -> None:
    member_id = add(shop.till, new_phone()).json["id"]
    shop.give(member_id, 500)
    sale = shop.sale(member_id)
    if path == "/v1/quotes":
        del sale["receipt_id"]
    body = {"member_id": member_id, "points": 1} if more is None else {**sale, **more}

    answer = shop.till.post(path, body)

    assert (answer.status, answer.code) == (409, "member_unverified")


def test_a_lookup_says_who_is_not_confirmed(shop: Shop) -> None:
    phone = new_phone()
    add(shop.till, phone)

    typed = shop.till.post("/v1/lookups", {"phone": phone}).json
    confirm(shop, link_sent(shop, phone))
    confirmed = shop.till.post("/v1/lookups", {"phone": phone}).json

    assert (typed["member_verified"], typed["verified"]) == (False, False)
    assert typed["unverified_through"] is not None
    assert (confirmed["member_verified"], confirmed["unverified_through"]) == (True, None)


def test_a_known_phone_is_answered_with_its_member(shop: Shop) -> None:
    phone = new_phone()
    known = shop.join(phone)["member_id"]

    answer = add(shop.till, phone)

    assert (answer.status, answer.json["id"], answer.json["link"]) == (200, known, None)


def test_a_repeat_gets_the_same_member(shop: Shop) -> None:
    body = {"phone": new_phone(), "language": "ru"}

    first = shop.till.post("/v1/members", body, key="add-1")
    again = shop.till.post("/v1/members", body, key="add-1")
    other = shop.till.post("/v1/members", {**body, "name": "Eve"}, key="add-1")

    assert (again.status, again.is_replay, again.json["id"]) == (201, True, first.json["id"])
    assert (other.status, other.code) == (422, "idempotency_key_reused")


def test_a_till_cannot_say_that_a_phone_is_proven(shop: Shop) -> None:
    answer = add(shop.till, new_phone(), is_verified=True)

    assert (answer.status, answer.code) == (403, "scope_missing")


def test_a_shop_adds_whom_it_has_signed_in(shop: Shop) -> None:
    consent = {"purpose": "program", "granted": True, "text_version": "2"}

    answer = add(shop.office, "+447400123456", is_verified=True, name="Ann", consents=[consent])

    assert (answer.status, answer.json["member_verified"]) == (201, True)
    assert [one["text_version"] for one in answer.json["consents"]] == ["2"]


def test_a_phone_no_message_can_reach_is_not_typed_in(shop: Shop) -> None:
    answer = add(shop.till, "+447400123456")

    assert (answer.status, answer.code) == (403, "phone_not_allowed")


def test_somebody_without_phone_or_proof_is_nobody(shop: Shop) -> None:
    assert add(shop.till, None).code == "bad_input"
    assert add(shop.office, None, email="a@b.example").code == "bad_input"


def test_the_tap_keeps_consents_and_opens_the_card(shop: Shop) -> None:
    phone = new_phone()
    member_id = add(shop.till, phone).json["id"]
    consent = {"purpose": "program", "granted": True, "text_version": "program-2026-11"}
    path = link_sent(shop, phone)

    confirm(shop, path)
    opened = confirm(shop, path, consents=[consent], language="ru")

    kept = shop.office.get(f"/v1/members/{member_id}").json["consents"]
    assert [(one["purpose"], one["source"]) for one in kept] == [("program", "phone_link")]
    assert opened.json["card_url"].startswith("https://cards.example/c/")


def test_a_link_opens_nothing_once_its_owner_is_in(shop: Shop) -> None:
    phone = new_phone()
    add(shop.till, phone)
    path = link_sent(shop, phone)
    confirm(shop, path)
    clock = services().clock
    clock.set(clock.now() + timedelta(minutes=11))

    late = confirm(shop, path)
    wrong = confirm(shop, "/k/0123456789abcdef")

    assert (late.status, late.code) == (404, "link_unknown")
    assert (wrong.status, wrong.code) == (404, "link_unknown")


def test_the_page_of_a_link_changes_nothing(shop: Shop) -> None:
    phone = new_phone()
    add(shop.till, phone)
    path = link_sent(shop, phone)

    page = Caller(shop.client).get(path)
    lookup = shop.till.post("/v1/lookups", {"phone": phone}).json

    assert page.status == 200
    assert "data-confirm" in page.body.decode()
    assert lookup["member_verified"] is False


def test_the_page_of_nobodys_link_is_not_there(shop: Shop) -> None:
    assert Caller(shop.client).get("/k/0123456789abcdef").status == 404


def test_members_are_found_by_what_leads_to_them(shop: Shop, other_shop: Shop) -> None:
    phone = new_phone()
    member_id = shop.join(phone)["member_id"]
    code = shop.office.get(f"/v1/members/{member_id}").json["identifiers"][0]["value"]
    query = f"/v1/members?phone=%2B{phone[1:]}"

    by_phone, by_code = shop.office.get(query), shop.till.get(f"/v1/members?code={code}")
    nobody, foreign = shop.office.get("/v1/members?card_number=9"), other_shop.office.get(query)
    two = shop.office.get(f"{query}&code={code}")

    assert [one["id"] for one in by_phone.json["items"]] == [member_id]
    assert [one["id"] for one in by_code.json["items"]] == [member_id]
    assert (by_phone.json["items"][0]["phone"], "phone" in by_code.json["items"][0]) == (
        phone,
        False,
    )
    assert nobody.json["items"] == foreign.json["items"] == []
    assert two.status == 400
