"""Returns in parts: points and stamps go back once each (R22, R25)."""

from typing import Any

from chalicelib.domain.account import LotSource
from chalicelib.domain.entries import LedgerChange, MovementKind
from chalicelib.domain.program import Program
from chalicelib.domain.receipts import ReturnedLine
from chalicelib.domain.returns import Claim, take_back
from chalicelib.domain.sales import sell
from tests.builders import (
    account,
    after,
    as_stored,
    day,
    entry,
    exactly,
    line,
    lot,
    lot_id,
    noon,
    occasion,
    points_by_lot,
    program,
    receipt,
    sale,
)

RULES = program(redeem_percent=100, mode="earn_and_redeem")


def brought_back(
    change: LedgerChange,
    *lines: tuple[int, int],
    rules: Program = RULES,
    on: str = "2026-06-01",
    **claim: Any,
) -> LedgerChange:
    """Bring (line, thousandths) of a sale back; all without lines."""
    of = as_stored(change)
    back = tuple(ReturnedLine(*one) for one in lines) or None
    named = Claim(return_id=f"b-{len(of.returns)}", lines=back, **claim)
    return take_back(after(change), of, named, occasion(rules, at=noon(on)))


class TestPoints:
    def test_in_parts_go_back_once_each_whether_usable_or_forfeited(self) -> None:
        """Of 30 points 10 had a date that passes between the two returns."""
        lots = (lot("may", 10, until="2026-06-05"), lot("june", 20, until="2026-06-30"))
        bought = sell(
            account(*lots), sale(line(3_000, 3_000), redeem=exactly(30)), occasion(RULES)
        )

        first = brought_back(bought, (0, 2_000), on="2026-06-06")
        second = brought_back(first, (0, 1_000), on="2026-06-06")

        done = [(one.restored, one.forfeited) for one in receipt(second).returns]
        assert done == [(20, 0), (0, 10)]
        assert points_by_lot(after(second)) == {lot_id("june"): 20}

    def test_forfeited_before_are_passed_over_like_restored_ones(self) -> None:
        lots = (lot("may", 10, until="2026-06-05"), lot("june", 20, until="2026-06-30"))
        sixth = sale(line(500, 6_000), redeem=exactly(30))
        back = sell(account(*lots), sixth, occasion(RULES))

        for milli in (4_000, 1_000, 1_000):
            back = brought_back(back, (0, milli), on="2026-06-06")

        done = [(one.restored, one.forfeited) for one in receipt(back).returns]
        assert done == [(20, 0), (0, 5), (0, 5)]

    def test_of_two_lines_at_once_are_those_of_both(self) -> None:
        owner = account(lot("june", 30))
        two = sale(line(2_000), line(10_000), redeem=exactly(30))

        back = brought_back(sell(owner, two, occasion(RULES)), (0, 1_000), (1, 1_000))

        done = receipt(back).returns[0]
        assert (done.refund_minor, done.restored, done.clawed_back) == (9_000, 30, 9)

    def test_forfeited_in_parts_are_not_forfeited_again(self) -> None:
        lots = (lot("may", 10, until="2026-06-05"), lot("june", 20, until="2026-06-30"))
        bought = sell(
            account(*lots), sale(line(3_000, 3_000), redeem=exactly(30)), occasion(RULES)
        )

        back = bought
        for _ in range(3):
            back = brought_back(back, (0, 1_000), on="2026-07-01")

        done = [(one.restored, one.forfeited) for one in receipt(back).returns]
        assert done == [(0, 10), (0, 10), (0, 10)]

    def test_of_several_lots_may_be_forfeited_at_once(self) -> None:
        lots = (lot("may", 10, until="2026-06-05"), lot("june", 20, until="2026-06-06"))
        bought = sell(account(*lots), sale(redeem=exactly(30)), occasion(RULES))

        done = receipt(brought_back(bought, on="2026-07-01")).returns[0]

        assert (done.restored, done.forfeited) == (0, 30)

    def test_of_a_passed_date_are_issued_again_for_the_grace(self) -> None:
        rules = program(redeem_percent=100, restore_grace_days=7)
        may = account(lot("may", 10, until="2026-06-05"))
        bought = sell(may, sale(line(1_000), redeem=exactly(10)), occasion(rules))

        back = brought_back(bought, rules=rules, on="2026-06-06")

        (again,) = after(back).lots
        assert (again.points, again.source) == (10, LotSource.RESTORE)
        assert again.expires_on == day("2026-06-13")
        assert [move.kind for move in entry(back).movements] == [MovementKind.RESTORE]


class TestStamps:
    RULES = program(stamps={"category": "coffee", "every": 10})

    def test_of_every_line_that_comes_back_are_taken(self) -> None:
        coffees = (
            line(10_000, 2_000, category="coffee"),
            line(9_000, 3_000, category="coffee"),
        )
        bought = sell(account(stamps=1), sale(*coffees), occasion(self.RULES))

        back = brought_back(bought, (0, 2_000), (1, 1_000), rules=self.RULES)

        assert (after(bought).stamps, after(back).stamps) == (6, 3)

    def test_are_taken_for_whole_units_whatever_the_parts(self) -> None:
        change = sell(
            account(stamps=5),
            sale(line(10_000, 3_000, category="coffee")),
            occasion(self.RULES),
        )
        left = []

        for milli in (500, 1_000, 1_500):
            change = brought_back(change, (0, milli), rules=self.RULES)
            left.append(after(change).stamps)

        assert left == [8, 7, 5]
