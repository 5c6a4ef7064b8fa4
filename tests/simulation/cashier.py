"""Sales and returns in the model: money, points, stamps and gift cards of one receipt."""

from datetime import date, datetime, timedelta

from tests.simulation import cards, codes, deeds
from tests.simulation.books import (
    EARNED,
    REVERSED,
    WAITING,
    Account,
    Answer,
    Books,
    Confirmation,
    Friendship,
    Portion,
    Receipt,
    Refused,
    Taken,
)
from tests.simulation.deeds import MOVED, Deed
from tests.simulation.drawer import Drawer
from tests.simulation.prices import Priced, Shopper, as_moved, bought, price
from tests.simulation.rules import Rules


class Cashier(Drawer):
    """One deed about a receipt, being done on copies."""

    def __init__(self, books: Books, deed: Deed, rules: Rules, at: datetime) -> None:
        super().__init__(Account(), rules, at)
        self.books, self.deed = books, deed
        self.receipt: Receipt | None = None
        self.receipt_name = deed.receipt
        self.codes: tuple[tuple[str, str], ...] = ()

    def sell(self) -> Answer:
        deed = self.deed
        self.refuse_codes()
        self.touch()
        tier = self.tier()
        held: tuple[Portion, ...] | None = None
        if deed.kind == deeds.CAPTURE:
            held = self.standing_hold()
        available = self.available() if held is None else sum(p[1][3] for p in held)
        asked = available if deed.redeem is None and held is not None else deed.redeem or 0
        if deed.is_exact and asked > available:
            raise Refused("insufficient_points")
        shopper = self._shopper(tier, self.on)
        priced = price(bought(deed.lines), self.rules, shopper, min(asked, available))
        redeemed = priced.redeemed
        taken = self.confirm(redeemed) if held is None else ()
        self._open_receipt(priced).takes += taken
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
        self.receipt.uses, self.receipt.takes = found.uses, found.takes
        tier = self.tier()
        shopper = self._shopper(tier, self.on, is_paid=True)
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
        self.codes = tuple((use[0], use[1]) for use in found.uses if use[2])
        shopper = self._shopper(tier, found.on, is_paid=True)
        priced = price(as_moved(found.rows), self.rules, shopper, 0)
        self.receipt.uses = (*priced.uses, *(use for use in found.uses if not use[2]))
        self.receipt.takes = codes.kept(found)
        return self._sold(tier, priced, (), found.on)

    def sell_anonymously(self) -> Answer:
        self.refuse_codes()
        priced = price(bought(self.deed.lines), self.rules, self._shopper("base", self.on), 0)
        receipt = self._open_receipt(priced)
        receipt.takes = (*receipt.takes, *priced.takes)
        codes.take(self.books, priced.takes)
        money = (receipt.to_pay, receipt.paid_by_card)
        return ("sold to nobody", *money, 0, None, priced.uses)

    def refuse_codes(self) -> None:
        """Refuse a code that is not good now; know the coupons of the others."""
        self.codes = codes.known(self.books, self.deed, self.rules, self.on)

    def refuse_card(self) -> None:
        """Refuse a gift card that could not pay, whatever there is to pay."""
        if self.deed.card:
            card = cards.find(self.books, self.deed.card)
            cards.payment(card, self.deed.amount_minor, 0)

    def confirm(self, points: int) -> tuple[Taken, ...]:
        """Use the confirmation up, or count the points as the day's; what that takes."""
        deed, books, most = self.deed, self.books, self.rules.confirm_above
        if most is None or not points or not deed.is_at_till:
            return ()
        found = books.confirmations.get(deed.confirmation)
        if found and found.owner == deed.member and self._confirms(found):
            books.confirmations[deed.confirmation] = found._replace(is_used=True)
            return ()
        counter = (f"unconfirmed:{self.on}", self.on, deed.member)
        if points > most - books.seen.get(counter, 0):
            raise Refused("confirmation_required")
        taken = ((counter, points, most),)
        codes.take(books, taken)
        return taken

    def refuse_unconfirmed(self) -> None:
        """Refuse what the deed asks for, if it may not have so much without a second factor."""
        self.confirm(self.deed.points or self.deed.redeem or 0)

    def _confirms(self, found: Confirmation) -> bool:
        return found.is_verified and not found.is_used and self.at <= found.until

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
        receipt.takes = (*receipt.takes, *priced.takes)
        codes.take(self.books, priced.takes)
        self._note_friend()
        spent = tuple((lot_id, taken[3]) for lot_id, taken in portions)
        money = (receipt.to_pay, receipt.paid_by_card)
        return ("sold", priced.earned, priced.redeemed, *money, lot, spent, receipt.uses, tier)

    def _open_receipt(self, priced: Priced) -> Receipt:
        """Begin the receipt of a sale: paid by a card, its codes used."""
        member = self.deed.member
        receipt = self.receipt = Receipt(member or None, self.on, priced.rows)
        self._pay_by_card(receipt)
        self.refuse_known_receipt()
        receipt.uses = priced.uses
        receipt.takes = codes.takes(self.books, priced.uses, member)
        codes.take(self.books, receipt.takes)
        return receipt

    def _shopper(self, tier: str, on: date, *, is_paid: bool = False) -> Shopper:
        member, stamps = self.deed.member, self.account.stamps
        return Shopper(tier, on, member, stamps, is_paid, self.books.seen, self.codes)

    def _pay_by_card(self, receipt: Receipt) -> None:
        deed = self.deed
        if not deed.card:
            return
        # Nobody watches over a card that could not pay: it may have got money since.
        card = self.books.idle_card or cards.find(self.books, deed.card)
        amount = cards.payment(card, deed.amount_minor, receipt.to_pay)
        if amount:
            after, lost = cards.paid(card, amount, is_rest_kept=self.rules.is_rest_kept)
            self.books.cards[deed.card] = after
            receipt.card = (deed.card, amount, lost)

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
