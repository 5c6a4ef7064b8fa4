"""Points for many members at once: winners of a contest, say."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from chalicelib.api.shapes import (
    Body,
    Days,
    Id,
    Name,
    PhoneText,
    ProblemObject,
    Reason,
    Request,
    SomePoints,
)

MEMBERS_MAX = 500


class GranteeBody(Request):
    """A member, by one of the three."""

    member_id: Id | None = None
    phone: PhoneText | None = None
    card_number: Name | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        named = [self.member_id, self.phone, self.card_number]
        if sum(name is not None for name in named) != 1:
            raise ValueError("name the member by one of member_id, phone, card_number")
        return self


class GrantBatchBody(Request):
    """The same points for each of the members."""

    reason: Reason
    points: SomePoints
    expires_in_days: Days | None = Field(
        None, description="Usable through so many days after today; null: never expires."
    )
    members: Annotated[list[GranteeBody], Field(min_length=1, max_length=MEMBERS_MAX)]


class GrantRowAnswer(Body):
    """What became of one row."""

    status: int
    is_replay: bool = False
    member_id: str | None = None
    lot_id: str | None = None
    problem: ProblemObject | None = None


class GrantBatchAnswer(Body):
    """One result per row, in order."""

    items: list[GrantRowAnswer]
