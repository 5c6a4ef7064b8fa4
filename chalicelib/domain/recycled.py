"""A phone number that may have a new owner: operators give silent numbers out again.

Who signs in by the number of a member that was silent for `SILENT_DAYS` also says the birth
date. Whoever cannot, gets an account of their own: the old one keeps its points and its
card, and is led to by the number no more.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.domain.anniversaries import BIRTHDAY
from chalicelib.domain.entries import EntryKind, LedgerEntry
from chalicelib.domain.errors import DomainError
from chalicelib.domain.members import LimitCharge, Profile

SILENT_DAYS = 180
ENTRIES_LOOKED_AT = 100  # of the ledger, for something of the member's own
TRIES_MAX = 3  # birth dates of one silence; the last decides
UNKNOWN_YEAR = 2000  # of a day without one
_TRIES_PERIOD = timedelta(days=30)
_SILENCE = timedelta(days=SILENT_DAYS)

# What does not happen without the member; jobs, grants and reminders say nothing of anybody.
_OF_THEIR_OWN = frozenset(
    {
        EntryKind.JOIN, EntryKind.VERIFY, EntryKind.PURCHASE, EntryKind.RETURN,
        EntryKind.REDEEM, EntryKind.HOLD, EntryKind.CODE,
    }
)  # fmt: skip


class BirthDateNeeded(DomainError):
    """The number may have another owner by now: the code alone is not enough."""

    code = "birth_date_needed"


def is_silent(profile: Profile, entries: Sequence[LedgerEntry], at: datetime) -> bool:
    """Return whether the number may have changed hands since the member was last heard of.

    `entries` are the latest. A purchase by a number that was only said is a sign of life
    as long as no silence lies before it: after one it may be the next owner's.
    """
    days = [(profile.joined_at.date(), True)]
    if len(entries) >= ENTRIES_LOOKED_AT:  # what lies before them was not read
        days = [(entries[-1].at.date(), True)]
    for browser in profile.browsers:
        days += [(browser.created_at.date(), True), (browser.seen_on, True)]
    own = (entry for entry in entries if entry.kind in _OF_THEIR_OWN)
    days += [(entry.at.date(), "spoken" not in entry.facts) for entry in own]
    last, is_known = min(days)[0], True
    for day, is_strong in sorted(days):
        is_known = is_strong or (is_known and day - last <= _SILENCE)
        last = day
    return not is_known or at.date() - last > _SILENCE


def birth_date_of(profile: Profile) -> date | None:
    """Return the birth date, if it is known."""
    return next((one.day for one in profile.anniversaries if one.kind == BIRTHDAY), None)


def is_birth_date(known: date, said: date) -> bool:
    """Return whether they are the same; a year that is unknown is not asked for.

    >>> is_birth_date(date(2000, 6, 10), date(1990, 6, 10))
    True
    >>> is_birth_date(date(1991, 6, 10), date(1990, 6, 10))
    False
    """
    if known.year == UNKNOWN_YEAR:
        return (known.month, known.day) == (said.month, said.day)
    return known == said


def try_charge(phone_hash: str, at: datetime) -> LimitCharge:
    """Return what a birth date takes; where there is no room, it is the last try."""
    return LimitCharge(
        name="birth_date_tries",
        subject=phone_hash,
        window="sliding",
        maximum=TRIES_MAX - 1,
        ends_at=at + _TRIES_PERIOD,
        period=_TRIES_PERIOD,
    )


def without_phone(profile: Profile, phone: str) -> Profile:
    """Return the profile of who is not reached by that number any more."""
    others = tuple(one for one in profile.merged_phones if one != phone)
    own = None if profile.phone == phone else profile.phone
    return replace(profile, phone=own, merged_phones=others)
