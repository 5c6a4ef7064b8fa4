"""A member's yearly days: when each next comes, and whether a grant is made for it (R35).

A grant is made once in `GAP_DAYS_MIN` days, whatever happens to the day meanwhile: a day
that is moved, or taken off and listed again, inherits the latest grant of its kind, and
the ledger is asked as well. Days the program gives nothing for are looked at too, so that
a program published later finds its members.
"""

from calendar import isleap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chalicelib.domain.entries import EntryKind, LedgerEntry
from chalicelib.domain.errors import DomainError
from chalicelib.domain.members import Anniversary, AnniversaryKind, Profile
from chalicelib.domain.program import AnniversaryGrant, Program

BIRTHDAY = "birthday"
GAP_DAYS_MIN = 330  # between two grants for the same day of a member, not the calendar year
ANNIVERSARIES_MAX = 5  # beside the birthday
KINDS_MAX = 20  # ever listed by one member
EDITS_MAX = 1  # of one kind, by the member
_FEBRUARY, _LEAP_DAY = 2, 29


class AnniversaryRefused(DomainError):
    """The list of yearly days is too long, names a day twice, or was changed before."""

    code = "anniversary_refused"


class AnniversaryGranted(AnniversaryRefused):
    """The ledger has a grant for that day within the gap; only the job is told."""


@dataclass(frozen=True, slots=True)
class DueAnniversary:
    """A yearly day that has come and earns a grant."""

    anniversary: Anniversary
    on: date  # the day itself, this year
    grant: AnniversaryGrant


def occurrence(day: date, year: int, *, is_leap_day_on_28_february: bool) -> date:
    """Return the day in a given year; 29 February moves in common years.

    >>> occurrence(date(2000, 2, 29), 2027, is_leap_day_on_28_february=True)
    datetime.date(2027, 2, 28)
    """
    if (day.month, day.day) == (_FEBRUARY, _LEAP_DAY) and not isleap(year):
        return date(year, 2, 28) if is_leap_day_on_28_february else date(year, 3, 1)
    return date(year, day.month, day.day)


def next_anniversary(
    anniversaries: tuple[Anniversary, ...], program: Program, today: date
) -> date | None:
    """Return the first day, still within catch-up or to come, on which the job must look."""
    days = [_next(anniversary, program, today) for anniversary in anniversaries]
    return min(days) if days else None


def due_anniversaries(
    anniversaries: tuple[Anniversary, ...], program: Program, today: date
) -> tuple[DueAnniversary, ...]:
    """Return the yearly days that have come and not been granted for."""
    due = []
    for anniversary in anniversaries:
        grant = program.anniversaries.get(anniversary.kind)
        if grant is None:
            continue
        on = _next(anniversary, program, today)
        if on <= today:
            due.append(DueAnniversary(anniversary, on, grant))
    return tuple(due)


def refuse_granted(
    entries: Sequence[LedgerEntry],
    due: DueAnniversary,
    anniversaries: tuple[Anniversary, ...],
    program: Program,
) -> None:
    """Refuse a grant the ledger has already, though the profile does not know of it.

    So a day that was moved between the grant and the note of it brings nothing twice. A
    member with several days of a kind (children) gets as many grants as there are days.

    Raises:
        AnniversaryGranted: `entries`, the latest of the account, hold them.
    """
    # A grant may have been caught up late, for a day further back than its entry.
    gap = timedelta(days=GAP_DAYS_MIN - program.anniversary_catch_up_days)
    kind = due.anniversary.kind
    made = sum(
        entry.kind is EntryKind.ANNIVERSARY and entry.reason == kind and entry.on > due.on - gap
        for entry in entries
    )
    if made >= sum(anniversary.kind == kind for anniversary in anniversaries):
        raise AnniversaryGranted(f"{made} granted for days of that kind within the gap")


def with_days(profile: Profile, days: tuple[Anniversary, ...], *, by_member: bool) -> Profile:
    """Return the profile with these yearly days beside the birthday.

    A day that was listed keeps its own grant; another inherits the latest of its kind.
    Taking a day off is free; a new day of a kind that was listed before is an edit.

    Raises:
        AnniversaryRefused: too many, one twice, or the member's second edit of a kind.
    """
    _refuse_list(days)
    kept = {(a.kind, a.day): a for a in profile.anniversaries if a.kind != BIRTHDAY}
    known = _kinds(profile)
    for kind in sorted({a.kind for a in days if (a.kind, a.day) not in kept}):
        past = known.get(kind)
        if past is None:
            known[kind] = AnniversaryKind(kind)
            continue
        if by_member and past.edits >= EDITS_MAX:
            raise AnniversaryRefused("this day was changed once; ask the staff")
        known[kind] = replace(past, edits=past.edits + 1)
    if len(known) > KINDS_MAX:
        raise AnniversaryRefused(f"at most {KINDS_MAX} kinds of days are kept")
    listed = tuple(
        kept.get((a.kind, a.day)) or replace(a, granted_on=known[a.kind].granted_on)
        for a in days
    )
    birthday = tuple(a for a in profile.anniversaries if a.kind == BIRTHDAY)
    kinds = tuple(known.values())
    return replace(profile, anniversaries=birthday + listed, anniversary_kinds=kinds)


def _refuse_list(days: tuple[Anniversary, ...]) -> None:
    if len(days) > ANNIVERSARIES_MAX:
        raise AnniversaryRefused(f"{len(days)} days; at most {ANNIVERSARIES_MAX} are kept")
    times = Counter((a.kind, a.day) for a in days)
    if any(count > 1 for count in times.values()):
        raise AnniversaryRefused("a day of one kind is listed twice")


def _kinds(profile: Profile) -> dict[str, AnniversaryKind]:
    """Return every kind listed so far, with the latest grant made for any of its days."""
    known = {past.kind: past for past in profile.anniversary_kinds}
    for listed in profile.anniversaries:
        if listed.kind == BIRTHDAY:
            continue
        past = known.get(listed.kind, AnniversaryKind(listed.kind))
        granted = [on for on in (past.granted_on, listed.granted_on) if on]
        known[listed.kind] = replace(past, granted_on=max(granted, default=None))
    return known


def _next(anniversary: Anniversary, program: Program, today: date) -> date:
    """Return the earliest occurrence not granted for and not too late to catch up.

    Where the program gives nothing there is nothing to catch up: the next day to come.
    """
    days_back = program.anniversary_catch_up_days
    is_granted_for = anniversary.kind in program.anniversaries
    first = today + timedelta(days=-days_back if is_granted_for else 1)
    if anniversary.granted_on is not None:
        first = max(first, anniversary.granted_on + timedelta(days=GAP_DAYS_MIN))
    for year in (first.year, first.year + 1):
        on = occurrence(
            anniversary.day,
            year,
            is_leap_day_on_28_february=program.is_leap_day_on_28_february,
        )
        if on >= first:
            return on
    raise AssertionError("every day has an occurrence within a year")
