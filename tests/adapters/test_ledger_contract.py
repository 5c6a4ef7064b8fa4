"""What every ledger promises, run against the fake and against the engine."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.account import Account, MemberRef, MemberStatus
from chalicelib.domain.receipts import ReceiptKey
from chalicelib.ports import (
    CommitConflict,
    Ledger,
    ReceiptExists,
)
from tests.adapters.ledger_values import (
    MEMBER,
    anonymous,
    common_account,
    credit,
    full_account,
    operation,
    purchase,
    receipt,
    take_back,
)

NEW = Account(MEMBER)
SAID_AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


class TestRescheduling:
    @pytest.mark.parametrize("due", [None, date(2026, 7, 1)])
    def test_moves_the_due_day_alone(self, ledger, due) -> None:
        change = purchase(NEW)
        ledger.commit(change)

        ledger.reschedule(replace(change.account, due=due))

        assert ledger.account(MEMBER) == replace(change.account, due=due)
        assert ledger.entries(MEMBER) == (change.entry,)

    def test_refuses_an_account_that_moved(self, ledger) -> None:
        change = purchase(NEW)
        ledger.commit(change)
        stale = replace(change.account, version=0, due=date(2026, 7, 1))

        with pytest.raises(CommitConflict):
            ledger.reschedule(stale)

        assert ledger.account(MEMBER) == change.account


class TestReading:
    def test_what_was_never_written_is_none(self, ledger) -> None:
        key = receipt().key

        assert ledger.account(MEMBER) is None
        assert ledger.receipt(key) is None
        assert ledger.account_and_receipt(MEMBER, key) == (None, None)
        assert ledger.recorded(operation()) is None
        assert ledger.entries(MEMBER) == ()
        assert ledger.receipts_of(MEMBER) == ()

    def test_everything_a_commit_wrote_comes_back_as_it_was(self, ledger) -> None:
        change = purchase(NEW)

        ledger.commit(change)

        assert ledger.account(MEMBER) == change.account
        assert ledger.entries(MEMBER) == (change.entry,)
        assert ledger.receipt(change.new_receipt.key) == change.new_receipt

    def test_an_account_and_a_receipt_are_read_together(self, ledger) -> None:
        change = purchase(NEW)
        ledger.commit(change)

        both = ledger.account_and_receipt(MEMBER, change.new_receipt.key)
        only_account = ledger.account_and_receipt(MEMBER, receipt("other").key)

        assert both == (change.account, change.new_receipt)
        assert only_account == (change.account, None)

    def test_many_accounts_and_receipts_are_read_at_once(self, ledger) -> None:
        change = purchase(NEW)
        ledger.commit(change)
        numbers = [f"a-{n:03}" for n in range(120)]  # more than a batch holds
        for number in numbers:
            ledger.commit(anonymous(number))
        keys = [receipt(number).key for number in (*numbers, "r-1", "never", "r-1")]
        nobody = replace(MEMBER, member_id="mem_nobody")

        receipts = ledger.find_receipts(keys)

        assert sorted(key.receipt_id for key in receipts) == [*numbers, "r-1"]
        assert receipts[change.new_receipt.key] == change.new_receipt
        assert ledger.find_accounts([MEMBER, nobody, MEMBER]) == {MEMBER: change.account}
        assert ledger.find_accounts([]) == ledger.find_receipts([]) == {}

    def test_entries_come_newest_first_and_page_by_version(self, ledger) -> None:
        _credit_times(ledger, 5)

        newest = ledger.entries(MEMBER, limit=2)
        older = ledger.entries(MEMBER, before=newest[-1].version, limit=2)

        assert [entry.version for entry in newest] == [5, 4]
        assert [entry.version for entry in older] == [3, 2]
        assert ledger.entries(MEMBER, before=1) == ()

    def test_receipts_of_a_member_come_newest_first(self, ledger) -> None:
        first = purchase(NEW, "r-1")
        ledger.commit(first)
        granted = credit(first.account)
        ledger.commit(granted)
        second = purchase(granted.account, "r-2")
        ledger.commit(second)

        latest = ledger.receipts_of(MEMBER)

        assert latest == (second.new_receipt, first.new_receipt)
        assert ledger.receipts_of(MEMBER, limit=1) == (second.new_receipt,)

    def test_a_returned_receipt_is_listed_once_with_its_return(self, ledger) -> None:
        bought = purchase(NEW)
        ledger.commit(bought)
        ledger.commit(take_back(bought.account, bought.new_receipt))

        (listed,) = ledger.receipts_of(MEMBER)

        assert [back.return_id for back in listed.returns] == ["ret-1"]

    def test_another_merchants_member_of_the_same_id_is_another(self, ledger) -> None:
        ledger.commit(purchase(NEW))

        assert ledger.account(MemberRef("bakery", MEMBER.member_id)) is None
        assert ledger.receipt(ReceiptKey("bakery", "till-1", "r-1")) is None
        assert ledger.recorded(replace(operation("key-1"), merchant_id="bakery")) is None

    def test_ids_with_the_separator_in_them_do_not_meet(self, ledger) -> None:
        one = replace(receipt(), key=ReceiptKey("roastery", "till#1", "2"))
        other = replace(receipt(), key=ReceiptKey("roastery", "till", "1#2"))

        ledger.commit(replace(anonymous("a"), new_receipt=one))
        ledger.commit(replace(anonymous("b"), new_receipt=other))

        assert ledger.receipt(one.key) == one
        assert ledger.receipt(other.key) == other


class TestCommitting:
    def test_an_anonymous_receipt_needs_no_account(self, ledger) -> None:
        change = anonymous()

        ledger.commit(change)

        assert ledger.receipt(change.new_receipt.key) == change.new_receipt
        assert ledger.recorded(change.operation).receipt == change.new_receipt

    def test_a_change_decided_on_an_older_version_is_refused_whole(self, ledger) -> None:
        first = credit(NEW)
        ledger.commit(first)
        late = replace(purchase(NEW), operation=operation("late"))

        with pytest.raises(CommitConflict):
            ledger.commit(late)

        assert ledger.account(MEMBER) == first.account
        assert ledger.entries(MEMBER) == (first.entry,)
        assert ledger.receipt(late.new_receipt.key) is None
        assert ledger.recorded(late.operation) is None

    def test_a_change_of_an_account_that_moved_on_is_refused(self, ledger) -> None:
        first = credit(NEW)
        ledger.commit(first)
        second = credit(first.account)
        ledger.commit(second)

        with pytest.raises(CommitConflict):
            ledger.commit(credit(first.account, of=operation("late")))

        assert ledger.account(MEMBER) == second.account

    def test_a_change_of_an_account_that_is_not_there_is_refused(self, ledger) -> None:
        with pytest.raises(CommitConflict):
            ledger.commit(credit(replace(NEW, version=3)))

        assert ledger.account(MEMBER) is None
        assert ledger.entries(MEMBER) == ()

    def test_a_receipt_number_is_taken_once_even_under_another_key(self, ledger) -> None:
        first = purchase(NEW)
        ledger.commit(first)

        with pytest.raises(ReceiptExists) as refused:
            ledger.commit(purchase(first.account, "r-1", operation("other")))

        assert refused.value.receipt == first.new_receipt
        assert ledger.account(MEMBER) == first.account

    def test_a_taken_receipt_is_told_although_the_account_has_moved_too(self, ledger) -> None:
        first = purchase(NEW)
        ledger.commit(first)

        with pytest.raises(ReceiptExists):
            ledger.commit(purchase(NEW, "r-1", operation("other")))

    def test_a_change_without_a_key_leaves_no_record(self, ledger) -> None:
        job = operation("")
        first = credit(NEW, of=job)

        ledger.commit(first)
        ledger.commit(credit(first.account, of=job))

        assert ledger.account(MEMBER).version == 2
        assert ledger.recorded(job) is None

    def test_an_empty_account_overwrites_a_full_one(self, ledger) -> None:
        member = common_account().member
        full = replace(
            full_account(), version=1, debt=3, stamps=4, unverified_through=date(2026, 12, 1)
        )
        ledger.commit(replace(credit(Account(member)), account=full))
        empty = Account(
            member, version=2, status=MemberStatus.ERASED, is_dirty=True, pass_version=7
        )
        change = replace(credit(full, of=operation("erase")), account=empty)

        ledger.commit(change)

        assert ledger.account(member) == empty

    def test_a_commit_never_clears_the_dirty_marker(self, ledger) -> None:
        first = credit(NEW)
        ledger.commit(first)
        second = credit(first.account)

        ledger.commit(replace(second, account=replace(second.account, is_dirty=False)))

        assert ledger.account(MEMBER) == second.account


def _credit_times(ledger: Ledger, times: int) -> None:
    account = NEW
    for _ in range(times):
        change = credit(account)
        ledger.commit(change)
        account = change.account


class TestNotingASpokenNumber:
    def test_is_kept_beside_the_entries(self, ledger) -> None:
        first = credit(NEW)
        ledger.commit(first)

        ledger.note_spoken(MEMBER, SAID_AT)
        ledger.commit(credit(first.account))

        assert ledger.account(MEMBER).version == 2
        assert ledger.account(MEMBER).spoken_at == SAID_AT

    def test_is_taken_away(self, ledger) -> None:
        first = credit(NEW)
        ledger.commit(first)
        ledger.note_spoken(MEMBER, SAID_AT)

        ledger.note_spoken(MEMBER, None)

        assert ledger.account(MEMBER) == first.account

    def test_makes_nobody(self, ledger) -> None:
        with pytest.raises(CommitConflict):
            ledger.note_spoken(MEMBER, SAID_AT)

        assert ledger.account(MEMBER) is None
