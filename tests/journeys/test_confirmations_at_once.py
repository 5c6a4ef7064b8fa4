"""One code, one confirmation, however many tills are at it in the same moment."""

from typing import Any

import pytest

from scenarios.confirmation_events import shown_code
from tests.journeys.calling import Service, new_key
from tests.journeys.shop import Joined, Shop, open_shop
from tests.journeys.test_tills_at_once import TILLS, at_once


@pytest.fixture
def ruled(service: Service) -> Shop:
    return open_shop(service, confirm_above=0, redeem_percent=100)


def card_code(shop: Shop, member: Joined) -> str:
    """Return what the member's card shows now."""
    page = shop.service.call("GET", str(member.answer["card_url"]))
    return shown_code(page.body.decode())


def test_a_code_scanned_by_many_at_once_confirms_once(ruled: Shop) -> None:
    member = ruled.join()
    code = card_code(ruled, member)

    answers = at_once(lambda _: ruled.till("POST", "/v1/lookups", {"code": code}))

    assert {answer.status for answer in answers} == {200}
    assert [answer.json["verified"] for answer in answers].count(True) == 1
    assert {answer.json["member_id"] for answer in answers} == {member.member_id}


def test_a_confirmation_named_by_many_at_once_redeems_once(ruled: Shop) -> None:
    member = ruled.join()
    ruled.grant(member.member_id, 1_000)
    found = ruled.till("POST", "/v1/lookups", {"code": card_code(ruled, member)}).json

    keys = [new_key() for _ in range(TILLS)]
    body: dict[str, Any] = {
        "member_id": member.member_id,
        "points": 100,
        "reason": "a mug",
        "confirmation_id": found["confirmation_id"],
    }

    answers = at_once(lambda till: ruled.till("POST", "/v1/redemptions", body, key=keys[till]))

    refused = [answer for answer in answers if answer.status not in (200, 201)]
    assert len(refused) == TILLS - 1
    assert {(answer.code, answer.json["reason"]) for answer in refused} == {
        ("confirmation_required", "used")
    }
    assert ruled.member(member.member_id)["balance"]["available"] == 900
