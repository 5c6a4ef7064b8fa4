"""Does one deed the simple way: the rules once more, beside those of `chalicelib`."""

from datetime import timedelta

from tests.simulation import cards, deeds
from tests.simulation.books import (
    ACTIVE,
    EARNED,
    ISSUED,
    REVERSED,
    WAITING,
    Answer,
    Card,
    Code,
    Friendship,
    Refused,
)
from tests.simulation.cashier import Cashier
from tests.simulation.return_desk import ReturnDesk
from tests.simulation.rules import Referral

REFERRER, FRIEND = "~referrer", "~friend"  # what the keys of rewards end in
TAKEN_BACK = "~reversed"


class Clerk(ReturnDesk):
    """One deed being done on copies."""

    def do(self) -> Answer:
        """Do it and store the copies."""
        deed = self.deed
        if deed.kind in deeds.CARD_DEEDS:
            return self._move_card()
        if deed.kind == deeds.CODE_CREATE:
            return self._make_code()
        member = self._member()
        if not member:
            answer = self.sell_anonymously() if deed.lines else self.take_back()
        else:
            answer = self._do_for(member)
        if self.receipt is not None:
            self.books.receipts[self.receipt_name] = self.receipt
        return answer

    def join(self, referrer: str | None) -> None:
        """Open an account."""
        member, referral = self.deed.member, self.rules.referral
        if self.rules.welcome:
            self.give(*self.rules.welcome)
        if referrer and referral:
            friend = Friendship(referrer, WAITING)
            if referral.is_on_sign_up:
                friend = Friendship(referrer, EARNED, 1, referral)
            self.account.friendship = self.books.friendships[member] = friend
        self.account.version = 1
        self.books.accounts[member] = self.account

    def _do_for(self, member: str) -> Answer:
        account = self.account = self.books.accounts[member].copy()
        if self.on < account.on:  # asked before midnight, written after another's
            account.activated = frozenset()  # the job may look, and tell, again
        account.on = self.on
        before = account.total
        answer = _DOERS[self.deed.kind](self)
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
            self.receipt.returns += ((self.deed.return_id, answer),)
        self.books.accounts[member] = account
        return answer

    def _member(self) -> str | None:
        if self.deed.kind not in deeds.RETURNS | deeds.MOVES:
            return self.deed.member
        self.refuse_unknown_receipt()
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
        self.give(self.deed.points, self.deed.days)

    def redeem(self) -> None:
        self.touch()
        self.refuse_more_than(self.available())
        self.confirm(self.deed.points)
        self.take(self.deed.points)

    def hold(self) -> None:
        self.touch()
        self.refuse_more_than(self.available())
        self.confirm(self.deed.points)
        until = self.at + timedelta(hours=self.rules.hold_hours)
        self.account.holds[self.deed.hold] = (until, self.take(self.deed.points))

    def release(self) -> None:
        self.touch()
        self.put_back(self.standing_hold())
        self.expire()

    def override(self) -> None:
        self.touch()
        until = self.on + timedelta(days=self.deed.days or 0)
        kind = "bought" if self.deed.kind == deeds.BOUGHT else "manual"
        self.account.overrides[kind] = (self.deed.tier, until)

    def act(self) -> None:
        action, done = self.deed.action, self.account.actions
        worth = {name: (points, days) for name, points, days in self.rules.actions}
        if action not in worth:
            raise Refused("action_unknown")
        if action in done:
            raise Refused("action_rewarded")
        self.touch()
        self.give(*worth[action])
        self.account.actions = (*done, action)

    def bring_coupon(self) -> None:
        """Give a coupon, or take points for it."""
        deed, found = self.deed, [c for c in self.rules.coupons if c.name == self.deed.coupon]
        if not found:
            raise Refused("coupon_unknown")
        self.touch()
        if deed.kind != deeds.GIVE:
            is_asked = deed.kind == deeds.EXCHANGE
            if found[0].price is None or not (is_asked or found[0].is_automatic):
                raise Refused("coupon_not_offered")
            if found[0].price > self.available():
                raise Refused("insufficient_points")
            self.take(found[0].price)
        days = found[0].days
        last = None if days is None else self.on + timedelta(days=days)
        brought = Code(deed.coupon, last=last, owner=deed.member)
        self.books.coupons[deed.member, f"@{deed.key}"] = brought

    def move_away(self) -> Answer:
        """Void a receipt because another member gets it."""
        refuse_move(self)
        answer = self.take_back()
        assert self.receipt
        self.receipt.moved_to = self.deed.member
        return answer

    def reward(self) -> None:
        """Give one side of a referral what was promised."""
        _, terms, is_referrer = self._promised((EARNED, REVERSED))
        self._refuse_beyond_cap(is_referrer)
        self.touch()
        points = terms.referrer_points if is_referrer else terms.friend_points
        lot = self.give(points, terms.days)
        self.books.rewards[self.deed.key] = (points, lot)
        self.account.friends += is_referrer

    def forgo(self) -> None:
        """Take the place of a reward that was lost before it was given."""
        _, _, is_referrer = self._promised((REVERSED,))
        self._refuse_beyond_cap(is_referrer)
        self.touch()

    def take_reward_back(self) -> None:
        first, _, is_referrer = self._promised((REVERSED,))
        if first not in self.books.rewards:
            raise Refused("it was never given")
        self.touch()
        points, lot = self.books.rewards[first]
        self.claw_back(points, lot)
        self.account.friends = max(0, self.account.friends - is_referrer)

    def refuse_more_than(self, available: int) -> None:
        if self.deed.points > available:
            raise Refused("insufficient_points")

    def _promised(self, states: tuple[str, ...]) -> tuple[str, Referral, bool]:
        """Return a reward's own key, its terms, and whether it is the referrer's."""
        key = self.deed.key.removesuffix(TAKEN_BACK)
        friend, _, side = key.partition("~")
        found = self.books.friendships[friend]
        is_referrer = f"~{side}" == REFERRER
        whose = found.referrer if is_referrer else friend
        if found.state not in states or found.terms is None or whose != self.deed.member:
            raise Refused("it is not owed")
        return key, found.terms, is_referrer

    def _refuse_beyond_cap(self, is_referrer: bool) -> None:
        cap = self.rules.referral.cap if self.rules.referral else None
        if is_referrer and cap is not None and self.account.friends >= cap:
            raise Refused("referral_cap_reached")

    def _make_code(self) -> Answer:
        deed, books = self.deed, self.books
        if deed.coupon not in [coupon.name for coupon in self.rules.coupons]:
            raise Refused("coupon_unknown")
        if deed.codes[0] in books.codes:
            raise Refused("promo_code_exists")
        books.codes = {**books.codes, deed.codes[0]: Code(deed.coupon, deed.points)}
        return ("code", deed.codes[0], deed.coupon, deed.points)

    def _move_card(self) -> Answer:
        deed, lost = self.deed, 0
        if deed.kind == deeds.CARD_ISSUE:
            assert deed.amount_minor
            before = Card(deed.amount_minor, 0, ISSUED)
            state = ACTIVE if deed.is_active else ISSUED
            after = before._replace(balance=before.amount, state=state)
        else:
            before = cards.find(self.books, deed.card)
            if deed.kind == deeds.CARD_ACTIVATE:
                after = cards.activate(before)
            elif deed.kind == deeds.CARD_VOID:
                after = cards.voided(before)
            else:
                amount = cards.payment(before, deed.amount_minor, deed.total_minor)
                if not amount:
                    raise Refused("gift_card_insufficient")
                after, lost = cards.paid(before, amount, is_rest_kept=self.rules.is_rest_kept)
        self.books.cards[deed.card or deed.key] = after
        moved = after.balance - before.balance + lost
        return ("card", after.version, moved, lost, after.balance, after.state)


