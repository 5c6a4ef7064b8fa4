"""What an entry tells other consumers: its own numbers, and what happened beside it."""

from dataclasses import replace

import pytest

from chalicelib.domain.entries import EntryKind, LedgerChange
from chalicelib.domain.events import Event, events_of, own_points
from chalicelib.domain.joining import join
from chalicelib.domain.ledger import Grant, grant, redeem
from chalicelib.domain.sales import sell
from tests.builders import (
    ANN,
    NOON,
    account,
    entry,
    exactly,
    line,
    lot,
    occasion,
    program,
    sale,
    tiers,
)

NAMES = {
    EntryKind.JOIN: ["member.joined"],
    EntryKind.PURCHASE: ["purchase.completed"],
    EntryKind.RETURN: ["purchase.returned"],
    EntryKind.VOID: ["purchase.voided"],
    EntryKind.GRANT: ["points.granted"],
    EntryKind.ANNIVERSARY: ["points.granted"],
    EntryKind.REDEEM: ["points.redeemed"],
    EntryKind.HOLD: ["points.held"],
    EntryKind.RELEASE: ["points.released"],
    EntryKind.EXPIRE: [],  # told by what expired, as beside any other entry
    EntryKind.REMIND: ["points.expiring"],
    EntryKind.HISTORY: [],
    EntryKind.ACTIVATE: ["points.activated"],
    EntryKind.TIER: [],  # told by the change of tier
    EntryKind.REVERSE: ["points.reversed"],
    EntryKind.SEGMENTS: [],
    EntryKind.CODE: ["pass_code.replaced"],
    EntryKind.COUPON: ["coupon.given"],
    EntryKind.VERIFY: ["member.verified"],
    EntryKind.PHONE: ["member.phone_changed"],
    EntryKind.ERASE: ["member.erased"],
    EntryKind.MERGED: ["member.merged"],
    EntryKind.TAKEOVER: [],  # told by the member who was merged
}


def points_told(change: LedgerChange) -> dict[str, object]:
    return {event.name: event.facts["points"] for event in events_of(entry(change))}


def test_a_grant_tells_what_it_gave_whatever_expired_beside_it() -> None:
    owner = account(lot("may", 100, until="2026-05-31"))

    change = grant(owner, Grant(points=300, reason="thanks"), occasion())

    assert points_told(change) == {"points.granted": 300, "points.expired": 100}
    assert (entry(change).points, own_points(entry(change))) == (200, 300)


def test_a_redemption_tells_what_it_took_whatever_expired_beside_it() -> None:
    owner = account(lot("may", 100, until="2026-05-31"), lot("june", 50))

    change = redeem(owner, 20, "gift", occasion())

    assert points_told(change) == {"points.redeemed": -20, "points.expired": 100}
    assert (entry(change).points, own_points(entry(change))) == (-120, -20)


def test_a_grant_that_pays_a_debt_tells_all_of_it() -> None:
    change = grant(account(debt=30), Grant(points=50, reason="thanks"), occasion())

    assert points_told(change) == {"points.granted": 50}


def test_a_grant_that_does_not_say_what_it_gave_tells_what_it_moved() -> None:
    owner = account(lot("may", 100, until="2026-05-31"))
    change = grant(owner, Grant(points=300, reason="thanks"), occasion())

    silent = replace(entry(change), facts={})

    assert (silent.points, own_points(silent)) == (200, 200)


def test_a_redemption_that_does_not_say_what_it_took_tells_what_it_moved() -> None:
    owner = account(lot("may", 100, until="2026-05-31"), lot("june", 50))
    change = redeem(owner, 20, "gift", occasion())

    silent = replace(entry(change), facts={})

    assert (silent.points, own_points(silent)) == (-120, -120)


def test_a_purchase_that_redeemed_tells_all_that_it_moved() -> None:
    owner = account(lot("may", 100, until="2026-05-31"), lot("june", 300))

    change = sell(owner, sale(line(100_000), redeem=exactly(200)), occasion())

    assert (entry(change).points, own_points(entry(change))) == (-300, -300)


def test_every_event_names_its_member_its_moment_and_its_facts() -> None:
    owner = account(lot("may", 100, until="2026-05-31"), tier="base")
    rules = program(tiers=tiers())

    change = sell(owner, sale(line(200_000)), occasion(rules))

    assert events_of(entry(change)) == (
        Event(
            event_id="evt_roastery-2-purchase.completed-mem_ann",
            name="purchase.completed",
            version=1,
            member=ANN,
            at=NOON,
            facts={
                "points": 100,
                "reference": "r-1",
                "reason": "",
                "earned": 200,
                "redeemed": 0,
                "channel": "offline",
                "ledger_version": 2,
            },
        ),
        Event(
            event_id="evt_roastery-2-points.expired-mem_ann",
            name="points.expired",
            version=1,
            member=ANN,
            at=NOON,
            facts={"points": 100, "ledger_version": 2},
        ),
        Event(
            event_id="evt_roastery-2-tier.changed-mem_ann",
            name="tier.changed",
            version=1,
            member=ANN,
            at=NOON,
            facts={"from": "base", "to": "silver", "ledger_version": 2},
        ),
    )


def test_the_reason_of_a_grant_is_told() -> None:
    change = grant(account(), Grant(points=300, reason="thanks"), occasion())

    (told,) = events_of(entry(change))
    assert (told.facts["reason"], told.facts["reference"]) == ("thanks", "")


def test_a_first_tier_is_no_change_of_tier() -> None:
    rules = program(tiers=tiers())

    change = join(ANN, occasion(rules))

    assert [one.name for one in events_of(entry(change))] == ["member.joined"]


@pytest.mark.parametrize("kind", EntryKind)
def test_every_kind_of_entry_is_told_by_its_name(kind: EntryKind) -> None:
    granted = entry(grant(account(), Grant(points=300, reason="thanks"), occasion()))

    told = events_of(replace(granted, kind=kind))

    assert [one.name for one in told] == NAMES[kind]
