"""Does one deed the simple way: the rules once more, beside those of `chalicelib`."""

from datetime import date, datetime, timedelta

from tests.simulation import deeds
from tests.simulation.books import (
    MINOR_PER_POINT,
    NEVER,
    Account,
    Answer,
    Books,
    Portion,
    Priced,
    Receipt,
    Refused,
    fair,
)
from tests.simulation.deeds import Deed
from tests.simulation.drawer import Drawer


class Clerk(Drawer):
    """One deed being done on copies."""

    def __init__(self, books: Books, deed: Deed, at: datetime) -> None:
        super().__init__(Account(), books.rules, at)
        self.books, self.deed = books, deed
        self.receipt: Receipt | None = None

    def do(self) -> Answer:
        """Do it and store the copies."""
        deed = self.deed
        if deed.kind == deeds.ANONYMOUS:
            return self._sell_anonymously()
        member = self._member()
        if member is None:
            return self._return_anonymous()
        self.account = self.books.accounts[member].copy()
        if self.on < self.account.on:  # asked before midnight, written after another's
            self.account.activated = frozenset()  # the job may look, and tell, again
        self.account.on = self.on
        before = self.account.total
        answer = _DOERS[deed.kind](self)
        account = self.account
        account.version += 1
        account.tier = self.tier()
        account.overrides = {k: o for k, o in account.overrides.items() if o[1] >= self.on}
        if answer is None:
            answer = (account.version, account.total - before, account.total)
        elif answer[0] == "sold":
            answer = (*answer, account.tier, self.balance())
        elif answer[0] == "returned":
            answer = (*answer, self.balance())
            assert self.receipt
            self.receipt.returns += ((deed.return_id, answer),)
        self.books.accounts[member] = account
        if self.receipt is not None:
            self.books.receipts[deed.receipt] = self.receipt
        return answer

    def _member(self) -> str | None:
        if self.deed.kind not in (deeds.RETURN, deeds.VOID):
            return self.deed.member
        self._refuse_unknown_receipt()
        return self.books.receipts[self.deed.receipt].member

    def job(self) -> None:
        was_tier = self.account.tier
        is_moved = self.touch()
        told = {i for i, lot in self.account.lots.items() if lot[0] < lot[1] <= self.on}
        is_news = not told <= self.account.activated
        self.account.activated = self.account.activated | told
        if not is_moved and not is_news and self.tier() == was_tier:
            raise Refused("nothing_due")

    def grant(self) -> None:
        self.touch()
        until = NEVER if self.deed.days is None else self.on + timedelta(days=self.deed.days)
        self.credit(self.deed.points, self.on, until)

    def redeem(self) -> None:
        self.touch()
        self.refuse_more_than(self.available())
        self.take(self.deed.points)

    def hold(self) -> None:
        self.touch()
        self.refuse_more_than(self.available())
        until = self.at + timedelta(hours=self.rules.hold_hours)
        self.account.holds[self.deed.hold] = (until, self.take(self.deed.points))

    def release(self) -> None:
        self.touch()
        self.put_back(self._standing_hold())
        self.expire()

    def override(self) -> None:
        self.touch()
        until = self.on + timedelta(days=self.deed.days or 0)
        self.account.overrides["manual"] = (self.deed.tier, until)

    def sell(self) -> Answer:
        deed = self.deed
        self.touch()
        tier = self.tier()
        held: tuple[Portion, ...] | None = None
        if deed.kind == deeds.CAPTURE:
            held = self._standing_hold()
        available = self.available() if held is None else sum(p[1][3] for p in held)
        asked = available if deed.redeem is None and held is not None else deed.redeem or 0
        if deed.is_exact and asked > available:
            raise Refused("insufficient_points")
        priced, redeemed, earned = self.price(tier, min(asked, available))
        if deed.receipt in self.books.receipts:
            raise Refused("receipt_exists")
        portions = self.take(redeemed) if held is None else self.capture(held, redeemed)
        self.expire()
        return self.sold(tier, priced, portions, earned)

    def attach(self) -> Answer:
        deed = self.deed
        self.touch()
        self._refuse_unknown_receipt()
        found = self.books.receipts[deed.receipt]
        is_attachable = found.member is None and not found.returns and not found.is_voided
        if not is_attachable or deed.total_minor != found.to_pay:
            raise Refused("attach_refused")
        tier = self.tier()
        priced, _, earned = self.price(tier, 0, [line[:2] for line in found.lines])
        return self.sold(tier, priced, (), earned, on=found.on)

    def take_back(self) -> Answer:
        deed, known = self.deed, self.books.receipts[self.deed.receipt]
        self.receipt = known.copy()
        refund, earned, redeemed = self._parts()
        self.touch()
        restored, forfeited = self._give_back(redeemed)
        clawed_back = self._claw_back(earned)
        self.receipt.given_back += redeemed
        self.count(-refund, known.on)
        self.receipt.is_voided = known.is_voided or deed.kind == deeds.VOID
        return ("returned", refund, clawed_back, restored, forfeited)

    def sold(
        self,
        tier: str,
        priced: tuple[Priced, ...],
        portions: tuple[Portion, ...],
        earned: int,
        on: date | None = None,
    ) -> Answer:
        active = self.on + timedelta(days=self.rules.pending_days)
        lot = self.credit(earned, active, self.on + timedelta(days=self.rules.expiry_days))
        self.receipt = Receipt(self.deed.member, on or self.on, priced, portions, lot)
        self.count(self.receipt.to_pay, on or self.on)
        redeemed = sum(line[3] for line in priced)
        spent = tuple((lot_id, taken[3]) for lot_id, taken in portions)
        return ("sold", earned, redeemed, self.receipt.to_pay, lot, spent, tier)

    def price(
        self, tier: str, redeemable: int, bought: list[tuple[int, int]] | None = None
    ) -> tuple[tuple[Priced, ...], int, int]:
        """Return the lines, points redeemed and points earned."""
        if bought is None:
            bought = [
                ((2 * price * milli + 1000) // 2000, milli) for price, milli in self.deed.lines
            ]
        grosses = [gross for gross, _ in bought]
        cap = sum(grosses) * self.rules.redeem_percent // (100 * MINOR_PER_POINT)
        redeemed = min(cap, redeemable)
        points = fair(redeemed, grosses)
        values = fair(redeemed * MINOR_PER_POINT, grosses)
        nets = [gross - value for gross, value in zip(grosses, values, strict=True)]
        earned = sum(nets) * self.rules.earn_percent[tier] // (100 * MINOR_PER_POINT)
        if redeemed and not self.rules.is_both:
            earned = 0
        shares = fair(earned, nets)
        lines = tuple((*bought[i], values[i], points[i], shares[i]) for i in range(len(bought)))
        return lines, redeemed, earned

    def _sell_anonymously(self) -> Answer:
        lines, _, _ = self.price("base", 0)
        if self.deed.receipt in self.books.receipts:
            raise Refused("receipt_exists")
        unpaid = tuple((gross, milli, 0, 0, 0) for gross, milli, _, _, _ in lines)
        receipt = Receipt(None, self.on, unpaid)
        self.books.receipts[self.deed.receipt] = receipt
        return ("sold to nobody", receipt.to_pay, 0, None)

    def _return_anonymous(self) -> Answer:
        known = self.books.receipts[self.deed.receipt]
        self.receipt = known.copy()
        refund, _, _ = self._parts()
        self.receipt.is_voided = known.is_voided or self.deed.kind == deeds.VOID
        answer = ("returned", refund, 0, 0, 0, None)
        self.receipt.returns += ((self.deed.return_id, answer),)
        self.books.receipts[self.deed.receipt] = self.receipt
        return answer

    def refuse_more_than(self, available: int) -> None:
        if self.deed.points > available:
            raise Refused("insufficient_points")

    def _standing_hold(self) -> tuple[Portion, ...]:
        if self.deed.hold not in self.account.holds:
            raise Refused("hold_not_found")
        return self.account.holds.pop(self.deed.hold)[1]

    def _refuse_unknown_receipt(self) -> None:
        if self.deed.receipt not in self.books.receipts:
            raise Refused("purchase_not_found")

    def _parts(self) -> tuple[int, int, int]:
        """Return refund, earned and redeemed of what is brought back."""
        receipt, deed = self.receipt, self.deed
        assert receipt
        if receipt.is_voided:
            raise Refused("return_refused")
        if deed.return_id in [return_id for return_id, _ in receipt.returns]:
            raise Refused("return_exists")
        left = {i: row[1] - receipt.returned.get(i, 0) for i, row in enumerate(receipt.lines)}
        brought = dict(deed.returned) if deed.returned is not None else left
        brought = {i: milli for i, milli in brought.items() if milli}
        if any(milli > left[i] for i, milli in brought.items()):
            raise Refused("return_refused")
        if not brought and deed.kind != deeds.VOID:
            raise Refused("return_refused")
        sums = [0, 0, 0]
        for i, milli in brought.items():
            gross, bought, value, redeemed, earned = receipt.lines[i]
            was = receipt.returned.get(i, 0)
            receipt.returned[i] = was + milli
            for place, whole in enumerate((gross - value, earned, redeemed)):
                sums[place] += whole * (was + milli) // bought - whole * was // bought
        return sums[0], sums[1], sums[2]

    def _give_back(self, points: int) -> tuple[int, int]:
        assert self.receipt
        skip, restored, forfeited = self.receipt.given_back, 0, 0
        for lot_id, lot in reversed(self.receipt.allocation):
            passed = min(skip, lot[3])
            skip -= passed
            part = min(points, lot[3] - passed)
            points -= part
            if not part:
                continue
            if lot[2] >= self.on:
                rest = part - self.repay(part)
                self.put_back([(lot_id, (*lot[:3], rest))] if rest else [])
                restored += part
            elif self.rules.grace_days:
                until = self.on + timedelta(days=self.rules.grace_days)
                self.credit(part, self.on, until)
                restored += part
            else:
                forfeited += part
        return restored, forfeited

    def _claw_back(self, points: int) -> int:
        assert self.receipt
        own = self.receipt.earned_lot
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


_DOERS = {
    deeds.PURCHASE: Clerk.sell,
    deeds.REDEEMING: Clerk.sell,
    deeds.CAPTURE: Clerk.sell,
    deeds.ATTACH: Clerk.attach,
    deeds.REDEEM: Clerk.redeem,
    deeds.GRANT: Clerk.grant,
    deeds.HOLD: Clerk.hold,
    deeds.RELEASE: Clerk.release,
    deeds.RETURN: Clerk.take_back,
    deeds.VOID: Clerk.take_back,
    deeds.OVERRIDE: Clerk.override,
    deeds.JOB: Clerk.job,
}
