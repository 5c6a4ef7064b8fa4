"""Members added without a code, and the link that confirms their phone."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chalicelib.api.models.members import ConsentBody, Email, Language, MemberAnswer
from chalicelib.api.shapes import Body, Name, PhoneText, Query, Request


class NewMemberBody(Request):
    """Somebody at a till, or a shopper whom an online shop has signed in."""

    phone: PhoneText | None = None
    email: Email | None = None
    language: Language
    name: Name | None = None
    store: Name | None = None
    consents: Annotated[list[ConsentBody], Field(max_length=10)] = Field(default_factory=list)
    is_verified: bool = Field(
        default=False,
        description="The shop has proven the phone or the e-mail itself: the scope `members`.",
    )

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.phone is None and (self.email is None or not self.is_verified):
            raise ValueError("send `phone`; an `email` alone only with `is_verified`")
        return self


class NewMemberAnswer(MemberAnswer):
    """The member, and what became of the link that confirms the phone."""

    link: Literal["sent", "not_sent"] | None = Field(
        description="Null: the member is confirmed, or this is a repeat. `not_sent`: a limit"
        " is full or the message could not be promised; the same call sends it later."
    )


class MembersQuery(Query):
    """How a member is found: one of the three."""

    phone: PhoneText | None = None
    card_number: Name | None = None
    code: Annotated[str, Field(min_length=1, max_length=64)] | None = None

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if [self.code, self.phone, self.card_number].count(None) != 2:  # noqa: PLR2004
            raise ValueError("send one of `phone`, `card_number`, `code`")
        return self


class MembersAnswer(Body):
    """The members found: one, or none."""

    items: list[MemberAnswer]
    next_cursor: None


class PhoneLinkBody(Request):
    """What the shopper agrees to; nothing at first, as the tap alone confirms the phone."""

    consents: Annotated[list[ConsentBody], Field(max_length=10)] = Field(default_factory=list)
    language: Language | None = None
