"""What a till may redeem without a second factor, and what a confirmation is good for."""

from typing import Any

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.basket import BasketLine
from chalicelib.domain.confirmations import Confirmation, Method, verified
from chalicelib.domain.entries import LedgerEntry
from chalicelib.domain.limits import Take
from chalicelib.domain.pricing import Redeem, RedeemMode
from chalicelib.domain.receipts import Receipt, ReceiptKey
from chalicelib.domain.returns import Claim
from chalicelib.domain.sales import Sale
from chalicelib.domain.till_rule import (
    NO_TILL,
    ConfirmationRequired,
    Presence,
    day_counter,
)
from chalicelib.usecases.points import HoldWish, hold_points, redeem_points, release_hold
from chalicelib.usecases.purchases import Quoted, quote, record_purchase
from chalicelib.usecases.returns import return_goods
from chalicelib.usecases.write_once import Answered
from tests.builders import SHOP, operation
from tests.usecases.world import World

AT_TILL = Presence(is_at_till=True)


class Counter(World):
    """A shop whose till may redeem 100 points a day by a static code."""

    def __init__(self, **program: Any) -> None:
        super().__init__(**{"confirm_above": 100, "redeem_percent": 100} | program)
        self.ann = self.join()
        self.give(self.ann, 1_000)

    def sell(
        self, points: int, key: str = "k1", presence: Presence = AT_TILL, **more: Any
    ) -> Answered[Receipt]:
        """Sell for 1000.00 and let points pay."""
        return record_purchase(
            self.sale(points, key, **more),
            operation(key),
            at=self.at,
            book=self.book,
            keyring=self.keyring,
            presence=presence,
        )

    def sale(self, points: int, key: str = "k1", **more: Any) -> Sale:
        """Return the sale of 1000.00."""
        mode = RedeemMode.EXACT if points else RedeemMode.NONE
        fields = {
            "key": ReceiptKey(SHOP, "till-1", f"r-{key}"),
            "member_id": self.ann.member_id,
            "sold_at": self.at,
            "channel": "offline",
            "lines": (BasketLine(quantity_milli=1_000, unit_price_minor=100_000),),
            "redeem": Redeem(mode, points or None),
        }
        return Sale(**fields | more)  # type: ignore[arg-type]

    def quoted(self, points: int, presence: Presence = AT_TILL) -> Quoted:
        """Ask what the sale would come to."""
        sale = self.sale(points)
        return quote(sale, at=self.at, book=self.book, keyring=self.keyring, presence=presence)

    def redeem(self, points: int, key: str = "k1", presence: Presence = AT_TILL) -> LedgerEntry:
        """Redeem without a receipt."""
        return redeem_points(
            self.ann, points, "gift", operation(key),
            at=self.at, book=self.book, presence=presence,
        ).value  # fmt: skip

    def hold(self, points: int, key: str = "k1", presence: Presence = AT_TILL) -> LedgerEntry:
        """Set points aside."""
        wish = HoldWish(hold_id=f"hold_{key}", points=points)
        return hold_points(
            self.ann, wish, operation(key), at=self.at, book=self.book, presence=presence
        ).value

    def confirm(self, member: MemberRef | None = None, step: int = 1) -> Presence:
        """Return a presence with a new confirmation, of Ann unless said otherwise."""
        who = member or self.ann
        made = verified(f"cnf_{step}", who, Method.TOTP, self.at)
        assert self.confirmations.accept(made, step)
        return Presence(is_at_till=True, confirmation_id=made.confirmation_id)

    def confirmation(self, presence: Presence) -> Confirmation:
        """Return the confirmation a presence names."""
        found = self.confirmations.find(self.ann, presence.confirmation_id or "")
        assert found
        return found


@pytest.fixture
def till() -> Counter:
    return Counter()


