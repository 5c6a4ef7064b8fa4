"""Gift cards that a member keeps."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.api.models.gift_cards import Code
from chalicelib.api.shapes import Body, Request
from chalicelib.domain.kept_gift_cards import KEPT_MAX


class KeepGiftCardBody(Request):
    """The code of a gift card, as it stands on it."""

    code: Code


class KeptGiftCardAnswer(Body):
    """A gift card that the member keeps; its code is told to nobody."""

    id: str
    object: Literal["kept_gift_card"]
    created_at: str = Field(description="Since when it is kept.")
    ending: str = Field(description="The end of its code, to tell cards apart.")
    currency: str
    balance_minor: int
    state: Literal["issued", "active", "voided"]


class KeptGiftCardsAnswer(Body):
    """All that the member keeps, the latest first."""

    items: Annotated[list[KeptGiftCardAnswer], Field(max_length=KEPT_MAX)]
    next_cursor: None


class OfferedGiftCardAnswer(Body):
    """A gift card that can pay: a purchase names it by `gift_card_id`."""

    id: str
    ending: str
    balance_minor: int
