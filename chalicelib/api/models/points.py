"""Points and tiers without a receipt: grants, redemptions, holds, overrides, history."""

from typing import Annotated, Any, Literal

from pydantic import Field, RootModel, WithJsonSchema

from chalicelib.api.shapes import (
    Body,
    Days,
    Id,
    MinorUnits,
    Moment,
    Name,
    ProblemObject,
    Reason,
    Request,
    SomePoints,
)
from chalicelib.domain.segments import SEGMENT_LENGTH_MAX, SEGMENTS_MAX

HISTORY_ROWS_MAX = 100
HOLD_SECONDS_MAX = 30 * 86_400
DAYS_MAX = 36_600

SegmentName = Annotated[Name, Field(max_length=SEGMENT_LENGTH_MAX)]


class GrantBody(Request):
    """Points given by hand or by a program of the shop's own."""

    points: SomePoints
    reason: Reason
    expires_in_days: Days | None = Field(
        None, description="Usable through so many days after today; null: never expires."
    )
    activates_in_days: Annotated[int, Field(ge=0, le=DAYS_MAX)] = 0


class RedemptionBody(Request):
    """Points redeemed without a receipt."""

    member_id: Id
    points: SomePoints
    reason: Reason
    confirmation_id: Id | None = None


class HoldBody(Request):
    """Points reserved for an order."""

    member_id: Id
    points: SomePoints
    ttl_seconds: Annotated[int, Field(ge=1, le=HOLD_SECONDS_MAX)] | None = None
    order_reference: Name | None = None
    confirmation_id: Id | None = None


class TierOverrideBody(Request):
    """A tier given, or sold for `paid_minor`, whatever the turnover says."""

    tier: Name
    days: Annotated[int, Field(ge=1, le=3_660)]
    reason: Reason
    paid_minor: MinorUnits | None = None


class SegmentsBody(Request):
    """All the segments a member belongs to from now on; an empty list: none."""

    segments: Annotated[list[SegmentName], Field(max_length=SEGMENTS_MAX)]


class HistoryRowBody(Request):
    """A past receipt without points; it counts for the turnover of its date."""

    member_id: Id
    at: Moment
    net_paid_minor: MinorUnits
    receipt_id: Name


class HistoryBody(RootModel[list[Any]]):
    """Past receipts; each row is judged on its own."""

    root: Annotated[
        list[Annotated[Any, WithJsonSchema({"type": "object", "x-schema": "HistoryRowBody"})]],
        Field(min_length=1, max_length=HISTORY_ROWS_MAX),
    ]


class HoldAnswer(Body):
    """Points reserved until a moment."""

    id: str
    object: Literal["hold"]
    created_at: str
    member_id: str
    points: int
    state: Literal["held", "released"]
    until: str | None
    order_reference: str | None
    balance_after: int


class SegmentsAnswer(Body):
    """The segments of a member as the operation left them."""

    member_id: str
    object: Literal["segments"]
    segments: list[str]
    ledger_version: int
    at: str


class HistoryRowAnswer(Body):
    """What became of one row."""

    status: int
    receipt_id: str | None = None
    is_replay: bool = False
    problem: ProblemObject | None = None


class HistoryAnswer(Body):
    """One result per row, in order."""

    items: list[HistoryRowAnswer]