class TestWithoutAConfirmation:
    def test_a_till_redeems_up_to_the_number_of_the_day(self, till: Counter) -> None:
        till.sell(60)
        till.redeem(40, "k2")

        with pytest.raises(ConfirmationRequired) as refused:
            till.sell(1, "k3")

        assert refused.value.facts == {
            "asked": 1, "allowed": 0, "used_today": 100, "reason": "missing",
        }  # fmt: skip

    def test_what_is_counted_is_written_within_the_number(self, till: Counter) -> None:
        till.sell(60)

        *_, change = till.ledger.records.values()

        counter = day_counter(till.ann, till.at.date())
        assert change.takes == (Take(counter, 60, 100),)

    def test_the_next_business_day_begins_anew(self, till: Counter) -> None:
        till.sell(100)
        till.wait(days=1)

        assert till.sell(100, "k2").value.redeemed == 100

    def test_holds_count_and_their_capture_does_not(self, till: Counter) -> None:
        entry = till.hold(100)

        captured = till.sell(0, "k2", hold_id=str(entry.facts["hold_id"]))

        assert captured.value.redeemed == 100
        with pytest.raises(ConfirmationRequired):
            till.redeem(1, "k3")

    def test_earning_is_never_asked_anything(self, till: Counter) -> None:
        till.sell(100)
        reads = till.offers.reads

        till.sell(0, "k2")

        assert till.offers.reads == reads

    def test_zero_asks_always(self) -> None:
        till = Counter(confirm_above=0)

        with pytest.raises(ConfirmationRequired):
            till.sell(1)

    def test_an_absent_rule_asks_nothing_and_counts_nothing(self) -> None:
        till = Counter(confirm_above=None)

        till.sell(900)

        assert till.offers.reads == 0
        assert till.ledger.counters == {}

    def test_an_online_shop_is_not_asked(self, till: Counter) -> None:
        till.sell(900, presence=NO_TILL)

        assert till.ledger.counters == {}

    def test_a_receipt_of_an_offline_till_keeps_its_own_limit(self) -> None:
        till = Counter(offline_redeem_limit=300)
        sold_at = till.at

        till.wait(hours=1)

        assert till.sell(300, sold_at=sold_at).value.redeemed == 300

    def test_a_void_of_the_day_gives_back_what_was_counted(self, till: Counter) -> None:
        receipt = till.sell(100).value
        void = Claim(return_id="void", lines=None, is_void=True)
        return_goods(receipt.key, void, operation("v"), at=till.at, book=till.book)

        assert till.sell(100, "k2").value.redeemed == 100

    def test_a_released_hold_gives_nothing_back(self, till: Counter) -> None:
        till.hold(100)
        release_hold(till.ann, "hold_k1", operation("r"), at=till.at, book=till.book)

        with pytest.raises(ConfirmationRequired):
            till.hold(1, "k2")

    def test_two_tills_cannot_both_have_the_last_points(self, till: Counter) -> None:
        read = till.offers.read

        def overtaken(*args: Any, **more: Any) -> Any:
            found = read(*args, **more)
            till.offers.read = read  # type: ignore[method-assign]
            till.sell(100, "other")
            return found

        till.offers.read = overtaken  # type: ignore[method-assign]

        with pytest.raises(ConfirmationRequired):
            till.sell(100)


class TestWithAConfirmation:
    def test_any_number_is_redeemed_and_nothing_is_counted(self, till: Counter) -> None:
        presence = till.confirm()

        receipt = till.sell(900, presence=presence).value

        assert receipt.redeemed == 900
        assert till.confirmation(presence).used_at == till.at
        assert till.ledger.counters == {}

    def test_it_is_good_once(self, till: Counter) -> None:
        presence = till.confirm()
        till.redeem(200, presence=presence)

        with pytest.raises(ConfirmationRequired) as refused:
            till.redeem(200, "k2", presence)

        assert refused.value.facts["reason"] == "used"

    def test_it_is_good_once_also_for_two_at_the_same_time(self, till: Counter) -> None:
        presence = till.confirm()
        find = till.confirmations.find

        def overtaken(*args: Any) -> Any:
            found = find(*args)
            till.confirmations.find = find  # type: ignore[method-assign]
            till.redeem(200, "other", presence)
            return found

        till.confirmations.find = overtaken  # type: ignore[method-assign]

        with pytest.raises(ConfirmationRequired):
            till.redeem(200, presence=presence)

    def test_a_repeat_of_the_sale_gets_its_answer(self, till: Counter) -> None:
        presence = till.confirm()
        first = till.sell(900, presence=presence)

        again = till.sell(900, presence=presence)

        assert again.is_replay
        assert again.value == first.value

    def test_a_lost_answer_does_not_lose_the_sale(self, till: Counter) -> None:
        presence = till.confirm()
        till.ledger.troubles = ["lost after"]

        assert till.sell(900, presence=presence).value.redeemed == 900

    def test_its_minutes_pass(self, till: Counter) -> None:
        presence = till.confirm()
        till.wait(minutes=11)

        with pytest.raises(ConfirmationRequired) as refused:
            till.sell(900, presence=presence)

        assert refused.value.facts["reason"] == "expired"

    def test_another_members_is_nothing_here(self, till: Counter) -> None:
        presence = till.confirm(till.join("+79990000002"))

        with pytest.raises(ConfirmationRequired) as refused:
            till.sell(900, presence=presence)

        assert refused.value.facts["reason"] == "unknown"

    def test_one_that_is_not_good_leaves_the_days_number(self, till: Counter) -> None:
        presence = till.confirm()
        till.redeem(200, presence=presence)

        assert till.sell(100, "k2", presence).value.redeemed == 100

    def test_a_sale_that_redeems_nothing_leaves_it_unused(self, till: Counter) -> None:
        presence = till.confirm()

        till.sell(0, presence=presence)

        assert till.confirmation(presence).used_at is None

    def test_a_hold_takes_it(self, till: Counter) -> None:
        presence = till.confirm()

        till.hold(500, presence=presence)

        assert till.confirmation(presence).used_at == till.at


class TestQuotes:
    def test_a_quote_says_what_would_be_needed(self, till: Counter) -> None:
        till.sell(30)

        need = till.quoted(90).need

        assert need is not None
        assert (need.is_required, need.allowed, need.used_today) == (True, 70, 30)

    def test_a_quote_without_points_needs_nothing(self, till: Counter) -> None:
        assert till.quoted(0).need is None

    def test_an_online_quote_needs_nothing(self, till: Counter) -> None:
        assert till.quoted(900, NO_TILL).need is None
