"""Which tier a member is in, until when, and what is missing to the next one.

The effective tier is always computed for the day asked for (R32): the highest of the one
the turnover reaches and the overrides that still run (R33).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.domain.account import Account, Turnover
from chalicelib.domain.program import Program, Tiers
from chalicelib.domain.turnover import window_sum


@dataclass(frozen=True, slots=True)
class TierState:
    """A member's tier on one day."""

    name: str | None  # None: the program has no tiers
    until: date | None  # last day if nothing more is bought; None: no end in sight
    turnover_minor: int
    next_name: str | None
    to_next_minor: int | None


def tier_on(account: Account, program: Program, on: date) -> str | None:
    """Return the name of the effective tier."""
    if program.tiers is None:
        return None
    return program.tiers.levels[_effective(account, program.tiers, on)].name


def tier_state(account: Account, program: Program, on: date) -> TierState:
    """Return the effective tier with its end and the way to the next."""
    tiers = program.tiers
    turnover_minor = window_sum(account.turnover, on, tiers.window_days if tiers else None)
    if tiers is None:
        return TierState(None, None, turnover_minor, None, None)
    position = _effective(account, tiers, on)
    above = tiers.levels[position + 1] if position + 1 < len(tiers.levels) else None
    fall = next_fall(account, program, on)
    return TierState(
        name=tiers.levels[position].name,
        until=fall - timedelta(days=1) if fall else None,
        turnover_minor=turnover_minor,
        next_name=above.name if above else None,
        to_next_minor=_missing(above.over_minor, turnover_minor, tiers) if above else None,
    )


def next_fall(account: Account, program: Program, on: date) -> date | None:
    """Return the first day after `on` on which the tier is lower if nothing is bought."""
    tiers = program.tiers
    if tiers is None:
        return None
    now = _effective(account, tiers, on)
    if now == 0:
        return None
    for day in _days_of_change(account, tiers, on):
        if _effective(account, tiers, day) < now:
            return day
    return None


def _days_of_change(account: Account, tiers: Tiers, on: date) -> Iterator[date]:
    """Yield, in order, the days after `on` on which the tier could change by itself."""
    ends = {override.until + timedelta(days=1) for override in account.overrides}
    if tiers.window_days is not None:
        window = timedelta(days=tiers.window_days)
        ends |= {day + window for day, _ in account.turnover.days}
    yield from sorted(day for day in ends if day > on)


def _effective(account: Account, tiers: Tiers, on: date) -> int:
    """Return the position of the effective level."""
    position = earned_level(account.turnover, tiers, on)
    if not account.overrides:
        return position
    names = {level.name: i for i, level in enumerate(tiers.levels)}
    for override in account.overrides:
        if override.until >= on:
            position = max(position, names.get(override.tier, 0))
    return position


def earned_level(turnover: Turnover, tiers: Tiers, on: date) -> int:
    """Return the position of the level the turnover reaches; the first always applies."""
    total = window_sum(turnover, on, tiers.window_days)
    position = 0
    for i, level in enumerate(tiers.levels[1:], start=1):
        if total > level.over_minor or (total == level.over_minor and not tiers.is_strict):
            position = i
    return position


def _missing(over_minor: int, turnover_minor: int, tiers: Tiers) -> int:
    """Return the money that is missing to a level above the one that is reached."""
    return over_minor - turnover_minor + (1 if tiers.is_strict else 0)
