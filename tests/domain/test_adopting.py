"""Lots that change accounts: the ids they get, and what repays a debt on the way."""

from dataclasses import replace

import pytest

from chalicelib.domain.account import LOT_IDS_PER_VERSION, Lot, LotSource
from chalicelib.domain.adopting import NEW_LOTS_MAX, Adopting, is_taken_over
from chalicelib.domain.entries import MovementKind
from tests.builders import account, day, lot, occasion

FIRST = 2 * LOT_IDS_PER_VERSION  # of an entry on an account at version 1


def adopting(*lots: Lot, debt: int = 0) -> Adopting:
    return Adopting(account(*lots, debt=debt), occasion())


class TestIds:
    def test_follow_one_another_within_the_entry(self) -> None:
        posting = adopting()

        for points in (10, 20, 30):
            posting.adopt(MovementKind.MERGE, lot(f"of {points}", points))

        held = {one.lot_id: one.points for one in posting.account.lots}
        assert held == {FIRST: 10, FIRST + 1: 20, FIRST + 2: 30}

    def test_are_never_more_than_an_entry_has(self) -> None:
        posting = adopting()

        for number in range(LOT_IDS_PER_VERSION):
            posting.adopt(MovementKind.MERGE, lot(f"n-{number}", 1))

        with pytest.raises(AssertionError, match="unique"):
            posting.adopt(MovementKind.MERGE, lot("too many", 1))


class TestAdopting:
    def test_a_lot_keeps_its_source_and_dates(self) -> None:
        taken = lot("may", 30, until="2026-07-01", active="2026-06-05", given="2026-05-01")

        posting = adopting()
        posting.adopt(MovementKind.MERGE, taken)

        (own,) = posting.account.lots
        assert own == replace(taken, lot_id=FIRST)

    def test_a_debt_is_repaid_first(self) -> None:
        posting = adopting(debt=10)

        posting.adopt(MovementKind.MERGE, lot("may", 30))

        assert [one.points for one in posting.account.lots] == [20]
        assert posting.account.debt == 0

    def test_a_lot_that_goes_to_the_debt_whole_is_no_lot_and_takes_no_id(self) -> None:
        posting = adopting(debt=30)

        posting.adopt(MovementKind.MERGE, lot("may", 30))
        posting.adopt(MovementKind.MERGE, lot("june", 5))

        assert [(one.lot_id, one.points) for one in posting.account.lots] == [(FIRST, 5)]


class TestHandingOut:
    def test_leaves_neither_lots_nor_debt(self) -> None:
        posting = adopting(lot("may", 30), lot("june", 5), debt=7)

        posting.hand_out(MovementKind.MERGE)

        assert (posting.account.lots, posting.account.debt) == ((), 0)
        assert sum(one.points for one in posting.movements) == -35 + 7


class TestPortionsOfAMergedMembersLots:
    def test_are_parts_of_the_lots_that_were_taken_over(self) -> None:
        taken = lot("may", 30, until="2026-07-01")
        posting = adopting()
        posting.adopt(MovementKind.MERGE, taken)

        (own,) = posting.renumbered([replace(taken, points=12)])

        assert own == replace(taken, lot_id=FIRST, points=12)

    def test_are_new_lots_where_none_was_taken_over(self) -> None:
        posting = adopting(lot("own", 5, until="2026-09-01"))

        found = posting.renumbered([lot("may", 3), lot("june", 4, until="2026-07-01")])

        assert [(one.lot_id, one.points) for one in found] == [(FIRST, 3), (FIRST + 1, 4)]
        assert found[1].expires_on == day("2026-07-01")

    def test_of_like_dates_are_one_lot(self) -> None:
        found = adopting().renumbered([lot("may", 3), lot("june", 4)])

        assert [(one.lot_id, one.points) for one in found] == [(FIRST, 3), (FIRST, 4)]

    def test_beyond_what_an_entry_may_make_get_the_dates_of_the_one_before(self) -> None:
        ends = [f"2027-{1 + n // 28:02}-{1 + n % 28:02}" for n in range(NEW_LOTS_MAX + 2)]

        found = adopting().renumbered([lot(f"to {end}", 1, until=end) for end in ends])

        assert len({one.lot_id for one in found}) == NEW_LOTS_MAX
        assert [one.points for one in found] == [1] * len(ends)
        last = found[NEW_LOTS_MAX - 1]
        assert last.expires_on == day(ends[NEW_LOTS_MAX - 1])
        assert found[NEW_LOTS_MAX:] == (last, last)


class TestBeingTakenOver:
    MAY = lot("may", 30, until="2026-07-01")

    def test_looks_at_neither_ids_nor_points(self) -> None:
        assert is_taken_over(replace(self.MAY, lot_id=1, points=2), self.MAY)

    @pytest.mark.parametrize(
        "other",
        [
            {"source": LotSource.PURCHASE},
            {"granted_on": day("2026-01-02")},
            {"active_from": day("2026-01-02")},
            {"expires_on": day("2026-07-02")},
            {"expires_on": None},
        ],
    )
    def test_is_not_said_of_a_lot_with_another_source_or_date(self, other) -> None:
        assert not is_taken_over(replace(self.MAY, **other), self.MAY)
