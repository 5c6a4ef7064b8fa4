"""The ledger in DynamoDB: every operation is one transaction of four items, mostly.

| part      | write           | condition                              |
|-----------|-----------------|----------------------------------------|
| operation | put             | does not exist; tells what was there   |
| account   | update (or put) | at the version that was read           |
| entry     | put             | does not exist                         |
| receipt   | put             | does not exist; tells what was there   |
|           | update          | at the revision that was read          |

A gift card that pays or gets something back adds two more (`gift_cards.py`), a limited
promotion or a promo code one for each of its counters (`offers.py`), a second factor one
(`confirmations.py`); new coupons, codes and
promised messages have parts of their own (`promises.py`), a member who goes too
(`leaving.py`). Keys are in
`keys.py`, items in `ledger_items.py` and `receipt_items.py`. Every read is strongly
consistent.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from pynamodb.connection import Connection
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.confirmations import add_used_confirmation
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.day_book import raw_row
from chalicelib.adapters.dynamo.gift_cards import add_gift_card, change_of
from chalicelib.adapters.dynamo.index_places import due_place
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.leaving import add_leaving
from chalicelib.adapters.dynamo.ledger_items import (
    ACCOUNTS,
    ENTRIES,
    OPERATIONS,
    REWRITING,
    AccountItem,
    EntryItem,
    account_of,
    entry_of,
    raw_account,
    raw_entry,
    raw_operation,
    receipt_given,
)
from chalicelib.adapters.dynamo.offers import add_takes
from chalicelib.adapters.dynamo.promises import (
    ProfileSeal,
    Seal,
    add_pass_code,
    add_promises,
    key_of_made,
    recorded_of,
    refuse_if_promise_failed,
)
from chalicelib.adapters.dynamo.raw_items import RawItem
from chalicelib.adapters.dynamo.reading import batch_get, epoch
from chalicelib.adapters.dynamo.receipt_items import (
    RECEIPTS,
    ReceiptItem,
    raw_receipt,
    receipt_actions,
    receipt_of,
)
from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.entries import LedgerChange, LedgerEntry, Operation, Recorded
from chalicelib.domain.receipts import Receipt, ReceiptKey
from chalicelib.ports import (
    AlreadyRecorded,
    CommitConflict,
    ReceiptExists,
)

ENTRIES_MAX = 200  # of one answer; an entry is under 1 KB, a query's page 1 MB
RECEIPTS_MAX = 50  # of one answer
BATCH_MAX = 100  # keys of BatchGetItem
RECEIPT_ENTRIES_MAX = 200  # entries looked through for receipts

_OPERATION, _ACCOUNT, _ENTRY, _RECEIPT = "operation", "account", "entry", "receipt"


class DynamoLedger:
    """The `Ledger` port on DynamoDB; may be shared by threads."""

    def __init__(
        self,
        connection: Connection,
        *,
        due_shards: int,
        seal: Seal | None = None,
        profile_seal: ProfileSeal | None = None,
    ) -> None:
        """`seal` makes the item of a message, without one none can be promised.

        `profile_seal` makes that of a profile, without one no pass code can be replaced
        and no member can inherit.
        """
        self._connection = connection
        self._due_shards = due_shards
        self._seal = seal
        self._profile_seal = profile_seal

    def account(self, member: MemberRef) -> Account | None:
        raw = self._get(keys.account_key(member))
        return account_of(ACCOUNTS.read(raw)) if raw else None

    def receipt(self, key: ReceiptKey) -> Receipt | None:
        raw = self._get(keys.receipt_key(key))
        return receipt_of(RECEIPTS.read(raw)) if raw else None

    def find_accounts(self, members: Sequence[MemberRef]) -> dict[MemberRef, Account]:
        found = self._batches_get([keys.account_key(member) for member in members])
        accounts = (account_of(ACCOUNTS.read(raw)) for raw in found)
        return {account.member: account for account in accounts}

    def find_receipts(self, wanted: Sequence[ReceiptKey]) -> dict[ReceiptKey, Receipt]:
        found = self._batches_get([keys.receipt_key(key) for key in wanted])
        receipts = (receipt_of(RECEIPTS.read(raw)) for raw in found)
        return {receipt.key: receipt for receipt in receipts}

    def account_and_receipt(
        self, member: MemberRef, key: ReceiptKey
    ) -> tuple[Account | None, Receipt | None]:
        found = batch_get(self._connection, [keys.account_key(member), keys.receipt_key(key)])
        account = found.get(keys.account_key(member))
        receipt = found.get(keys.receipt_key(key))
        return (
            account_of(ACCOUNTS.read(account)) if account else None,
            receipt_of(RECEIPTS.read(receipt)) if receipt else None,
        )

    def recorded(self, operation: Operation) -> Recorded | None:
        if not operation.key:
            return None
        key = keys.operation_key(operation.merchant_id, operation.client, operation.key)
        raw = self._get(key)
        return self._recorded(operation.merchant_id, raw) if raw else None

    def commit(self, change: LedgerChange) -> None:
        write = Transaction(self._connection)
        if change.operation.key:
            write.put_new(_OPERATION, raw_operation(change), tells_old=True)
        self._add_entry(write, change)
        _add_receipt(write, change)
        if change.gift_card is not None:
            add_gift_card(write, change.gift_card)
        add_promises(write, change, self._seal)
        if change.pass_code is not None:
            add_pass_code(write, change.pass_code, self._profile_seal)
        if change.phone is not None:
            from chalicelib.adapters.dynamo.phone_changes import add_new_phone  # lazy: rare

            assert change.entry is not None, "it is an entry"
            add_new_phone(write, change.phone, change.entry.at, self._profile_seal)
        if change.confirmation is not None:
            add_used_confirmation(write, change.confirmation)
        if change.leaving is not None:
            add_leaving(write, change.leaving, self._profile_seal)
        add_takes(write, change.operation.merchant_id, change.takes)
        if change.day_row is not None:
            write.put_raw("day-book", raw_row(change.day_row))
        try:
            write.commit()
        except Cancelled as error:
            raise self._reason(change, error) from error

    def reschedule(self, account: Account) -> None:
        actions: list[Action] = [AccountItem.due.remove(), AccountItem.due_sk.remove()]
        if account.due is not None:
            due, due_sk = due_place(account, self._due_shards)
            actions = [AccountItem.due.set(due), AccountItem.due_sk.set(due_sk)]
        item = AccountItem(*keys.account_key(account.member))
        with store_errors():
            item.update(actions, AccountItem.version == account.version)

    def note_spoken(self, member: MemberRef, at: datetime | None) -> None:
        spoken = AccountItem.spoken
        action: Action = spoken.set(epoch(at)) if at else spoken.remove()
        with store_errors():
            AccountItem(*keys.account_key(member)).update([action], AccountItem.pk.exists())

    def entries(
        self, member: MemberRef, *, before: int | None = None, limit: int = 50
    ) -> tuple[LedgerEntry, ...]:
        items = self._entry_items(member, before, min(limit, ENTRIES_MAX))
        return tuple(entry_of(item) for item in items)

    def receipts_of(self, member: MemberRef, *, limit: int = 10) -> tuple[Receipt, ...]:
        items = self._entry_items(member, None, RECEIPT_ENTRIES_MAX)
        given = [receipt_given(item) for item in items]
        latest = list(dict.fromkeys(key for key in given if key))[: min(limit, RECEIPTS_MAX)]
        if not latest:
            return ()
        found = batch_get(self._connection, [keys.receipt_key(key) for key in latest])
        raws = [found.get(keys.receipt_key(key)) for key in latest]
        return tuple(receipt_of(RECEIPTS.read(raw)) for raw in raws if raw)

    def _add_entry(self, write: Transaction, change: LedgerChange) -> None:
        account, entry = change.account, change.entry
        if account is None or entry is None:  # an anonymous receipt
            return
        write.put_new(_ENTRY, raw_entry(entry, _given(change)))
        raw = raw_account(account, at=entry.at, due_shards=self._due_shards)
        if change.version_read == 0:
            write.put_new(_ACCOUNT, raw)
            return
        write.rewrite(_ACCOUNT, raw, change.version_read, REWRITING)

    def _reason(self, change: LedgerChange, error: Cancelled) -> Exception:
        """Return what a cancelled commit means: the operation's record comes first."""
        if _OPERATION in error.failed:
            raw = error.failed[_OPERATION]
            assert raw, "ALL_OLD was asked for"
            return AlreadyRecorded(self._recorded(change.operation.merchant_id, raw))
        raw = error.failed.get(_RECEIPT)
        if change.new_receipt and raw:
            return ReceiptExists(receipt_of(RECEIPTS.read(raw)))
        refuse_if_promise_failed(change, error)
        return CommitConflict(", ".join(error.failed))

    def _recorded(self, merchant_id: str, raw: RawItem) -> Recorded:
        item = OPERATIONS.read(raw)
        if item.till is not None:
            key = ReceiptKey(merchant_id, item.till, item.receipt or "")
            receipt = self.receipt(key)
            assert receipt, "written in the same transaction"
            return Recorded(item.fingerprint, receipt=receipt, return_id=item.return_id)
        if item.gift_card is not None:
            card = self._get(keys.gift_card_key(merchant_id, item.gift_card))
            place = keys.gift_card_entry_key(merchant_id, item.gift_card, item.version or 0)
            written = self._get(place)
            assert card, "written in the same transaction"
            assert written, "and so was its entry"
            return Recorded(item.fingerprint, gift_card=change_of(card, written))
        if item.member is None:
            made = self._get(key_of_made(merchant_id, item))
            assert made, "written in the same transaction"
            return recorded_of(item, made)
        member = MemberRef(merchant_id, item.member)
        entry = self._get(keys.entry_key(member, item.version or 0))
        assert entry, "written in the same transaction"
        return Recorded(item.fingerprint, entry=entry_of(ENTRIES.read(entry)))

    def _get(self, key: keys.Key) -> RawItem | None:
        wanted = {
            "TableName": Item.Meta.table_name,
            "Key": {"pk": {"S": key[0]}, "sk": {"S": key[1]}},
            "ConsistentRead": True,
            "ReturnConsumedCapacity": "NONE",  # pynamodb would ask, and nobody looks
        }
        with store_errors():
            answer = self._connection.dispatch("GetItem", wanted)
        return answer.get("Item")

    def _batches_get(self, wanted: Sequence[keys.Key]) -> Iterator[RawItem]:
        unique = list(dict.fromkeys(wanted))
        for first in range(0, len(unique), BATCH_MAX):
            wanted_now = unique[first : first + BATCH_MAX]
            yield from batch_get(self._connection, wanted_now).values()

    def _entry_items(
        self, member: MemberRef, before: int | None, limit: int
    ) -> list[EntryItem]:
        first = keys.entry_sk(1)
        last = keys.entry_sk(before - 1) if before else keys.ENTRY_PREFIX + keys.AFTER
        if last < first:
            return []
        with store_errors():
            return list(
                EntryItem.query(
                    keys.member_pk(member),
                    EntryItem.sk.between(first, last),
                    consistent_read=True,
                    scan_index_forward=False,
                    limit=limit,
                )
            )


def _add_receipt(write: Transaction, change: LedgerChange) -> None:
    if change.new_receipt is not None:
        write.put_new(_RECEIPT, raw_receipt(change.new_receipt), tells_old=True)
    if change.changed_receipt is not None:
        receipt = change.changed_receipt
        write.update(
            _RECEIPT,
            ReceiptItem(*keys.receipt_key(receipt.key)),
            receipt_actions(change),
            ReceiptItem.revision == receipt.revision,
        )


def _given(change: LedgerChange) -> ReceiptKey | None:
    """Return the receipt a change gives its member: a new one, or one that is attached."""
    if change.return_id is not None:
        return None
    receipt = change.new_receipt or change.changed_receipt
    return receipt.key if receipt else None
