"""What an entry tells other consumers: its own numbers, and what happened beside it."""

from chalicelib.domain.events import events_of, own_points
from chalicelib.domain.ledger import Grant, grant, redeem
from tests.builders import account, entry, lot, occasion


def points_told(change) -> dict[str, object]:
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
