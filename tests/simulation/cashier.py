"""Sales and returns in the model: money, points, stamps and gift cards of one receipt."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from tests.simulation import cards, deeds
from tests.simulation.books import (
    EARNED,
    REVERSED,
    WAITING,
    Account,
    Answer,
    Books,
    Friendship,
    Portion,
    Receipt,
    Refused,
)
from tests.simulation.deeds import MOVED, Deed
from tests.simulation.drawer import Drawer
from tests.simulation.prices import Priced, Shopper, as_moved, bought, price
from tests.simulation.rules import Rules

NOBODY = Shopper("base", date.min, is_member=False)


class Cashier(Drawer):
    """One deed about a receipt, being done on copies."""

    def __init__(self, books: Books, deed: Deed, rules: Rules, at: datetime) -> None:
        super().__init__(Account(), rules, at)
        self.books, self.deed = books, deed
        self.receipt: Receipt | None = None
        self.receipt_name = deed.receipt

    def sell(self) -> Answer:
        deed = self.deed
        self.touch()
        tier = self.tier()
        held: tuple[Portion, ...] | None = None
        if deed.kind == deeds.CAPTURE:
            held = self.standing_hold()
        available = self.available() if held is None else sum(p[1][3] for p in held)
        asked = available if deed.redeem is None and held is not None else deed.redeem or 0
        if deed.is_exact and asked > available:
            raise Refused("insufficient_points")
        shopper = Shopper(tier, self.on, self.account.stamps)
        priced = price(bought(deed.lines), self.rules, shopper, min(asked, available))
        self.receipt = Receipt(deed.member, self.on, priced.rows)
        self._pay_by_card(self.receipt)
        self.refuse_known_receipt()
        redeemed = priced.redeemed
        portions = self.take(redeemed) if held is None else self.capture(held, redeemed)
        self.expire()
        return self._sold(tier, priced, portions)

    def attach(self) -> Answer:
        deed = self.deed
        self.touch()
        self.refuse_unknown_receipt()
        found = self.books.receipts[deed.receipt]
        is_attachable = found.member is None and not found.returns and not found.is_voided
        if not is_attachable or deed.total_minor != found.to_pay:
            raise Refused("attach_refused")
        self.receipt = Receipt(deed.member, found.on, (), card=found.card)
        tier = self.tier()
        shopper = Shopper(tier, self.on, self.account.stamps, is_paid=True)
        return self._sold(tier, price(as_moved(found.rows), self.rules, shopper, 0), ())

    def post_moved(self) -> Answer:
        """Give a voided receipt to the member it was moved to, as of its own day."""
        found = self.books.receipts[self.deed.receipt]
        self.receipt_name += MOVED
        if found.moved_to != self.deed.member or self.receipt_name in self.books.receipts:
            raise Refused("nobody moved it there")
        self.touch()
        self.receipt = Receipt(self.deed.member, found.on, (), card=found.card)
        tier = self.tier()
        shopper = Shopper(tier, found.on, self.account.stamps, is_paid=True)
        priced = price(as_moved(found.rows), self.rules, shopper, 0)
        return self._sold(tier, priced, (), found.on)

    def take_back(self) -> Answer:
        deed, known = self.deed, self.books.receipts[self.deed.receipt]
        self.receipt = known.copy()
        brought = self._brought()
        refund, turnover, earned, redeemed = self._parts(brought)
        share = self._refund_card(refund)
        self.receipt.is_voided = known.is_voided or deed.is_void
        if known.member is None:
            answer: Answer = ("returned", refund, 0, 0, 0, share, None)
            self.receipt.returns += ((deed.return_id, answer),)
            return answer
        self.touch()
        restored, forfeited = self._give_back(redeemed)
        clawed_back = self.claw_back(earned, known.earned_lot)
        self.receipt.given_back += redeemed
        self.count(-turnover, known.on)
        self.account.stamps = max(0, self.account.stamps - self._stamps(known, brought))
        self._lose_rewards(known)
        return ("returned", refund, clawed_back, restored, forfeited, share)

    def sell_anonymously(self) -> Answer:
        priced = price(bought(self.deed.lines), self.rules, NOBODY, 0)
        self.receipt = Receipt(None, self.on, priced.rows)
        self._pay_by_card(self.receipt)
        self.refuse_known_receipt()
        return ("sold to nobody", self.receipt.to_pay, self.receipt.paid_by_card, 0, None)

    def standing_hold(self) -> tuple[Portion, ...]:
        if self.deed.hold not in self.account.holds:
            raise Refused("hold_not_found")
        return self.account.holds.pop(self.deed.hold)[1]

    def refuse_unknown_receipt(self) -> None:
        if self.deed.receipt not in self.books.receipts:
            raise Refused("purchase_not_found")

    def refuse_known_receipt(self) -> None:
        if self.deed.receipt in self.books.receipts:
            raise Refused("receipt_exists")

    def _sold(
        self,
        tier: str,
        priced: Priced,
        portions: tuple[Portion, ...],
        earned_on: date | None = None,
    ) -> Answer:
        on, receipt = earned_on or self.on, self.receipt
        assert receipt
        active = on + timedelta(days=self.rules.pending_days)
        until = on + timedelta(days=self.rules.expiry_days)
        lot = self.credit(priced.earned, active, until, on)
        self.expire()
        receipt.rows, receipt.allocation, receipt.earned_lot = priced.rows, portions, lot
        receipt.version = self.account.version + 1
        self.account.stamps = priced.stamps
        self.count(sum(row.turnover for row in priced.rows), receipt.on)
        self._note_friend()
        spent = tuple((lot_id, taken[3]) for lot_id, taken in portions)
        money = (receipt.to_pay, receipt.paid_by_card)
        return ("sold", priced.earned, priced.redeemed, *money, lot, spent, tier)

    def _pay_by_card(self, receipt: Receipt) -> None:
        deed = self.deed
        if not deed.card:
            return
        card = cards.find(self.books, deed.card)
        amount = cards.payment(card, deed.amount_minor, receipt.to_pay)
        if amount:
            after, lost = cards.paid(card, amount, is_rest_kept=self.rules.is_rest_kept)
            self.books.cards[deed.card] = after
            receipt.card = (deed.card, amount, lost)

    def _refund_card(self, refund: int) -> int:
        """Give a card its part back once all the money is back; with a void all of it."""
        receipt = self.receipt
        assert receipt
        if receipt.card is None or self.deed.kind in deeds.MOVES:
            return 0
        name, paid, lost = receipt.card
        in_money: int = sum(answer[1] - answer[5] for _, answer in receipt.returns)
        share: int = max(0, refund - (receipt.to_pay - paid - in_money))
        amount = share + (lost if self.deed.is_void else 0)
        if amount:
            self.books.cards[name] = cards.refunded(self.books.cards[name], amount)
        return share

    def _brought(self) -> dict[int, int]:
        """Return what is brought back by row, in thousandths."""
        receipt, deed = self.receipt, self.deed
        assert receipt
        if receipt.is_voided:
            raise Refused("return_refused")
        if deed.return_id in [return_id for return_id, _ in receipt.returns]:
            raise Refused("return_exists")
        left = {i: row.milli - receipt.returned.get(i, 0) for i, row in enumerate(receipt.rows)}
        brought = dict(deed.returned) if deed.returned is not None else left
        brought = {i: milli for i, milli in brought.items() if milli}
        if any(milli > left[i] for i, milli in brought.items()):
            raise Refused("return_refused")
        if not brought and not deed.is_void:
            raise Refused("return_refused")
        return brought

    def _parts(self, brought: dict[int, int]) -> tuple[int, int, int, int]:
        """Return refund, turnover, earned and redeemed of it: what was paid comes first."""
        receipt = self.receipt
        assert receipt
        sums = [0, 0, 0, 0]
        for i, milli in brought.items():
            row, was = receipt.rows[i], receipt.returned.get(i, 0)
            receipt.returned[i] = was + milli
            paid = row.milli - row.free
            was, now = min(was, paid), min(was + milli, paid)
            if paid:
                wholes = (row.net, row.turnover, row.earned, row.redeemed)
                for place, whole in enumerate(wholes):
                    sums[place] += whole * now // paid - whole * was // paid
        return sums[0], sums[1], sums[2], sums[3]

    def _stamps(self, known: Receipt, rows: Iterable[int]) -> int:
        """Return the stamps of the paid whole units among what is brought back."""
        receipt, stamps = self.receipt, 0
        assert receipt
        for i in rows:
            row = known.rows[i]
            paid = row.milli - row.free
            was = min(known.returned.get(i, 0), paid)
            if row.is_stamped:
                stamps += min(receipt.returned[i], paid) // 1000 - was // 1000
        return stamps

    def _give_back(self, points: int) -> tuple[int, int]:
        """Give redeemed points back to their lots: (restored, forfeited)."""
        assert self.receipt
        skip, restored, gone = self.receipt.given_back, 0, 0
        for lot_id, lot in reversed(self.receipt.allocation):
            passed = min(skip, lot[3])
            skip -= passed
            part = min(points, lot[3] - passed)
            points -= part
            if lot[2] < self.on:
                gone += part
            elif part:
                rest = part - self.repay(part)
                self.put_back([(lot_id, (*lot[:3], rest))] if rest else [])
                restored += part
        if not self.rules.grace_days:
            return restored, gone
        self.give(gone, self.rules.grace_days)
        return restored + gone, 0

    def _note_friend(self) -> None:
        """Let a friend's first purchase earn the rewards; forget what is over."""
        friend = self.account.friendship
        if friend is None:
            return
        if friend.state != WAITING:
            if self._is_over(friend):
                self.account.friendship = None
            return
        self.account.friendship = terms = self.rules.referral and Friendship(
            friend.referrer,
            EARNED,
            self.account.version + 1,
            self.rules.referral,
            self.on + timedelta(days=self.rules.referral.reversal_days),
        )
        if terms:
            self.books.friendships[self.deed.member] = terms

    def _is_over(self, friend: Friendship) -> bool:
        if friend.version > self.books.told.get(self.deed.member, 0):
            return False
        is_lasting = friend.state == REVERSED or friend.through is None
        return is_lasting or friend.through is None or self.on > friend.through

    def _lose_rewards(self, known: Receipt) -> None:
        """Take the rewards back if a friend's first purchase came back whole, in time."""
        friend, receipt = self.account.friendship, self.receipt
        assert receipt
        assert receipt.member
        if friend is None or friend.state != EARNED or friend.version != known.version:
            return
        if friend.through is None or self.on > friend.through:
            return
        if all(receipt.returned.get(i, 0) == row.milli for i, row in enumerate(known.rows)):
            lost = friend._replace(state=REVERSED, version=self.account.version + 1)
            self.account.friendship = self.books.friendships[receipt.member] = lost
