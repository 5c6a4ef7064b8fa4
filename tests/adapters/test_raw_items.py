"""The short way to an item's JSON and pynamodb's own models write and read the same."""

from dataclasses import replace

import pytest
from hypothesis import given

from chalicelib.adapters.dynamo.ledger_items import (
    ACCOUNTS,
    ENTRIES,
    OPERATIONS,
    AccountItem,
    EntryItem,
    OperationItem,
    account_of,
    entry_of,
    raw_account,
    raw_entry,
    raw_operation,
)
from chalicelib.adapters.dynamo.raw_items import RawFormat
from chalicelib.adapters.dynamo.receipt_items import (
    RECEIPTS,
    ReceiptItem,
    raw_receipt,
    receipt_of,
)
from tests.adapters.ledger_values import NOON, big_purchase
from tests.adapters.test_packing import accounts, entries, receipts


@given(accounts)
def test_an_account_is_written_and_read_as_its_model_does(account) -> None:
    raw = raw_account(account, at=NOON, due_shards=4)

    assert AccountItem.from_raw_data(raw).serialize() == raw
    assert account_of(ACCOUNTS.read(raw)) == account


@given(entries)
def test_an_entry_is_written_and_read_as_its_model_does(entry) -> None:
    raw = raw_entry(entry)

    assert EntryItem.from_raw_data(raw).serialize() == raw
    assert entry_of(ENTRIES.read(raw)) == entry


@given(receipts)
def test_a_receipt_is_written_and_read_as_its_model_does(written) -> None:
    raw = raw_receipt(written)

    assert ReceiptItem.from_raw_data(raw).serialize() == raw
    assert receipt_of(RECEIPTS.read(raw)) == written


@pytest.mark.parametrize("has_receipt", [True, False])
def test_an_operation_is_written_and_read_as_its_model_does(has_receipt) -> None:
    change = big_purchase()
    if not has_receipt:
        change = replace(change, new_receipt=None)

    raw = raw_operation(change)

    model = OperationItem.from_raw_data(raw)
    assert model.serialize() == raw
    read = vars(OPERATIONS.read(raw))
    assert read == {name: getattr(model, name) for name in read}


def test_values_a_model_does_not_name_are_refused() -> None:
    with pytest.raises(KeyError, match="colour"):
        RawFormat(AccountItem).write(("pk", "sk"), {"colour": "red"})


def test_an_item_of_another_model_is_not_read() -> None:
    raw = raw_account(big_purchase().account, at=NOON, due_shards=4)

    with pytest.raises(AssertionError, match="another model"):
        ENTRIES.read(raw)
