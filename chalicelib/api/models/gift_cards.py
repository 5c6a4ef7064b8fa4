"""Gift cards: what tills send and get."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chalicelib.api.shapes import MONEY_MAX, Body, Name, Reason, Request
from chalicelib.domain.gift_cards import GiftCardEntryKind

Code = Annotated[str, Field(min_length=1, max_length=64)]
SomeMinorUnits = Annotated[int, Field(ge=1, le=MONEY_MAX)]


class GiftCardTenderBody(Request):
    """How much of what is to pay a gift card pays, after discounts and points."""

    code: Code | None = None
    gift_card_id: Name | None = Field(
        None, description="Instead of the code: a card that the purchase's member keeps."
    )
    mode: Literal["max", "exact"]
    amount_minor: SomeMinorUnits | None = Field(
        None, description="`max`: at most so much; `exact`: so much, or the call is refused."
    )

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.mode == "exact" and self.amount_minor is None:
            raise ValueError("`exact` needs `amount_minor`")
        if (self.code is None) == (self.gift_card_id is None):
            raise ValueError("name the card by `code` or by `gift_card_id`")
        return self


class GiftCardBody(Request):
    """A gift card to be sold."""

    amount_minor: SomeMinorUnits
    receipt_id: Name | None = Field(None, description="The till's receipt of the sale.")
    activate: bool = Field(False, description="It can pay at once, not only once activated.")


class GiftCardPaymentBody(Request):
    """An amount to be paid that is no purchase of the program."""

    amount_minor: SomeMinorUnits = Field(description="What is to pay.")
    mode: Literal["max", "exact"] = Field(
        "exact", description="`exact`: all of it or nothing; `max`: as far as the card goes."
    )
    receipt_id: Name | None = None


class TopUpBody(Request):
    """More money for a gift card."""

    amount_minor: SomeMinorUnits
    receipt_id: Name | None = Field(None, description="The till's receipt of the top-up.")


class GiftCardVoidBody(Request):
    """Why the sale of a gift card, or a top-up, is undone."""

    reason: Reason


class _GiftCard(Body):
    id: str
    object: Literal["gift_card"]
    created_at: str
    currency: str
    amount_minor: int = Field(description="What it was sold for.")
    topped_up_minor: int = Field(description="Put on it since, less what was taken back.")
    balance_minor: int
    state: Literal["issued", "active", "voided"]
    receipt_id: str | None


class GiftCardAnswer(_GiftCard):
    """A gift card as the operation left it."""


class IssuedGiftCardAnswer(_GiftCard):
    """A new gift card; whoever knows its code can pay with it."""

    code: str


class GiftCardEntryAnswer(Body):
    """One change of a gift card's balance."""

    version: int
    kind: GiftCardEntryKind
    at: str
    amount_minor: int
    forfeited_minor: int
    balance_after_minor: int
    receipt_id: str | None
    reason: str | None
    can_be_undone: bool = Field(description="It is a top-up of which nothing has paid.")


class ShownGiftCardAnswer(_GiftCard):
    """A gift card and its latest 50 entries, newest first."""

    entries: list[GiftCardEntryAnswer]


class TopUpAnswer(Body):
    """More money on a gift card, or that money taken back: then the amount is below zero."""

    id: str
    object: Literal["gift_card_top_up"]
    created_at: str
    gift_card_id: str
    currency: str
    amount_minor: int
    topped_up_minor: int
    balance_minor: int
    receipt_id: str | None


class GiftCardPaymentAnswer(Body):
    """What a gift card has paid, and what is left to pay in money."""

    id: str
    object: Literal["gift_card_payment"]
    created_at: str
    gift_card_id: str
    currency: str
    amount_minor: int
    gift_card_minor: int
    money_minor: int
    forfeited_minor: int
    balance_minor: int
