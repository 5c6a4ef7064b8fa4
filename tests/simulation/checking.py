"""Compares the whole state after a schedule with the model, and the answers with the state.

The committed changes are done again by the model, in their order; after each one the
account as it was written must be the model's. What was refused must have been refusable
at some moment between question and answer. In the end nothing may be owed any more.
"""

from collections import Counter
from collections.abc import Iterator

from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import LedgerChange, Operation
from tests.simulation import deeds
from tests.simulation.books import EARNED, REVERSED, Answer, Refused
from tests.simulation.clerk import FRIEND, REFERRER, TAKEN_BACK
from tests.simulation.comparing import (
    compare_accounts,
    compare_receipts,
    wrong_card,
    wrong_ledger,
    wrong_money,
)
from tests.simulation.deeds import MEMBERS, MOVED, SHOP, TILL, Deed
from tests.simulation.running import Call, Schedule
from tests.simulation.storage import Commit
from tests.simulation.telling import card_hash, derived

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
        terms = [edition.rules.referral for edition in schedule.start.editions]
        self.has_cap = any(one.cap is not None for one in terms if one)

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
        yield from self._wrong_cards()
        yield from self._wrong_records()
        yield from self._still_owed()

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
        owner = change.account.member.member_id if change.account else ""
        self.model.told[owner] = commit.told
        try:
            answer = self.model.apply(deed, commit.rules, commit.at)
        except Refused as refused:
            yield f"{deed} was done, the model refuses it: {refused.code}"
            return
        if change.account is not None and change.entry is not None:
            yield from compare_accounts(change.account, self.model.accounts[owner])
            if change.entry.balance_after != self.model.accounts[owner].total:
                yield f"P3 {deed} left {change.entry.balance_after}, the model {answer}"

    def _deed_of(self, change: LedgerChange) -> Deed | None:
        operation = change.operation
        if operation.client != TILL:
            return derived(change)
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
        return call.refusal in self.model.refusals_of(call.deed, call.rules, call.at)

    def _wrong_answers(self) -> Iterator[str]:
        log = self.ledger.log
        for call in self.schedule.calls:
            deed = call.deed
            body, answer = self.model.done.get(deed.key, (None, None))
            if call.answer is not None and deed.kind not in deeds.JOBS:
                yield from self._wrong_answer(call, body, answer)
            if call.refusal is None or body != deed.body or deed.key not in self.committed:
                continue
            position = self.committed[deed.key]
            is_own = log[position].till == call.till and position < call.end
            if position < call.start or is_own:
                yield f"P5 {deed} had been done and was refused: {call.refusal}"

    def _wrong_answer(
        self, call: Call, body: str | None, answer: Answer | None
    ) -> Iterator[str]:
        deed = call.deed
        if deed.kind == deeds.MOVE:  # answered with the receipt that the other member got
            _, answer = self.model.done.get(f"move:{TILL}:{deed.receipt}", (None, None))
            body = deed.body
        if call.answer != answer:
            yield f"P1 P5 {deed} was answered {call.answer}, the ledger says {answer}"
        if deed.key and body != deed.body:
            yield f"P6 {deed} got the answer of another request under its key"

    def _wrong_account(self, member: MemberRef) -> Iterator[str]:
        stored, start = self.ledger.accounts[member], self.schedule.start.ledger
        yield from compare_accounts(stored, self.model.accounts[member.member_id])
        if stored.version > start.accounts[member].version:
            entries, opened = self.ledger.entries_by_member, start.entries_by_member
            yield from wrong_ledger(stored, entries[member], opened[member])

    def _wrong_receipts(self) -> Iterator[str]:
        names = sorted(key.receipt_id for key in self.ledger.receipts)
        if names != sorted(self.model.receipts):
            yield f"P7 P9 receipts {names}, the model has {sorted(self.model.receipts)}"
            return
        start = self.schedule.start
        for key, stored in self.ledger.receipts.items():
            told = self.model.receipts[key.receipt_id]
            is_new = told is not start.model.receipts.get(key.receipt_id)
            if is_new or stored is not start.ledger.receipts.get(key):
                yield from compare_receipts(stored, told)
                yield from wrong_money(stored)

    def _wrong_cards(self) -> Iterator[str]:
        known = {code_hash: card for (_, code_hash), card in self.ledger.gift_cards.items()}
        told = {card_hash(name): card for name, card in self.model.cards.items()}
        if known.keys() != told.keys():
            yield f"P9 {len(known)} gift cards, the model has {len(told)}"
            return
        for code_hash, card in told.items():
            entries = self.ledger.gift_card_entries[SHOP, code_hash]
            yield from wrong_card(known[code_hash], entries, card)

    def _wrong_records(self) -> Iterator[str]:
        """Yield keys with an entry and no record, or the other way round (P9)."""
        opened = self.schedule.start.ledger.records.keys()
        recorded = set(self.ledger.records.keys() - opened)
        done = Counter(_id_of(c.change.operation) for c in self.ledger.log)
        for key in recorded | done.keys():
            if key[2] and (key in recorded, done[key]) != (True, 1):
                yield f"P9 {key}: recorded {key in recorded}, {done[key]} changes"

    def _still_owed(self) -> Iterator[str]:
        """Yield what was promised and never given: the outbox has had all the time (P10)."""
        for name, receipt in self.model.receipts.items():
            if receipt.moved_to and f"{name}{MOVED}" not in self.model.receipts:
                yield f"P10 receipt {name} never reached {receipt.moved_to}"
        for friend, promised in self.model.friendships.items():
            if promised.terms is None:
                continue
            if promised.terms.friend_points:
                yield from self._wrong_reward(f"{friend}{FRIEND}", promised.state)
            if promised.terms.referrer_points and not self.has_cap:  # who came too late
                yield from self._wrong_reward(f"{friend}{REFERRER}", promised.state)

    def _wrong_reward(self, key: str, state: str) -> Iterator[str]:
        is_given = key in self.model.rewards
        is_taken_back = f"{key}{TAKEN_BACK}" in self.model.done
        if state == EARNED and (not is_given or is_taken_back):
            yield f"P10 {key} was earned and is not there"
        if state == REVERSED and is_given and not is_taken_back:
            yield f"P10 {key} was reversed and is there"


def _id_of(operation: Operation) -> tuple[str, str, str]:
    return operation.merchant_id, operation.client, operation.key
