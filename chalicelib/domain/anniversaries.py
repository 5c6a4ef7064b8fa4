"""A member's yearly days: when each next comes, and whether a grant is made for it (R35)."""

from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.domain.members import Anniversary
from chalicelib.domain.program import AnniversaryGrant, Program

BIRTHDAY = "birthday"
GAP_DAYS_MIN = 330  # between two grants for the same day of a member, not the calendar year
_FEBRUARY, _LEAP_DAY = 2, 29


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
    """Return the first day from `today` on, or still within catch-up, that wants a grant."""
    days = [
        _next(anniversary, program, today)
        for anniversary in anniversaries
        if anniversary.kind in program.anniversaries
    ]
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


def _next(anniversary: Anniversary, program: Program, today: date) -> date:
    """Return the earliest occurrence not granted for and not too late to catch up."""
    first = today - timedelta(days=program.anniversary_catch_up_days)
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
