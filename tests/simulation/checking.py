"""Compares the whole state after a schedule with the model, and the answers with the state.

The committed changes are done again by the model, in their order; after each one the
account as it was written must be the model's. What was refused must have been refusable
at some moment between question and answer.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from chalicelib.domain import account as real
from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import LedgerChange, hash_of
from chalicelib.domain.past import account_on
from chalicelib.domain.receipts import Receipt, ReceiptStatus
from tests.simulation import deeds
from tests.simulation.books import NEVER, Account, Portion, Refused
from tests.simulation.books import Receipt as ModelReceipt
from tests.simulation.deeds import MEMBERS, SHOP, TILL, Deed
from tests.simulation.running import Call, Schedule
from tests.simulation.storage import Commit

RECEIPT_EXISTS = "receipt_exists"


class Broken(AssertionError):
    """A promise was broken; the message names it and the seed."""


def check(schedule: Schedule) -> None:
    """Refuse a schedule that broke a promise.

    Raises:
        Broken: it did; run it again with `python -m tests.simulation --seed N`.
    """
    for fault in _Check(schedule).faults():
        raise Broken(f"seed {schedule.seed}: {fault}")


class _Check:
    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.ledger = schedule.ledger
        self.model = schedule.start.model.copy()
        self.asked = {(d.key, d.body): d for work in schedule.deeds for d in work}
        self.refused = [call for call in schedule.calls if call.refusal is not None]
        self.unexplained = list(self.refused)
        self.committed: dict[str, int] = {}  # key → position in the log

    def faults(self) -> Iterator[str]:
        """Yield what is wrong."""
        self._explain_refusals(0)
        for position, commit in enumerate(self.ledger.log):
            yield from self._redo(position, commit)
            self._explain_refusals(position + 1)
        yield from self._wrong_answers()
        for call in self.unexplained:
            yield f"P5 {call.deed} was refused without a reason: {call.refusal}"
        for name in MEMBERS:
            yield from self._wrong_account(MemberRef(SHOP, name))
        yield from self._wrong_receipts()
        yield from self._wrong_records()

    def _redo(self, position: int, commit: Commit) -> Iterator[str]:
        """Let the model do a committed change, and compare the account it left."""
        change = commit.change
        deed = self._deed_of(change)
        if deed is None:
            yield f"P2 nobody asked for {change.operation}"
            return
        if deed.key in self.committed:
            yield f"P1 {deed} was committed twice"
        if deed.key:
            self.committed[deed.key] = position
        try:
            answer = self.model.apply(deed, commit.at)
        except Refused as refused:
            yield f"{deed} was done, the model refuses it: {refused.code}"
            return
        if change.account is not None and change.entry is not None:
            member = change.account.member.member_id
            yield from compare_accounts(change.account, self.model.accounts[member])
            if change.entry.balance_after != self.model.accounts[member].total:
                yield f"P3 {deed} left {change.entry.balance_after}, the model {answer}"

    def _deed_of(self, change: LedgerChange) -> Deed | None:
        operation = change.operation
        if operation.client == "job" and change.account:
            return Deed(kind=deeds.JOB, key="", member=change.account.member.member_id)
        return self.asked.get((operation.key, operation.fingerprint))

    def _explain_refusals(self, position: int) -> None:
        """Forget the refusals that are right in the state after `position` commits."""
        self.unexplained = [
            call
            for call in self.unexplained
            if not (call.start <= position <= call.end and self._is_right(call))
        ]

    def _is_right(self, call: Call) -> bool:
        if call.refusal == RECEIPT_EXISTS and call.deed.receipt in self.model.receipts:
            return True  # the commit finds it, whatever the account it was decided on
        return self.model.refusal_of(call.deed, call.at) == call.refusal

    def _wrong_answers(self) -> Iterator[str]:
        log = self.ledger.log
        for call in self.schedule.calls:
            deed = call.deed
            body, answer = self.model.done.get(deed.key, (None, None))
            if call.answer is not None and deed.kind != deeds.JOB and call.answer != answer:
                yield f"P1 P5 {deed} was answered {call.answer}, the ledger says {answer}"
            if call.answer is not None and deed.key and body != deed.body:
                yield f"P6 {deed} got the answer of another request under its key"
            if call.refusal is None or body != deed.body or deed.key not in self.committed:
                continue
            position = self.committed[deed.key]
            is_own = log[position].till == call.till and position < call.end
            if position < call.start or is_own:
                yield f"P5 {deed} had been done and was refused: {call.refusal}"

    def _wrong_account(self, member: MemberRef) -> Iterator[str]:
        """Yield what is wrong with a ledger and with the account it leads to (P3)."""
        stored = self.ledger.accounts[member]
        entries = self.ledger.entries_by_member[member]
        yield from compare_accounts(stored, self.model.accounts[member.member_id])
        if [entry.version for entry in entries] != list(range(1, stored.version + 1)):
            yield f"P3 {member} has a gap in its ledger"
        total, previous = 0, ""
        for entry in entries:
            total += entry.points
            if entry.balance_after != total or entry.previous_hash != previous:
                yield f"P3 entry {entry.version} of {member} does not follow its predecessor"
            previous = hash_of(entry)
        if total != stored.total:
            yield f"P3 the movements of {member} come to {total}, the account to {stored.total}"
        yield from _wrong_due(stored)
        folded = account_on(member, entries, date.max)
        if (_lots(folded), folded.debt, folded.held) != (
            _lots(stored), stored.debt, stored.held,
        ):  # fmt: skip
            yield f"P3 the fold of {member}'s ledger is not the account"

    def _wrong_receipts(self) -> Iterator[str]:
        known = {key.receipt_id: receipt for key, receipt in self.ledger.receipts.items()}
        if known.keys() != self.model.receipts.keys():
            yield f"P7 P9 receipts {sorted(known)}, the model has {sorted(self.model.receipts)}"
            return
        for name, told in self.model.receipts.items():
            yield from compare_receipts(known[name], told)

    def _wrong_records(self) -> Iterator[str]:
        """Yield keys with an entry and no record, or the other way round (P9)."""
        opened = {operation[2] for operation in self.schedule.start.ledger.records}
        recorded = Counter(key for (_, client, key) in self.ledger.records if client == TILL)
        done = Counter(commit.change.operation.key for commit in self.ledger.log)
        for key in recorded.keys() | done.keys():
            is_new = key and key not in opened
            if is_new and (recorded[key], done[key]) != (1, 1):
                yield f"P9 {key}: {recorded[key]} records, {done[key]} changes"


def compare_accounts(stored: real.Account, told: Account) -> Iterator[str]:
    """Yield how an account differs from the model's, in everything it holds."""
    holds = {
        hold.hold_id: (hold.until, tuple(_portion(p) for p in hold.portions))
        for hold in stored.holds
    }
    given = {o.kind.value: (o.tier, o.until) for o in stored.overrides}
    pairs = {
        "version": (stored.version, told.version),
        "lots": (_lots(stored), told.lots),
        "holds": (holds, told.holds),
        "debt": (stored.debt, told.debt),
        "turnover": (dict(stored.turnover.days), told.days),
        "lifetime": (stored.turnover.lifetime_minor, told.lifetime_minor),
        "overrides": (given, told.overrides),
        "tier": (stored.tier, told.tier),
    }
    for name, (ours, theirs) in pairs.items():
        if ours != theirs:
            yield f"{stored.member.member_id} {name}: {ours}, the model has {theirs}"


