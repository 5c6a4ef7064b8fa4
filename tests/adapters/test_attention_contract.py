"""The `Attention` port: one contract for the fake and the table."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamo.attention import DynamoAttention
from chalicelib.adapters.dynamo.attention_items import RefusalsItem, refusals_key
from chalicelib.domain.account import MemberRef
from chalicelib.domain.attention import (
    CONFLICTS_PER_DAY_MAX,
    Debt,
    DebtStart,
    OfflineConflict,
    PhoneWait,
    conflict_id_of,
    settled,
)
from chalicelib.domain.entries import EntryKind
from chalicelib.ports import Attention
from tests.builders import ANN, NOON, SHOP, receipt_key
from tests.fakes.attention import FakeAttention
from tests.fakes.clock import FakeClock

BOB = MemberRef(SHOP, "mem_bob")
SINCE = DebtStart(NOON, EntryKind.PURCHASE, receipt_key("r#1"))


@pytest.fixture(params=["fake", "engine"])
def attention(request: pytest.FixtureRequest) -> Attention:
    if request.param == "fake":
        return FakeAttention()
    return DynamoAttention(request.getfixturevalue("connection"), FakeClock(NOON))


def conflict(number: int, **fields: Any) -> OfflineConflict:
    sold_at = NOON + timedelta(minutes=number)
    base: dict[str, Any] = {
        "conflict_id": conflict_id_of("till-1", f"key-{number}", sold_at),
        "merchant_id": SHOP,
        "till_id": "till-1",
        "sold_at": sold_at,
        "refused_at": NOON + timedelta(hours=1),
        "receipt_id": f"r-{number}",
        "total_minor": 10_000,
        "currency": "RUB",
        "code": "offline_limit_exceeded",
        "detail": "60 points redeemed offline, 50 allowed",
    }
    return OfflineConflict(**(base | fields))


def done(one: OfflineConflict) -> OfflineConflict:
    return settled(one, "st_olga", "points given", NOON + timedelta(days=1))


FULL = conflict(1, staff_id="st_ann", member_id="mem_1", redeem_mode="exact", redeem_points=60)


def test_a_conflict_comes_back_as_it_was_kept(attention: Attention) -> None:
    bare = conflict(2)
    kept = [attention.keep(one) for one in (FULL, bare, FULL)]

    assert kept == [True, True, True]
    assert attention.find(SHOP, FULL.conflict_id) == FULL
    assert attention.conflicts(SHOP) == (bare, FULL)
    assert attention.conflicts(SHOP, before=bare.conflict_id) == (FULL,)
    assert attention.conflicts(SHOP, limit=1) == (bare,)
    assert attention.conflicts("bakery") == ()


def test_the_first_word_about_a_conflict_stays(attention: Attention) -> None:
    attention.keep(FULL)
    other = settled(FULL, "st_boris", "nothing", NOON)

    settled_once = [attention.settle(done(FULL)), attention.settle(other)]
    attention.keep(FULL)

    assert settled_once == [True, False]
    assert attention.conflicts(SHOP) == ()
    assert attention.conflicts(SHOP, is_settled=True) == (done(FULL),)


def test_nothing_is_settled_that_was_never_kept(attention: Attention) -> None:
    assert attention.settle(done(FULL)) is False
    assert attention.find(SHOP, FULL.conflict_id) is None


def test_a_day_has_room_for_so_many(connection: Any) -> None:
    attention = DynamoAttention(connection, FakeClock(NOON))
    full = RefusalsItem(*refusals_key(SHOP, FULL.refused_at), units=CONFLICTS_PER_DAY_MAX - 1)
    full.save()

    assert attention.keep(FULL) is True
    assert attention.keep(conflict(2)) is False
    assert attention.keep(FULL) is True  # it is there
    assert attention.keep(conflict(3, refused_at=NOON + timedelta(days=1))) is True
    assert attention.conflicts(SHOP) == (conflict(3, refused_at=NOON + timedelta(days=1)), FULL)


def test_a_debt_keeps_its_beginning_while_it_goes_on(attention: Attention) -> None:
    attention.note_debt(Debt(ANN, 3, 40, SINCE))
    attention.note_debt(Debt(ANN, 5, 25, None))

    assert attention.debts(SHOP) == (Debt(ANN, 5, 25, SINCE),)


def test_a_debt_begun_without_a_receipt_has_none(attention: Attention) -> None:
    start = DebtStart(NOON, EntryKind.TAKEOVER, None)
    attention.note_debt(Debt(ANN, 3, 40, SINCE))
    attention.note_debt(Debt(ANN, 4, 10, start))

    assert attention.debts(SHOP) == (Debt(ANN, 4, 10, start),)


def test_what_is_noted_late_changes_nothing(attention: Attention) -> None:
    attention.note_debt(Debt(ANN, 4, 0, None))
    attention.note_debt(Debt(ANN, 3, 40, SINCE))

    assert attention.debts(SHOP) == ()
    assert attention.count(SHOP, at=NOON) == 0


def test_debts_are_listed_by_member(attention: Attention) -> None:
    ann, bob = Debt(ANN, 3, 40, SINCE), Debt(BOB, 2, 10, SINCE)
    for debt in (bob, ann):
        attention.note_debt(debt)

    assert attention.debts(SHOP) == (ann, bob)
    assert attention.debts(SHOP, after=ANN.member_id) == (bob,)
    assert attention.debts(SHOP, limit=1) == (ann,)
    assert attention.debts("bakery") == ()


def test_a_pause_is_listed_until_it_is_over(attention: Attention) -> None:
    pause = PhoneWait(ANN, NOON, NOON + timedelta(hours=72), is_pause=True)
    attention.note_waits([pause])
    attention.note_waits([pause])

    assert attention.waits(SHOP, at=NOON) == (pause,)
    assert attention.waits(SHOP, at=pause.until) == ()


def test_what_waits_is_counted_whatever_it_is(attention: Attention) -> None:
    attention.keep(FULL)
    attention.keep(conflict(2))
    attention.note_debt(Debt(ANN, 3, 40, SINCE))
    attention.note_waits([PhoneWait(ANN, NOON, NOON + timedelta(hours=72), is_pause=True)])
    before = attention.count(SHOP, at=NOON)

    attention.settle(done(FULL))
    attention.note_debt(Debt(ANN, 4, 0, None))

    assert before == 4
    assert attention.count(SHOP, at=NOON + timedelta(hours=80)) == 1
    assert attention.count(SHOP, at=conflict(2).refused_at + timedelta(days=400)) == 0


def test_a_conflict_is_named_by_its_till_and_key() -> None:
    at: datetime = NOON
    names = {
        conflict_id_of("till-1", "key-1", at),
        conflict_id_of("till-1", "key-1", at),
        conflict_id_of("till-2", "key-1", at),
        conflict_id_of("till-1", "key-2", at),
    }

    assert len(names) == 3
    assert settled(done(FULL), "st_x", "late", at) == done(FULL)
    assert replace(FULL, note="").is_settled is False
