"""Offline conflicts and debts as they are asked for and answered."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.api.shapes import Body, Query, Reason, Request

ROWS_MAX = 50  # of one answer

_Limit = Annotated[int, Field(ge=1, le=ROWS_MAX)]
_State = Literal["open", "settled"]
# An id as we make them: it sorts before what ends a list.
_Cursor = Annotated[str, Field(pattern=r"^[!-}]{1,128}$")]


class ConflictsQuery(Query):
    """Which conflicts: those nobody has dealt with, if it is not said."""

    state: _State = "open"
    cursor: _Cursor | None = None
    limit: _Limit = ROWS_MAX


class DebtsQuery(Query):
    """Which page."""

    cursor: _Cursor | None = None
    limit: _Limit = ROWS_MAX


class SettleBody(Request):
    """What was done about it."""

    note: Reason


class ConflictRedeemAnswer(Body):
    """What the till had promised."""

    mode: Literal["none", "max", "exact"]
    points: int | None


class ConflictAnswer(Body):
    """A sale a till made without a network, and the problem it was refused with."""

    id: str
    object: Literal["offline_conflict"]
    state: _State
    sold_at: str
    refused_at: str
    till_id: str
    staff_id: str | None
    receipt_id: str
    member_id: str | None
    total_minor: int
    currency: str
    redeem: ConflictRedeemAnswer
    code: str
    detail: str
    settled_at: str | None
    settled_by: str | None
    note: str | None


class ConflictsAnswer(Body):
    """A page of conflicts, the latest sale first."""

    items: Annotated[list[ConflictAnswer], Field(max_length=ROWS_MAX)]
    next_cursor: str | None


class DebtAnswer(Body):
    """What a member owes, and what it began with; null: before debts were listed."""

    member_id: str
    object: Literal["debt"]
    points: int
    since: str | None
    kind: str | None
    purchase_id: str | None
    receipt_id: str | None


class DebtsAnswer(Body):
    """A page of debts, by member."""

    items: Annotated[list[DebtAnswer], Field(max_length=ROWS_MAX)]
    next_cursor: str | None
