"""One account being worked on: lots, holds and debt move as a deed asks."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from tests.simulation.books import LOT_IDS_PER_VERSION, NEVER, Account, Lot, Portion
from tests.simulation.rules import Rules


class Drawer:
    """A copy of an account, on one business day (Moscow is UTC+3)."""

    def __init__(self, account: Account, rules: Rules, at: datetime) -> None:
        self.account, self.rules, self.at = account, rules, at
        self.on = (at + timedelta(hours=3)).date()

    def touch(self) -> bool:
        """Give lapsed holds back and expire what is past its date; whether any was."""
        is_lapsed = self.lapse()
        return self.expire() or is_lapsed

    def lapse(self) -> bool:
        lapsed = [name for name, hold in self.account.holds.items() if hold[0] <= self.at]
        for name in lapsed:
            self.put_back(self.account.holds.pop(name)[1])
        return bool(lapsed)

    def expire(self) -> bool:
        gone = [lot_id for lot_id, lot in self.account.lots.items() if lot[2] < self.on]
        for lot_id in gone:
            del self.account.lots[lot_id]
        return bool(gone)

    def put_back(self, portions: Iterable[Portion]) -> None:
        for lot_id, (granted, active, expires, points) in portions:
            there = self.account.lots.get(lot_id)
            more = there[3] if there else 0
            self.account.lots[lot_id] = (granted, active, expires, points + more)

    def available(self) -> int:
        return sum(lot[3] for lot in self.account.lots.values() if self._is_good(lot))

    def take(self, points: int) -> tuple[Portion, ...]:
        good = [(i, lot) for i, lot in self.account.lots.items() if self._is_good(lot)]
        return self.take_of(good, points)

    def capture(self, held: tuple[Portion, ...], points: int) -> tuple[Portion, ...]:
        """Spend held portions, past their date or not; the rest goes back."""
        self.put_back(held)
        return self.take_of(held, points)

    def take_of(self, offered: Iterable[Portion], points: int) -> tuple[Portion, ...]:
        portions = []
        for lot_id, lot in sorted(offered, key=lambda p: (p[1][2], p[1][0], p[0])):
            part = min(points, lot[3])
            if part:
                self.lower(lot_id, part)
                portions.append((lot_id, (*lot[:3], part)))
                points -= part
        assert not points
        return tuple(portions)

    def lower(self, lot_id: int, points: int) -> None:
        granted, active, expires, left = self.account.lots[lot_id]
        if left == points:
            del self.account.lots[lot_id]
        else:
            self.account.lots[lot_id] = (granted, active, expires, left - points)

    def credit(
        self, points: int, active: date, expires: date, granted: date | None = None
    ) -> int | None:
        points -= self.repay(points)
        if not points:
            return None
        lot_id = (self.account.version + 1) * LOT_IDS_PER_VERSION + self.account.lots_made
        self.account.lots_made += 1
        self.account.lots[lot_id] = (granted or self.on, active, expires, points)
        return lot_id

    def give(self, points: int, days: int | None) -> int | None:
        """Credit points that are good for some days from today; None: for ever."""
        until = NEVER if days is None else self.on + timedelta(days=days)
        return self.credit(points, self.on, until)

    def claw_back(self, points: int, own: int | None) -> int:
        """Take points back, from their own lot first; returns how many were taken."""
        wanted = points
        if own in self.account.lots:
            part = min(wanted, self.account.lots[own][3])
            self.lower(own, part)
            wanted -= part
        part = min(wanted, self.available())
        self.take(part)
        wanted -= part
        if self.rules.is_debt_allowed:
            self.account.debt += wanted
            return points
        return points - wanted

    def repay(self, points: int) -> int:
        paid = min(points, self.account.debt)
        self.account.debt -= paid
        return paid

    def count(self, minor: int, on: date) -> None:
        total = self.account.days.pop(on, 0) + minor
        if total:
            self.account.days[on] = total
        self.account.lifetime_minor += minor

    def _is_good(self, lot: Lot) -> bool:
        return lot[1] <= self.on <= lot[2]

    def tier(self) -> str:
        first = self.on - timedelta(days=self.rules.window_days - 1)
        spent = sum(m for on, m in self.account.days.items() if first <= on <= self.on)
        given = [tier for tier, until in self.account.overrides.values() if until >= self.on]
        return "silver" if spent > self.rules.silver_over_minor or "silver" in given else "base"

    def balance(self) -> tuple[int, int, int, int]:
        account = self.account
        pending = sum(lot[3] for lot in account.lots.values() if lot[1] > self.on)
        held = sum(p[1][3] for _, portions in account.holds.values() for p in portions)
        return (self.available(), pending, account.debt, held)
