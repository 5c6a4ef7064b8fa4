"""Which lots become one when an account has too many: the nearest expiries (P11)."""

from datetime import timedelta

from chalicelib.domain.account import Account, nearest_expiries
from chalicelib.domain.entries import MovementKind
from chalicelib.domain.ledger import redeem
from chalicelib.domain.posting import LOTS_MAX
from tests.builders import (
    TODAY,
    account,
    after,
    day,
    entry,
    lot,
    lot_id,
    occasion,
    points_by_lot,
)


def many(count: int, **fields: str) -> Account:
    """Return an account of lots of 10 points that end ten days apart."""
    ends = [TODAY + timedelta(days=10 * n) for n in range(1, count + 1)]
    return account(*(lot(f"lot-{n}", 10, until=str(on), **fields) for n, on in enumerate(ends)))


def test_the_two_that_end_closest_together_are_the_nearest() -> None:
    lots = (
        lot("june", 1, until="2026-06-10"),
        lot("july", 1, until="2026-07-10"),
        lot("later in july", 1, until="2026-07-12"),
        lot("august", 1, until="2026-08-10"),
    )

    pair = nearest_expiries(lots, TODAY)

    assert pair is not None
    assert [one.lot_id for one in pair] == [lot_id("july"), lot_id("later in july")]


def test_one_lot_has_nothing_near() -> None:
    waiting = lot("soon", 1, active="2026-06-02")

    assert nearest_expiries((lot("june", 1), waiting), TODAY) is None


def test_as_many_lots_as_may_be_stay_as_they_are() -> None:
    before = many(LOTS_MAX)

    left = after(redeem(before, 1, "gift", occasion()))

    assert len(left.lots) == LOTS_MAX


def test_one_too_many_goes_into_the_later_of_the_nearest() -> None:
    before = many(LOTS_MAX)
    close = lot("close", 7, until=str(TODAY + timedelta(days=96)))  # lot-9 ends 4 days later
    before = account(*before.lots, close)

    change = redeem(before, 1, "gift", occasion())

    points = points_by_lot(after(change))
    assert (len(points), points[lot_id("lot-9")]) == (LOTS_MAX, 17)
    assert lot_id("close") not in points
    merges = [move for move in entry(change).movements if move.kind is MovementKind.MERGE]
    assert [(move.points, move.lot and move.lot.expires_on) for move in merges] == [
        (-7, TODAY + timedelta(days=96)),
        (7, TODAY + timedelta(days=100)),
    ]


def test_points_that_are_not_active_yet_are_never_merged() -> None:
    before = many(LOTS_MAX + 2, active="2026-06-03")
    before = account(*before.lots, lot("june", 5))

    left = after(redeem(before, 1, "gift", occasion()))

    assert len(left.lots) == LOTS_MAX + 3
    assert left.pending(day("2026-06-02")) == 10 * (LOTS_MAX + 2)
