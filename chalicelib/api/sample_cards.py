"""The card of a member whom nobody is: what a design is looked at with."""

from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.api.cards import colours_of, rules_url
from chalicelib.api.wording import short_money_text
from chalicelib.domain.account import Turnover
from chalicelib.domain.members import Merchant
from chalicelib.domain.program import Program
from chalicelib.domain.rules.discounts import discount_ppm
from chalicelib.domain.rules.stamps import stamp_card
from passes.card import Card, Expiry, NextTier, Stamps
from passes.codes import RANDOM_BYTES, new_code
from passes.wording import Language

POINTS: Final = 1_240
EXPIRING: Final = 120
EXPIRES_IN: Final = timedelta(days=30)
NAMES: Final[dict[Language, str]] = {"ru": "Елена К.", "en": "Helen K."}

_CODE: Final = new_code(bytes(range(RANDOM_BYTES)))
_MUCH_MINOR: Final = 10**9  # bought today: the highest discount is reached


def sample_card(program: Program, merchant: Merchant, language: Language, at: datetime) -> Card:
    """Return a card that shows all the program can put on one."""
    on = program.local_date(at)
    tier, next_tier = _tiers(program, language)
    stamped = stamp_card(program)
    turnover = Turnover(((on, _MUCH_MINOR),), _MUCH_MINOR)
    return Card(
        serial_number="sample",
        authentication_token="",
        code=_CODE,
        merchant_name=merchant.name,
        program_name=program.title,
        points=POINTS if program.gives_points else 0,
        language=language,
        colours=colours_of(merchant.accent),
        card_url=rules_url(merchant.merchant_id),
        version=0,
        member_name=NAMES[language],
        tier_name=tier,
        next_tier=next_tier,
        next_expiry=_expiry(on) if program.gives_points else None,
        stamps=Stamps(stamped.every // 2 + 1, stamped.every) if stamped else None,
        has_points=program.gives_points,
        discount_ppm=discount_ppm(program, turnover, on),
        rules_url=rules_url(merchant.merchant_id),
        zone=program.zone,
    )


def _expiry(on: date) -> Expiry:
    return Expiry(EXPIRING, on + EXPIRES_IN)


def _tiers(program: Program, language: Language) -> tuple[str | None, NextTier | None]:
    """Return the second tier, or the only one, and the one above it, half way."""
    levels = program.tiers.levels if program.tiers else ()
    if not levels:
        return None, None
    place = min(1, len(levels) - 1)
    above = levels[place + 1] if place + 1 < len(levels) else None
    if above is None:
        return levels[place].name, None
    left = (above.over_minor - levels[place].over_minor) // 2
    to_spend = short_money_text(left, program.currency, language)
    return levels[place].name, NextTier(above.name, to_spend)
