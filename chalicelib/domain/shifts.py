"""What the rows of one till and day add up to: in all and by cashier, and what looks odd.

Amounts are minor units. A void counts as a return. A gift card that was sold on a receipt
of the same shift is in that receipt's money already.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from chalicelib.domain.day_book import DayKind, DayRow
from chalicelib.domain.receipts import ReceiptKey

CARD_USES_MAX = 5  # purchases of one member under one cashier in a day; more is flagged
FLAGS_MAX = 50  # of one shift, the gravest first
_BACK = (DayKind.RETURN, DayKind.VOID)
_ONTO_CARDS = {  # whether a gift card is sold, else topped up; and which way the money goes
    DayKind.GIFT_CARD_SALE: (True, 1),
    DayKind.GIFT_CARD_VOID: (True, -1),
    DayKind.GIFT_CARD_TOP_UP: (False, 1),
    DayKind.GIFT_CARD_TOP_UP_VOID: (False, -1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What was done in a shift, or by one cashier in it."""

    sales: int = 0
    sales_minor: int = 0  # after discounts, before points and gift cards
    paid_by_points_minor: int = 0
    paid_by_gift_card_minor: int = 0
    returns: int = 0
    returns_minor: int = 0
    returned_to_gift_card_minor: int = 0
    gift_cards: int = 0  # sold, less those whose sale was undone
    gift_cards_minor: int = 0
    top_ups: int = 0  # of gift cards, less those taken back
    top_ups_minor: int = 0
    money_minor: int = 0  # taken, less what was given back
    points_given: int = 0  # less those clawed back
    points_redeemed: int = 0  # less those restored

    def __add__(self, other: "Totals") -> "Totals":
        names = [field.name for field in fields(self)]
        return Totals(**{name: getattr(self, name) + getattr(other, name) for name in names})


class FlagKind(StrEnum):
    """What looks odd."""

    CARD_USED_OFTEN = "card_used_often"
    RETURNS_WITHOUT_SALE = "returns_without_sale"


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a manager should look at."""

    kind: FlagKind
    staff_id: str
    member_id: str  # empty: no single member
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A till's day."""

    on: date
    till_id: str
    total: Totals
    by_staff: tuple[tuple[str, Totals], ...]  # in the order of ids; "" is who was not named
    flags: tuple[Flag, ...]
    is_complete: bool  # False: some of it is not in yet, or there was too much of it


def shift_of(
    till_id: str, on: date, rows: Sequence[DayRow], *, is_complete: bool = True
) -> Shift:
    """Add up the rows of a till and day."""
    sold_on = {row.receipt for row in rows if row.kind is DayKind.PURCHASE}
    by_staff: dict[str, Totals] = {}
    for row in rows:
        before = by_staff.get(row.staff_id, Totals())
        by_staff[row.staff_id] = before + _totals_of(row, sold_on)
    return Shift(
        on=on,
        till_id=till_id,
        total=sum(by_staff.values(), Totals()),
        by_staff=tuple(sorted(by_staff.items())),
        flags=flags_of(rows),
        is_complete=is_complete,
    )


def flags_of(rows: Iterable[DayRow]) -> tuple[Flag, ...]:
    """Return what looks odd in a day's rows, the most frequent first."""
    uses: dict[tuple[str, str], int] = {}
    sales: dict[str, int] = {}
    returns: dict[str, int] = {}
    for row in rows:
        if row.kind is DayKind.PURCHASE:
            sales[row.staff_id] = sales.get(row.staff_id, 0) + 1
            if row.member_id:
                key = row.staff_id, row.member_id
                uses[key] = uses.get(key, 0) + 1
        elif row.kind in _BACK:
            returns[row.staff_id] = returns.get(row.staff_id, 0) + 1
    found = [
        Flag(FlagKind.CARD_USED_OFTEN, staff_id, member_id, count)
        for (staff_id, member_id), count in uses.items()
        if count > CARD_USES_MAX
    ]
    found += [
        Flag(FlagKind.RETURNS_WITHOUT_SALE, staff_id, "", count)
        for staff_id, count in returns.items()
        if staff_id not in sales
    ]
    found.sort(key=lambda flag: (-flag.count, flag.kind, flag.staff_id, flag.member_id))
    return tuple(found[:FLAGS_MAX])


def _totals_of(row: DayRow, sold_on: set[ReceiptKey | None]) -> Totals:
    """Return what one row adds."""
    points = {"points_given": row.points, "points_redeemed": row.redeemed}
    if row.kind is DayKind.PURCHASE:
        return Totals(
            sales=1,
            sales_minor=row.amount_minor,
            paid_by_points_minor=row.points_minor,
            paid_by_gift_card_minor=row.gift_card_minor,
            money_minor=row.money_minor,
            **points,
        )
    if row.kind in _BACK:
        return Totals(
            returns=1,
            returns_minor=row.amount_minor,
            returned_to_gift_card_minor=row.gift_card_minor,
            money_minor=-row.money_minor,
            **points,
        )
    if row.kind is DayKind.GIFT_CARD_PAYMENT:
        return Totals(paid_by_gift_card_minor=row.gift_card_minor)
    if row.kind in _ONTO_CARDS:
        return _onto_card(row, is_on_receipt=row.receipt is not None and row.receipt in sold_on)
    return Totals(**points)


def _onto_card(row: DayRow, *, is_on_receipt: bool) -> Totals:
    """Return the money a gift card was sold or topped up for; a receipt has its own."""
    is_sale, sign = _ONTO_CARDS[row.kind]
    minor = sign * row.amount_minor
    money = 0 if is_on_receipt else minor
    if is_sale:
        return Totals(gift_cards=sign, gift_cards_minor=minor, money_minor=money)
    return Totals(top_ups=sign, top_ups_minor=minor, money_minor=money)
