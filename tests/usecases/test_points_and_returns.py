"""Points without a receipt, and goods that come back, through the ports."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account import MemberRef, MemberStatus
from chalicelib.domain.history import PastReceipt
from chalicelib.domain.ledger import Grant, HoldNotFound
from chalicelib.domain.pricing import InsufficientPoints
from chalicelib.domain.receipts import ReturnedLine
from chalicelib.domain.returns import Claim, ReturnRefused
from chalicelib.domain.tiers import tier_on
from chalicelib.ports import StoreUnavailable
from chalicelib.usecases.points import (
    HoldWish,
    TierWish,
    grant_points,
    hold_points,
    import_history,
    override_tier,
    redeem_points,
    release_hold,
)
from chalicelib.usecases.purchases import ReceiptNotFound, record_purchase
from chalicelib.usecases.returns import MoveRefused, finish_move, move_receipt, return_goods
from chalicelib.usecases.write_once import KeyReused
from tests.builders import day, exactly, line, operation, receipt_key, sale, tiers
from tests.usecases.world import World


@pytest.fixture
def world() -> World:
    return World(tiers=tiers(), mode="earn_and_redeem")


@pytest.fixture
def ann(world: World) -> MemberRef:
    return world.join()


def buy(world: World, of: MemberRef | None, minor: int = 10_000, redeem: int = 0) -> None:
    wish = sale(
        line(minor), member=of.member_id if of else None, at=world.at,
        **({"redeem": exactly(redeem)} if redeem else {}),
    )  # fmt: skip
    record_purchase(wish, operation("buy"), at=world.at, book=world.book, keyring=world.keyring)


def bring_back(world: World, key: str = "b", *, is_void: bool = False, units: int = 0):
    lines = (ReturnedLine(0, units),) if units else None
    claim = Claim(return_id=key, lines=lines, is_void=is_void)
    return return_goods(receipt_key(), claim, operation(key), at=world.at, book=world.book)


class TestPoints:
    def test_a_grant_names_its_lot_and_its_repeat_names_the_same(
        self, world: World, ann: MemberRef
    ) -> None:
        given = Grant(points=30, reason="thanks")

        first = grant_points(ann, given, operation(), at=world.at, book=world.book)
        again = grant_points(ann, given, operation(), at=world.at, book=world.book)

        assert first.value.facts["lot_id"] == again.value.facts["lot_id"]
        assert world.available(ann) == 30

    def test_a_redemption_is_repeated_without_a_second_effect(
        self, world: World, ann: MemberRef
    ) -> None:
        world.give(ann, 30)
        for _ in range(2):
            redeem_points(ann, 30, "gift", operation("r"), at=world.at, book=world.book)

        assert world.available(ann) == 0
        with pytest.raises(InsufficientPoints):
            redeem_points(ann, 1, "gift", operation("r2"), at=world.at, book=world.book)

    def test_a_hold_stands_for_as_long_as_the_program_says(
        self, world: World, ann: MemberRef
    ) -> None:
        world.give(ann, 30)
        wish = HoldWish(hold_id="hold_1", points=20)

        hold_points(ann, wish, operation("h"), at=world.at, book=world.book)

        assert world.account(ann).holds[0].until == world.at + timedelta(hours=24)
        world.wait(hours=24)
        with pytest.raises(HoldNotFound):
            release_hold(ann, "hold_1", operation("x"), at=world.at, book=world.book)
        world.give(ann, 1)
        assert (world.account(ann).holds, world.available(ann)) == ((), 31)

    def test_a_repeated_hold_keeps_the_first(self, world: World, ann: MemberRef) -> None:
        world.give(ann, 30)
        for name in ("hold_1", "hold_2"):
            wish = HoldWish(hold_id=name, points=20, ttl_seconds=60)
            answer = hold_points(ann, wish, operation("h"), at=world.at, book=world.book)

        assert answer.value.facts["hold_id"] == "hold_1"
        assert [one.hold_id for one in world.account(ann).holds] == ["hold_1"]

    def test_a_tier_for_ten_days_lasts_through_the_tenth_day_on(
        self, world: World, ann: MemberRef
    ) -> None:
        wish = TierWish("gold", 10, "friend", paid_minor=99_000)

        override_tier(ann, wish, operation(), at=world.at, book=world.book)

        rules, account = world.merchants.program("roastery"), world.account(ann)
        assert tier_on(account, rules, day("2026-06-11")) == "gold"
        assert tier_on(account, rules, day("2026-06-12")) == "base"
        assert (account.total, account.turnover.lifetime_minor) == (0, 0)

    def test_history_counts_row_by_row_and_goes_on_where_it_stopped(
        self, world: World, ann: MemberRef
    ) -> None:
        past = PastReceipt(sold_at=world.at - timedelta(days=9), net_minor=7, receipt_id="p")
        future = PastReceipt(sold_at=world.at + timedelta(days=9), net_minor=7, receipt_id="q")
        rows = ((ann.member_id, past), (ann.member_id, future), ("mem_nobody", past))

        first = import_history(rows, operation(), at=world.at, book=world.book)
        again = import_history(rows, operation(), at=world.at, book=world.book)

        assert [row.receipt is not None for row in first] == [True, False, False]
        codes = [row.refusal.code if row.refusal else "" for row in first]
        assert codes == ["", "date_refused", "member_not_found"]
        assert again[0].is_replay
        assert world.account(ann).turnover.lifetime_minor == 7

    def test_a_key_used_for_another_request_imports_nothing(
        self, world: World, ann: MemberRef
    ) -> None:
        past = PastReceipt(sold_at=world.at - timedelta(days=9), net_minor=7, receipt_id="p")
        more = PastReceipt(sold_at=world.at - timedelta(days=8), net_minor=9, receipt_id="q")
        import_history(((ann.member_id, past),), operation(), at=world.at, book=world.book)
        other, rows = operation(body="2 rows"), ((ann.member_id, past), (ann.member_id, more))

        with pytest.raises(KeyReused):
            import_history(rows, other, at=world.at, book=world.book)

        assert world.account(ann).turnover.lifetime_minor == 7

    def test_a_past_receipt_counts_once_whatever_the_key(
        self, world: World, ann: MemberRef
    ) -> None:
        past = PastReceipt(sold_at=world.at - timedelta(days=9), net_minor=7, receipt_id="p")
        rows = ((ann.member_id, past),)
        import_history(rows, operation("h1"), at=world.at, book=world.book)

        again = import_history(rows, operation("h2"), at=world.at, book=world.book)

        assert [row.refusal.code for row in again if row.refusal] == ["receipt_exists"]
        assert world.account(ann).turnover.lifetime_minor == 7

    def test_a_past_receipt_that_comes_back_takes_its_turnover_along(
        self, world: World, ann: MemberRef
    ) -> None:
        past = PastReceipt(sold_at=world.at - timedelta(days=9), net_minor=700, receipt_id="p")
        rows = ((ann.member_id, past),)
        imported = import_history(rows, operation(), at=world.at, book=world.book)[0].receipt
        assert imported

        claim = Claim(return_id="b", lines=None)
        return_goods(imported.key, claim, operation("b"), at=world.at, book=world.book)

        assert world.account(ann).turnover.lifetime_minor == 0

    def test_the_price_of_a_sold_tier_is_on_its_entry(
        self, world: World, ann: MemberRef
    ) -> None:
        wish = TierWish("gold", 10, "friend", paid_minor=99_000)

        given = override_tier(ann, wish, operation(), at=world.at, book=world.book)

        assert given.value.facts["paid_minor"] == 99_000


class TestReturns:
    def test_gives_money_and_points_back(self, world: World, ann: MemberRef) -> None:
        world.give(ann, 50)
        buy(world, ann, redeem=50)

        _, done = bring_back(world).value

        assert (done.refund_minor, done.restored, done.clawed_back) == (5_000, 50, 5)
        assert world.available(ann) == 50

    def test_is_answered_the_same_when_asked_again(self, world: World, ann: MemberRef) -> None:
        buy(world, ann)
        first = bring_back(world, units=400)
        bring_back(world, "b2", units=400)

        again = bring_back(world, units=400)

        assert (again.value[1], again.is_replay) == (first.value[1], True)

    def test_of_two_at_once_only_what_was_bought_comes_back(
        self, world: World, ann: MemberRef
    ) -> None:
        buy(world, ann)
        world.ledger.troubles = ["overtaken"]
        bring_back(world, units=600)

        with pytest.raises(ReturnRefused, match=r"0\.4 left"):
            bring_back(world, "b2", units=600)

    def test_of_an_unknown_receipt_is_refused(self, world: World) -> None:
        with pytest.raises(ReceiptNotFound):
            bring_back(world)

    def test_of_an_anonymous_receipt_moves_no_points(self, world: World) -> None:
        buy(world, None)

        receipt, done = bring_back(world, is_void=True).value

        assert (done.refund_minor, done.balance, receipt.member_id) == (10_000, None, None)


class TestMoving:
    def test_takes_the_receipt_from_one_member_and_gives_it_to_the_other(
        self, world: World, ann: MemberRef
    ) -> None:
        bob = world.join("+79990000002")
        buy(world, ann)
        sold_on = world.at.date()
        world.wait(days=2)

        moved = self.move(world, bob).value

        assert (world.available(ann), world.available(bob)) == (0, 10)
        assert (moved.member_id, moved.on) == (bob.member_id, sold_on)
        assert world.account(bob).turnover.days == ((sold_on, 10_000),)

    def test_a_crash_between_the_two_writes_is_healed_by_asking_again(
        self, world: World, ann: MemberRef
    ) -> None:
        bob = world.join("+79990000002")
        buy(world, ann)
        world.ledger.troubles = ["", *["lost before"] * 5]
        with pytest.raises(Exception, match="no answer"):
            self.move(world, bob)
        assert (world.available(ann), world.available(bob)) == (0, 0)

        self.move(world, bob)
        self.move(world, bob)

        assert (world.available(ann), world.available(bob)) == (0, 10)

    def test_a_crash_between_the_two_writes_is_healed_under_another_key(
        self, world: World, ann: MemberRef
    ) -> None:
        bob = self.half_moved(world, ann)

        first = self.move(world, bob, "another")
        again = self.move(world, bob, "a third")

        assert (first.is_replay, again.is_replay) == (False, True)
        assert first.value == again.value
        assert (world.available(ann), world.available(bob)) == (0, 10)

    def test_a_crash_between_the_two_writes_is_healed_by_the_outbox(
        self, world: World, ann: MemberRef
    ) -> None:
        bob = self.half_moved(world, ann)
        for _ in range(2):
            for entry in world.ledger.entries(ann):
                finish_move(entry, at=world.at, book=world.book)

        assert (world.available(ann), world.available(bob)) == (0, 10)
        assert self.move(world, bob).value.member_id == bob.member_id
        assert world.available(bob) == 10

    def test_the_key_of_a_move_stands_for_no_other_request(
        self, world: World, ann: MemberRef
    ) -> None:
        bob = world.join("+79990000002")
        buy(world, ann)
        self.move(world, bob)
        other = operation("move", body="another reason")

        with pytest.raises(KeyReused):
            move_receipt(
                receipt_key(), bob.member_id, "no", other, at=world.at, book=world.book
            )

    def test_finishing_gives_nothing_to_a_member_who_was_erased(
        self, world: World, ann: MemberRef
    ) -> None:
        bob = self.half_moved(world, ann)
        erased = replace(world.account(bob), status=MemberStatus.ERASED)
        world.ledger.accounts[bob] = erased

        for entry in world.ledger.entries(ann):
            finish_move(entry, at=world.at, book=world.book)

        assert world.account(bob) == erased

    def test_what_points_paid_stays_paid_and_only_the_money_counts(
        self, world: World, ann: MemberRef
    ) -> None:
        bob = world.join("+79990000002")
        world.give(ann, 50)
        buy(world, ann, redeem=50)

        moved = self.move(world, bob).value

        assert (moved.to_pay_minor, moved.discount_minor, moved.earned) == (5_000, 5_000, 5)
        assert moved.lines[0].why[0].rule == "discount.moved"
        assert world.account(bob).turnover.lifetime_minor == 5_000

    def test_discounts_and_free_units_stay_as_they_were_and_bar_no_earning(self) -> None:
        world = World(
            mode="earn_or_redeem",
            discount_percent=10,
            stamps={"category": "coffee", "every": 3},
        )
        ann, bob = world.join(), world.join("+79990000002")
        sold = sale(line(10_000, 4_000, category="coffee"), line(10_000), member=ann.member_id)
        before = record_purchase(
            sold, operation(), at=world.at, book=world.book, keyring=world.keyring
        ).value

        moved = self.move(world, bob).value

        assert before.to_pay_minor == moved.to_pay_minor == 36_000
        assert moved.earned == before.earned == 36
        coffee, other = moved.lines
        assert (coffee.free_milli, coffee.discount_minor) == (1_000, 13_000)
        assert [why.rule for why in other.why] == ["discount.fixed", "earn.flat_rate"]
        assert world.account(bob).turnover.lifetime_minor == 36_000
        assert (world.account(ann).stamps, world.account(bob).stamps) == (0, 3)

    def test_a_receipt_may_be_moved_on_and_nothing_is_lost(self) -> None:
        world = World(mode="earn_and_redeem", discount_percent=10)
        ann, bob = world.join(), world.join("+79990000002")
        cat = world.join("+79990000003")
        world.give(ann, 40)
        buy(world, ann, redeem=40)
        first = self.move(world, bob).value

        last = move_receipt(
            first.key, cat.member_id, "wrong again", operation("again"),
            at=world.at, book=world.book,
        ).value  # fmt: skip

        assert (last.lines, last.to_pay_minor) == (first.lines, 5_000)
        assert [why.rule for why in last.lines[0].why] == [
            "discount.fixed",
            "discount.moved",
            "earn.flat_rate",
        ]

    def test_points_paid_bar_earning_after_the_move_as_before(self) -> None:
        world = World(mode="earn_or_redeem")
        ann, bob = world.join(), world.join("+79990000002")
        world.give(ann, 50)
        buy(world, ann, redeem=50)

        assert self.move(world, bob).value.earned == 0

    def test_its_points_are_as_old_as_the_sale(self) -> None:
        world = World(expiry_days=30, pending_days=2)
        ann, bob = world.join(), world.join("+79990000002")
        buy(world, ann)
        sold_on = world.at.date()
        world.wait(days=10)

        lot = self.move(world, bob).value.earned_lot

        assert lot
        assert world.account(bob).lots == (lot,)
        assert lot.granted_on == sold_on
        assert lot.active_from == sold_on + timedelta(days=2)
        assert lot.expires_on == sold_on + timedelta(days=30)
        assert world.ledger.entries(bob)[0].movements[-1].lot == lot

    def test_points_that_would_be_over_by_now_are_over(self) -> None:
        world = World(expiry_days=30)
        ann, bob = world.join(), world.join("+79990000002")
        buy(world, ann)
        world.wait(days=31)

        self.move(world, bob)

        assert (world.account(bob).total, world.account(bob).lots) == (0, ())

    def test_an_old_receipt_is_moved_whole_or_not_at_all(
        self, world: World, ann: MemberRef
    ) -> None:
        bob = world.join("+79990000002")
        buy(world, ann)
        world.wait(days=40)

        self.move(world, bob)

        assert (world.account(ann).total, world.account(bob).total) == (0, 10)

    def test_is_refused_for_a_receipt_of_nobody_or_of_the_same_member(
        self, world: World, ann: MemberRef
    ) -> None:
        buy(world, ann)

        with pytest.raises(MoveRefused):
            self.move(world, ann)

    def test_is_refused_once_something_came_back(self, world: World, ann: MemberRef) -> None:
        bob = world.join("+79990000002")
        buy(world, ann)
        bring_back(world, units=100)

        with pytest.raises(MoveRefused):
            self.move(world, bob)

    def half_moved(self, world: World, ann: MemberRef) -> MemberRef:
        """Buy as Ann and crash in the middle of giving the receipt to Bob: return Bob."""
        bob = world.join("+79990000002")
        buy(world, ann)
        world.ledger.troubles = ["", *["lost before"] * 5]
        with pytest.raises(StoreUnavailable):
            self.move(world, bob)
        return bob

    @staticmethod
    def move(world: World, to: MemberRef, key: str = "move"):
        return move_receipt(
            receipt_key(), to.member_id, "wrong card", operation(key),
            at=world.at, book=world.book,
        )  # fmt: skip
