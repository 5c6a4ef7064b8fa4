"""What every ledger promises of repeats and of receipts that change; see the other half."""

from dataclasses import replace

import pytest

from chalicelib.domain.account import Account
from chalicelib.domain.entries import Recorded
from chalicelib.domain.receipts import ReceiptStatus
from chalicelib.ports import AlreadyRecorded, CommitConflict
from tests.adapters.ledger_values import (
    MEMBER,
    anonymous,
    credit,
    operation,
    purchase,
    take_back,
)

NEW = Account(MEMBER)


class TestRepeating:
    def test_a_repeat_is_told_the_entry_it_wrote(self, ledger) -> None:
        change = credit(NEW)
        ledger.commit(change)
        recorded = Recorded(change.operation.fingerprint, entry=change.entry)

        with pytest.raises(AlreadyRecorded) as refused:
            ledger.commit(change)

        assert refused.value.recorded == recorded
        assert ledger.recorded(change.operation) == recorded

    def test_a_repeat_is_told_the_receipt_it_wrote(self, ledger) -> None:
        change = purchase(NEW)
        ledger.commit(change)
        recorded = Recorded(change.operation.fingerprint, receipt=change.new_receipt)

        with pytest.raises(AlreadyRecorded) as refused:
            ledger.commit(change)

        assert refused.value.recorded == recorded
        assert ledger.recorded(change.operation) == recorded

    def test_the_record_wins_over_a_moved_account_and_a_taken_receipt(self, ledger) -> None:
        change = purchase(NEW)
        ledger.commit(change)
        ledger.commit(credit(change.account))

        with pytest.raises(AlreadyRecorded):
            ledger.commit(change)

    def test_the_same_key_with_other_content_is_told_the_first_fingerprint(
        self, ledger
    ) -> None:
        first = credit(NEW)
        ledger.commit(first)
        other = operation("key-1", "other content")

        with pytest.raises(AlreadyRecorded) as refused:
            ledger.commit(credit(first.account, of=other))

        assert refused.value.recorded.fingerprint == first.operation.fingerprint
        assert ledger.account(MEMBER) == first.account

    def test_the_same_key_of_another_client_is_another_operation(self, ledger) -> None:
        first = credit(NEW)
        ledger.commit(first)

        ledger.commit(credit(first.account, of=operation("key-1", client="till-2")))

        assert ledger.account(MEMBER).version == 2

    def test_a_repeated_return_is_told_which_return_it_was(self, ledger) -> None:
        bought = purchase(NEW)
        ledger.commit(bought)
        change = take_back(bought.account, bought.new_receipt)
        ledger.commit(change)

        recorded = ledger.recorded(change.operation)

        assert recorded.return_id == "ret-1"
        assert recorded.receipt == ledger.receipt(bought.new_receipt.key)
        with pytest.raises(AlreadyRecorded):
            ledger.commit(change)


class TestChangingAReceipt:
    def test_a_return_grows_the_receipt_and_its_revision(self, ledger) -> None:
        bought = purchase(NEW)
        ledger.commit(bought)
        change = take_back(bought.account, bought.new_receipt)

        ledger.commit(change)

        assert ledger.receipt(bought.new_receipt.key) == replace(
            change.changed_receipt, revision=2
        )
        assert ledger.entries(MEMBER)[0] == change.entry

    def test_a_void_is_stored(self, ledger) -> None:
        bought = purchase(NEW)
        ledger.commit(bought)
        change = take_back(bought.account, bought.new_receipt)
        voided = replace(change.changed_receipt, status=ReceiptStatus.VOIDED)

        ledger.commit(replace(change, changed_receipt=voided))

        assert ledger.receipt(voided.key).status is ReceiptStatus.VOIDED

    def test_a_return_of_an_anonymous_receipt_needs_no_account(self, ledger) -> None:
        sold = anonymous()
        ledger.commit(sold)
        change = take_back(NEW, sold.new_receipt)

        ledger.commit(replace(change, account=None, entry=None))

        assert ledger.receipt(sold.new_receipt.key).returns == change.changed_receipt.returns
        assert ledger.account(MEMBER) is None

    def test_the_second_of_two_returns_decided_on_one_revision_is_refused(self, ledger) -> None:
        sold = anonymous()
        ledger.commit(sold)
        first, second = (
            replace(take_back(NEW, sold.new_receipt, name), account=None, entry=None)
            for name in ("ret-1", "ret-2")
        )
        ledger.commit(first)

        with pytest.raises(CommitConflict):
            ledger.commit(second)

        assert ledger.receipt(sold.new_receipt.key) == replace(
            first.changed_receipt, revision=2
        )
        assert ledger.recorded(second.operation) is None

    def test_an_attached_receipt_is_the_members_from_then_on(self, ledger) -> None:
        sold = anonymous()
        ledger.commit(sold)
        change = credit(NEW, of=operation("attach"))
        attached = replace(
            sold.new_receipt, member_id=MEMBER.member_id, earned=10, first=sold.new_receipt
        )

        ledger.commit(replace(change, changed_receipt=attached))

        assert ledger.receipts_of(MEMBER) == (replace(attached, revision=2),)
