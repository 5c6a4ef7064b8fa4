"""The `Funnel` port in dictionaries; the other fakes count facts in it as they make them."""

from collections import Counter
from datetime import date

from chalicelib.domain.account import MemberRef
from chalicelib.domain.funnel import FunnelCounts, FunnelDay


class FakeFunnel:
    """Counts of a test."""

    def __init__(self) -> None:
        self.counted: Counter[tuple[str, date, str]] = Counter()
        self.created_on: dict[MemberRef, date] = {}
        self.walleted: set[MemberRef] = set()

    def add_pushes(self, merchant_id: str, day: date, counts: FunnelCounts) -> None:
        """Add them."""
        for name in ("pushes_delivered", "pushes_failed", "pushes_dead"):
            self.counted[merchant_id, day, name] += getattr(counts, name)

    def days(self, merchant_id: str, first: date, last: date) -> tuple[FunnelDay, ...]:
        """Return them in order."""
        found: dict[date, dict[str, int]] = {}
        for (owner, day, name), number in self.counted.items():
            if owner == merchant_id and first <= day <= last and number:
                found.setdefault(day, {})[name] = number
        return tuple(FunnelDay(day, FunnelCounts(**found[day])) for day in sorted(found))

    def create(self, member: MemberRef, day: date) -> None:
        """Count a card."""
        self.created_on[member] = day
        self.count(member, day, "created")

    def into_wallet(self, member: MemberRef, day: date, name: str) -> None:
        """Count that it came into a wallet."""
        self.count(member, day, name)
        if member in self.created_on and member not in self.walleted:
            self.walleted.add(member)
            self.count(member, self.created_on[member], "walleted")

    def count(self, member: MemberRef, day: date, name: str) -> None:
        """Count one more."""
        self.counted[member.merchant_id, day, name] += 1
