"""A ledger entry as a line of the card's history.

What is earned is a success, what is redeemed neutral, what is owed a danger: on every
page the same. One entry may show two amounts: a purchase redeems and earns.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from chalicelib.domain.anniversaries import BIRTHDAY
from chalicelib.domain.coupons import COUPON_FACT
from chalicelib.domain.entries import EntryKind, LedgerEntry, Movement, MovementKind
from chalicelib.domain.program import Program
from chalicelib.web import formats
from chalicelib.web.entry_words import (
    AMOUNT_LABELS,
    BIRTHDAY_TITLES,
    ENTRY_TITLES,
    EXCHANGE_TITLES,
)
from chalicelib.web.wording import WORDS
from passes.wording import Language

SHOWN_ON_CARD: Final = 5
PAGE_MAX: Final = 30  # of a page of the whole history
_MOVED_AROUND: Final = {MovementKind.MERGE}  # between lots of one account: nothing changed
_OF_HOLDS: Final = {EntryKind.HOLD, EntryKind.RELEASE}
_ICONS: Final = {
    EntryKind.JOIN: "wallet",
    EntryKind.PURCHASE: "receipt",
    EntryKind.HISTORY: "receipt",
    EntryKind.RETURN: "receipt-refund",
    EntryKind.VOID: "receipt-refund",
    EntryKind.GRANT: "gift",
    EntryKind.ANNIVERSARY: "cake",
    EntryKind.COUPON: "ticket",
    EntryKind.EXPIRE: "clock",
    EntryKind.HOLD: "clock",
    EntryKind.RELEASE: "clock",
    EntryKind.TIER: "award",
    EntryKind.CODE: "qrcode",
}


def history_rows(
    entries: Iterable[LedgerEntry], program: Program, today: date, language: Language
) -> list[dict[str, Any]]:
    """Return the lines of the entries that are shown, newest first as they come."""
    return [
        history_row(entry, program, today, language)
        for entry in entries
        if is_shown(entry, language)
    ]


def is_shown(entry: LedgerEntry, language: Language) -> bool:
    """Return whether an entry is a shopper's concern."""
    return ENTRY_TITLES[language][entry.kind] is not None


def history_row(
    entry: LedgerEntry, program: Program, today: date, language: Language
) -> dict[str, Any]:
    """Return one line; `version` is what its own page is found by."""
    at = entry.at.astimezone(program.zone)
    notes = [formats.moment(at, today, language), *_notes(entry, today, language)]
    return {
        "title": _title(entry, program, language),
        "version": entry.version,
        "glyph": _ICONS.get(entry.kind, "star"),
        "at": at.isoformat(timespec="seconds"),
        "note": f"{formats.NO_BREAK_SPACE}· ".join(notes),
        "amounts": [
            {
                "text": formats.signed(points, language),
                "tone": tone,
                "label": AMOUNT_LABELS[language][tone],
            }
            for tone, points in _amounts(entry)
        ],
    }


def _title(entry: LedgerEntry, program: Program, language: Language) -> str:
    if entry.kind is EntryKind.PURCHASE and entry.net_minor > 0:
        paid = formats.money(entry.net_minor, program.currency, language)
        return str(WORDS[language]["purchase_of"].format(money=paid))
    if entry.kind is EntryKind.ANNIVERSARY and entry.reason == BIRTHDAY:
        return BIRTHDAY_TITLES[language]
    if entry.kind is EntryKind.REDEEM and COUPON_FACT in entry.facts:
        return EXCHANGE_TITLES[language]
    return ENTRY_TITLES[language][entry.kind] or ""


def _notes(entry: LedgerEntry, today: date, language: Language) -> list[str]:
    words = WORDS[language]
    found = []
    if entry.tier_after and entry.tier_before and entry.tier_after != entry.tier_before:
        found.append(words["tier_reached"].format(name=entry.tier_after))
    starts = [m.lot.active_from for m in entry.movements if m.lot and m.points > 0]
    if starts and max(starts) > today:
        begins = formats.day(max(starts), today, language)
        found.append(words["active_from"].format(day=begins))
    return found


def _amounts(entry: LedgerEntry) -> list[tuple[str, int]]:
    if entry.kind in _OF_HOLDS:
        return _hold_amounts(entry)
    moved = [m for m in entry.movements if m.kind not in _MOVED_AROUND]
    sums = [
        ("earned", _sum(m for m in moved if m.points > 0)),
        ("redeemed", _sum(m for m in moved if m.points < 0 and m.lot)),
        ("debt", _sum(m for m in moved if m.points < 0 and not m.lot)),
    ]
    return [(tone, points) for tone, points in sums if points]


def _hold_amounts(entry: LedgerEntry) -> list[tuple[str, int]]:
    is_release = entry.kind is EntryKind.RELEASE
    points = sum(
        portion.points
        for move in entry.hold_moves
        if move.is_release == is_release
        for portion in move.portions
    )
    if not points:
        return []
    return [("earned", points)] if is_release else [("held", -points)]


def _sum(movements: Iterable[Movement]) -> int:
    return sum(movement.points for movement in movements)
