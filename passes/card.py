"""What a loyalty card shows, before any wallet's format.

Points are whole and spendable now. `version` is the pass's own, in Unix seconds and strictly
growing, so that it also serves as the time of the last change (`Last-Modified`).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from typing import Final

from chalicelib.domain.entries import EntryKind
from chalicelib.domain.pass_designs import Colours, PassDesign
from passes import codes
from passes.wording import Language

HISTORY_MAX: Final = 5  # of a card's entries shown on its back


class News(StrEnum):
    """What changed last: the one thing a phone is told of."""

    POINTS = "points"  # or what stands in their place
    TIER = "tier"
    PAUSE = "pause"  # another phone; told while no points can be redeemed for it


class Leading(StrEnum):
    """What stands largest on a card; a program without points leads with something else."""

    POINTS = "points"
    STAMPS = "stamps"
    DISCOUNT = "discount"
    TIER = "tier"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Expiry:
    """Points that expire next; `on` is the last day they can be spent."""

    points: int
    on: date


@dataclass(frozen=True, slots=True)
class Stamps:
    """A stamp card: `collected` of `needed` for the next reward."""

    collected: int
    needed: int


@dataclass(frozen=True, slots=True)
class NextTier:
    """The tier above, and what is left to spend to reach it, with its currency."""

    name: str
    to_spend_text: str  # in the card's language
    to_spend_other: str = ""  # in the other one; empty: the same


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """Points that came (+) or went (-) on a business day, and why."""

    on: date
    points: int
    kind: EntryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The fields of a member's card."""

    serial_number: str
    authentication_token: str
    code: str  # empty: the card is voided
    merchant_name: str
    program_name: str
    points: int
    language: Language
    colours: Colours
    card_url: str
    version: int
    member_name: str = ""
    tier_name: str | None = None
    tier_until: date | None = None
    next_tier: NextTier | None = None
    next_expiry: Expiry | None = None
    stamps: Stamps | None = None
    is_voided: bool = False
    has_points: bool = True  # the program gives points, or the member has some
    discount_ppm: int = 0  # off everything
    history: tuple[HistoryLine, ...] = ()  # newest first, `HISTORY_MAX` at most
    news: News = News.POINTS
    rules_url: str = ""
    zone: tzinfo = UTC  # of the program: where its days end
    as_of: datetime | None = None  # of the last change: a phone may be offline since
    is_quiet: bool = False  # the member wants no notice of points
    paused_until: datetime | None = None  # no points can be redeemed before

    @property
    def code_text(self) -> str:
        """The code as people read and type it, with its check symbol."""
        return codes.grouped(self.code) if self.code else ""

    @property
    def leading(self) -> Leading:
        """What the card leads with."""
        if self.is_voided:
            return Leading.NOTHING
        if self.has_points:
            return Leading.POINTS
        if self.stamps:
            return Leading.STAMPS
        if self.discount_ppm:
            return Leading.DISCOUNT
        return Leading.TIER if self.tier_name else Leading.NOTHING


def voided_card(
    *,
    serial_number: str,
    authentication_token: str,
    merchant_name: str,
    program_name: str,
    language: Language,
    colours: Colours,
    version: int,
    rules_url: str = "",
) -> Card:
    """Give the card of a member who is erased or merged: nobody's name, code or points."""
    return Card(
        serial_number=serial_number,
        authentication_token=authentication_token,
        code="",
        merchant_name=merchant_name,
        program_name=program_name,
        points=0,
        language=language,
        colours=colours,
        card_url="",
        version=version,
        is_voided=True,
        has_points=False,
        rules_url=rules_url,
    )


def colours_shown(card: Card, design: PassDesign) -> Colours:
    """Return the colours of a card: of its tier, or of the design, or of the merchant."""
    of_design = design.colours or card.colours
    return design.tier_colours.get(card.tier_name, of_design) if card.tier_name else of_design
