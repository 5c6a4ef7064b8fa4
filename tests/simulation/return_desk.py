"""Returns in the model: what was sold comes back as it went, whole or in part."""

from collections.abc import Iterable

from tests.simulation import cards, codes, deeds
from tests.simulation.books import EARNED, REVERSED, Answer, Receipt, Refused
from tests.simulation.cashier import Cashier


class ReturnDesk(Cashier):
    """One deed about a receipt, be it a sale or a return."""

    def take_back(self) -> Answer:
        deed, known = self.deed, self.books.receipts[self.deed.receipt]
        self.receipt = known.copy()
        brought = self._brought()
        refund, turnover, earned, redeemed = self._parts(brought)
        share = self._refund_card(refund)
        self.receipt.is_voided = known.is_voided or deed.is_void
        if deed.is_void:
            is_moved = deed.kind in deeds.MOVES
            codes.take(self.books, codes.given_back(known, self.on, is_moved=is_moved))
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