def compare_receipts(stored: Receipt, told: ModelReceipt) -> Iterator[str]:
    """Yield how a receipt differs from the model's."""
    lines = tuple(
        (line.gross_minor, line.quantity_milli, line.redeemed_minor, line.redeemed, line.earned)
        for line in stored.lines
    )
    back = tuple(
        (r.return_id, r.refund_minor, r.clawed_back, r.restored, r.forfeited)
        for r in stored.returns
    )
    pairs = {
        "member": (stored.member_id, told.member),
        "day": (stored.on, told.on),
        "lines": (lines, told.lines),
        "allocation": (tuple(_portion(p) for p in stored.allocation), told.allocation),
        "lot": (stored.earned_lot.lot_id if stored.earned_lot else None, told.earned_lot),
        "returns": (back, tuple((name, *answer[1:5]) for name, answer in told.returns)),
        "void": (stored.status is ReceiptStatus.VOIDED, told.is_voided),
    }
    for name, (ours, theirs) in pairs.items():
        if ours != theirs:
            yield f"receipt {stored.key.receipt_id} {name}: {ours}, the model has {theirs}"


def _wrong_due(stored: real.Account) -> Iterator[str]:
    """Yield a due day later than an expiry that the job must find."""
    ends = [lot.expires_on for lot in stored.lots if lot.expires_on]
    if ends and (stored.due is None or stored.due.toordinal() > min(ends).toordinal() + 1):
        yield f"P13 {stored.member.member_id} is due {stored.due}, a lot ends {min(ends)}"


def _lots(stored: real.Account) -> dict[int, tuple[date, date, date, int]]:
    return {lot.lot_id: _portion(lot)[1] for lot in stored.lots}


def _portion(lot: real.Lot) -> Portion:
    dates = (lot.granted_on, lot.active_from, lot.expires_on or NEVER)
    return lot.lot_id, (*dates, lot.points)
