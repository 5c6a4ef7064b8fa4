"""Returns, voids, attaching and moving: what tills send."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chalicelib.api.shapes import Id, MinorUnits, Name, Quantity, Reason, Request

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
