"""Builds one ledger entry: points into and out of lots, holds and debt, step by step.

A `Posting` lives inside one decision and `domain/`. It starts from the account as read, gives
lapsed holds back, and collects every movement; `close` returns account and entry after it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from operator import attrgetter

from chalicelib.domain.account import (
    LOT_IDS_PER_VERSION,
    Account,
    Hold,
    Lot,
    LotSource,
    nearest_expiries,
    put_back,
    spend_order,
    take,
    without,
)
from chalicelib.domain.due import next_due
from chalicelib.domain.entries import (
    EntryKind,
    HoldMove,
    LedgerEntry,
    Movement,
    MovementKind,
    hash_of,
)
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.program import ReturnPolicy
from chalicelib.domain.tiers import tier_on
from chalicelib.domain.turnover import add_turnover

LOTS_MAX = 64  # above it the nearest expiries are merged, into the later one


class Posting:
    """One entry in the making."""

    def __init__(self, account: Account, occasion: Occasion) -> None:
        self.occasion = occasion
        self.program = occasion.program
        self.at = occasion.at
        self.on = occasion.on
        self.before = account
        self.account = account
        self.movements: list[Movement] = []
        self.hold_moves: list[HoldMove] = []
        self.net_minor = 0
        self.net_on: date | None = None
        self._lots_made = 0
        for hold in [hold for hold in account.holds if hold.until <= self.at]:
            self.release(hold)

    @cached_property
    def tier_before(self) -> str | None:
        """Return the effective tier before the entry."""
        return tier_on(self.before, self.program, self.on)

    def expire_due(self) -> None:
        """Take out every lot whose last day has passed."""
        expired = [lot for lot in self.account.lots if lot.is_expired(self.on)]
        if not expired:
            return
        for lot in expired:
            self._move(MovementKind.EXPIRE, -lot.points, lot)
        self._set_lots(without(self.account.lots, expired))

    def spend(self, points: int, on: date) -> tuple[Lot, ...]:
        """Redeem points from the lots spendable on a day; returns the portions."""
        if not points:
            return ()
        left, portions = take(self.account.lots, points, on)
        self._set_lots(left)
        for portion in portions:
            self._move(MovementKind.REDEEM, -portion.points, portion)
        return portions

    def spend_portions(self, portions: Iterable[Lot]) -> None:
        """Redeem these very portions, past their date or not: a hold kept them."""
        portions = tuple(portions)
        self._set_lots(without(self.account.lots, portions))
        for portion in portions:
            self._move(MovementKind.REDEEM, -portion.points, portion)

    def owe(self, kind: MovementKind, points: int) -> None:
        """Add to the debt."""
        if points:
            self.account = replace(self.account, debt=self.account.debt + points)
            self._move(kind, -points, None)

    def credit(
        self,
        kind: MovementKind,
        source: LotSource,
        points: int,
        *,
        active_from: date | None = None,
        expires_on: date | None = None,
    ) -> tuple[Lot | None, int]:
        """Give points: debt first (R21), the rest a new lot. Returns (lot, debt repaid)."""
        repaid = self._repay(kind, points)
        if points == repaid:
            return None, repaid
        assert self._lots_made < LOT_IDS_PER_VERSION, "lot ids are unique"
        lot = Lot(
            lot_id=(self.before.version + 1) * LOT_IDS_PER_VERSION + self._lots_made,
            source=source,
            granted_on=self.on,
            active_from=active_from or self.on,
            expires_on=expires_on,
            points=points - repaid,
        )
        self._lots_made += 1
        self._put_back(kind, (lot,))
        return lot, repaid

    def give_back(self, portions: Iterable[Lot]) -> tuple[int, int]:
        """Give redeemed portions back to their own lots (R22): (restored, forfeited).

        Those whose date has passed are re-issued for the program's grace, or forfeited.
        """
        grace_days = self.program.restore_grace_days
        restored = forfeited = reissued = 0
        for portion in portions:
            if not portion.is_expired(self.on):
                repaid = self._repay(MovementKind.RESTORE, portion.points)
                if portion.points > repaid:
                    rest = replace(portion, points=portion.points - repaid)
                    self._put_back(MovementKind.RESTORE, (rest,))
                restored += portion.points
            elif grace_days:
                reissued += portion.points
            else:
                forfeited += portion.points
        if reissued:  # as one lot: they end together
            self._reissue(reissued, grace_days)
        return restored + reissued, forfeited

    def claw_back(self, points: int, own: Lot | None, policy: ReturnPolicy) -> int:
        """Take back earned points in the order of R20; returns how many were taken."""
        own_lots = [lot for lot in self.account.lots if own and lot.lot_id == own.lot_id]
        if policy is ReturnPolicy.ONLY_PENDING:
            own_lots = [lot for lot in own_lots if lot.active_from > self.on]
        taken = self._take_from(own_lots, points)
        if policy is ReturnPolicy.ONLY_PENDING:
            return taken
        others = [lot for lot in self.account.lots if lot.is_spendable(self.on)]
        taken += self._take_from(sorted(others, key=spend_order), points - taken)
        if policy is ReturnPolicy.UNLIMITED:
            self.owe(MovementKind.CLAW_BACK, points - taken)
            return points
        return taken

    def hold(self, hold: Hold) -> None:
        """Move the hold's portions, already taken from the lots, into it."""
        self.account = replace(self.account, holds=(*self.account.holds, hold))
        self.hold_moves.append(HoldMove(hold.hold_id, False, hold.portions))

    def release(self, hold: Hold) -> None:
        """Move a hold's portions back into their lots."""
        kept = tuple(other for other in self.account.holds if other.hold_id != hold.hold_id)
        lots = put_back(self.account.lots, hold.portions)
        self.account = replace(self.account, holds=kept, lots=lots)
        self.hold_moves.append(HoldMove(hold.hold_id, True, hold.portions))

    def take_for_hold(self, points: int) -> tuple[Lot, ...]:
        """Take spendable points out of their lots without redeeming them."""
        left, portions = take(self.account.lots, points, self.on)
        self._set_lots(left)
        return portions

    def unexpire(self, lots: Iterable[Lot]) -> None:
        """Make lots again that have expired since an offline receipt was written."""
        self._put_back(MovementKind.UNEXPIRE, lots)

    def count_turnover(self, net_minor: int, on: date) -> None:
        """Add net money to the turnover of its own day."""
        self.net_minor, self.net_on = net_minor, on
        turnover = add_turnover(self.account.turnover, on, net_minor, today=self.on)
        self.account = replace(self.account, turnover=turnover)

    def set_stamps(self, stamps: int | None) -> None:
        """Put the stamp card to what a sale left on it."""
        if stamps is not None:
            self.account = replace(self.account, stamps=stamps)

    def close(
        self,
        kind: EntryKind,
        *,
        reason: str = "",
        reference: str = "",
        actor: str = "",
        key: str = "",
        facts: Mapping[str, int | str | None] | None = None,
        is_due_exact: bool = False,
    ) -> tuple[Account, LedgerEntry]:
        """Return the account after the entry, and the entry."""
        self._merge_lots()
        before = self.before
        tier = tier_on(self.account, self.program, self.on)
        entry = LedgerEntry(
            member=before.member,
            version=before.version + 1,
            kind=kind,
            at=self.at,
            on=self.on,
            movements=tuple(self.movements),
            balance_after=self.account.total,
            reason=reason,
            reference=reference,
            actor=actor,
            key=key,
            net_minor=self.net_minor,
            net_on=self.net_on,
            tier_before=before.tier,
            tier_after=tier,
            hold_moves=tuple(self.hold_moves),
            facts=facts or {},
            previous_hash=before.entry_hash,
            staff_id=self.occasion.operation.staff_id,
            approved_by=self.occasion.operation.approved_by,
        )
        assert entry.balance_after == before.total + entry.points, "movements add up"
        return self._account_after(tier, entry, is_due_exact), entry

    def _account_after(
        self, tier: str | None, entry: LedgerEntry, is_due_exact: bool
    ) -> Account:
        before = self.before
        due = next_due(self.account, self.program, self.on)
        if not is_due_exact and before.due is not None:
            due = min(before.due, due) if due else before.due
        return replace(
            self.account,
            version=before.version + 1,
            tier=tier,
            overrides=tuple(o for o in self.account.overrides if o.until >= self.on),
            pass_version=max(int(self.at.timestamp()), before.pass_version + 1),
            due=due,
            is_dirty=True,
            entry_hash=hash_of(entry),
        )

    def _repay(self, kind: MovementKind, points: int) -> int:
        repaid = min(self.account.debt, points)
        if repaid:
            self.account = replace(self.account, debt=self.account.debt - repaid)
            self._move(kind, repaid, None)
        return repaid

    def _reissue(self, points: int, grace_days: int) -> None:
        until = self.on + timedelta(days=grace_days)
        self.credit(MovementKind.RESTORE, LotSource.RESTORE, points, expires_on=until)

    def _take_from(self, lots: Iterable[Lot], points: int) -> int:
        """Claw points back from the given lots in order; returns how many they had."""
        taken = 0
        for lot in lots:
            part = min(lot.points, points - taken)
            if part:
                self._take_part(lot, part)
                taken += part
        return taken

    def _take_part(self, lot: Lot, part: int) -> None:
        portion = replace(lot, points=part)
        self._set_lots(without(self.account.lots, (portion,)))
        self._move(MovementKind.CLAW_BACK, -part, portion)

    def _put_back(self, kind: MovementKind, portions: Iterable[Lot]) -> None:
        portions = tuple(portions)
        self.account = replace(self.account, lots=put_back(self.account.lots, portions))
        for portion in portions:
            self._move(kind, portion.points, portion)

    def _merge_lots(self) -> None:
        """Merge the nearest expiries among active lots until few enough are left."""
        while len(self.account.lots) > LOTS_MAX:
            pair = nearest_expiries(self.account.lots, self.on)
            if pair is None:
                return
            gone, kept = pair
            self._set_lots(without(self.account.lots, (gone,)))
            self._move(MovementKind.MERGE, -gone.points, gone)
            self._put_back(MovementKind.MERGE, (replace(kept, points=gone.points),))

    def _set_lots(self, lots: Iterable[Lot]) -> None:
        ordered = tuple(sorted(lots, key=attrgetter("lot_id")))
        self.account = replace(self.account, lots=ordered)

    def _move(self, kind: MovementKind, points: int, lot: Lot | None) -> None:
        assert lot is None or lot.points == abs(points), "a portion says what moved"
        self.movements.append(Movement(kind, points, lot))
