"""Texts of a card for Google, in both languages at once.

A phone shows the translation of its own language where there is one, else the default: the
member's. Source: Google Wallet API v1, "LocalizedString", read 2026-11.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from passes.card import Card
from passes.wording import WORDINGS, Language, Wording, expiry_text, percent_text

LANGUAGES: Final[tuple[Language, ...]] = ("ru", "en")

Texts = Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class GoogleWording:
    """What only Google's card says."""

    rules: str
    call: str
    write: str
    site: str
    tier_up: str
    tier_up_text: str
    coupon: str
    coupon_text: str
    phone: str
    phone_text: str


_RUSSIAN: Final = GoogleWording(
    rules="Правила программы",
    call="Позвонить",
    write="Написать",
    site="Сайт",
    tier_up="Новый уровень",
    tier_up_text="Ваш уровень: {tier}",
    coupon="Купон в подарок",
    coupon_text="Вам подарен купон. Он ждёт в карте",
    phone="Номер телефона изменён",
    phone_text="У карты теперь другой номер. Если это были не вы, сообщите магазину",
)
_ENGLISH: Final = GoogleWording(
    rules="Program rules",
    call="Call",
    write="Write",
    site="Website",
    tier_up="A new tier",
    tier_up_text="Your tier is now {tier}",
    coupon="A coupon for you",
    coupon_text="You were given a coupon. It waits in your card",
    phone="Phone number changed",
    phone_text="Your card has another number now. If it was not you, tell the shop",
)
GOOGLE_WORDINGS: Final[Mapping[Language, GoogleWording]] = {"ru": _RUSSIAN, "en": _ENGLISH}


def of_card(choose: Callable[[Wording], str]) -> Texts:
    """Give one of the card's words in each language."""
    return {language: choose(WORDINGS[language]) for language in LANGUAGES}


def of_google(choose: Callable[[GoogleWording], str]) -> Texts:
    """Give one of Google's words in each language."""
    return {language: choose(GOOGLE_WORDINGS[language]) for language in LANGUAGES}


def localized(texts: Texts, language: Language) -> dict[str, Any]:
    """Give Google's `LocalizedString`: a default and the other languages."""
    others = [one for one in LANGUAGES if one != language]
    return {
        "defaultValue": {"language": language, "value": texts[language]},
        "translatedValues": [{"language": one, "value": texts[one]} for one in others],
    }


def expiry_body(card: Card, language: Language) -> str:
    """Say which points expire next."""
    expiry = card.next_expiry
    return expiry_text(expiry.points, expiry.on, language) if expiry else ""


def next_tier_body(card: Card, language: Language) -> str:
    """Say what is left to the next tier."""
    if not card.next_tier:
        return ""
    pattern, tier = WORDINGS[language].next_tier_text, card.next_tier
    is_own = language == card.language
    to_spend = tier.to_spend_text if is_own else tier.to_spend_other or tier.to_spend_text
    return pattern.format(name=tier.name, to_spend=to_spend)


def discount_body(card: Card, language: Language) -> str:
    """Say what is taken off everything."""
    return percent_text(card.discount_ppm, language) if card.discount_ppm else ""


def stamps_body(card: Card, language: Language) -> str:
    """Say how many stamps there are."""
    if not card.stamps:
        return ""
    pattern = WORDINGS[language].stamps_text
    return pattern.format(collected=card.stamps.collected, needed=card.stamps.needed)
