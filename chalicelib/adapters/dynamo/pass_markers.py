"""The markers of passes that were not told of what they show: a sparse index of accounts.

The moment in the index's sort key is only a place in the queue. What a push has told of is
the account's version and its count of marks, so that a marker set meanwhile stays, whatever
the clocks say.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import Transaction, store_errors
from chalicelib.adapters.dynamo.index_places import dirty_place
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.ledger_items import AccountItem
from chalicelib.adapters.dynamo.reading import epoch, listed
from chalicelib.domain.account import Account, MemberRef
from chalicelib.ports import CommitConflict, StoreUnavailable

DIRTY_PAGE = 1_000  # keys of the index in one round trip: some 300 KB
DIRTY_PAGES_MAX = 1_000  # of one shard


class PassMarkers:
    """Who has not been told, and that somebody was."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def dirty(self, limit: int = 100) -> tuple[MemberRef, ...]:
        """Return members in the order they became dirty: a round trip for each shard."""
        rows = [
            row
            for shard in range(keys.DIRTY_SHARDS)
            for row in listed("dirty", keys.dirty_passes(shard), None, limit)
        ]
        rows.sort(key=lambda row: row.index_sk)
        return tuple(keys.member_of(row.pk) for row in rows[:limit])

    def dirty_of(self, merchant_id: str) -> tuple[MemberRef, ...]:
        """Return all of a merchant's: the whole index is read, page by page."""
        found: dict[MemberRef, None] = {}
        for shard in range(keys.DIRTY_SHARDS):
            for member in _dirty_in(shard):
                if member.merchant_id == merchant_id:
                    found[member] = None
        return tuple(found)

    def mark(self, member: MemberRef, at: datetime) -> None:
        item = AccountItem(*keys.account_key(member))
        with suppress(CommitConflict), store_errors():
            item.update(_marking(member, at), AccountItem.pk.exists())

    def mark_pushed(self, account: Account, at: datetime | None = None) -> bool:
        actions: list[Action] = [
            AccountItem.dirty.remove(),
            AccountItem.dirty_sk.remove(),
            AccountItem.pushed.set(account.version),
        ]
        if at is not None:
            actions.append(AccountItem.pushed_at.set(epoch(at)))
        try:
            with store_errors():
                item = AccountItem(*keys.account_key(account.member))
                item.update(actions, _is_as_read(account))
        except CommitConflict:
            return False
        return True

    def postpone(
        self,
        member: MemberRef,
        at: datetime,
        noted: int | None = None,
        *,
        pushed_at: datetime | None = None,
    ) -> None:
        item = AccountItem(*keys.account_key(member))
        place = keys.dirty_sk(at, member.merchant_id, member.member_id)
        actions: list[Action] = [AccountItem.dirty_sk.set(place)]
        if noted is not None:
            actions.append(AccountItem.noted.set(noted))
        if pushed_at is not None:
            actions.append(AccountItem.pushed_at.set(epoch(pushed_at)))
        with suppress(CommitConflict), store_errors():
            item.update(actions, AccountItem.dirty.exists())


def add_mark(write: Transaction, member: MemberRef, at: datetime) -> None:
    """Mark a member's passes in a transaction that changes what they show."""
    item = AccountItem(*keys.account_key(member))
    write.update("mark", item, _marking(member, at), AccountItem.pk.exists())


def _marking(member: MemberRef, at: datetime) -> list[Action]:
    dirty, place = dirty_place(member, at)
    return [
        AccountItem.dirty.set(dirty),
        AccountItem.dirty_sk.set(place),
        AccountItem.marks.add(1),
    ]


def _is_as_read(account: Account) -> Condition:
    is_unmoved: Condition = AccountItem.version == account.version
    is_unmarked: Condition = AccountItem.marks.does_not_exist()
    if account.marks:
        is_unmarked = AccountItem.marks == account.marks
    both: Condition = is_unmoved & is_unmarked
    return both


def _dirty_in(shard: int) -> Iterator[MemberRef]:
    """Yield a shard's members; one that was postponed meanwhile comes again at the end."""
    behind = None
    for _ in range(DIRTY_PAGES_MAX):
        rows = listed("dirty", keys.dirty_passes(shard), behind, DIRTY_PAGE)
        yield from (keys.member_of(row.pk) for row in rows)
        if len(rows) < DIRTY_PAGE:
            return
        behind = Item.dirty_sk > rows[-1].index_sk
    raise StoreUnavailable("more passes wait than can be looked through")
