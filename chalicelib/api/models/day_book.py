"""Operations of a day and shifts as they are asked for and answered."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.api.shapes import Body, Day, Query
from chalicelib.domain.day_book import DayKind
from chalicelib.domain.shifts import FLAGS_MAX, FlagKind

OPERATIONS_MAX = 50  # of one answer
CASHIERS_MAX = 500
_ID_CHARS_MAX = 256
_CURSOR_CHARS_MAX = 200

_Name = Annotated[str, Field(min_length=1, max_length=_ID_CHARS_MAX)]


class OperationsQuery(Query):
    """Which day, today if it is not said; of which till or cashier alone."""

    on: Day | None = None
    till_id: _Name | None = None
    staff_id: _Name | None = None
    cursor: Annotated[str | None, Field(max_length=_CURSOR_CHARS_MAX)] = None
    limit: Annotated[int, Field(ge=1, le=OPERATIONS_MAX)] = OPERATIONS_MAX


class ShiftQuery(Query):
    """Which day; today if it is not said."""

    on: Day | None = None


class OperationAnswer(Body):
    """Something that was done; amounts are never below zero, points are the member's."""

    id: str
    object: Literal["operation"]
    kind: DayKind
    at: str
    till_id: str | None
    store_id: str | None
    staff_id: str | None
    member_id: str | None
    purchase_id: str | None
    receipt_id: str | None
    amount_minor: int
    paid_by_points_minor: int
    paid_by_gift_card_minor: int
    money_minor: int
    points_given: int
    points_redeemed: int


class OperationsAnswer(Body):
    """A page of a day's operations, newest first."""

    on: str
    items: Annotated[list[OperationAnswer], Field(max_length=OPERATIONS_MAX)]
    next_cursor: str | None


class TotalsAnswer(Body):
    """What a shift or a cashier comes to."""

    sales: int
    sales_minor: int
    paid_by_points_minor: int
    paid_by_gift_card_minor: int
    returns: int
    returns_minor: int
    returned_to_gift_card_minor: int
    gift_cards: int
    gift_cards_minor: int
    top_ups: int
    top_ups_minor: int
    money_minor: int
    points_given: int
    points_redeemed: int


class CashierTotalsAnswer(TotalsAnswer):
    """The totals of one cashier; null is what was done by API key."""

    staff_id: str | None


class FlagAnswer(Body):
    """Something a manager should look at."""

    kind: FlagKind
    staff_id: str | None
    member_id: str | None
    count: int


class ShiftAnswer(Body):
    """A till's day."""

    object: Literal["shift"]
    on: str
    till_id: str
    currency: str
    as_of: str
    is_complete: bool
    total: TotalsAnswer
    cashiers: Annotated[list[CashierTotalsAnswer], Field(max_length=CASHIERS_MAX)]
    flags: Annotated[list[FlagAnswer], Field(max_length=FLAGS_MAX)]
