"""Returns, voids, attaching and moving: what tills send and get."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chalicelib.api.shapes import Body, Id, MinorUnits, Name, Points, Quantity, Reason, Request

LINES_MAX = 200


class ReturnLineBody(Request):
    """A quantity of one line of the receipt, counted from 0."""

    line: Annotated[int, Field(ge=0, lt=LINES_MAX)]
    quantity: Quantity


class ReturnBody(Request):
    """What comes back: some lines, or `all` that is left."""

    return_id: Name
    lines: Annotated[list[ReturnLineBody], Field(min_length=1, max_length=LINES_MAX)] | None = (
        None
    )
    all: Literal[True] | None = None
    reason: Reason | None = None

    @model_validator(mode="after")
    def _has_one_choice(self) -> Self:
        if (self.lines is None) == (self.all is None):
            raise ValueError("send either `lines` or `all`")
        return self


class ReturnQuoteBody(Request):
    """What may come back: some lines, or `all` that is left."""

    lines: Annotated[list[ReturnLineBody], Field(min_length=1, max_length=LINES_MAX)] | None = (
        None
    )
    all: Literal[True] | None = None

    @model_validator(mode="after")
    def _has_one_choice(self) -> Self:
        if (self.lines is None) == (self.all is None):
            raise ValueError("send either `lines` or `all`")
        return self


class VoidBody(Request):
    """Why a receipt is undone whole."""

    reason: Reason


class AttachBody(Request):
    """Whose an anonymous receipt is; the total proves that it was seen."""

    member_id: Id
    total_minor: MinorUnits


class MoveBody(Request):
    """To whom a receipt is moved, and why."""

    member_id: Id
    reason: Reason


class BalanceAnswer(Body):
    """Points on one day."""

    available: Points
    pending: Points
    debt: Points
    held: Points


class _Moved(Body):
    """What returns and their quotes have in common."""

    purchase_id: str
    created_at: str
    currency: str
    lines: list[ReturnLineBody]
    refund_minor: int
    gift_card_minor: int
    money_minor: int
    clawed_back: int
    restored: int
    forfeited: int
    balance: BalanceAnswer | None


class ReturnAnswer(_Moved):
    """A return of a receipt and what it moved."""

    id: str
    object: Literal["return"]
    return_id: str
    is_void: bool


class ReturnQuoteAnswer(_Moved):
    """What a return would move."""

    object: Literal["return_quote"]
