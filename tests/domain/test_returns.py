"""Goods come back: R18–R24 and R54, each told with one receipt."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account import Account
from chalicelib.domain.entries import EntryKind, LedgerChange
from chalicelib.domain.program import Program
from chalicelib.domain.receipts import Receipt, ReceiptStatus, Return, ReturnedLine
from chalicelib.domain.returns import (
    RETURNS_MAX,
    Claim,
    ReturnExists,
    ReturnRefused,
    take_back,
)
from chalicelib.domain.sales import sell, sell_anonymously
from tests.builders import (
    TODAY,
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

BOTH = program(mode="earn_and_redeem")


def sold(
    before: Account, *lines: object, rules: Program = BOTH, redeem: int = 0
) -> LedgerChange:
    """Sell lines on 1 June."""
    wish = sale(*lines, redeem=exactly(redeem)) if redeem else sale(*lines)  # type: ignore[arg-type]
    return sell(before, wish, occasion(rules))


def brought_back(
    owner: Account | None,
    of: Receipt,
    *lines: tuple[int, int],
    number: str = "b-1",
    on: str = "2026-06-02",
    rules: Program = BOTH,
    is_void: bool = False,
) -> LedgerChange:
    """Bring (line, thousandths) back; all that is left without lines."""
    back = tuple(ReturnedLine(*one) for one in lines) or None
    claim = Claim(return_id=number, lines=back, is_void=is_void)
    return take_back(owner, of, claim, occasion(rules, at=noon(on), key=number))


def done(change: LedgerChange) -> Return:
    return receipt(change).returns[-1]


class TestMoney:
    def test_is_what_was_paid_for_the_line(self) -> None:
        first = sold(account(lot("june", 50)), line(10_000), line(10_000), redeem=50)

        back = brought_back(after(first), receipt(first), (0, 1000))

        assert done(back).refund_minor == 7_500

    def test_of_a_part_is_rounded_so_that_the_parts_make_the_whole(self) -> None:
        first = sold(account(), line(3_333, 3000))
        owner, stored = after(first), receipt(first)

        refunds = []
        for number in ("b-1", "b-2", "b-3"):
            back = brought_back(owner, stored, (0, 1000), number=number)
            owner, stored = after(back), as_stored(back)
            refunds.append(done(back).refund_minor)

        assert sum(refunds) == 9_999
        assert refunds == [3_333, 3_333, 3_333]

    def test_leaves_the_turnover_of_the_day_of_the_sale(self) -> None:
        first = sold(account(), line(10_000))

        back = brought_back(after(first), receipt(first), on="2026-06-20")

        assert after(first).turnover.days == ((TODAY, 10_000),)
        assert after(back).turnover.days == ()
        assert after(back).turnover.lifetime_minor == 0

    def test_of_a_day_long_gone_leaves_the_lifetime_only(self) -> None:
        first = sold(account(), line(10_000))

        back = brought_back(after(first), receipt(first), on="2027-06-20")

        assert after(back).turnover.lifetime_minor == 0
        assert after(back).turnover.days == ()


class TestClawingBack:
    def test_takes_the_receipts_own_lot_first(self) -> None:
        first = sold(account(lot("soon", 10, until="2026-06-03")), line(10_000))

        back = brought_back(after(first), receipt(first))

        assert done(back).clawed_back == 10
        assert points_by_lot(after(back)) == {lot_id("soon"): 10}

    def test_takes_its_own_lot_while_it_is_pending(self) -> None:
        rules = program(pending_days=14)
        first = sold(account(), line(10_000), rules=rules)

        back = brought_back(after(first), receipt(first), rules=rules)

        assert (after(back).total, after(back).debt) == (0, 0)

    def test_then_other_active_lots_in_the_order_of_spending(self) -> None:
        first = sold(account(lot("late", 9), lot("soon", 4, until="2026-07-01")), line(10_000))
        spent = replace(
            after(first),
            lots=(*account(lot("late", 9), lot("soon", 4, until="2026-07-01")).lots,),
        )

        back = brought_back(spent, receipt(first))

        assert points_by_lot(after(back)) == {lot_id("late"): 3}

    def test_leaves_other_pending_lots_alone_and_becomes_debt(self) -> None:
        first = sold(account(), line(10_000))
        spent = replace(after(first), lots=(lot("wait", 50, active="2026-07-01"),))

        back = brought_back(spent, receipt(first))

        assert (after(back).debt, after(back).pending(day("2026-06-02"))) == (10, 50)
        assert after(back).available(day("2026-06-02")) == 0

    def test_within_the_balance_forgives_the_rest(self) -> None:
        rules = program(return_policy="within_balance")
        first = sold(account(), line(10_000), rules=rules)
        spent = replace(after(first), lots=(lot("june", 4),))

        back = brought_back(spent, receipt(first), rules=rules)

        assert (done(back).clawed_back, after(back).debt, after(back).total) == (4, 0, 0)

    def test_only_pending_leaves_points_that_are_active_already(self) -> None:
        rules = program(return_policy="only_pending", pending_days=2)
        first = sold(account(lot("june", 4)), line(10_000), rules=rules)

        early = brought_back(after(first), receipt(first), rules=rules, on="2026-06-02")
        late = brought_back(after(first), receipt(first), rules=rules, on="2026-06-03")

        assert (done(early).clawed_back, done(late).clawed_back) == (10, 0)
        assert after(late).available(day("2026-06-03")) == 14

    def test_counts_what_went_into_debt_when_it_was_earned(self) -> None:
        first = sold(account(debt=4), line(10_000))

        back = brought_back(after(first), receipt(first))

        assert (done(back).clawed_back, after(back).debt, after(back).total) == (10, 4, -4)


class TestRestoring:
    def test_goes_back_to_the_same_lots_the_last_spent_first(self) -> None:
        lots = (lot("soon", 20, until="2026-06-30"), lot("late", 30, until="2026-07-31"))
        first = sold(account(*lots), line(10_000, 2000), redeem=50)

        back = brought_back(after(first), receipt(first), (0, 1000))

        left = points_by_lot(after(back))
        assert left[lot_id("late")] == 25
        assert lot_id("soon") not in left

    def test_of_a_second_return_goes_on_where_the_first_stopped(self) -> None:
        lots = (lot("soon", 20, until="2026-06-30"), lot("late", 30, until="2026-07-31"))
        first = sold(account(*lots), line(10_000, 2000), redeem=50)
        once = brought_back(after(first), receipt(first), (0, 1000))

        back = brought_back(after(once), as_stored(once), (0, 1000), number="b-2")

        assert points_by_lot(after(back)) == {lot_id("soon"): 20, lot_id("late"): 30}

    def test_keeps_the_lots_own_last_day(self) -> None:
        first = sold(account(lot("june", 50, until="2026-06-30")), line(10_000), redeem=50)

        back = brought_back(after(first), receipt(first))

        again = [one for one in after(back).lots if one.lot_id == lot_id("june")]
        assert [one.expires_on for one in again] == [day("2026-06-30")]

    def test_of_points_past_their_date_is_forfeited(self) -> None:
        first = sold(account(lot("june", 50, until="2026-06-05")), line(10_000), redeem=50)

        back = brought_back(after(first), receipt(first), on="2026-06-06")

        assert (done(back).restored, done(back).forfeited) == (0, 50)

    def test_is_made_on_the_last_day_still(self) -> None:
        first = sold(account(lot("june", 50, until="2026-06-05")), line(10_000), redeem=50)

        back = brought_back(after(first), receipt(first), on="2026-06-05")

        assert (done(back).restored, done(back).forfeited) == (50, 0)

    def test_with_grace_gives_points_past_their_date_some_more_days(self) -> None:
        rules = program(restore_grace_days=5)
        first = sold(
            account(lot("june", 50, until="2026-06-05")), line(10_000), redeem=50, rules=rules
        )

        back = brought_back(after(first), receipt(first), on="2026-06-10", rules=rules)

        assert (done(back).restored, done(back).forfeited) == (50, 0)
        assert [one.expires_on for one in after(back).lots] == [day("2026-06-15")]

    def test_with_grace_gives_many_lots_back_as_one_that_no_later_lot_meets(self) -> None:
        rules = program(restore_grace_days=5, earn_percent=10, redeem_percent=100)
        many = [lot(f"june-{n}", 10, until="2026-06-05") for n in range(20)]
        first = sold(account(*many), line(20_000), redeem=200, rules=rules)

        back = brought_back(after(first), receipt(first), on="2026-06-10", rules=rules)
        again = sold(after(back), line(10_000), rules=rules)

        assert [one.points for one in after(back).lots] == [200]
        assert sorted(one.points for one in after(again).lots) == [10, 200]

    def test_repays_debt_first(self) -> None:
        first = sold(account(lot("june", 50)), line(10_000), redeem=50)
        owing = replace(after(first), debt=30)

        back = brought_back(owing, receipt(first))

        assert after(back).debt == 0
        assert after(back).available(day("2026-06-02")) == 50 - 30

    def test_of_a_merged_lot_makes_it_again(self) -> None:
        first = sold(account(lot("june", 50, until="2026-06-30")), line(10_000), redeem=50)

        back = brought_back(replace(after(first), lots=()), receipt(first))

        assert lot_id("june") in points_by_lot(after(back))


class TestRefusing:
    def test_more_than_was_bought(self) -> None:
        first = sold(account(), line(10_000, 2000))

        with pytest.raises(ReturnRefused, match=r"line 0: 2\.5 brought back, 2 left"):
            brought_back(after(first), receipt(first), (0, 2500))

    def test_more_than_is_left(self) -> None:
        first = sold(account(), line(10_000, 2000))
        once = brought_back(after(first), receipt(first), (0, 1500))

        with pytest.raises(ReturnRefused, match=r"line 0: 1 brought back, 0\.5 left"):
            brought_back(after(once), as_stored(once), (0, 1000), number="b-2")

    def test_the_same_line_twice_in_one_return_counts_together(self) -> None:
        first = sold(account(), line(10_000, 2000))

        with pytest.raises(ReturnRefused):
            brought_back(after(first), receipt(first), (0, 1500), (0, 1000))

    def test_a_line_that_is_not_there(self) -> None:
        first = sold(account(), line(10_000))

        with pytest.raises(ReturnRefused, match="no line 1"):
            brought_back(after(first), receipt(first), (1, 1000))

    def test_a_return_number_that_is_known(self) -> None:
        first = sold(account(), line(10_000, 2000))
        once = brought_back(after(first), receipt(first), (0, 500))

        with pytest.raises(ReturnExists):
            brought_back(after(once), as_stored(once), (0, 500))

    def test_moving_a_receipt_of_which_something_came_back(self) -> None:
        first = sold(account(), line(10_000, 2000))
        once = brought_back(after(first), receipt(first), (0, 500))
        move = Claim(return_id="move:mem_bob", lines=None, is_void=True, moved_to="mem_bob")

        with pytest.raises(ReturnRefused, match="something of the receipt"):
            take_back(after(once), as_stored(once), move, occasion())

    def test_a_receipt_of_which_nothing_is_left(self) -> None:
        first = sold(account(), line(10_000))
        once = brought_back(after(first), receipt(first))

        with pytest.raises(ReturnRefused, match="nothing"):
            brought_back(after(once), as_stored(once), number="b-2")

    def test_a_receipt_with_as_many_returns_as_may_be(self) -> None:
        first = sold(account(), line(10_000))
        many = tuple(
            replace(
                done(brought_back(after(first), receipt(first))), return_id=f"b-{i}", lines=()
            )
            for i in range(RETURNS_MAX)
        )

        with pytest.raises(ReturnRefused):
            brought_back(after(first), replace(receipt(first), returns=many), number="next")


class TestVoiding:
    def test_undoes_the_receipt_whole_and_marks_it(self) -> None:
        before = account(lot("june", 50))
        first = sold(before, line(10_000), redeem=50)

        back = brought_back(after(first), receipt(first), is_void=True)

        assert points_by_lot(after(back)) == points_by_lot(before)
        assert entry(back).kind is EntryKind.VOID
        assert receipt(back).status is ReceiptStatus.VOIDED

    def test_takes_what_earlier_returns_left(self) -> None:
        first = sold(account(), line(10_000, 2000))
        once = brought_back(after(first), receipt(first), (0, 500))

        back = brought_back(after(once), as_stored(once), is_void=True, number="v")

        assert (done(once).refund_minor, done(back).refund_minor) == (5_000, 15_000)
        assert after(back).total == 0

    def test_a_voided_receipt_takes_nothing_back_any_more(self) -> None:
        first = sold(account(), line(10_000))
        void = brought_back(after(first), receipt(first), is_void=True)

        with pytest.raises(ReturnRefused, match="voided"):
            brought_back(after(void), as_stored(void), number="b-2")

    def test_an_anonymous_receipt_gives_its_money_back_and_moves_no_points(self) -> None:
        first = sell_anonymously(sale(line(10_000), member=None), occasion())

        back = brought_back(None, receipt(first), is_void=True)

        assert (back.account, back.entry) == (None, None)
        assert done(back).refund_minor == 10_000


@given(
    st.lists(st.tuples(st.integers(1, 20_000), st.integers(1, 4)), min_size=1, max_size=3),
    st.integers(0, 100),
    st.data(),
)
def test_returned_in_any_parts_a_receipt_leaves_what_was_before_it(
    goods: list[tuple[int, int]], points: int, data: st.DataObject
) -> None:
    rules = program(mode="earn_and_redeem", redeem_percent=100, expiry_days=30)
    before = account(lot("june", 60, until="2026-06-30"), lot("ever", 40))
    lines = [line(price_minor, 1000 * units) for price_minor, units in goods]
    wish = sale(*lines, redeem=exactly(points))
    first = sell(before, wish, occasion(rules))
    units = [i for i, (_, count) in enumerate(goods) for _ in range(count)]
    owner, stored, refunded = after(first), receipt(first), 0

    for number, i in enumerate(data.draw(st.permutations(units))):
        back = brought_back(owner, stored, (i, 1000), number=f"b-{number}", rules=rules)
        owner, stored = after(back), as_stored(back)
        refunded += done(back).refund_minor

    assert refunded == receipt(first).to_pay_minor
    assert points_by_lot(owner) == points_by_lot(before)
    assert (owner.debt, owner.turnover.lifetime_minor) == (0, 0)
    assert sum(one.restored for one in stored.returns) == stored.redeemed
    assert sum(one.clawed_back for one in stored.returns) == stored.earned
