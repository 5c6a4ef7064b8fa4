"""The `DayBook` port: rows by day and shard, in the order of their moments.

| item         | pk                                    | sk                |
|--------------|---------------------------------------|-------------------|
| day-book row | T#{merchant}#Y#{YYYY-MM-DD}#{shard}   | {moment}#{name}   |

A till's rows are in one shard, so that its shift is one query; what was done at no till is
spread by member. A day of the whole merchant is a query for each shard, merged.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection import Connection

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import store_errors
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item
from chalicelib.adapters.dynamo.raw_items import RawFormat, RawItem
from chalicelib.adapters.dynamo.reading import epoch
from chalicelib.domain.day_book import DAY_BOOK_DAYS, DayKind, DayRow, Place
from chalicelib.domain.receipts import ReceiptKey
from chalicelib.ports import StoreUnavailable

SHARDS = 8  # of a day; never lowered on a live table
ROWS_MAX = 500  # of one answer
BATCH_MAX = 25  # of BatchWriteItem
PAGES_MAX = 400  # of 1 MB, some 3 000 rows each, looked through for one answer


class DayRowItem(Item, discriminator="y"):
    """A row of the day-book; what is nothing is left out."""

    done = UnicodeAttribute()  # the kind of the row
    till = UnicodeAttribute(null=True)
    store = UnicodeAttribute(null=True)
    staff = UnicodeAttribute(null=True)
    member = UnicodeAttribute(null=True)
    receipt_till = UnicodeAttribute(null=True)
    receipt = UnicodeAttribute(null=True)
    amount = IntegerAttribute(null=True)
    by_points = IntegerAttribute(null=True)
    by_card = IntegerAttribute(null=True)
    points = IntegerAttribute(null=True)
    redeemed = IntegerAttribute(null=True)


ROWS = RawFormat(DayRowItem)


class DynamoDayBook:
    """The day-book in the table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, rows: Sequence[DayRow]) -> None:
        by_key = {_key(row): row for row in rows}  # a batch takes each item once
        puts = [{"PutRequest": {"Item": raw_row(row)}} for row in by_key.values()]
        table = Item.Meta.table_name
        for first in range(0, len(puts), BATCH_MAX):
            wanted = {"RequestItems": {table: puts[first : first + BATCH_MAX]}}
            with store_errors():
                answer = self._connection.dispatch("BatchWriteItem", wanted)
            if answer.get("UnprocessedItems"):
                raise StoreUnavailable("throttled")

    def latest(
        self,
        merchant_id: str,
        on: date,
        *,
        till_id: str | None = None,
        before: Place | None = None,
        limit: int = 50,
    ) -> tuple[DayRow, ...]:
        limit = min(limit, ROWS_MAX)
        shards = range(SHARDS) if till_id is None else (keys.shard_of(till_id, SHARDS),)
        found = [
            self._of_shard(_pk(merchant_id, on, shard), till_id, before, limit)
            for shard in shards
        ]
        newest_first = merge(*found, key=lambda raw: raw["sk"]["S"], reverse=True)
        return tuple(_row_of(raw, merchant_id, on) for raw in islice(newest_first, limit))

    def _of_shard(
        self, pk: str, till_id: str | None, before: Place | None, limit: int
    ) -> list[dict[str, Any]]:
        return list(islice(self._pages(pk, till_id, before, limit), limit))

    def _pages(
        self, pk: str, till_id: str | None, before: Place | None, limit: int
    ) -> Iterator[dict[str, Any]]:
        start: dict[str, Any] | None = None
        for _ in range(PAGES_MAX):
            with store_errors():
                answer = self._connection.query(
                    Item.Meta.table_name,
                    pk,
                    range_key_condition=Item.sk < _sk(before) if before else None,
                    filter_condition=DayRowItem.till == till_id if till_id else None,
                    exclusive_start_key=start,
                    consistent_read=True,
                    scan_index_forward=False,
                    limit=ROWS_MAX if till_id else limit,
                )
            yield from answer["Items"]
            start = answer.get("LastEvaluatedKey")
            if start is None:
                return


def raw_row(row: DayRow) -> RawItem:
    """Return the item of a row."""
    receipt = row.receipt
    last = datetime(row.on.year, row.on.month, row.on.day, tzinfo=UTC)
    values = {
        "done": row.kind.value,
        "till": row.till_id,
        "store": row.store_id,
        "staff": row.staff_id,
        "member": row.member_id,
        "receipt_till": receipt.till_id if receipt else None,
        "receipt": receipt.receipt_id if receipt else None,
        "amount": row.amount_minor,
        "by_points": row.points_minor,
        "by_card": row.gift_card_minor,
        "points": row.points,
        "redeemed": row.redeemed,
    }
    kept = {name: value for name, value in values.items() if value}
    return ROWS.write(_key(row), {**kept, "ttl": epoch(last + timedelta(days=DAY_BOOK_DAYS))})


def _row_of(raw: RawItem, merchant_id: str, on: date) -> DayRow:
    item = ROWS.read(raw)
    moment, _, name = raw["sk"]["S"].partition("#")
    receipt = None
    if item.receipt is not None:
        receipt = ReceiptKey(merchant_id, item.receipt_till or "", item.receipt)
    return DayRow(
        merchant_id=merchant_id,
        on=on,
        at=datetime.fromisoformat(moment),
        kind=DayKind(item.done),
        name=name,
        till_id=item.till or "",
        store_id=item.store or "",
        staff_id=item.staff or "",
        member_id=item.member or "",
        receipt=receipt,
        amount_minor=item.amount or 0,
        points_minor=item.by_points or 0,
        gift_card_minor=item.by_card or 0,
        points=item.points or 0,
        redeemed=item.redeemed or 0,
    )


def _key(row: DayRow) -> keys.Key:
    shard = keys.shard_of(row.till_id or row.member_id, SHARDS)
    return _pk(row.merchant_id, row.on, shard), _sk(row.place)


def _pk(merchant_id: str, on: date, shard: int) -> str:
    return f"T#{keys.part(merchant_id)}#Y#{on.isoformat()}#{shard}"


def _sk(place: Place) -> str:
    at, name = place
    return f"{keys.moment(at)}#{name}"
