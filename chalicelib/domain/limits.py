"""How often something may be given: in all, on a day, to one member.

What was given is counted, and a counter moves in the transaction of the sale that moves it,
under the condition that it stays within its maximum: two tills cannot both give the last
one. A counter that nothing was taken from does not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Counter:
    """What has been given of one thing: in all, or on one day, or to one member."""

    name: str  # "promotion:{id}:uses", "code:{code}"
    day: date | None = None
    member_id: str | None = None


@dataclass(frozen=True, slots=True)
class Take:
    """Units an operation takes from a counter, if it stays within its maximum by that.

    Negative units give back what was taken; without a maximum the counter only counts.
    """

    counter: Counter
    units: int
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """The most units of one thing: in all, on one day, to one member; None: any number."""

    total: int | None = None
    per_day: int | None = None
    per_member: int | None = None

    def counters(self, name: str, on: date, member_id: str | None) -> dict[Counter, int]:
        """Return the counters these limits look at, with their maxima."""
        found: dict[Counter, int] = {}
        if self.total is not None:
            found[Counter(name)] = self.total
        if self.per_day is not None:
            found[Counter(name, day=on)] = self.per_day
        if self.per_member is not None and member_id is not None:
            found[Counter(name, member_id=member_id)] = self.per_member
        return found


def have_room(maxima: Mapping[Counter, int], used: Mapping[Counter, int], units: int) -> bool:
    """Return whether so many units more stay within every maximum."""
    return all(used.get(counter, 0) + units <= most for counter, most in maxima.items())
