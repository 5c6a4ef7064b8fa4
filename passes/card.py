"""What a loyalty card shows, before any wallet's format.

Points are whole and spendable now. `version` is the pass's own, in Unix seconds and strictly
growing, so that it also serves as the time of the last change (`Last-Modified`).
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from passes import codes
from passes.wording import Language

_HEX_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True, slots=True)
class Colours:
    """A card's colours as `#RRGGBB`: ground, values and the labels above them."""

    background: str
    foreground: str
    label: str

    def __post_init__(self) -> None:
        """Refuse what is not a colour.

        Raises:
            ValueError: one of the three is not `#RRGGBB`.
        """
        for colour in (self.background, self.foreground, self.label):
            if not _HEX_COLOUR.fullmatch(colour):
                raise ValueError(f"a colour is written #RRGGBB, not {colour!r}")


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
    to_spend_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The fields of a member's card."""

    serial_number: str
    authentication_token: str
    code: str
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

    @property
    def code_text(self) -> str:
        """The code as people read and type it, with its check symbol."""
        return codes.grouped(self.code)


def voided_card(
    *,
    serial_number: str,
    authentication_token: str,
    merchant_name: str,
    program_name: str,
    language: Language,
    colours: Colours,
    version: int,
) -> Card:
    """Give the card of a member who is erased or merged: nobody's name, code or points."""
    return Card(
        serial_number=serial_number,
        authentication_token=authentication_token,
        code=codes.PREFIX + "0" * 12,
        merchant_name=merchant_name,
        program_name=program_name,
        points=0,
        language=language,
        colours=colours,
        card_url="—",
        version=version,
        is_voided=True,
    )
