"""The ledger's storage, stepped: every call hands over to the scheduler before it acts.

A read is one step: the scheduler decides when it happens and whether it is lost. A commit
is two: before it (lost, or the process dies: nothing was written) and after it (its answer
is lost, or the process dies: everything was written and nobody knows).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from greenlet import getcurrent

from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.confirmations import Confirmation
from chalicelib.domain.entries import LedgerChange, LedgerEntry, Operation, Recorded
from chalicelib.domain.gift_cards import GiftCard
from chalicelib.domain.limits import Counter
from chalicelib.domain.members import Profile
from chalicelib.domain.program import Program
from chalicelib.domain.promo_codes import PromoCode
from chalicelib.domain.receipts import Receipt, ReceiptKey
from chalicelib.ports import CommitConflict, OffersRead, StoreUnavailable
from tests.fakes.confirmations import FakeConfirmations
from tests.fakes.devices import FakePassDevices
from tests.fakes.gift_cards import FakeGiftCards
from tests.fakes.ledger import FakeLedger
from tests.fakes.members import FakeMembers
from tests.fakes.merchants import FakeMerchants
from tests.fakes.offers import FakeOffers
from tests.fakes.promo_codes import FakePromoCodes
from tests.simulation.deeds import MEMBERS, OPENING, SHOP
from tests.simulation.rules import Rules
from tests.simulation.telling import NAMED

READ, BEFORE_COMMIT, AFTER_COMMIT = "read", "before commit", "after commit"
OVERTAKEN = "overtaken"  # told after the fact, nothing to decide
NO_RULES = Rules()  # of who has not asked for any
LOSE, DIE = "lose", "die"  # what the scheduler may answer; anything else: go on


class Died(BaseException):
    """The process was killed here; no code of ours may catch it."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A committed change, in the order of commits; by whom it was made, under which rules."""

    change: LedgerChange  # with the account as it is stored now
    till: int
    rules: Rules
    told: int  # what the decision knew the outbox to be done with
    used: Mapping[Counter, int]  # and what it knew of counters
    card: GiftCard | None  # and the gift card it found

    @property
    def at(self) -> datetime:
        """Return the moment the change was decided for."""
        change = self.change
        if change.entry:
            return change.entry.at
        if change.new_receipt:
            return change.new_receipt.recorded_at
        if change.changed_receipt:
            return change.changed_receipt.returns[-1].at
        if change.gift_card:
            return change.gift_card.entry.at
        return OPENING  # a promo code has no moment


