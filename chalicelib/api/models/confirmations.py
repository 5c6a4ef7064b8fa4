"""Confirmations: the second factor of a redemption at a till."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chalicelib.api.shapes import Body, Id, Request

MethodName = Literal["totp", "one_time_code", "sms"]
CodeText = Annotated[str, Field(min_length=1, max_length=64)]


class ConfirmationBody(Request):
    """By what the member confirms; a code as scanned, or its six digits as read out."""

    member_id: Id
    method: MethodName
    code: CodeText | None = None

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if (self.method == "sms") != (self.code is None):
            raise ValueError("`sms` sends a code; the other methods need `code`")
        return self


class SentCodeBody(Request):
    """The code that was sent."""

    code: CodeText


class ConfirmationAnswer(Body):
    """How far a confirmation has come."""

    id: str
    object: Literal["confirmation"]
    created_at: str
    member_id: str
    method: MethodName
    state: Literal["pending", "verified", "used", "expired"]
    expires_at: str


class ConfirmationNeed(Body):
    """What a redemption at this till needs, under the program's `confirm_above`."""

    is_required: bool
    allowed: int = Field(description="Points that could be redeemed without a confirmation.")
    used_today: int
    methods: list[MethodName]
    identified_by: Literal["phone"] | None = Field(
        default=None, description="There if a till knows the member by a phone number alone."
    )
    pays_by: Literal["gift_card"] | None = Field(
        default=None, description="There if a gift card pays that the member keeps."
    )
