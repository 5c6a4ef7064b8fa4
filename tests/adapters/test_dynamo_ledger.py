"""What only the real ledger promises: sizes, costs, indexes, threads, translated errors."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import bind
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.ledger import DynamoLedger
from chalicelib.adapters.dynamo.ledger_items import account_item, entry_item, operation_item
from chalicelib.adapters.dynamo.receipt_items import receipt_item
from chalicelib.domain.account import Account
from chalicelib.domain.entries import LedgerChange
from chalicelib.ports import CommitConflict
from tests.adapters.ledger_values import (
    MEMBER,
    NOON,
    big_purchase,
    common_account,
    credit,
    full_account,
    operation,
)

ITEM_BYTES_MAX = 1024  # one write unit; a transaction doubles it
THREADS = 16
NEW = Account(MEMBER)


@pytest.fixture
def stored(connection) -> DynamoLedger:
    return DynamoLedger(connection, due_shards=4)


def by(staff_id: str, change: LedgerChange) -> LedgerChange:
    """Return the change as made at a till where somebody is signed in."""
    entry = replace(change.entry, staff_id=staff_id)
    receipt = replace(change.new_receipt, staff_id=staff_id)
    return replace(change, entry=entry, new_receipt=receipt)


class TestTheTable:
    @pytest.mark.parametrize("staff_id", ["", "stf_12345678"], ids=["key", "cashier"])
    def test_every_item_of_a_large_purchase_is_one_write_unit(self, staff_id: str) -> None:
        change = by(staff_id, big_purchase())

        sizes = {
            "account": _size(account_item(change.account, at=NOON, due_shards=4)),
            "entry": _size(entry_item(change.entry, change.new_receipt.key)),
            "operation": _size(operation_item(change)),
            "receipt": _size(receipt_item(change.new_receipt)),
        }

        assert max(sizes.values()) <= ITEM_BYTES_MAX, sizes

    def test_the_largest_account_stays_under_2900_bytes(self) -> None:
        assert _size(account_item(full_account(), at=NOON, due_shards=4)) < 2_900

    @pytest.mark.parametrize("staff_id", ["", "stf_12345678"], ids=["key", "cashier"])
    def test_a_purchase_is_two_round_trips_and_eight_write_units(
        self, connection, engine_endpoint, staff_id: str
    ) -> None:
        calls = []
        change = by(staff_id, big_purchase())
        account_item(common_account(), at=NOON, due_shards=4).save()
        watched = bind(
            Item.Meta.table_name,
            "eu-central-1",
            engine_endpoint,
            on_call=lambda name, answer: calls.append((name, answer["ConsumedCapacity"])),
        )
        ledger = DynamoLedger(watched, due_shards=4)

        ledger.account(change.account.member)
        ledger.commit(change)

        assert [name for name, _ in calls] == ["GetItem", "TransactWriteItems"]
        (consumed,) = calls[1][1]
        assert consumed["Table"]["WriteCapacityUnits"] == 8
        assert "GlobalSecondaryIndexes" not in consumed  # dirty already, due unmoved

    def test_an_account_stands_in_its_indexes_by_date_and_moment(
        self, stored, connection, table_client
    ) -> None:
        change = credit(NEW)

        stored.commit(change)

        raw = _raw(table_client, keys.account_key(MEMBER))
        shard = keys.shard_of(MEMBER.member_id, 4)
        assert raw["due"]["S"] == f"DUE#roastery#{shard}"
        assert raw["due_sk"]["S"] == f"2027-11-21#{MEMBER.member_id}"
        assert raw["dirty"]["S"].startswith("PASS#")
        assert raw["dirty_sk"]["S"] == (
            f"2026-11-21T12:00:00.123456Z#roastery#{MEMBER.member_id}"
        )

    def test_an_account_that_is_dirty_keeps_the_moment_it_became_so(
        self, stored, table_client
    ) -> None:
        first = credit(NEW)
        stored.commit(first)
        second = credit(first.account)
        later = replace(second.entry, at=NOON.replace(hour=20))

        stored.commit(replace(second, entry=later))

        raw = _raw(table_client, keys.account_key(MEMBER))
        assert raw["dirty_sk"]["S"].startswith("2026-11-21T12:00")

    def test_an_account_without_a_due_day_leaves_the_index(self, stored, table_client) -> None:
        first = credit(NEW)
        stored.commit(first)
        second = credit(first.account)

        stored.commit(replace(second, account=replace(second.account, due=None)))

        assert "due" not in _raw(table_client, keys.account_key(MEMBER))

    def test_a_version_that_moved_refuses_although_the_entry_is_free(self, stored) -> None:
        account_item(replace(NEW, version=3), at=NOON, due_shards=4).save()

        with pytest.raises(CommitConflict):
            stored.commit(credit(replace(NEW, version=1)))

        assert stored.account(MEMBER).version == 3

    def test_a_first_entry_never_replaces_an_account_although_it_is_free(self, stored) -> None:
        account_item(replace(NEW, version=3), at=NOON, due_shards=4).save()

        with pytest.raises(CommitConflict):
            stored.commit(credit(NEW))

        assert stored.account(MEMBER).version == 3

    def test_an_entry_is_never_overwritten_although_the_version_is_right(self, stored) -> None:
        account_item(replace(NEW, version=1), at=NOON, due_shards=4).save()
        there = replace(credit(replace(NEW, version=1)).entry, reason="there before")
        entry_item(there).save()

        with pytest.raises(CommitConflict):
            stored.commit(credit(replace(NEW, version=1)))

        assert stored.entries(MEMBER) == (there,)

    def test_threads_on_one_account_lose_nothing_and_leave_no_gap(self, stored) -> None:
        barrier = Barrier(THREADS)

        def till(number: int) -> None:
            barrier.wait()
            for sale in range(3):
                _credit_until_written(stored, f"till-{number}-{sale}")

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(till, range(THREADS)))

        entries = stored.entries(MEMBER, limit=200)
        assert [entry.version for entry in reversed(entries)] == list(range(1, 49))
        assert len({entry.reason for entry in entries}) == 48
        account = stored.account(MEMBER)
        assert account.version == 48
        assert account.total == sum(entry.points for entry in entries)


def _credit_until_written(ledger: DynamoLedger, key: str) -> None:
    attempts_max = 1_000
    for _ in range(attempts_max):
        before = ledger.account(MEMBER) or NEW
        change = credit(before, of=operation(key))
        try:
            ledger.commit(replace(change, entry=replace(change.entry, reason=key)))
        except CommitConflict:
            continue
        return
    pytest.fail("never written")


def _raw(table_client, key: keys.Key):
    table = Item.Meta.table_name
    where = {"pk": {"S": key[0]}, "sk": {"S": key[1]}}
    return table_client.get_item(TableName=table, Key=where, ConsistentRead=True)["Item"]


def _size(item) -> int:
    """Return an item's size by DynamoDB's rule: names and values.

    A number takes about half a byte a digit, plus one.
    """
    total = 0
    for name, typed in item.serialize().items():
        ((kind, value),) = typed.items()
        total += len(name)
        if kind == "N":
            total += (len(value) + 1) // 2 + 1
        else:
            total += len(value) if kind == "B" else len(value.encode())
    return total
