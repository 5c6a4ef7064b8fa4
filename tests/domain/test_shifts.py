"""What a till's rows add up to, and what looks odd in them."""

from datetime import timedelta
from typing import Any

from chalicelib.domain.day_book import DayKind, DayRow
from chalicelib.domain.shifts import (
    CARD_USES_MAX,
    FLAGS_MAX,
    Flag,
    FlagKind,
    Totals,
    flags_of,
    shift_of,
)
from tests.builders import NOON, SHOP, TODAY, receipt_key


def row(kind: DayKind = DayKind.PURCHASE, number: int = 1, **fields: Any) -> DayRow:
    """Return a row of till-1, a hundred roubles unless told otherwise."""
    base: dict[str, Any] = {
        "merchant_id": SHOP,
        "on": TODAY,
        "at": NOON + timedelta(seconds=number),
        "name": f"{kind}-{number}",
        "till_id": "till-1",
        "receipt": receipt_key(f"r-{number}"),
        "amount_minor": 10_000,
    }
    return DayRow(kind=kind, **(base | fields))


def test_a_sale_is_money_points_and_gift_card_together() -> None:
    sold = row(points_minor=2_000, gift_card_minor=3_000, points=40, redeemed=20)

    total = shift_of("till-1", TODAY, [sold]).total

    assert total == Totals(
        sales=1,
        sales_minor=10_000,
        paid_by_points_minor=2_000,
        paid_by_gift_card_minor=3_000,
        money_minor=5_000,
        points_given=40,
        points_redeemed=20,
    )


def test_what_goes_back_leaves_the_money_and_the_points() -> None:
    sold = row(points=100)
    back = row(DayKind.RETURN, 2, amount_minor=4_000, gift_card_minor=1_000, points=-40)

    total = shift_of("till-1", TODAY, [sold, back]).total

    assert total == Totals(
        sales=1,
        sales_minor=10_000,
        returns=1,
        returns_minor=4_000,
        returned_to_gift_card_minor=1_000,
        money_minor=7_000,
        points_given=60,
    )


def test_a_void_counts_as_a_return() -> None:
    total = shift_of("till-1", TODAY, [row(), row(DayKind.VOID, 2)]).total

    assert (total.sales, total.returns, total.money_minor) == (1, 1, 0)


def test_a_moved_receipt_moves_points_and_no_money() -> None:
    halves = [
        row(DayKind.MOVE, 1, amount_minor=0, points=-50),
        row(DayKind.MOVE, 2, amount_minor=0, points=70),
    ]

    total = shift_of("till-1", TODAY, halves).total

    assert total == Totals(points_given=20)


def test_points_redeemed_without_a_receipt_are_no_sale() -> None:
    redeemed = row(DayKind.REDEEM, amount_minor=0, redeemed=30, receipt=None)

    assert shift_of("till-1", TODAY, [redeemed]).total == Totals(points_redeemed=30)


def test_a_gift_card_is_money_when_it_is_sold_and_none_when_it_pays() -> None:
    rows = [
        row(DayKind.GIFT_CARD_SALE, 1, amount_minor=50_000, receipt=None),
        row(DayKind.GIFT_CARD_PAYMENT, 2, amount_minor=7_000, gift_card_minor=7_000),
    ]

    total = shift_of("till-1", TODAY, rows).total

    assert total == Totals(
        gift_cards=1,
        gift_cards_minor=50_000,
        money_minor=50_000,
        paid_by_gift_card_minor=7_000,
    )


def test_a_gift_card_whose_sale_was_undone_is_no_money() -> None:
    rows = [row(DayKind.GIFT_CARD_SALE, 1), row(DayKind.GIFT_CARD_VOID, 2)]

    total = shift_of("till-1", TODAY, rows).total

    assert total == Totals()


def test_a_gift_card_sold_on_a_receipt_is_not_counted_twice() -> None:
    rows = [
        row(number=1, amount_minor=50_000),
        row(DayKind.GIFT_CARD_SALE, 2, amount_minor=50_000, receipt=receipt_key("r-1")),
    ]

    total = shift_of("till-1", TODAY, rows).total

    assert (total.money_minor, total.gift_cards_minor) == (50_000, 50_000)


