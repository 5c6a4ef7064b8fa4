"""Compares the whole state after a schedule with the model, and the answers with the state.

The committed changes are done again by the model, in their order; after each one the
account as it was written must be the model's. What was refused must have been refusable
at some moment between question and answer. In the end nothing may be owed any more.
"""

from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Mapping

from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import LedgerChange, Operation
from chalicelib.domain.journal import row_of
from chalicelib.domain.limits import Counter
from chalicelib.domain.promo_codes import PromoCode
from tests.simulation import deeds
from tests.simulation.books import EARNED, REVERSED, Answer, Counted, Refused
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
from tests.simulation.telling import card_hash, card_of, derived, key_of_counter

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
        yield from self._wrong_counters()
        yield from self._wrong_coupons()
        yield from self._wrong_confirmations()
        yield from self._wrong_records()
        yield from self._still_owed()
        yield from self._not_noted()

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
        self.model.idle_card = None
        if deed.card and commit.card and change.gift_card is None:
            self.model.idle_card = card_of(commit.card)
        self.model.seen = self._named(commit.used)
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
        opened = start.accounts[member]
        if stored.version > opened.version:
            yield from wrong_ledger(stored, self.ledger.entries_by_member[member], opened)

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
                yield from compare_receipts(stored, told, self.ledger.names)
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

    def _named(self, counters: Mapping[Counter, int]) -> dict[Counted, int]:
        names = self.ledger.names
        return {key_of_counter(key, names): units for key, units in counters.items()}

    def _wrong_coupons(self) -> Iterator[str]:
        """Yield coupons that were brought and are not there, or the other way round."""
        known = {
            (member.member_id, self.ledger.names.get(code)): (one.coupon_id, one.last)
            for (member, code), one in self.ledger.coupons.items()
        }
        told = {key: (one.coupon, one.last) for key, one in self.model.coupons.items()}
        if known != told:
            yield f"P9 coupons {known}, the model has {told}"
        made = {one.code: (one.coupon_id, one.max_uses) for one in self._codes()}
        if made != {text: (one.coupon, one.most) for text, one in self.model.codes.items()}:
            yield f"P9 the promo codes are {made}"

    def _wrong_confirmations(self) -> Iterator[str]:
        """Yield confirmations that were used and are good, or the other way round."""
        known = {
            name: one.used_at is not None
            for (_, name), one in self.ledger.confirmations.items()
        }
        told = {name: one.is_used for name, one in self.model.confirmations.items()}
        if known != told:
            yield f"P4 confirmations used {known}, the model has {told}"

    def _codes(self) -> Iterable[PromoCode]:
        return self.ledger.promo_codes.values()

    def _wrong_counters(self) -> Iterator[str]:
        known = self._named({key: n for (_, key), n in self.ledger.counters.items()})
        told = self.model.counters
        for key in known.keys() | told.keys():
            if known.get(key, 0) != told.get(key, 0):
                yield f"counter {key}: {known.get(key)}, the model has {told.get(key)}"

    def _wrong_records(self) -> Iterator[str]:
        """Yield keys with an entry and no record, or the other way round (P9)."""
        opened = self.schedule.start.ledger.records.keys()
        recorded = set(self.ledger.records.keys() - opened)
        done = Tally(_id_of(c.change.operation) for c in self.ledger.log)
        for key in recorded | done.keys():
            if key[2] and (key in recorded, done[key]) != (True, 1):
                yield f"P9 {key}: recorded {key in recorded}, {done[key]} changes"

    def _still_owed(self) -> Iterator[str]:
        """Yield what was promised and never given: the outbox has had all the time (P10)."""
        for name, receipt in self.model.receipts.items():
            if receipt.moved_to and f"{name}{MOVED}" not in self.model.receipts:
                yield f"P10 receipt {name} never reached {receipt.moved_to}"
        for member, rules in self.schedule.swept.items():
            account = self.ledger.accounts[member]
            available = account.available(self.schedule.ended_on)
            for coupon in rules.coupons:
                if coupon.is_automatic and coupon.price and available >= coupon.price:
                    yield f"P10 {member} has {available} points and no coupon {coupon.name}"
        for friend, promised in self.model.friendships.items():
            if promised.terms is None:
                continue
            if promised.terms.friend_points:
                yield from self._wrong_reward(f"{friend}{FRIEND}", promised.state)
            if promised.terms.referrer_points and not self.has_cap:  # who came too late
                yield from self._wrong_reward(f"{friend}{REFERRER}", promised.state)

    def _not_noted(self) -> Iterator[str]:
        """Yield receipts that the journal was not told of."""
        for commit in self.ledger.log:
            entry = commit.change.entry
            if entry is None or entry.member not in self.schedule.swept:
                continue
            row = row_of(entry)
            if row is not None and row not in self.schedule.journal:
                yield f"P10 {row} is not in the journal"

    def _wrong_reward(self, key: str, state: str) -> Iterator[str]:
        is_given = key in self.model.rewards
        is_taken_back = f"{key}{TAKEN_BACK}" in self.model.done
        if state == EARNED and (not is_given or is_taken_back):
            yield f"P10 {key} was earned and is not there"
        if state == REVERSED and is_given and not is_taken_back:
            yield f"P10 {key} was reversed and is there"


def _id_of(operation: Operation) -> tuple[str, str, str]:
    return operation.merchant_id, operation.client, operation.key
