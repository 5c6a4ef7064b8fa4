"""The ledger's storage, stepped: every call hands over to the scheduler before it acts.

A read is one step: the scheduler decides when it happens and whether it is lost. A commit
is two: before it (lost, or the process dies: nothing was written) and after it (its answer
is lost, or the process dies: everything was written and nobody knows).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from greenlet import getcurrent

from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.entries import LedgerChange, LedgerEntry, Operation, Recorded
from chalicelib.domain.receipts import Receipt, ReceiptKey
from chalicelib.ports import CommitConflict, StoreUnavailable
from tests.fakes.ledger import FakeLedger

READ, BEFORE_COMMIT, AFTER_COMMIT = "read", "before commit", "after commit"
OVERTAKEN = "overtaken"  # told after the fact, nothing to decide
LOSE, DIE = "lose", "die"  # what the scheduler may answer; anything else: go on


class Died(BaseException):
    """The process was killed here; no code of ours may catch it."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A committed change, in the order of commits; by whom it was made."""

    change: LedgerChange  # with the account as it is stored now
    till: int

    @property
    def at(self) -> datetime:
        """Return the moment the change was decided for."""
        change = self.change
        if change.entry:
            return change.entry.at
        if change.new_receipt:
            return change.new_receipt.recorded_at
        assert change.changed_receipt
        return change.changed_receipt.returns[-1].at


class SteppedLedger(FakeLedger):
    """The fake ledger, one step at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[Commit] = []
        self.till = -1  # whose step it is; the scheduler sets it

    def account(self, member: MemberRef) -> Account | None:
        self._step(READ)
        return super().account(member)

    def receipt(self, key: ReceiptKey) -> Receipt | None:
        self._step(READ)
        return super().receipt(key)

    def account_and_receipt(
        self, member: MemberRef, key: ReceiptKey
    ) -> tuple[Account | None, Receipt | None]:
        self._step(READ)
        return FakeLedger.account(self, member), FakeLedger.receipt(self, key)

    def recorded(self, operation: Operation) -> Recorded | None:
        self._step(READ)
        return super().recorded(operation)

    def entries(
        self, member: MemberRef, *, before: int | None = None, limit: int = 50
    ) -> tuple[LedgerEntry, ...]:
        self._step(READ)
        return super().entries(member, before=before, limit=limit)

    def reschedule(self, account: Account) -> None:
        self._step(BEFORE_COMMIT)
        super().reschedule(account)
        self._step(AFTER_COMMIT)

    def commit(self, change: LedgerChange) -> None:
        self._step(BEFORE_COMMIT)
        try:
            self.check(change)
        except CommitConflict:
            self._step(OVERTAKEN)
            raise
        self.write(change)
        self.log.append(Commit(self._as_written(change), self.till))
        self._step(AFTER_COMMIT)

    def _as_written(self, change: LedgerChange) -> LedgerChange:
        if change.account is None:
            return change
        return replace(change, account=self.accounts[change.account.member])

    def _step(self, point: str) -> None:
        hub = getcurrent().parent
        if hub is None:  # the opening: nobody schedules
            return
        verdict = hub.switch(point)
        if verdict is LOSE:
            raise StoreUnavailable(point)
        if verdict is DIE:
            raise Died
