"""Signing up: a phone, the code it was sent, the member it becomes."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chalicelib.api.models.members import ConsentBody, Email, Language
from chalicelib.api.shapes import Body, Day, Name, PhoneText, Request

Nonce = Annotated[str, Field(min_length=8, max_length=128, pattern=r"^[\x21-\x7e]+$")]


class SignUpBody(Request):
    """A phone that wants a code, or a card without one; the same client keeps one nonce."""

    phone: PhoneText | None = None
    email: Email | None = Field(default=None, description="Where no SMS arrives.")
    card_only: bool = Field(
        default=False, description="A card that only earns, until a phone is added."
    )
    language: Language
    consents: Annotated[list[ConsentBody], Field(max_length=10)]
    referral_code: Name | None = None
    store: Name | None = None
    client_nonce: Nonce

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if [bool(self.phone), bool(self.email), self.card_only].count(True) != 1:
            raise ValueError("send one of `phone`, `email` and `card_only`")
        return self


class SignUpAnswer(Body):
    """The same for known and unknown phones."""

    sign_up_id: str
    object: Literal["sign_up"]
    resend_after_seconds: int
    expires_in_seconds: int
    alternatives: list[Literal["email", "card_only"]] = Field(
        description="Other ways in, where no code arrives."
    )


class SignUpProfileBody(Request):
    """What a shopper may say at once; all of it can wait."""

    name: Name | None = None
    birth_date: Day | None = None
    email: Email | None = None


class VerifyBody(Request):
    """The code of the message, from the client that asked for it."""

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    client_nonce: Nonce
    profile: SignUpProfileBody | None = None
    birth_date: Day | None = Field(
        default=None, description="Asked for by 409 `birth_date_needed`: silent for 180 days."
    )
    starts_anew: bool = Field(
        default=False, description="The number is new to the shopper: a card of one's own."
    )


class VerifyAnswer(Body):
    """The member, and every way to hold the card."""

    member_id: str
    object: Literal["membership"]
    member_token: str
    card_url: str
    apple_pass_url: str
    google_save_url: str | None
