"""Defects in what programs can have: cards, codes, coupons, stamps, rewards, moves.

As in `mutants.py`, each is a storage that drops one condition or bends one value.
"""

from dataclasses import replace

from chalicelib.domain.account import Account, OverrideKind
from chalicelib.domain.entries import LedgerChange
from chalicelib.usecases.coupons import AUTOMATIC_CLIENT
from chalicelib.usecases.returns import MOVER
from chalicelib.usecases.rewards import CLIENT as REFERRAL
from tests.simulation.mutants import Bending
from tests.simulation.storage import SteppedLedger


class WithoutGiftCardVersion(SteppedLedger):
    """Writes a gift card that has moved since it was read."""

    def _gift_card_has_moved(self, change: LedgerChange) -> bool:
        return False


class WithoutGiftCardInReceipts(SteppedLedger):
    """Writes half an operation: the receipt, but not what it did to a gift card."""

    def write(self, change: LedgerChange) -> None:
        has_receipt = change.new_receipt or change.changed_receipt
        super().write(replace(change, gift_card=None) if has_receipt else change)


class WithoutMemoryOfActions(Bending):
    """Forgets which actions were rewarded."""

    def shown(self, account: Account) -> Account:
        return replace(account, rewards=replace(account.rewards, actions=()))


class WithoutTierKinds(Bending):
    """Lets a tier that is given push out one that was bought."""

    def shown(self, account: Account) -> Account:
        given = tuple(replace(o, kind=OverrideKind.MANUAL) for o in account.overrides)
        return replace(account, overrides=given)


class WithoutStamps(SteppedLedger):
    """Never moves a stamp card."""

    def write(self, change: LedgerChange) -> None:
        account = change.account
        if account and account.member in self.accounts:
            stamps = self.accounts[account.member].stamps
            change = replace(change, account=replace(account, stamps=stamps))
        super().write(change)


class RewardingTwice(SteppedLedger):
    """Keeps no record of the rewards of a referral."""

    def write(self, change: LedgerChange) -> None:
        before = dict(self.records)
        super().write(change)
        if change.operation.client == REFERRAL:
            self.records = before


class LosingRewards(SteppedLedger):
    """Says that a referral's reward was written, and writes nothing."""

    def commit(self, change: LedgerChange) -> None:
        if change.operation.client != REFERRAL:
            super().commit(change)


class LosingMoves(SteppedLedger):
    """Says that the other member got the moved receipt, and writes nothing."""

    def commit(self, change: LedgerChange) -> None:
        if change.operation.client != MOVER:
            super().commit(change)


class WithoutLimits(SteppedLedger):
    """Lets counters pass their maxima."""

    def _counter_is_full(self, change: LedgerChange) -> bool:
        return False


class KeepingConfirmations(SteppedLedger):
    """Writes half an operation: the redemption, but not that its confirmation is used."""

    def write(self, change: LedgerChange) -> None:
        super().write(replace(change, confirmation=None))


class WithoutGivingBack(SteppedLedger):
    """Never gives back what a voided sale had taken from counters."""

    def write(self, change: LedgerChange) -> None:
        takes = tuple(take for take in change.takes if take.units > 0)
        super().write(replace(change, takes=takes))


class WithoutMembersCounters(SteppedLedger):
    """Does not count what each member was given."""

    def write(self, change: LedgerChange) -> None:
        takes = tuple(take for take in change.takes if take.counter.member_id is None)
        super().write(replace(change, takes=takes))


class LosingCoupons(SteppedLedger):
    """Takes the points for a coupon, and keeps it."""

    def write(self, change: LedgerChange) -> None:
        super().write(replace(change, coupon=None))


class LosingAutomaticCoupons(SteppedLedger):
    """Says that points became a coupon by themselves, and writes nothing."""

    def commit(self, change: LedgerChange) -> None:
        if change.operation.client != AUTOMATIC_CLIENT:
            super().commit(change)


class MakingCodesTwice(SteppedLedger):
    """Lets a promo code be made again, of another coupon."""

    def _made_twice(self, change: LedgerChange) -> bool:
        return False


PROGRAM_MUTANTS = (
    WithoutGiftCardVersion,
    WithoutGiftCardInReceipts,
    WithoutMemoryOfActions,
    WithoutTierKinds,
    WithoutStamps,
    RewardingTwice,
    LosingRewards,
    LosingMoves,
    WithoutLimits,
    KeepingConfirmations,
    WithoutGivingBack,
    WithoutMembersCounters,
    LosingCoupons,
    LosingAutomaticCoupons,
    MakingCodesTwice,
)
