"""What a member takes away: everything that is known."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.api.models.coupons import ListedCouponAnswer
from chalicelib.api.models.devices import DeviceAnswer
from chalicelib.api.models.draws import MyDrawAnswer
from chalicelib.api.models.kept_gift_cards import KeptGiftCardAnswer
from chalicelib.api.models.members import EntryAnswer, MemberAnswer
from chalicelib.api.models.purchases import PurchaseAnswer
from chalicelib.api.shapes import Body, Query


class ExportQuery(Query):
    """The page that follows another."""

    cursor: Annotated[str, Field(max_length=64)] | None = None


class PersonAnswer(Body):
    """What is known beside the history."""

    member: MemberAnswer
    other_phones: list[str] = Field(description="Of members merged into this one.")
    was_invited: bool
    devices: list[DeviceAnswer]
    coupons: list[ListedCouponAnswer]
    gift_cards: list[KeptGiftCardAnswer] = Field(description="Kept; of the code, the end.")
    draws: list[MyDrawAnswer]


class ExportAnswer(Body):
    """A page of the export; the ledger is newest first."""

    object: Literal["export"]
    at: str
    person: PersonAnswer | None = Field(description="On the first page only.")
    ledger: list[EntryAnswer]
    receipts: list[PurchaseAnswer] = Field(description="Of these entries.")
    next_cursor: str | None
