"""The funnel: how many cards come to be, reach a wallet, stay there, and hear of changes.

Counted by merchant and business day. A card on two phones is added twice; whether it ever
reached a wallet is counted once, on the day the card was created: so that what is left of
that day's cards is "web only", and shrinks when one of them is added later.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta

from chalicelib.domain.errors import DomainError

DAYS_MAX = 92  # of one answer: a quarter


class PeriodRefused(DomainError):
    """The days asked for are too many, or end before they begin."""

    code = "period_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelCounts:
    """What was counted."""

    created: int = 0  # cards: one for each member
    walleted: int = 0  # of those cards, put into a wallet since
    added_to_apple: int = 0  # passes on phones
    added_to_google: int = 0
    removed: int = 0  # from either
    pushes_delivered: int = 0  # taken by Apple, which tells no more
    pushes_failed: int = 0  # no answer, slowed down or refused; most are sent again
    pushes_dead: int = 0  # the phone has the pass no more

    @property
    def web_only(self) -> int:
        """Return how many of the cards were never put into a wallet."""
        return self.created - self.walleted

    @property
    def pushes_sent(self) -> int:
        """Return how many pushes left, whatever became of them."""
        return self.pushes_delivered + self.pushes_failed + self.pushes_dead


COUNTS = tuple(one.name for one in fields(FunnelCounts))


@dataclass(frozen=True, slots=True)
class FunnelDay:
    """The counts of one business day."""

    day: date
    counts: FunnelCounts = FunnelCounts()


def total_of(many: Iterable[FunnelCounts]) -> FunnelCounts:
    """Return the sum.

    >>> total_of([FunnelCounts(created=2), FunnelCounts(created=1, walleted=1)]).web_only
    2
    """
    sums = dict.fromkeys(COUNTS, 0)
    for counts in many:
        for name in COUNTS:
            sums[name] += getattr(counts, name)
    return FunnelCounts(**sums)


def days_between(first: date, last: date) -> tuple[date, ...]:
    """Return every day from `first` to `last`, both included.

    Raises:
        PeriodRefused: more than 92, or none.
    """
    length = (last - first).days + 1
    if not 1 <= length <= DAYS_MAX:
        raise PeriodRefused(
            f"{length} days asked for, 1 to {DAYS_MAX} can be shown", days=length
        )
    return tuple(first + timedelta(days=place) for place in range(length))


def every_day(days: Iterable[date], counted: Iterable[FunnelDay]) -> tuple[FunnelDay, ...]:
    """Return all the days in order; those on which nothing was counted are zeros."""
    found = {one.day: one for one in counted}
    return tuple(found.get(day, FunnelDay(day)) for day in days)
