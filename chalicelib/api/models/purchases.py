"""Quotes and purchases: what tills and online shops send and get."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, WithJsonSchema, field_validator, model_validator

from chalicelib.api.models.confirmations import ConfirmationNeed
from chalicelib.api.models.gift_cards import GiftCardTenderBody
from chalicelib.api.models.returns import (
    LINES_MAX,
    BalanceAnswer,
    ReturnAnswer,
)
from chalicelib.api.shapes import (
    Body,
    Id,
    Metadata,
    MinorUnits,
    Moment,
    Name,
    Points,
    ProblemObject,
    Quantity,
    Query,
    Request,
    SomePoints,
    Unit,
)
from chalicelib.domain.promo_codes import CODES_MAX, fold

PROMO_CODE_LENGTH_MAX = 80  # as typed; folded it is shorter
PromoCodeText = Annotated[str, Field(min_length=1, max_length=PROMO_CODE_LENGTH_MAX)]

BATCH_MAX = 50
PAGE_MAX = 50


class LineBody(Request):
    """A basket line; prices arrive with tax."""

    sku: Name | None = None
    category: Name | None = None
    margin: Name | None = None
    quantity: Quantity
    unit_price_minor: MinorUnits
    unit: Unit | None = None


class RedeemBody(Request):
    """How many points the shopper wants to pay with."""

    mode: Literal["none", "max", "exact"]
    points: Points | None = Field(
        None, description="`max`: at most so many; `exact`: so many, or the call is refused."
    )

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.mode == "exact" and self.points is None:
            raise ValueError("`exact` needs `points`")
        if self.mode == "none" and self.points:
            raise ValueError("`none` takes no `points`")
        return self


class _Basket(Request):
    """What a quote and a purchase have in common."""

    member_id: Id | None = None
    channel: Literal["offline", "online"]
    lines: Annotated[list[LineBody], Field(min_length=1, max_length=LINES_MAX)] | None = None
    total_minor: MinorUnits | None = None
    redeem: RedeemBody = RedeemBody(mode="none", points=None)
    gift_card: GiftCardTenderBody | None = None
    promo_codes: Annotated[list[PromoCodeText], Field(max_length=CODES_MAX)] = Field(
        default_factory=list,
        description="Codes the shopper presents. Case, spaces and hyphens do not matter.",
    )
    hold_id: Id | None = None
    metadata: Metadata = Field(default_factory=dict)

    @model_validator(mode="after")
    def _has_one_basket(self) -> Self:
        if (self.lines is None) == (self.total_minor is None):
            raise ValueError("send either `lines` or `total_minor`")
        return self

    @field_validator("promo_codes")
    @classmethod
    def _are_different(cls, codes: list[str]) -> list[str]:
        folded = [fold(code) for code in codes]
        if not all(folded) or len(set(folded)) < len(folded):
            raise ValueError("send each code once, and no empty one")
        return folded


class QuoteBody(_Basket):
    """A purchase to be priced; nothing is written."""

    receipt_id: Name | None = None
    at: Moment | None = None


class PurchaseBody(_Basket):
    """A sale as the till recorded it."""

    receipt_id: Name
    at: Moment | None = Field(None, description="An offline till's own time of the sale.")
    offline: bool = Field(False, description="The till had no network when it made the sale.")
    quote_id: Id | None = None
    confirmation_id: Id | None = Field(
        None, description="A verified confirmation of the member; used up by this sale."
    )


class BatchItemBody(Request):
    """One purchase of an offline till's queue, under the key it was given at the till."""

    idempotency_key: Annotated[str, Field(min_length=1, max_length=255)]
    # Read one by one: a bad item does not hold back the others.
    purchase: Annotated[
        dict[str, Any], WithJsonSchema({"type": "object", "x-schema": "PurchaseBody"})
    ]


class BatchBody(Request):
    """What an offline till has queued, oldest first."""

    items: Annotated[list[BatchItemBody], Field(min_length=1, max_length=BATCH_MAX)]


class PurchasesQuery(Query):
    """Which receipts: one by its number at this till, or at any, or a member's latest."""

    receipt_id: Name | None = None
    any_till: bool = False
    member_id: Id | None = None
    limit: Annotated[int, Field(ge=1, le=PAGE_MAX)] = 10

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if (self.receipt_id is None) == (self.member_id is None):
            raise ValueError("send either `receipt_id` or `member_id`")
        if self.any_till and self.receipt_id is None:
            raise ValueError("`any_till` goes with `receipt_id`")
        return self


class WhyAnswer(Body):
    """A rule's part in a line."""

    rule: str
    text: str
    points: int | None = None
    amount_minor: int | None = None


class LineAnswer(Body):
    """A line, priced."""

    line: int
    sku: str | None
    category: str | None
    quantity: str
    unit: str | None
    gross_minor: int
    discount_minor: int
    free_quantity: str
    redeemed: int
    redeemed_minor: int
    earned: int
    why: list[WhyAnswer]


class PricedTier(Body):
    """The tier a receipt was priced with, and the one it led to."""

    name: str | None
    is_new: bool
    after: str | None


class PromoCodeAnswer(Body):
    """A code that was presented, and what it did."""

    code: str
    coupon: str
    is_applied: bool = Field(description="False: it gave nothing here and is not used by this.")
    discount_minor: int
    points: int = Field(description="Given by the coupon itself; not by multiplying a rate.")


class Allocation(Body):
    """Points taken from one lot."""

    lot_id: str
    points: SomePoints


class _Priced(Body):
    receipt_id: str | None
    member_id: str | None
    at: str
    channel: str
    program_version: int
    currency: str
    gross_minor: int
    discount_minor: int
    to_pay_minor: int
    gift_card_minor: int
    money_minor: int
    redeem_max: int
    redeemed: int
    earned: int
    tier: PricedTier
    balance: BalanceAnswer | None
    stamps: int | None
    allocation: list[Allocation]
    promo_codes: list[PromoCodeAnswer]
    lines: list[LineAnswer]
    receipt_text: str


class PurchaseAnswer(_Priced):
    """A receipt as it was recorded."""

    id: str
    object: Literal["purchase"]
    created_at: str
    metadata: dict[str, str]
    status: Literal["completed", "voided"]
    hold_id: str | None
    earned_lot_id: str | None
    shortfall: int
    ledger_version: int | None
    staff_id: str | None = None  # who was signed in at the till
    returns: list[ReturnAnswer]


class QuoteAnswer(_Priced):
    """What a purchase would come to until `valid_until`."""

    id: str
    quote_id: str
    object: Literal["quote"]
    created_at: str
    valid_until: str
    confirmation: ConfirmationNeed | None = Field(
        description="What the redemption needs at this till; null: nothing."
    )


class PurchasesAnswer(Body):
    """Receipts, newest first."""

    items: list[PurchaseAnswer]
    next_cursor: str | None


class BatchItemAnswer(Body):
    """What became of one item: a purchase or a problem."""

    status: int
    is_replay: bool
    purchase: PurchaseAnswer | None = None
    problem: ProblemObject | None = None


class BatchAnswer(Body):
    """One result per item, in order."""

    items: list[BatchItemAnswer]
