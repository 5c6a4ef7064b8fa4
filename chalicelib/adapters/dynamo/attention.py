"""The `Attention` port in the table; where things lie: `attention_items.py`.

| write    | condition                                                   |
|----------|-------------------------------------------------------------|
| keep     | the conflict does not exist; the day has room               |
| settle   | it exists and is not settled                                |
| debt     | nothing later is noted: by the account's version            |
| pause    | put; the change that waited is deleted if it is older       |
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from pynamodb.attributes import Attribute
from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo.attention_items import (
    ALWAYS,
    CONFLICT,
    DEBT,
    WAIT,
    ConflictItem,
    DebtItem,
    RefusalsItem,
    WaitItem,
    attention_pk,
    conflict_item,
    conflict_key,
    conflict_of,
    debt_key,
    debt_of,
    refusals_key,
    wait_item,
    wait_key,
    wait_of,
)
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.keys import AFTER, part
from chalicelib.adapters.dynamo.reading import epoch, find
from chalicelib.domain.attention import (
    CONFLICTS_PER_DAY_MAX,
    KEPT_SETTLED,
    Debt,
    OfflineConflict,
    PhoneWait,
)
from chalicelib.ports import Clock, CommitConflict

ROWS_MAX = 500  # of one answer
COUNTED_MAX = 1000  # items looked at to count what waits
KEPT_PAID = timedelta(days=2)  # a debt of nothing: it keeps what is late from coming back
COUNTS_KEPT = timedelta(days=3)
_PART = "conflict"
_OF_START: tuple[Attribute[Any], ...] = (
    DebtItem.since,
    DebtItem.since_kind,
    DebtItem.receipt_till,
    DebtItem.receipt,
)

I = TypeVar("I", bound=Item)  # noqa: E741


class DynamoAttention:
    """What waits for somebody, in the table."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def keep(self, conflict: OfflineConflict) -> bool:
        write = Transaction(self._connection)
        write.put(_PART, conflict_item(conflict), Item.pk.does_not_exist())
        units, at = RefusalsItem.units, conflict.refused_at
        actions: list[Action] = [
            units.add(1),
            RefusalsItem.kind.set(RefusalsItem),
            RefusalsItem.ttl.set(epoch(at + COUNTS_KEPT)),
        ]
        has_room = units.does_not_exist() | (units < CONFLICTS_PER_DAY_MAX)
        counter = RefusalsItem(*refusals_key(conflict.merchant_id, at))
        write.update("refusals of the day", counter, actions, has_room)
        try:
            write.commit()
        except Cancelled as error:
            return _PART in error.failed  # it is there: kept before
        return True

    def find(self, merchant_id: str, conflict_id: str) -> OfflineConflict | None:
        item = find(ConflictItem, conflict_key(merchant_id, conflict_id))
        return conflict_of(merchant_id, item) if item else None

    def settle(self, conflict: OfflineConflict) -> bool:
        assert conflict.settled_at is not None, "the caller says when"
        item = ConflictItem(*conflict_key(conflict.merchant_id, conflict.conflict_id))
        actions: list[Action] = [
            ConflictItem.settled_at.set(conflict.settled_at),
            ConflictItem.settled_by.set(conflict.settled_by),
            ConflictItem.note.set(conflict.note),
            ConflictItem.ttl.set(epoch(conflict.settled_at + KEPT_SETTLED)),
            ConflictItem.until.remove(),
        ]
        is_open = ConflictItem.pk.exists() & ConflictItem.settled_at.does_not_exist()
        try:
            with store_errors():
                item.update(actions, is_open)
        except CommitConflict:
            return False
        return True

    def conflicts(
        self,
        merchant_id: str,
        *,
        is_settled: bool = False,
        before: str | None = None,
        limit: int = 50,
    ) -> tuple[OfflineConflict, ...]:
        last = CONFLICT + (part(before) if before else AFTER)
        settled_at = ConflictItem.settled_at
        items = self._listed(
            ConflictItem,
            merchant_id,
            ConflictItem.sk.between(CONFLICT, last),
            settled_at.exists() if is_settled else settled_at.does_not_exist(),
            is_newest_first=True,
        )
        found = (conflict_of(merchant_id, item) for item in items if item.sk != last)
        return tuple(islice(found, min(limit, ROWS_MAX)))

    def note_debt(self, debt: Debt) -> None:
        item = DebtItem(*debt_key(debt.member))
        actions: list[Action] = [
            DebtItem.kind.set(DebtItem),
            DebtItem.member.set(debt.member.member_id),
            DebtItem.version.set(debt.version),
            DebtItem.points.set(debt.points),
            *_since(debt, self._clock.now()),
        ]
        version = DebtItem.version
        is_later: Condition = version.does_not_exist() | (version < debt.version)
        with suppress(CommitConflict), store_errors():
            item.update(actions, is_later)

    def debts(
        self, merchant_id: str, *, after: str | None = None, limit: int = 50
    ) -> tuple[Debt, ...]:
        first = DEBT + (part(after) if after else "")
        items = self._listed(
            DebtItem,
            merchant_id,
            DebtItem.sk.between(first, DEBT + AFTER),
            DebtItem.points > 0,
        )
        found = (debt_of(merchant_id, item) for item in items if item.sk != first)
        return tuple(islice(found, min(limit, ROWS_MAX)))

    def note_waits(self, waits: Sequence[PhoneWait]) -> None:
        for wait in waits:
            waited = WaitItem(*wait_key(wait.member, is_pause=False))
            with store_errors():
                wait_item(wait).save()
            with suppress(CommitConflict), store_errors():
                waited.delete(WaitItem.at <= wait.at)

    def waits(
        self, merchant_id: str, *, at: datetime, limit: int = 50
    ) -> tuple[PhoneWait, ...]:
        items = self._listed(
            WaitItem, merchant_id, WaitItem.sk.startswith(WAIT), WaitItem.until > at
        )
        found = (wait_of(merchant_id, item) for item in items)
        return tuple(islice(found, min(limit, ROWS_MAX)))

    def count(self, merchant_id: str, *, at: datetime) -> int:
        with store_errors():
            answer: dict[str, Any] = self._connection.query(
                Item.Meta.table_name,
                attention_pk(merchant_id),
                filter_condition=WaitItem.until > at,
                select="COUNT",
                consistent_read=True,
                limit=COUNTED_MAX,
            )
        return int(answer["Count"])

    def _listed(
        self,
        kind: type[I],
        merchant_id: str,
        stretch: Condition,
        only: Condition,
        *,
        is_newest_first: bool = False,
    ) -> Iterator[I]:
        """Return items of a stretch as they are read, page by page."""
        with store_errors():
            yield from kind.query(
                attention_pk(merchant_id),
                stretch,
                filter_condition=only,
                consistent_read=True,
                scan_index_forward=not is_newest_first,
            )


def _since(debt: Debt, at: datetime) -> list[Action]:
    """Return what becomes of the beginning of a debt: it ends, goes on, or is another."""
    if not debt.points:
        gone = (DebtItem.until, *_OF_START)
        return [DebtItem.ttl.set(epoch(at + KEPT_PAID)), *(one.remove() for one in gone)]
    actions: list[Action] = [DebtItem.until.set(ALWAYS), DebtItem.ttl.remove()]
    start = debt.since
    if start is None:  # its beginning is noted already
        return actions
    values: list[Any] = [start.at, start.kind.value]
    if start.receipt is not None:
        values += [start.receipt.till_id, start.receipt.receipt_id]
    for number, one in enumerate(_OF_START):
        actions.append(one.set(values[number]) if number < len(values) else one.remove())
    return actions
