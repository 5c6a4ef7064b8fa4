"""Members: look-ups, profiles, balances, the ledger."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chalicelib.api.models.coupons import OfferAnswer
from chalicelib.api.models.kept_gift_cards import OfferedGiftCardAnswer
from chalicelib.api.models.notices import NoticesAnswer, NoticesBody
from chalicelib.api.models.returns import BalanceAnswer
from chalicelib.api.shapes import (
    Body,
    Day,
    Name,
    NameOrNone,
    PhoneText,
    Query,
    Request,
)

PAGE_MAX = 100

_LABEL = r"[^@.\s\x00-\x1f]+"  # of a host; one alone is where "anna@gmail" stopped short
_ADDRESS = rf"[^@\s\x00-\x1f]+@{_LABEL}(\.{_LABEL})+"
Email = Annotated[str, Field(max_length=254, pattern=f"^{_ADDRESS}$")]
EmailOrNone = Annotated[str, Field(max_length=254, pattern=f"^({_ADDRESS})?$")]
Language = Literal["ru", "en"]


class LookupBody(Request):
    """How the shopper is known: one of the three."""

    code: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    phone: PhoneText | None = None
    card_number: Name | None = None

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if [self.code, self.phone, self.card_number].count(None) != 2:  # noqa: PLR2004
            raise ValueError("send one of `code`, `phone`, `card_number`")
        return self


class AnniversaryBody(Request):
    """A yearly day other than the birthday; year 2000 where it is unknown."""

    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    day: Day


class ProfileBody(Request):
    """What is to change; what is left out stays. A birth date can be corrected once.

    An empty name or e-mail takes the one of before away.
    """

    name: NameOrNone | None = None
    email: EmailOrNone | None = None
    birth_date: Day | None = None
    language: Language | None = None
    anniversaries: Annotated[list[AnniversaryBody], Field(max_length=5)] | None = None
    notices: NoticesBody | None = None


class ConsentBody(Request):
    """An answer to one question, with the version of the text that was shown."""

    purpose: Literal["program", "advertising"]
    granted: bool
    text_version: Name


class ConsentsBody(Request):
    """Answers given anew; those of before are kept."""

    consents: Annotated[list[ConsentBody], Field(min_length=1, max_length=10)]
    language: Language | None = None


class LedgerQuery(Query):
    """A page of the ledger."""

    cursor: Annotated[str, Field(max_length=64)] | None = None
    limit: Annotated[int, Field(ge=1, le=PAGE_MAX)] = 50


class BalanceQuery(Query):
    """A business day of the program."""

    on: Day | None = None


class TierAnswer(Body):
    """The effective tier, its last day, and the way to the next."""

    name: str | None
    until: str | None
    turnover_minor: int
    next_name: str | None
    to_next_minor: int | None


class LotAnswer(Body):
    """Points granted together."""

    lot_id: str
    points: int
    active_from: str
    expires_on: str | None
    source: str


class ExpiryAnswer(Body):
    """The points that expire next, and their last day."""

    points: int
    on: str


class StampsAnswer(Body):
    """The stamp card: of the units of a category each so many is free."""

    category: str
    collected: int
    every: int


class IdentifierAnswer(Body):
    """A way to find the member."""

    type: Literal["pass", "card", "old_code"]
    value: str


class ConsentAnswer(Body):
    """A consent as it was given."""

    purpose: str
    granted: bool
    text_version: str
    language: str
    at: str
    source: str


class MemberAnswer(Body):
    """A member. Personal fields are there for the member and for the scope `members`.

    `segments` are there for keys only: they are the shop's notes.
    """

    id: str
    object: Literal["member"]
    created_at: str
    metadata: dict[str, str]
    name_short: str | None
    phone_masked: str | None
    language: str
    referral_code: str | None
    currency: str
    balance: BalanceAnswer
    tier: TierAnswer
    next_expiry: ExpiryAnswer | None
    stamps: StampsAnswer | None
    redemption_paused_until: str | None = Field(description="The phone was changed.")
    member_verified: bool = Field(description="Else points are earned and not redeemed.")
    unverified_through: str | None = Field(description="The last day to confirm the phone.")
    lots: list[LotAnswer]
    ledger_version: int
    segments: list[str] | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    birth_date: str | None = None
    anniversaries: list[AnniversaryBody] | None = None
    store: str | None = None
    consents: list[ConsentAnswer] | None = None
    notices: NoticesAnswer | None = None
    identifiers: list[IdentifierAnswer] | None = None
    card_url: str | None = None


class RecentAnswer(Body):
    """A recent ledger entry, as a till may show it."""

    kind: str
    points: int
    at: str
    reference: str


class LookupAnswer(Body):
    """The member as the till may see it."""

    member_id: str
    object: Literal["lookup"]
    name_short: str | None
    phone_masked: str | None
    currency: str
    tier: TierAnswer
    balance: BalanceAnswer
    next_expiry: ExpiryAnswer | None
    stamps: StampsAnswer | None
    redemption_paused_until: str | None = Field(description="The phone was changed.")
    member_verified: bool = Field(description="Else points are earned and not redeemed.")
    unverified_through: str | None = Field(description="The last day to confirm the phone.")
    segments: list[str]
    birthday_near: bool
    offers: list[OfferAnswer]
    gift_cards: list[OfferedGiftCardAnswer] = Field(description="Kept, and able to pay.")
    benefits: list[str]
    recent: list[RecentAnswer]
    verified: bool = Field(description="A code that changes was scanned, and is fresh.")
    confirmation_id: str | None = Field(description="What it made, to be used once.")
    unverified_reason: Literal["stale", "used", "locked", "busy"] | None


class SampleMembersAnswer(Body):
    """Members whom nobody is."""

    items: list[LookupAnswer]
    next_cursor: None


class BalanceOnAnswer(BalanceAnswer):
    """The balance at the end of a date, with the tier of that date."""

    on: str
    tier: TierAnswer


class MovementAnswer(Body):
    """Points into (+) or out of (−) one lot, or the debt."""

    kind: str
    points: int
    lot_id: str | None
    expires_on: str | None


class EntryAnswer(Body):
    """One line of the ledger."""

    id: str
    object: Literal["ledger_entry"]
    version: int
    kind: str
    points: int
    movements: list[MovementAnswer]
    balance_after: int
    at: str
    on: str
    created_at: str
    reason: str
    reference: str
    key: str | None
    lot_id: str | None = None
    tier_before: str | None = None
    tier_after: str | None = None
    segments: list[str] | None = None
    staff_id: str | None = None  # who was signed in at the till
    approved_by: str | None = None  # the manager who allowed it


class LedgerAnswer(Body):
    """A page of the ledger, newest first."""

    items: list[EntryAnswer]
    next_cursor: str | None


class ConsentsAnswer(Body):
    """Every answer that was given, oldest first."""

    items: list[ConsentAnswer]
    next_cursor: None
