"""The `Ledger` port in dictionaries: the same answers, the frozen values themselves.

Each condition of the transaction is a method of its own, so that the simulator can plant
a defect by overriding one. Not for threads: a schedule decides who is next.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.confirmations import Confirmation
from chalicelib.domain.day_book import DayRow, Place
from chalicelib.domain.entries import LedgerChange, LedgerEntry, Operation, Recorded
from chalicelib.domain.gift_cards import GiftCard, GiftCardEntry
from chalicelib.domain.limits import Counter
from chalicelib.domain.members import Leaving, NewPassCode, NewPhone, PromisedSms
from chalicelib.domain.promo_codes import CodeBatch, MemberCoupon, PromoCode
from chalicelib.domain.receipts import Receipt, ReceiptKey
from chalicelib.ports import AlreadyRecorded, CommitConflict, ReceiptExists

OperationId = tuple[str, str, str]  # merchant, client, key
GiftCardId = tuple[str, str]  # merchant, hash of the code


class People(Protocol):
    """What a ledger does to members beside their accounts."""

    def check_leaving(self, leaving: Leaving) -> None:
        """Refuse if a profile has moved. Raises CommitConflict."""

    def leave(self, leaving: Leaving) -> None:
        """Forget the profile; let what led to it lead to the heir."""


class FakeLedger:
    """Accounts, entries, receipts and idempotency records of a test."""

    def __init__(self) -> None:
        self.accounts: dict[MemberRef, Account] = {}
        self.entries_by_member: dict[MemberRef, list[LedgerEntry]] = {}
        self.receipts: dict[ReceiptKey, Receipt] = {}
        self.records: dict[OperationId, LedgerChange] = {}
        self.receipt_of_entry: dict[tuple[MemberRef, int], ReceiptKey] = {}
        self.gift_cards: dict[GiftCardId, GiftCard] = {}
        self.gift_card_entries: dict[GiftCardId, list[GiftCardEntry]] = {}
        self.promo_codes: dict[tuple[str, str], PromoCode] = {}  # merchant, code
        self.code_batches: dict[tuple[str, str], CodeBatch] = {}  # merchant, batch
        self.day_rows: dict[tuple[str, date, Place], DayRow] = {}  # by merchant, day, place
        self.promised: list[PromisedSms] = []
        self.counters: dict[tuple[str, Counter], int] = {}
        self.coupons: dict[tuple[MemberRef, str], MemberCoupon] = {}  # by member and code
        self.confirmations: dict[tuple[MemberRef, str], Confirmation] = {}  # by member and id
        self.replace_code: Callable[[NewPassCode], None] | None = None  # the members'
        self.replace_phone: Callable[[NewPhone, datetime], None] | None = None  # as above
        self.people: People | None = None  # whose members may leave

    def account(self, member: MemberRef) -> Account | None:
        return self.accounts.get(member)

    def receipt(self, key: ReceiptKey) -> Receipt | None:
        return self.receipts.get(key)

    def find_accounts(self, members: Sequence[MemberRef]) -> dict[MemberRef, Account]:
        return {member: found for member in members if (found := self.account(member))}

    def find_receipts(self, wanted: Sequence[ReceiptKey]) -> dict[ReceiptKey, Receipt]:
        return {key: found for key in wanted if (found := self.receipt(key))}

    def account_and_receipt(
        self, member: MemberRef, key: ReceiptKey
    ) -> tuple[Account | None, Receipt | None]:
        return self.account(member), self.receipt(key)

    def recorded(self, operation: Operation) -> Recorded | None:
        change = self.records.get(_id_of(operation))
        return self._answer(change) if change else None

    def commit(self, change: LedgerChange) -> None:
        self.check(change)
        if change.pass_code is not None:
            assert self.replace_code is not None, "members know this ledger"
            self.replace_code(change.pass_code)
        if change.phone is not None:
            assert self.replace_phone is not None, "members know this ledger"
            assert change.entry is not None, "it is an entry"
            self.replace_phone(change.phone, change.entry.at)
        self.write(change)

    def check(self, change: LedgerChange) -> None:
        """Refuse a change whose conditions do not hold; the record comes first."""
        if self._is_recorded(change):
            raise AlreadyRecorded(self._answer(self.records[_id_of(change.operation)]))
        if self._receipt_taken(change):
            assert change.new_receipt
            raise ReceiptExists(self.receipts[change.new_receipt.key])
        if self._has_moved(change) or self._receipt_has_moved(change):
            raise CommitConflict("moved")
        if self._gift_card_has_moved(change):
            raise CommitConflict("gift card")
        if self._made_twice(change):
            raise CommitConflict("coupon, promo code or batch")
        if self._counter_is_full(change):
            raise CommitConflict("counter")
        if self._confirmation_is_spent(change):
            raise CommitConflict("confirmation")
        if change.leaving is not None:
            assert self.people is not None, "members know this ledger"
            self.people.check_leaving(change.leaving)

    def write(self, change: LedgerChange) -> None:
        """Write a change whose conditions hold."""
        if change.operation.key:
            self.records[_id_of(change.operation)] = change
        if change.account is not None and change.entry is not None:
            self._write_entry(change, change.account, change.entry)
        if change.new_receipt is not None:
            self.receipts[change.new_receipt.key] = change.new_receipt
        if change.changed_receipt is not None:
            changed = change.changed_receipt
            self.receipts[changed.key] = replace(changed, revision=changed.revision + 1)
        if change.gift_card is not None:
            card = change.gift_card.card
            self.gift_cards[card.merchant_id, card.code_hash] = card
            written = self.gift_card_entries.setdefault((card.merchant_id, card.code_hash), [])
            written.append(change.gift_card.entry)
        self._write_made(change)
        if change.day_row is not None:
            row = change.day_row
            self.day_rows[row.merchant_id, row.on, row.place] = row
        if change.leaving is not None and self.people is not None:
            self.people.leave(change.leaving)
        for take in change.takes:
            place = change.operation.merchant_id, take.counter
            self.counters[place] = self.counters.get(place, 0) + take.units
        if change.confirmation is not None:
            used = change.confirmation
            self.confirmations[used.member, used.confirmation_id] = used

    def reschedule(self, account: Account) -> None:
        stored = self.accounts[account.member]
        if stored.version != account.version:
            raise CommitConflict("moved")
        self.accounts[account.member] = replace(stored, due=account.due)

    def note_spoken(self, member: MemberRef, at: datetime | None) -> None:
        if member not in self.accounts:
            raise CommitConflict("account")
        self.accounts[member] = replace(self.accounts[member], spoken_at=at)

    def mark(self, member: MemberRef) -> None:
        """Mark a pass as not told, without an entry."""
        stored = self.accounts.get(member)
        if stored is not None:
            self.accounts[member] = replace(stored, is_dirty=True, marks=stored.marks + 1)

    def entries(
        self, member: MemberRef, *, before: int | None = None, limit: int = 50
    ) -> tuple[LedgerEntry, ...]:
        known = self.entries_by_member.get(member, [])
        older = [entry for entry in known if before is None or entry.version < before]
        return tuple(reversed(older))[:limit]

    def receipts_of(self, member: MemberRef, *, limit: int = 10) -> tuple[Receipt, ...]:
        given = (
            self.receipt_of_entry.get((member, entry.version))
            for entry in self.entries(member, limit=200)
        )
        latest = list(dict.fromkeys(key for key in given if key))[:limit]
        return tuple(self.receipts[key] for key in latest)

    def _is_recorded(self, change: LedgerChange) -> bool:
        return bool(change.operation.key) and _id_of(change.operation) in self.records

    def _has_moved(self, change: LedgerChange) -> bool:
        if change.account is None:
            return False
        stored = self.accounts.get(change.account.member)
        return (stored.version if stored else 0) != change.version_read

    def _receipt_taken(self, change: LedgerChange) -> bool:
        return change.new_receipt is not None and change.new_receipt.key in self.receipts

    def _receipt_has_moved(self, change: LedgerChange) -> bool:
        if change.changed_receipt is None:
            return False
        stored = self.receipts.get(change.changed_receipt.key)
        return stored is None or stored.revision != change.changed_receipt.revision

    def _gift_card_has_moved(self, change: LedgerChange) -> bool:
        if change.gift_card is None:
            return False
        card, entry = change.gift_card.card, change.gift_card.entry
        stored = self.gift_cards.get((card.merchant_id, card.code_hash))
        return (stored.version if stored else 0) != entry.version - 1

    def _made_twice(self, change: LedgerChange) -> bool:
        merchant_id = change.operation.merchant_id
        code, batch, coupon = change.promo_code, change.code_batch, change.coupon
        if code is not None and (merchant_id, code.code) in self.promo_codes:
            return True
        if batch is not None and (merchant_id, batch.batch_id) in self.code_batches:
            return True
        if coupon is None:
            return False
        return (MemberRef(merchant_id, coupon.member_id), coupon.code) in self.coupons

    def _write_made(self, change: LedgerChange) -> None:
        merchant_id = change.operation.merchant_id
        code, batch, coupon = change.promo_code, change.code_batch, change.coupon
        if code is not None:
            self.promo_codes[merchant_id, code.code] = code
        if batch is not None:
            self.code_batches[merchant_id, batch.batch_id] = batch
        if coupon is not None:
            member = MemberRef(merchant_id, coupon.member_id)
            self.coupons[member, coupon.code] = coupon
        if change.message is not None:
            self.promised.append(change.message)

    def _counter_is_full(self, change: LedgerChange) -> bool:
        merchant_id = change.operation.merchant_id
        return any(
            take.maximum is not None
            and take.units > 0
            and self.counters.get((merchant_id, take.counter), 0) + take.units > take.maximum
            for take in change.takes
        )

    def _confirmation_is_spent(self, change: LedgerChange) -> bool:
        used = change.confirmation
        if used is None:
            return False
        stored = self.confirmations.get((used.member, used.confirmation_id))
        is_good = stored is not None and stored.verified_at and not stored.used_at
        return not is_good or used.used_at is None or used.used_at > used.expires_at

    def _write_entry(self, change: LedgerChange, account: Account, entry: LedgerEntry) -> None:
        stored = self.accounts.get(account.member)
        if stored is not None and stored.is_dirty and not account.is_dirty:
            account = replace(account, is_dirty=True)  # only the pusher clears a marker
        if stored is not None:
            account = replace(  # these are not an entry's
                account,
                told_version=stored.told_version,
                noted_version=stored.noted_version,
                marks=stored.marks,
                pushed_at=stored.pushed_at,
                spoken_at=stored.spoken_at,
            )
        self.accounts[account.member] = account
        self.entries_by_member.setdefault(account.member, []).append(entry)
        receipt = change.new_receipt or change.changed_receipt
        if receipt is not None and change.return_id is None:
            self.receipt_of_entry[account.member, entry.version] = receipt.key

    def _answer(self, change: LedgerChange) -> Recorded:
        fingerprint = change.operation.fingerprint
        receipt = change.new_receipt or change.changed_receipt
        if receipt is not None:
            stored = self.receipts[receipt.key]
            return Recorded(fingerprint, receipt=stored, return_id=change.return_id)
        if change.entry is not None:
            return Recorded(fingerprint, entry=change.entry)
        if change.gift_card is not None:
            return Recorded(fingerprint, gift_card=change.gift_card)
        merchant_id, code, batch = change.operation.merchant_id, change.promo_code, None
        if code is not None:
            code = self.promo_codes[merchant_id, code.code]
        elif change.code_batch is not None:
            batch = self.code_batches[merchant_id, change.code_batch.batch_id]
        return Recorded(fingerprint, promo_code=code, code_batch=batch)


def _id_of(operation: Operation) -> OperationId:
    return operation.merchant_id, operation.client, operation.key
