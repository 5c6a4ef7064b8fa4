"""What differs from one Apple pass of a design to the next, as texts by name.

A text that a card has not is not in the mapping: the layout (`apple_card.py`) places a field
only for what is there. `spoken` texts are in a language; a pass has them in both, as the
phone may speak the other one.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from html import escape
from typing import Final

from chalicelib.domain.pass_designs import PassDesign
from passes.card import Card
from passes.history_titles import HISTORY_TITLES
from passes.moments import paused_text
from passes.wording import (
    DAYS_CACHED_MAX,
    WORDINGS,
    Language,
    day_text,
    expiry_text,
    number_text,
    percent_text,
    plural,
    short_day_text,
)

Texts = dict[str, str | int]

OTHER: Final[dict[Language, Language]] = {"ru": "en", "en": "ru"}
MESSAGES_CACHED_MAX: Final = 1_000  # of merchants
AMOUNTS_CACHED_MAX: Final = 4_000  # most are some dozens of points
STAMPS_CACHED_MAX: Final = 1_000
MESSAGE_VALUE: Final = "%@"  # Wallet puts the field's new value in its place

_MINUS: Final = "\u2212"


def texts_of(card: Card, design: PassDesign) -> Texts:
    """Give the texts of one card, as its member's language has them."""
    texts: Texts = {
        "serial": card.serial_number,
        "token": card.authentication_token,
        "version": card.version,
    }
    if card.is_voided:
        return texts
    texts["code"] = card.code
    texts["code_text"] = card.code_text
    texts["card_url"] = card.card_url
    if card.has_points:
        texts["points"] = card.points
    if card.member_name:
        texts["member"] = card.member_name
    if card.tier_name:
        texts["tier"] = card.tier_name
    if card.next_expiry:
        texts["expiring"] = card.next_expiry.points
    if card.as_of:
        texts["as_of"] = card.as_of.astimezone(card.zone).isoformat(timespec="minutes")
    texts.update(spoken_texts(card, design, card.language))
    return texts


def merchant_texts(card: Card, design: PassDesign, language: Language) -> Texts:
    """Give the texts that all cards of a merchant share."""
    words = WORDINGS[language]
    program = design.program_name or card.program_name
    texts: Texts = {
        "merchant": card.merchant_name,
        "program": program,
        "about": f"{program} · {card.merchant_name}",
        "description": words.description.replace("{program}", program),
    }
    if card.rules_url:
        texts["rules_url"] = card.rules_url
        texts["rules_link"] = _link(card.rules_url, words.open_page)
    return texts


def spoken_texts(card: Card, design: PassDesign, language: Language) -> dict[str, str]:
    """Give the texts of one card that are in a language."""
    texts: dict[str, str] = {}
    if card.is_voided:
        return texts
    words = WORDINGS[language]
    texts["card_link"] = _link(card.card_url, words.open_page)
    if card.has_points:
        texts["points_noun"] = plural(language, card.points, words.points)
        ours = plural(language, card.points, words.points_changed)
        texts["points_changed"] = message(design.points_changed, language, "balance", ours)
        if card.paused_until:
            until = card.paused_until.astimezone(card.zone)
            texts["paused"] = paused_text(until, language)
    if card.stamps:
        texts["stamps"] = _stamps(card.stamps.collected, card.stamps.needed, language)
    if card.discount_ppm:
        texts["discount"] = percent_text(card.discount_ppm, language)
    if card.next_expiry:
        points, on = card.next_expiry.points, card.next_expiry.on
        label = plural(language, points, words.expire_on)
        texts["expiring_label"] = label.replace("{day}", short_day_text(on, language))
        texts["expiry"] = expiry_text(points, on, language)
    if card.history:
        texts["history"] = _history(card, language)
    _add_tiers(texts, card, language)
    return texts


def message(given: Mapping[str, str], language: Language, name: str, ours: str) -> str:
    """Return a design's text of a notification for Apple, or ours if it has none that works.

    Only `name` in braces is replaced; a percent sign of the merchant's stays one.

    >>> message({"en": "100% yours: {balance}"}, "en", "balance", "")
    '100%% yours: %@'
    """
    text = given.get(language)
    return _message(text, f"{{{name}}}") or ours if text else ours


@lru_cache(maxsize=MESSAGES_CACHED_MAX)
def _message(text: str, placeholder: str) -> str:
    """Return a message for Apple; empty if the value is not in it, or more than once."""
    if text.count(placeholder) != 1:
        return ""
    return text.replace("%", "%%").replace(placeholder, MESSAGE_VALUE)


def _add_tiers(texts: dict[str, str], card: Card, language: Language) -> None:
    words = WORDINGS[language]
    if card.tier_until:
        texts["tier_until"] = _tier_until(card.tier_until, language)
    above = card.next_tier
    if above:
        to_spend = above.to_spend_text
        if language != card.language:
            to_spend = above.to_spend_other or to_spend
        texts["next_tier"] = to_spend
        texts["next_tier_label"] = words.next_tier_label.replace("{name}", above.name)
        text = words.next_tier_text.replace("{to_spend}", to_spend)
        texts["to_next_tier"] = text.replace("{name}", above.name)  # last: it is not ours


def _history(card: Card, language: Language) -> str:
    titles = HISTORY_TITLES[language]
    lines = [
        f"{_dated(line.on, language)} · {_signed(line.points, language)} · {titles[line.kind]}"
        for line in card.history
    ]
    return "\n".join(lines)


@lru_cache(maxsize=AMOUNTS_CACHED_MAX)
def _signed(points: int, language: Language) -> str:
    return f"{_MINUS if points < 0 else '+'}{number_text(abs(points), language)}"


@lru_cache(maxsize=DAYS_CACHED_MAX)
def _dated(on: date, language: Language) -> str:
    return f"{short_day_text(on, language)} {on.year}"


@lru_cache(maxsize=DAYS_CACHED_MAX)
def _tier_until(on: date, language: Language) -> str:
    return WORDINGS[language].tier_until_text.replace("{day}", day_text(on, language))


@lru_cache(maxsize=STAMPS_CACHED_MAX)
def _stamps(collected: int, needed: int, language: Language) -> str:
    text = WORDINGS[language].stamps_text.replace("{collected}", str(collected))
    return text.replace("{needed}", str(needed))


def _link(url: str, text: str) -> str:
    return f"<a href='{escape(url)}'>{text}</a>"
