"""What a member is told of unasked, and by which way: the member's own choice.

A topic and a way that the member switched off stand in `Profile.muted`, as "points.sms"; what
is not there is on. Which ways there are: a notice of the wallet is free and always there; SMS
and letters of points go only for a merchant who pays for them (`Merchant.tells_points`). What
protects the member, a code or a changed phone, is no topic: it cannot be switched off.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain.entries import EntryKind, LedgerEntry, MovementKind
from chalicelib.domain.members import Profile


class Topic(StrEnum):
    """What a member may be told of."""

    POINTS = "points"  # earned and redeemed; a new tier
    REMINDERS = "reminders"  # points about to expire, gifts of yearly days
    OFFERS = "offers"  # coupons


class Way(StrEnum):
    """How a member may be told."""

    WALLET = "wallet"  # the notice of a changed pass
    SMS = "sms"
    EMAIL = "email"


Choice = tuple[Topic, Way]

CHOICES: Final[tuple[Choice, ...]] = (
    (Topic.POINTS, Way.WALLET),
    (Topic.POINTS, Way.SMS),
    (Topic.POINTS, Way.EMAIL),
    (Topic.REMINDERS, Way.SMS),
    (Topic.REMINDERS, Way.EMAIL),
    (Topic.OFFERS, Way.WALLET),
    (Topic.OFFERS, Way.SMS),
)
_TOPICS: Final = {
    EntryKind.PURCHASE: Topic.POINTS,
    EntryKind.RETURN: Topic.POINTS,
    EntryKind.VOID: Topic.POINTS,
    EntryKind.GRANT: Topic.POINTS,
    EntryKind.REDEEM: Topic.POINTS,
    EntryKind.REVERSE: Topic.POINTS,
    EntryKind.ANNIVERSARY: Topic.REMINDERS,
    EntryKind.REMIND: Topic.REMINDERS,
}
# What nobody did: points that were over, and lots that changed their place.
_SILENT: Final = {
    MovementKind.EXPIRE,
    MovementKind.UNEXPIRE,
    MovementKind.MERGE,
    MovementKind.TRANSFER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell of an account."""

    version: int  # of the ledger entry it stands in
    at: datetime  # of the entry
    topic: Topic
    earned: int = 0
    redeemed: int = 0
    expiring: int = 0
    expires_on: date | None = None
    is_gift: bool = False  # of a yearly day


def is_muted(profile: Profile, topic: Topic, way: Way) -> bool:
    """Return whether the member switched that off."""
    return _name(topic, way) in profile.muted


def with_choices(muted: tuple[str, ...], choices: Mapping[Choice, bool]) -> tuple[str, ...]:
    """Return what is switched off after a choice: True is on.

    >>> with_choices(("offers.sms",), {(Topic.POINTS, Way.SMS): False})
    ('offers.sms', 'points.sms')
    """
    assert all(choice in CHOICES for choice in choices), "there is no such choice"
    on = {_name(*choice) for choice, is_on in choices.items() if is_on}
    off = {_name(*choice) for choice, is_on in choices.items() if not is_on}
    return tuple(sorted({*muted, *off} - on))


def way_to(profile: Profile, topic: Topic) -> tuple[Way, str] | None:
    """Return how and where a member is told beside the wallet: what costs nothing first.

    Only a proven address is written to: of a mistyped one somebody else would read.
    """
    ways = ((Way.EMAIL, profile.proven_email), (Way.SMS, profile.phone))
    for way, address in ways:
        if address and not is_muted(profile, topic, way):
            return way, address
    return None


def notices_of(entries: Iterable[LedgerEntry]) -> tuple[Notice, ...]:
    """Return what there is to tell of entries, in their order."""
    return tuple(notice for entry in entries if (notice := _notice_of(entry)))


def _notice_of(entry: LedgerEntry) -> Notice | None:
    topic = _TOPICS.get(entry.kind)
    if topic is None:
        return None
    if entry.kind is EntryKind.REMIND:
        return _reminder(entry)
    moved = [one.points for one in entry.movements if one.kind not in _SILENT]
    earned = sum(points for points in moved if points > 0)
    redeemed = -sum(points for points in moved if points < 0)
    if not earned and not redeemed:
        return None
    return Notice(
        version=entry.version,
        at=entry.at,
        topic=topic,
        earned=earned,
        redeemed=redeemed,
        is_gift=entry.kind is EntryKind.ANNIVERSARY,
    )


def _reminder(entry: LedgerEntry) -> Notice | None:
    expires_on = entry.facts.get("expires_on")
    if not expires_on:
        return None
    return Notice(
        version=entry.version,
        at=entry.at,
        topic=Topic.REMINDERS,
        expiring=int(entry.facts.get("expiring") or 0),
        expires_on=date.fromisoformat(str(expires_on)),
    )


def _name(topic: Topic, way: Way) -> str:
    return f"{topic}.{way}"
