"""A member's object at Google Wallet, as our row knows it, and the news it may tell aloud.

The row says what Google was sent last and what is wanted. `asked` counts the wishes: what
was sent settles the row only if nobody has wished for more since it was claimed. Google
lets an object ring three times in any 24 hours (Google, "Trigger push notifications", read
2026-11); we keep the count, so that the fourth message is a quiet one, not a refused one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import EntryKind, LedgerEntry

NOTICES_MAX = 3  # in any NOTICE_PERIOD
NOTICE_PERIOD = timedelta(hours=24)
NEWS_MAX = 2  # told at once; of more the latest
BACK_OFF_FIRST = timedelta(seconds=30)
BACK_OFF_MAX = timedelta(minutes=15)
_DOUBLED_MAX = 10  # times; the longest wait is reached before


class ObjectState(StrEnum):
    """What Google says a member did with the object."""

    MADE = "made"  # offered, not saved as far as we know
    SAVED = "saved"
    REMOVED = "removed"


class NewsKind(StrEnum):
    """What is worth a notice."""

    TIER_UP = "tier_up"
    COUPON = "coupon"
    PHONE = "phone"  # another finds the member now: who did not ask for it should know


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened to a member."""

    kind: NewsKind
    version: int  # of the ledger entry it stands in
    name: str  # of the new tier, or of the coupon; of a phone until when it pauses, or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleObject:
    """The row of one member's object."""

    member: MemberRef
    wanted_version: int = 0  # of the pass: the highest that was asked for
    asked: int = 0
    sent_version: int = 0  # of the pass; 0: Google has no such object yet
    shape: str = ""  # tells which fields it was sent with
    told_version: int = 0  # of the account: news up to it was told
    notices: tuple[datetime, ...] = ()  # when it rang, of late
    attempts: int = 0  # in vain, one after another
    lease: int = 0  # number of the claim; a later one takes the row away
    lease_until: datetime | None = None
    is_waiting: bool = False
    state: ObjectState = ObjectState.MADE

    def has_fallen_behind(self, version: int, shape: str) -> bool:
        """Return whether Google has an older pass than that, or one of other fields."""
        return self.sent_version < version or (
            self.sent_version == version and self.shape != shape
        )


@dataclass(frozen=True, slots=True)
class SentClass:
    """What Google was sent last of a merchant's class."""

    revision: int  # of the look
    fingerprint: str  # of the whole body


def notices_left(notices: tuple[datetime, ...], at: datetime) -> int:
    """Return how often an object may still ring.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    >>> notices_left((noon - timedelta(hours=25), noon), noon)
    2
    """
    return max(0, NOTICES_MAX - len(recent_notices(notices, at)))


def recent_notices(notices: tuple[datetime, ...], at: datetime) -> tuple[datetime, ...]:
    """Return those that still count."""
    return tuple(moment for moment in notices if moment > at - NOTICE_PERIOD)


def back_off(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts in vain.

    >>> [back_off(attempts).seconds for attempts in (1, 3, 99)]
    [30, 120, 900]
    """
    return min(BACK_OFF_FIRST * (1 << min(attempts - 1, _DOUBLED_MAX)), BACK_OFF_MAX)


def news_of(entries: tuple[LedgerEntry, ...], tiers: tuple[str, ...]) -> tuple[News, ...]:
    """Return what is worth telling of a member's entries, oldest first, the latest few.

    `tiers` are the program's, lowest first: who falls is not told aloud.
    """
    found = []
    for entry in sorted(entries, key=lambda one: one.version):
        if _is_rise(entry, tiers):
            found.append(News(NewsKind.TIER_UP, entry.version, entry.tier_after or ""))
        if entry.kind is EntryKind.COUPON:
            found.append(News(NewsKind.COUPON, entry.version, entry.reference))
        if entry.kind is EntryKind.PHONE:
            paused_until = str(entry.facts.get("paused_until") or "")
            found.append(News(NewsKind.PHONE, entry.version, paused_until))
    return tuple(found[-NEWS_MAX:])


def _is_rise(entry: LedgerEntry, tiers: tuple[str, ...]) -> bool:
    places = {name: place for place, name in enumerate(tiers)}
    before, after = entry.tier_before, entry.tier_after
    if after not in places or before is None:
        return False
    return before not in places or places[before] < places[after]
