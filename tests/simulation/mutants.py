"""Defects planted on purpose, each a storage that drops one condition or bends one value.

The simulator must find every one of them within the seeds of the suite; one that it does
not find would be a hole in what the simulator compares.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

from chalicelib.domain.account import Account, Lot, LotSource, MemberRef, OverrideKind
from chalicelib.domain.entries import LedgerChange, MovementKind, Operation, Recorded
from chalicelib.domain.receipts import Receipt, ReceiptKey
from chalicelib.ports import AlreadyRecorded
from chalicelib.usecases.returns import MOVER
from chalicelib.usecases.rewards import CLIENT as REFERRAL
from tests.simulation.storage import SteppedLedger

FOR_EVER = datetime(2999, 1, 1, tzinfo=UTC)


class WithoutIdempotency(SteppedLedger):
    """Lets a key be written twice."""

    def _is_recorded(self, change: LedgerChange) -> bool:
        return False


class WithoutVersion(SteppedLedger):
    """Writes an account that has moved since it was read."""

    def _has_moved(self, change: LedgerChange) -> bool:
        return False


class WithoutRevision(SteppedLedger):
    """Writes a receipt that has moved since it was read."""

    def _receipt_has_moved(self, change: LedgerChange) -> bool:
        return False


class WithoutReceiptGuard(SteppedLedger):
    """Lets a receipt number be written twice."""

    def _receipt_taken(self, change: LedgerChange) -> bool:
        return False


class WithoutReadBeforeRefusal(SteppedLedger):
    """Forgets its own earlier success when the rules refuse the repeat."""

    def recorded(self, operation: Operation) -> Recorded | None:
        return None


class WithoutFingerprint(SteppedLedger):
    """Takes any body for the one the key was first used with."""

    def recorded(self, operation: Operation) -> Recorded | None:
        found = super().recorded(operation)
        return replace(found, fingerprint=operation.fingerprint) if found else None

    def check(self, change: LedgerChange) -> None:
        try:
            super().check(change)
        except AlreadyRecorded as error:
            fingerprint = change.operation.fingerprint
            raise AlreadyRecorded(replace(error.recorded, fingerprint=fingerprint)) from None


class WithoutRecord(SteppedLedger):
    """Writes half an operation: everything but its idempotency record."""

    def write(self, change: LedgerChange) -> None:
        before = dict(self.records)
        super().write(change)
        self.records = before


class _Bending(SteppedLedger):
    """Shows accounts otherwise than they are stored."""

    def account(self, member: MemberRef) -> Account | None:
        found = super().account(member)
        return self.shown(found) if found else None

    def account_and_receipt(
        self, member: MemberRef, key: ReceiptKey
    ) -> tuple[Account | None, Receipt | None]:
        found, receipt = super().account_and_receipt(member, key)
        return self.shown(found) if found else None, receipt

    def shown(self, account: Account) -> Account:
        """Return what a reader gets to see."""
        raise NotImplementedError


class _EternalLot(Lot):
    __slots__ = ()

    def is_expired(self, on: date) -> bool:
        return False


class WithoutExpiry(_Bending):
    """Lets points be spent past their date."""

    def shown(self, account: Account) -> Account:
        return replace(account, lots=tuple(_eternal(lot) for lot in account.lots))


class WithoutLapse(_Bending):
    """Never gives a hold back by itself."""

    def shown(self, account: Account) -> Account:
        return replace(
            account, holds=tuple(replace(hold, until=FOR_EVER) for hold in account.holds)
        )

    def write(self, change: LedgerChange) -> None:
        account = change.account
        if account and account.member in self.accounts:
            until = {h.hold_id: h.until for h in self.accounts[account.member].holds}
            holds = tuple(
                replace(hold, until=until.get(hold.hold_id, hold.until))
                for hold in account.holds
            )
            change = replace(change, account=replace(account, holds=holds))
        super().write(change)


class WithoutRepayment(SteppedLedger):
    """Gives every credit whole, whatever is owed."""

    def write(self, change: LedgerChange) -> None:
        account, entry = change.account, change.entry
        if account and entry:
            repaid = sum(m.points for m in entry.movements if m.lot is None and m.points > 0)
            if repaid:
                extra = Lot(
                    entry.version * 16 + 15, LotSource.GRANT, entry.on, entry.on, None, repaid
                )
                account = replace(
                    account, debt=account.debt + repaid, lots=(*account.lots, extra)
                )
                change = replace(change, account=account)
        super().write(change)


class RestoringToAnotherLot(SteppedLedger):
    """Gives redeemed points back to the first lot it finds; every total is right."""

    def write(self, change: LedgerChange) -> None:
        account, entry = change.account, change.entry
        if account and entry:
            for movement in entry.movements:
                if movement.kind is MovementKind.RESTORE and movement.lot:
                    account = _moved(account, movement.lot)
            change = replace(change, account=account)
        super().write(change)


class WithoutGiftCardVersion(SteppedLedger):
    """Writes a gift card that has moved since it was read."""

    def _gift_card_has_moved(self, change: LedgerChange) -> bool:
        return False


class WithoutGiftCardInReceipts(SteppedLedger):
    """Writes half an operation: the receipt, but not what it did to a gift card."""

    def write(self, change: LedgerChange) -> None:
        has_receipt = change.new_receipt or change.changed_receipt
        super().write(replace(change, gift_card=None) if has_receipt else change)


class WithoutMemoryOfActions(_Bending):
    """Forgets which actions were rewarded."""

    def shown(self, account: Account) -> Account:
        return replace(account, rewards=replace(account.rewards, actions=()))


class WithoutTierKinds(_Bending):
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


MUTANTS = (
    WithoutIdempotency,
    WithoutVersion,
    WithoutRevision,
    WithoutReceiptGuard,
    WithoutReadBeforeRefusal,
    WithoutFingerprint,
    WithoutRecord,
    WithoutExpiry,
    WithoutLapse,
    WithoutRepayment,
    RestoringToAnotherLot,
    WithoutGiftCardVersion,
    WithoutGiftCardInReceipts,
    WithoutMemoryOfActions,
    WithoutTierKinds,
    WithoutStamps,
    RewardingTwice,
    LosingRewards,
    LosingMoves,
)


def _eternal(lot: Lot) -> Lot:
    return _EternalLot(
        lot.lot_id, lot.source, lot.granted_on, lot.active_from, lot.expires_on, lot.points
    )


def _moved(account: Account, restored: Lot) -> Account:
    """Move the restored points from their lot into another one, if there is one."""
    others = [lot for lot in account.lots if lot.lot_id != restored.lot_id]
    own = [lot for lot in account.lots if lot.lot_id == restored.lot_id]
    if not others or not own:
        return account
    wrong = replace(others[0], points=others[0].points + restored.points)
    rest = own[0].points - restored.points
    kept = (replace(own[0], points=rest),) if rest > 0 else ()
    lots = sorted((wrong, *others[1:], *kept), key=lambda lot: lot.lot_id)
    return replace(account, lots=tuple(lots))
