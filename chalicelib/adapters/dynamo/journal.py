"""The `Journal` port: a row is its keys and nothing else.

25 rows a round trip are written, each costs one unit; a page of 500 is read in one.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pynamodb.connection import Connection

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import store_errors
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.journal_keys import journal_pk, journal_row_of, journal_sk
from chalicelib.adapters.dynamo.raw_items import RawFormat, RawItem
from chalicelib.adapters.dynamo.reading import epoch
from chalicelib.domain.journal import JOURNAL_DAYS, JournalRow
from chalicelib.ports import StoreUnavailable

BATCH_MAX = 25  # of BatchWriteItem
PAGE_MAX = 500
COUNT_PAGES_MAX = 10_000  # of 1 MB, some 7 000 rows, in one count


class JournalItem(Item, discriminator="J"):
    """A row of the journal."""


ROWS = RawFormat(JournalItem)


class DynamoJournal:
    """The journal in the table."""

    def __init__(self, connection: Connection, *, due_shards: int) -> None:
        self._connection = connection
        self._due_shards = due_shards

    def note(self, rows: Sequence[JournalRow]) -> None:
        puts = [{"PutRequest": {"Item": self._raw(row)}} for row in dict.fromkeys(rows)]
        table = Item.Meta.table_name
        for first in range(0, len(puts), BATCH_MAX):
            wanted = {"RequestItems": {table: puts[first : first + BATCH_MAX]}}
            with store_errors():
                answer = self._connection.dispatch("BatchWriteItem", wanted)
            if answer.get("UnprocessedItems"):
                raise StoreUnavailable("throttled")

    def count(self, merchant_id: str, shard: int) -> int:
        counted, start = 0, None
        for _ in range(COUNT_PAGES_MAX):
            answer = self._query(merchant_id, shard, select="COUNT", exclusive_start_key=start)
            counted += answer["Count"]
            if "LastEvaluatedKey" not in answer:
                break
            start = answer["LastEvaluatedKey"]
        return counted

    def page(
        self, merchant_id: str, shard: int, *, after: JournalRow | None = None
    ) -> tuple[tuple[JournalRow, ...], JournalRow | None]:
        condition = Item.sk > journal_sk(after) if after else None
        answer = self._query(merchant_id, shard, range_key_condition=condition, limit=PAGE_MAX)
        rows = tuple(journal_row_of(raw["pk"]["S"], raw["sk"]["S"]) for raw in answer["Items"])
        return rows, rows[-1] if len(rows) == PAGE_MAX else None

    def _query(self, merchant_id: str, shard: int, **more: Any) -> dict[str, Any]:
        partition = journal_pk(merchant_id, shard)
        with store_errors():
            return self._connection.query(
                Item.Meta.table_name, partition, consistent_read=True, **more
            )

    def _raw(self, row: JournalRow) -> RawItem:
        shard = keys.shard_of(row.member.member_id, self._due_shards)
        key = (journal_pk(row.member.merchant_id, shard), journal_sk(row))
        last = datetime(row.on.year, row.on.month, row.on.day, tzinfo=UTC)
        return ROWS.write(key, {"ttl": epoch(last + timedelta(days=JOURNAL_DAYS))})
