"""Net money paid by business day, and the sums over windows of days.

A window of N days ends with the day asked for and includes it (R29).
"""

from bisect import bisect_left, bisect_right
from datetime import date, timedelta

from chalicelib.domain.account import Turnover

DAYS_KEPT = 366  # whatever the program's window, so that a wider one needs no rebuild


def add_turnover(turnover: Turnover, on: date, net_minor: int, *, today: date) -> Turnover:
    """Return the turnover with `net_minor` (negative for a return) on its own day (R24).

    Days that have left every possible window are dropped; the lifetime sum keeps them.
    """
    first_kept = today - timedelta(days=DAYS_KEPT - 1)
    days = {day: net for day, net in turnover.days if day >= first_kept}
    if on >= first_kept and net_minor:
        days[on] = days.get(on, 0) + net_minor
    kept = tuple((day, net) for day, net in sorted(days.items()) if net)
    return Turnover(kept, turnover.lifetime_minor + net_minor)


def join_turnover(turnover: Turnover, other: Turnover, *, today: date) -> Turnover:
    """Return the sum of two, day by day."""
    for day, net_minor in other.days:
        turnover = add_turnover(turnover, day, net_minor, today=today)
    older_minor = other.lifetime_minor - sum(net_minor for _, net_minor in other.days)
    lifetime_minor = turnover.lifetime_minor + older_minor
    return Turnover(turnover.days, lifetime_minor)


def turnover_text(turnover: Turnover) -> str:
    """Return a turnover as an entry keeps it: the lifetime, then the days.

    >>> turnover_text(Turnover(((date(2026, 6, 1), 250),), 900))
    '900 2026-06-01:250'
    """
    days = (f"{day.isoformat()}:{net_minor}" for day, net_minor in turnover.days)
    return " ".join((str(turnover.lifetime_minor), *days))


def turnover_of(text: str) -> Turnover:
    """Return the turnover of `turnover_text`."""
    lifetime_minor, *parts = text.split()
    pairs = (part.split(":") for part in parts)
    days = tuple((date.fromisoformat(day), int(net_minor)) for day, net_minor in pairs)
    return Turnover(days, int(lifetime_minor))


def window_sum(turnover: Turnover, on: date, window_days: int | None) -> int:
    """Return the sum of the window that ends with `on`; of the lifetime for None."""
    if window_days is None:
        return turnover.lifetime_minor
    first = on - timedelta(days=window_days - 1)
    low = bisect_left(turnover.days, first, key=lambda day: day[0])
    high = bisect_right(turnover.days, on, key=lambda day: day[0])
    return sum(net for _, net in turnover.days[low:high])
