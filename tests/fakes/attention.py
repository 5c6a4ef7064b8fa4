"""The `Attention` port in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.attention import (
    CONFLICTS_PER_DAY_MAX,
    KEPT_FOR,
    Debt,
    OfflineConflict,
    PhoneWait,
)


class FakeAttention:
    """What waits in a test."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], OfflineConflict] = {}
        self.owed: dict[MemberRef, Debt] = {}
        self.pauses: dict[MemberRef, PhoneWait] = {}

    def keep(self, conflict: OfflineConflict) -> bool:
        """Keep it once."""
        name = (conflict.merchant_id, conflict.conflict_id)
        if name in self.kept:
            return True
        day = conflict.refused_at.date()
        of_day = [
            one
            for one in self.kept.values()
            if (one.merchant_id, one.refused_at.date()) == (conflict.merchant_id, day)
        ]
        if len(of_day) >= CONFLICTS_PER_DAY_MAX:
            return False
        self.kept[name] = conflict
        return True

    def find(self, merchant_id: str, conflict_id: str) -> OfflineConflict | None:
        """Return the conflict."""
        return self.kept.get((merchant_id, conflict_id))

    def settle(self, conflict: OfflineConflict) -> bool:
        """Keep how it was dealt with; the first stays."""
        name = (conflict.merchant_id, conflict.conflict_id)
        if name not in self.kept or self.kept[name].is_settled:
            return False
        self.kept[name] = conflict
        return True

    def conflicts(
        self,
        merchant_id: str,
        *,
        is_settled: bool = False,
        before: str | None = None,
        limit: int = 50,
    ) -> tuple[OfflineConflict, ...]:
        """Return a page, the latest sale first."""
        found = [
            one
            for name, one in sorted(self.kept.items(), reverse=True)
            if name[0] == merchant_id
            and one.is_settled is is_settled
            and (before is None or one.conflict_id < before)
        ]
        return tuple(found[:limit])

    def note_debt(self, debt: Debt) -> None:
        """Keep the later one."""
        before = self.owed.get(debt.member)
        if before is not None and before.version >= debt.version:
            return
        if before is not None and debt.points and debt.since is None:
            debt = replace(debt, since=before.since)
        self.owed[debt.member] = debt

    def debts(
        self, merchant_id: str, *, after: str | None = None, limit: int = 50
    ) -> tuple[Debt, ...]:
        """Return a page, by member."""
        found = [
            one
            for member, one in sorted(self.owed.items(), key=lambda pair: pair[0].member_id)
            if member.merchant_id == merchant_id
            and one.points
            and (after is None or member.member_id > after)
        ]
        return tuple(found[:limit])

    def note_waits(self, waits: Sequence[PhoneWait]) -> None:
        """Keep pauses."""
        self.pauses |= {one.member: one for one in waits}

    def waits(
        self, merchant_id: str, *, at: datetime, limit: int = 50
    ) -> tuple[PhoneWait, ...]:
        """Return those that are not over."""
        found = [
            one
            for one in self.pauses.values()
            if one.member.merchant_id == merchant_id and one.until > at
        ]
        return tuple(found[:limit])

    def count(self, merchant_id: str, *, at: datetime) -> int:
        """Count what waits."""
        kept = [
            one
            for one in self.conflicts(merchant_id, limit=len(self.kept))
            if one.refused_at + KEPT_FOR > at
        ]
        return len(kept) + len(self.debts(merchant_id)) + len(self.waits(merchant_id, at=at))
