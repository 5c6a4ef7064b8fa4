"""Cards for the tests of passes, in both languages."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.entries import EntryKind
from chalicelib.domain.pass_designs import Colours
from passes.card import Card, Expiry, HistoryLine, NextTier, Stamps, voided_card

CLASS_NAME = "uzor"
ISSUER_ID = "3388000000022222222"
WEB_SERVICE_URL = "https://cards.example/wallet/apple"

_CARD = Card(
    serial_number="uzor.9f2c61d07ab34e58",
    authentication_token="vxwxd7J8AlNNFPS8k0a0FfUFtq0ewzFd",
    code="L17Q2M8K4D9XAB",
    merchant_name="Пекарня «Узор»",
    program_name="Узор Бонус",
    member_name="Елена К.",
    points=1240,
    tier_name="Серебро",
    tier_until=date(2027, 3, 1),
    next_tier=NextTier("Золото", "3\u00a0400\u00a0₽", "₽3,400"),
    next_expiry=Expiry(120, date(2026, 12, 31)),
    stamps=Stamps(4, 6),
    language="ru",
    colours=Colours("#7A3B12", "#FFFFFF", "#F4E3CF"),
    card_url="https://cards.example/c/uzor.Zk3vQ0",
    version=1795600000,
    history=(
        HistoryLine(date(2026, 11, 20), 44, EntryKind.PURCHASE),
        HistoryLine(date(2026, 11, 18), -375, EntryKind.REDEEM),
        HistoryLine(date(2026, 10, 1), 300, EntryKind.ANNIVERSARY),
        HistoryLine(date(2026, 9, 30), -15, EntryKind.EXPIRE),
        HistoryLine(date(2025, 12, 31), 1286, EntryKind.GRANT),
    ),
    rules_url="https://cards.example/r/uzor",
    zone=ZoneInfo("Europe/Moscow"),
    as_of=datetime(2026, 11, 20, 11, 5, 31, tzinfo=UTC),
)


def card(**changes: Any) -> Card:
    """Give a Russian card with everything on it, changed as asked."""
    return replace(_CARD, **changes)


def english_card() -> Card:
    """Give the same card in English."""
    return card(
        merchant_name="Uzor Bakery",
        program_name="Uzor Bonus",
        member_name="Elena K.",
        tier_name="Silver",
        next_tier=NextTier("Gold", "₽3,400", "3\u00a0400\u00a0₽"),
        language="en",
    )


def voided() -> Card:
    """Give what is left of the Russian card once its member is erased."""
    return voided_card(
        serial_number=_CARD.serial_number,
        authentication_token=_CARD.authentication_token,
        merchant_name=_CARD.merchant_name,
        program_name=_CARD.program_name,
        language=_CARD.language,
        colours=_CARD.colours,
        version=_CARD.version + 1,
        rules_url=_CARD.rules_url,
    )