class SteppedLedger(FakeLedger):
    """The fake ledger, one step at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[Commit] = []
        self.till = -1  # whose step it is; the scheduler sets it
        self.rules: dict[int, Rules] = {}  # that each till has read last
        self.used: dict[int, Mapping[Counter, int]] = {}  # likewise
        self.cards: dict[int, GiftCard | None] = {}
        self.digits: dict[str, str] = {}  # of each coupon, by the key that brought it: "@k1"
        self.names: dict[str, str] = {}  # the other way round

    def account(self, member: MemberRef) -> Account | None:
        step(READ)
        return super().account(member)

    def receipt(self, key: ReceiptKey) -> Receipt | None:
        step(READ)
        return super().receipt(key)

    def account_and_receipt(
        self, member: MemberRef, key: ReceiptKey
    ) -> tuple[Account | None, Receipt | None]:
        step(READ)
        return FakeLedger.account(self, member), FakeLedger.receipt(self, key)

    def recorded(self, operation: Operation) -> Recorded | None:
        step(READ)
        return super().recorded(operation)

    def entries(
        self, member: MemberRef, *, before: int | None = None, limit: int = 50
    ) -> tuple[LedgerEntry, ...]:
        step(READ)
        return super().entries(member, before=before, limit=limit)

    def reschedule(self, account: Account) -> None:
        step(BEFORE_COMMIT)
        super().reschedule(account)
        step(AFTER_COMMIT)

    def commit(self, change: LedgerChange) -> None:
        step(BEFORE_COMMIT)
        try:
            self.check(change)
        except CommitConflict:
            step(OVERTAKEN)
            raise
        self.write(change)
        if change.coupon:
            name = f"@{change.operation.key}"
            self.digits[name] = change.coupon.code
            self.names[change.coupon.code] = name
        told = change.account.told_version if change.account else 0
        rules = self.rules.get(self.till, NO_RULES)
        used, card = self.used.get(self.till, {}), self.cards.get(self.till)
        self.log.append(Commit(self._as_written(change), self.till, rules, told, used, card))
        step(AFTER_COMMIT)

    def _as_written(self, change: LedgerChange) -> LedgerChange:
        if change.account is None:
            return change
        return replace(change, account=self.accounts[change.account.member])


class SteppedGiftCards(FakeGiftCards):
    """Gift cards, read one step at a time; the ledger writes them."""

    def __init__(self, ledger: SteppedLedger) -> None:
        super().__init__(ledger)
        self._stepped = ledger

    def find(self, merchant_id: str, code_hash: str) -> GiftCard | None:
        step(READ)
        found = super().find(merchant_id, code_hash)
        self._stepped.cards[self._stepped.till] = found
        return found


class SteppedOffers(FakeOffers):
    """Codes and counters, read in one step; a till decides by what it has read last."""

    def __init__(self, ledger: SteppedLedger) -> None:
        super().__init__(ledger)
        self._stepped = ledger
        self.named.update(NAMED)

    def read(
        self,
        merchant_id: str,
        *,
        member_id: str | None,
        codes: Sequence[str] = (),
        counters: Sequence[Counter] = (),
    ) -> OffersRead:
        step(READ)
        found = super().read(merchant_id, member_id=member_id, codes=codes, counters=counters)
        before = self._stepped.used.get(self._stepped.till, {})  # a sale may ask twice
        self._stepped.used[self._stepped.till] = {**before, **found.used}
        return found


class SteppedConfirmations(FakeConfirmations):
    """Confirmations as a sale reads them, one step at a time; the ledger uses them up."""

    def find(self, member: MemberRef, confirmation_id: str) -> Confirmation | None:
        step(READ)
        return super().find(member, confirmation_id)


class SteppedMembers(FakeMembers):
    """Everybody of the shop, with a phone and a pass code; profiles are read in a step."""

    def __init__(self, ledger: SteppedLedger) -> None:
        super().__init__(ledger, None)  # type: ignore[arg-type]  # nobody signs up
        for name in MEMBERS:
            member = MemberRef(SHOP, name)
            self.profiles[member] = Profile(
                member, phone=None, language="ru", joined_at=OPENING, code=f"L1{name}"
            )
            self.codes[SHOP, f"L1{name}"] = name

    def profile(self, member: MemberRef) -> Profile | None:
        step(READ)
        return super().profile(member)


class SteppedPromoCodes(FakePromoCodes):
    """Promo codes as those who make them read them."""

    def code(self, merchant_id: str, code: str) -> PromoCode | None:
        step(READ)
        return super().code(merchant_id, code)


class SteppedDevices(FakePassDevices):
    """The outbox's markers, taken away one step at a time; nobody has a phone."""

    def mark_pushed(self, account: Account, at: datetime | None = None) -> bool:
        step(BEFORE_COMMIT)
        is_marked = super().mark_pushed(account, at)
        step(AFTER_COMMIT)
        return is_marked


class Edition(NamedTuple):
    """A published program, and its numbers."""

    program: Program
    rules: Rules


class Publisher(FakeMerchants):
    """The shop's programs; the scheduler publishes the next one."""

    def __init__(self, editions: tuple[Edition, ...], ledger: SteppedLedger) -> None:
        super().__init__()
        self._editions, self._ledger = editions, ledger
        self.version = 1

    @property
    def rules(self) -> Rules:
        """Return the rules in force."""
        return self._editions[self.version - 1].rules

    def program(self, merchant_id: str) -> Program:
        """Return the one in force; a till acts under the one it has read last."""
        edition = self._editions[self.version - 1]
        self._ledger.rules[self._ledger.till] = edition.rules
        return edition.program


def step(point: str) -> None:
    """Let the scheduler decide who is next, and what becomes of this call."""
    hub = getcurrent().parent
    if hub is None:  # before and after the schedule: nobody decides
        return
    verdict = hub.switch(point)
    if verdict is LOSE:
        raise StoreUnavailable(point)
    if verdict is DIE:
        raise Died
