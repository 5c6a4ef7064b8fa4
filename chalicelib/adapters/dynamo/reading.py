"""Reading items: one by key, many by key, the keys an index lists; and what is over.

Reads of single items are strongly consistent. Index reads cannot be, so whoever acts on
one reads or conditions the item itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pynamodb.connection import Connection
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from chalicelib.adapters.dynamo.connection import store_errors
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.keys import Key
from chalicelib.adapters.dynamo.raw_items import RawItem
from chalicelib.ports import StoreUnavailable

I = TypeVar("I", bound=Item)  # noqa: E741


@dataclass(frozen=True, slots=True)
class Listed:
    """An item's keys, as an index lists them."""

    pk: str
    index_sk: str


def find(item_class: type[I], key: Key) -> I | None:
    """Return the item, or None. Raises StoreUnavailable."""
    try:
        with store_errors():
            return item_class.get(*key, consistent_read=True)
    except DoesNotExist:
        return None


def find_all(item_class: type[I], keys: Iterable[Key]) -> list[I]:
    """Return those that exist, in any order; 100 keys a round trip."""
    with store_errors():
        return list(item_class.batch_get(list(keys), consistent_read=True))


def batch_get(connection: Connection, wanted: Sequence[Key]) -> dict[Key, RawItem]:
    """Return those that exist, of any kind, in one round trip; at most 100 keys.

    Raises:
        StoreUnavailable: some were not read.
    """
    table = Item.Meta.table_name
    keys: list[Any] = [{"pk": pk, "sk": sk} for pk, sk in wanted]  # annotated as str there
    with store_errors():
        answer = connection.batch_get_item(table, keys, consistent_read=True)
    if answer.get("UnprocessedKeys"):
        raise StoreUnavailable("throttled")
    found = answer["Responses"].get(table, [])
    return {(raw["pk"]["S"], raw["sk"]["S"]): raw for raw in found}


def listed(
    index: str, partition: str, condition: Condition | None, limit: int
) -> tuple[Listed, ...]:
    """Return what one index partition lists, in its order, in one round trip.

    Not by pynamodb's own index query: that filters by an attribute a KEYS_ONLY index
    does not hold.
    """
    with store_errors():
        answer = Item._get_connection().query(
            partition, range_key_condition=condition, index_name=index, limit=limit
        )
    sort_key = f"{index}_sk"
    return tuple(Listed(row["pk"]["S"], row[sort_key]["S"]) for row in answer["Items"])


def is_over(item: Item, at: datetime) -> bool:
    """Return whether the item's time has passed, deleted or not."""
    return item.ttl is not None and item.ttl <= at.timestamp()


def epoch(at: datetime) -> int:
    """Return a moment as DynamoDB's time to live wants it."""
    return int(at.timestamp())
