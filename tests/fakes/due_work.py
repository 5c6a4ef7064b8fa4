"""The `DueWork` port over the other fakes."""

from collections.abc import Iterable
from datetime import date

from chalicelib.adapters.dynamo.keys import shard_of
from chalicelib.domain.account import MemberRef
from tests.fakes.ledger import FakeLedger
from tests.fakes.members import FakeMembers

PAGE_MAX = 25
_Page = tuple[tuple[MemberRef, ...], str | None]


class FakeDueWork:
    """What is due among the accounts of `ledger` and the profiles of `members`."""

    def __init__(self, ledger: FakeLedger, members: FakeMembers, shards: int = 4) -> None:
        self._ledger = ledger
        self._members = members
        self._shards = shards

    def due_members(
        self, merchant_id: str, shard: int, through: date, *, after: str | None = None
    ) -> _Page:
        rows = ((account.member, account.due) for account in self._ledger.accounts.values())
        return self._page(rows, merchant_id, shard, through, after)

    def due_anniversaries(
        self, merchant_id: str, shard: int, through: date, *, after: str | None = None
    ) -> _Page:
        profiles = self._members.profiles.values()
        rows = ((profile.member, profile.anniversary_due) for profile in profiles)
        return self._page(rows, merchant_id, shard, through, after)

    def _page(
        self,
        rows: Iterable[tuple[MemberRef, date | None]],
        merchant_id: str,
        shard: int,
        through: date,
        after: str | None,
    ) -> _Page:
        due = sorted(
            (f"{day.isoformat()}#{member.member_id}", member.member_id)
            for member, day in rows
            if day is not None
            and day <= through
            and member.merchant_id == merchant_id
            and shard_of(member.member_id, self._shards) == shard
        )
        page = [row for row in due if after is None or row[0] > after][:PAGE_MAX]
        cursor = page[-1][0] if len(page) == PAGE_MAX else None
        return tuple(MemberRef(merchant_id, member_id) for _, member_id in page), cursor
