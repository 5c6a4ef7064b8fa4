"""The `DueWork` port: one page of one shard of the sparse index `due`, earliest first.

A cursor is the place in the index of the last member returned. Whoever has been worked
moves on or leaves the index, so a lost cursor only means starting again.
"""

from datetime import date

from pynamodb.expressions.condition import Condition

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.reading import listed
from chalicelib.domain.account import MemberRef

PAGE_MAX = 25

_Page = tuple[tuple[MemberRef, ...], str | None]


class DynamoDueWork:
    """Reads the index; one round trip a page."""

    def due_members(
        self, merchant_id: str, shard: int, through: date, *, after: str | None = None
    ) -> _Page:
        return _page(keys.due_accounts(merchant_id, shard), through, after)

    def due_anniversaries(
        self, merchant_id: str, shard: int, through: date, *, after: str | None = None
    ) -> _Page:
        return _page(keys.due_anniversaries(merchant_id, shard), through, after)


def _page(partition: str, through: date, after: str | None) -> _Page:
    last = through.isoformat() + keys.AFTER
    condition: Condition = Item.due_sk <= last
    if after is not None:
        following = after + "!"  # sorts between this key and any that could come next
        if following > last:
            return (), None
        condition = Item.due_sk.between(following, last)
    rows = listed("due", partition, condition, PAGE_MAX)
    cursor = rows[-1].index_sk if len(rows) == PAGE_MAX else None
    return tuple(keys.member_of(row.pk) for row in rows), cursor
