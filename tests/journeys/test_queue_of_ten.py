"""A queue of ten: the cashier types a phone, the purchase earns, one tap confirms."""

import re
from datetime import time

import pytest

from tests.journeys.calling import Service, eventually
from tests.journeys.days import D, after, day, kinds, opened
from tests.journeys.shop import Shop, new_phone

LINK = re.compile(r"https?://[^ ]+(/k/[0-9a-f]{16})$")


def typed_in(shop: Shop, phone: str) -> str:
    """Return the member the till has added by phone."""
    added = shop.till("POST", "/v1/members", {"phone": phone, "language": "ru"})
    assert (added.status, added.json["link"]) == (201, "sent"), added.body
    return str(added.json["id"])


def link_to(service: Service, phone: str) -> str:
    """Return the path of the latest link sent to a phone."""

    def look() -> str | None:
        for sms in service.outbox("sms", phone):
            if found := LINK.search(sms["text"]):
                return found.group(1)
        return None

    return eventually(look, "a link")


def redeem(shop: Shop, member_id: str) -> tuple[int, str | None]:
    body = {"member_id": member_id, "points": 1, "reason": "a mug"}
    answer = shop.till("POST", "/v1/redemptions", body)
    return answer.status, answer.code


def test_a_typed_phone_earns_and_one_tap_lets_it_redeem(shop: Shop) -> None:
    phone = new_phone()
    member_id = typed_in(shop, phone)
    bought = shop.buy(member_id, 10_000)

    before = redeem(shop, member_id)
    path = link_to(shop.service, phone)
    page = shop.service.call("GET", path)
    looked_at = redeem(shop, member_id)
    tapped = shop.service.call("POST", path.replace("/k/", "/v1/phone-links/"), {})

    assert bought.json["earned"] == 10
    assert before == looked_at == (409, "member_unverified")
    assert (page.status, tapped.status) == (200, 200)
    assert redeem(shop, member_id) == (201, None)
    me = shop.service.call("GET", "/v1/me", credential=tapped.json["member_token"])
    assert (me.json["id"], me.json["balance"]["available"]) == (member_id, 9)


def test_a_code_on_the_join_page_confirms_the_same_member(shop: Shop) -> None:
    phone = new_phone()
    member_id = typed_in(shop, phone)
    shop.buy(member_id, 10_000)
    link_to(shop.service, phone)

    joined = shop.join(phone)

    assert joined.member_id == member_id
    assert redeem(shop, member_id) == (201, None)


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_who_does_not_confirm_in_thirty_days_is_forgotten(
    clocked: Service, is_confirmed: bool
) -> None:
    shop = opened(clocked, day(D), expiry_days=300)
    phone = new_phone()
    member_id = typed_in(shop, phone)
    shop.buy(member_id, 10_000)
    path = link_to(clocked, phone)
    if is_confirmed:
        clocked.call("POST", path.replace("/k/", "/v1/phone-links/"), {})

    clocked.set_clock(after(30, time(23)))
    clocked.run_jobs()
    last_day = shop.available(member_id)
    clocked.set_clock(after(31, time(1)))
    clocked.run_jobs()
    found = shop.office("GET", f"/v1/members?phone=%2B{phone[1:]}").json["items"]

    assert last_day == 10
    assert kinds(shop, member_id) == ["purchase", "verify"] if is_confirmed else found == []
    assert [one["id"] for one in found] == ([member_id] if is_confirmed else [])
    if not is_confirmed:
        assert typed_in(shop, phone) != member_id