def test_top_ups_are_money_for_gift_cards_in_a_row_of_their_own() -> None:
    rows = [
        row(DayKind.GIFT_CARD_TOP_UP, 1, amount_minor=50_000, receipt=None),
        row(DayKind.GIFT_CARD_TOP_UP, 2, amount_minor=20_000, receipt=None),
        row(DayKind.GIFT_CARD_TOP_UP_VOID, 3, amount_minor=20_000, receipt=None),
    ]

    total = shift_of("till-1", TODAY, rows).total

    assert total == Totals(top_ups=1, top_ups_minor=50_000, money_minor=50_000)


def test_a_top_up_on_a_receipt_is_not_counted_twice() -> None:
    rows = [
        row(number=1, amount_minor=50_000),
        row(DayKind.GIFT_CARD_TOP_UP, 2, amount_minor=50_000, receipt=receipt_key("r-1")),
    ]

    total = shift_of("till-1", TODAY, rows).total

    assert (total.money_minor, total.top_ups_minor) == (50_000, 50_000)


def test_every_cashier_has_totals_of_their_own_and_together_they_are_the_tills() -> None:
    rows = [
        row(number=1, staff_id="st_ann", amount_minor=100),
        row(number=2, staff_id="st_bob", amount_minor=20),
        row(number=3, staff_id="", amount_minor=3),
    ]

    shift = shift_of("till-1", TODAY, rows)

    assert [(who, sums.sales_minor) for who, sums in shift.by_staff] == [
        ("", 3), ("st_ann", 100), ("st_bob", 20),
    ]  # fmt: skip
    assert shift.total.sales_minor == 123


def test_an_empty_day_is_a_shift_of_nothing() -> None:
    shift = shift_of("till-1", TODAY, [])

    assert (shift.total, shift.by_staff, shift.flags) == (Totals(), (), ())


class TestFlags:
    def test_a_card_used_too_often_under_one_cashier_is_flagged(self) -> None:
        rows = [
            row(number=n, staff_id="st_ann", member_id="mem_1")
            for n in range(CARD_USES_MAX + 1)
        ]

        expected = (Flag(FlagKind.CARD_USED_OFTEN, "st_ann", "mem_1", CARD_USES_MAX + 1),)
        assert flags_of(rows) == expected

    def test_a_card_used_as_often_as_it_may_is_not(self) -> None:
        rows = [
            row(number=n, staff_id="st_ann", member_id="mem_1") for n in range(CARD_USES_MAX)
        ]
        other = [row(number=9, staff_id="st_bob", member_id="mem_1")]

        assert flags_of(rows + other) == ()

    def test_sales_to_nobody_are_no_card(self) -> None:
        rows = [row(number=n, staff_id="st_ann") for n in range(CARD_USES_MAX + 1)]

        assert flags_of(rows) == ()

    def test_returns_of_a_cashier_who_sold_nothing_are_flagged(self) -> None:
        rows = [
            row(number=1, staff_id="st_ann"),
            row(DayKind.RETURN, 2, staff_id="st_bob"),
            row(DayKind.VOID, 3, staff_id="st_bob"),
            row(DayKind.RETURN, 4, staff_id="st_ann"),
        ]

        assert flags_of(rows) == (Flag(FlagKind.RETURNS_WITHOUT_SALE, "st_bob", "", 2),)

    def test_there_are_only_so_many_and_the_most_frequent_come_first(self) -> None:
        rows = [
            row(number=100 * member + n, staff_id="st_ann", member_id=f"mem_{member}")
            for member in range(FLAGS_MAX + 1)
            for n in range(CARD_USES_MAX + 1 + (member == FLAGS_MAX))
        ]

        flags = flags_of(rows)

        assert len(flags) == FLAGS_MAX
        assert flags[0].member_id == f"mem_{FLAGS_MAX}"


def test_a_shift_is_whole_unless_it_says_otherwise() -> None:
    assert shift_of("till-1", TODAY, []).is_complete
    assert not shift_of("till-1", TODAY, [], is_complete=False).is_complete


def test_a_shift_names_its_day_and_till() -> None:
    shift = shift_of("till-1", TODAY, [])

    assert (shift.on, shift.till_id, shift.total, shift.by_staff) == (
        TODAY,
        "till-1",
        Totals(),
        (),
    )