def refuse_move(clerk: Cashier) -> None:
    """Refuse a receipt that cannot be given to another member."""
    clerk.refuse_unknown_receipt()
    deed, receipt = clerk.deed, clerk.books.receipts[clerk.deed.receipt]
    others = [name for name, _ in receipt.returns if name != deed.return_id]
    if receipt.member in (None, deed.member) or others:
        raise Refused("move_refused")


_DOERS = {
    **dict.fromkeys(deeds.SALES, Clerk.sell),
    **dict.fromkeys(deeds.RETURNS, Clerk.take_back),
    deeds.ATTACH: Clerk.attach,
    deeds.REDEEM: Clerk.redeem,
    deeds.CONFIRMED: Clerk.redeem,
    deeds.GRANT: Clerk.grant,
    deeds.HOLD: Clerk.hold,
    deeds.RELEASE: Clerk.release,
    deeds.OVERRIDE: Clerk.override,
    deeds.BOUGHT: Clerk.override,
    deeds.ACTION: Clerk.act,
    deeds.MOVE: Clerk.move_away,
    deeds.HALF_MOVE: Clerk.move_away,
    deeds.EXCHANGE: Clerk.bring_coupon,
    deeds.GIVE: Clerk.bring_coupon,
    deeds.AUTOMATIC: Clerk.bring_coupon,
    deeds.POSTING: Clerk.post_moved,
    deeds.REWARD: Clerk.reward,
    deeds.FORGONE: Clerk.forgo,
    deeds.REWARD_BACK: Clerk.take_reward_back,
    deeds.JOB: Clerk.job,
}
