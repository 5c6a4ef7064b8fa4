"""Promo codes and limits through the ports: looked up, checked, taken once, given back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.limits import Counter
from chalicelib.domain.promo_codes import CodeBatch, CodeUse, MemberCoupon, PromoCodeRefused
from chalicelib.domain.promo_codes import PromoCode as Code
from chalicelib.domain.receipts import Receipt
from chalicelib.domain.returns import Claim, ReturnedLine
from chalicelib.usecases.code_batches import code_of
from chalicelib.usecases.purchases import (
    attach_receipt,
    find_receipt,
    quote,
    record_purchase,
)
from chalicelib.usecases.returns import move_receipt, return_goods
from tests.builders import NOON, SHOP, TODAY, exactly, line, operation, receipt_key, sale
from tests.usecases.world import World

COUPONS = [
    {"id": "c", "discount_percent": 10},
    {"id": "p", "points": 30},
    {"id": "tea", "discount": "5", "categories": ["tea"]},
]
USED = Counter("code:SPRING")


@pytest.fixture
def world() -> World:
    return World(coupons=COUPONS)


@pytest.fixture
def ann(world: World) -> MemberRef:
    return world.join()


def name(world: World, code: str = "SPRING", coupon: str = "c", **terms: Any) -> None:
    """Make a named code."""
    world.offers.named[SHOP, code] = Code(code=code, coupon_id=coupon, **terms)


def buy(
    world: World, of: MemberRef | None, *codes: str, number: str = "r-1", **more: Any
) -> Receipt:
    member = of.member_id if of else None
    wish = sale(line(10_000), receipt=number, member=member, at=more.pop("at", world.at))
    return record_purchase(
        replace(wish, promo_codes=codes, **more),
        operation(number),
        at=world.at,
        book=world.book,
        keyring=world.keyring,
    ).value


def refused(world: World, of: MemberRef | None, *codes: str, **more: Any) -> PromoCodeRefused:
    with pytest.raises(PromoCodeRefused) as error:
        buy(world, of, *codes, **more)
    return error.value


def used(world: World, counter: Counter = USED) -> int:
    return world.ledger.counters.get((SHOP, counter), 0)


def void(world: World, number: str = "r-1") -> None:
    claim = Claim(return_id="v", lines=None, is_void=True)
    key = receipt_key(number)
    return_goods(key, claim, operation(f"void {number}"), at=world.at, book=world.book)


class TestNamedCodes:
    def test_a_code_is_used_with_the_sale_and_the_receipt_says_so(
        self, world: World, ann: MemberRef
    ) -> None:
        name(world, max_uses=2)

        receipt = buy(world, ann, "SPRING")

        assert receipt.to_pay_minor == 9_000
        assert receipt.promo_codes == (CodeUse("SPRING", "c", True, discount_minor=1_000),)
        assert find_receipt(receipt_key(), ledger=world.ledger) == receipt
        assert used(world) == 1

    def test_a_repeat_is_answered_the_same_and_uses_nothing(
        self, world: World, ann: MemberRef
    ) -> None:
        name(world, max_uses=1)

        first, again = buy(world, ann, "SPRING"), buy(world, ann, "SPRING")

        assert (again, used(world)) == (first, 1)

    @pytest.mark.parametrize("trouble", ["overtaken", "lost before", "lost after"])
    def test_a_lost_race_or_answer_uses_it_once(
        self, world: World, ann: MemberRef, trouble: str
    ) -> None:
        name(world, max_uses=1)
        world.ledger.troubles = [trouble]

        receipt = buy(world, ann, "SPRING")

        assert (receipt.to_pay_minor, used(world)) == (9_000, 1)

    def test_a_quote_uses_nothing(self, world: World, ann: MemberRef) -> None:
        name(world, max_uses=1)
        wish = replace(sale(line(10_000), member=ann.member_id), promo_codes=("SPRING",))

        for _ in range(2):
            quoted = quote(wish, at=world.at, book=world.book, keyring=world.keyring)
            assert quoted.receipt.promo_codes[0].is_applied
        assert used(world) == 0

    @pytest.mark.parametrize(
        ("terms", "reason"),
        [
            ({"is_stopped": True}, "stopped"),
            ({"first": TODAY + timedelta(days=1)}, "not_yet"),
            ({"last": TODAY - timedelta(days=1)}, "expired"),
            ({"coupon": "gone"}, "unknown"),
            ({"max_uses": 0}, "used_up"),
        ],
    )
    def test_a_code_that_is_not_good_refuses_the_sale(
        self, world: World, ann: MemberRef, terms: dict[str, Any], reason: str
    ) -> None:
        name(world, "GOOD")
        name(world, **terms)

        error = refused(world, ann, "GOOD", "SPRING")

        assert (error.reason, error.place) == (reason, 1)
        assert error.facts == {"promo_code": "SPRING", "reason": reason}
        assert world.ledger.receipts == {}

    def test_what_nobody_made_is_unknown(self, world: World, ann: MemberRef) -> None:
        assert refused(world, ann, "SPRING").reason == "unknown"

    def test_used_up_is_used_up_and_a_void_gives_a_use_back(
        self, world: World, ann: MemberRef
    ) -> None:
        name(world, max_uses=1)
        buy(world, ann, "SPRING")

        assert refused(world, None, "SPRING", number="r-2").reason == "used_up"
        void(world)
        assert used(world) == 0
        assert buy(world, ann, "SPRING", number="r-3").to_pay_minor == 9_000

    def test_a_return_of_goods_gives_no_use_back(self, world: World, ann: MemberRef) -> None:
        name(world, max_uses=1)
        buy(world, ann, "SPRING")
        claim = Claim(return_id="b", lines=(ReturnedLine(0, 1000),))

        return_goods(receipt_key(), claim, operation("b"), at=world.at, book=world.book)

        assert used(world) == 1

    def test_a_limit_per_member_is_each_members_own(self, world: World, ann: MemberRef) -> None:
        name(world, max_uses=None, max_uses_per_member=1)
        ben = world.join("+79990000002")

        buy(world, ann, "SPRING")
        buy(world, ben, "SPRING", number="r-2")

        assert refused(world, ann, "SPRING", number="r-3").reason == "member_limit"
        assert refused(world, None, "SPRING", number="r-4").reason == "member_required"
        assert used(world) == 2

    def test_a_code_that_fits_nothing_is_not_used(self, world: World, ann: MemberRef) -> None:
        name(world, coupon="tea", max_uses=1)

        receipt = buy(world, ann, "SPRING")

        assert receipt.promo_codes == (CodeUse("SPRING", "tea"),)
        assert (receipt.to_pay_minor, used(world)) == (10_000, 0)

    def test_a_late_sale_is_judged_by_its_own_day(self, world: World, ann: MemberRef) -> None:
        name(world, last=TODAY)
        sold = world.at
        world.wait(days=3)

        assert buy(world, ann, "SPRING", at=sold).to_pay_minor == 9_000
        assert refused(world, ann, "SPRING", number="r-2").reason == "expired"

    def test_without_codes_and_limits_nothing_is_read(
        self, world: World, ann: MemberRef
    ) -> None:
        buy(world, ann)

        assert world.offers.reads == 0


class TestOtherKinds:
    BATCH = CodeBatch(
        batch_id="7QK", coupon_id="c", count=3, created_at=NOON, prefix="MAY", max_uses=1
    )

    def test_a_code_of_a_batch_is_good_once(self, world: World, ann: MemberRef) -> None:
        world.offers.batches[SHOP, "7QK"] = self.BATCH
        codes = [code_of(SHOP, self.BATCH, index, world.keyring) for index in range(2)]

        receipt = buy(world, ann, codes[0])
        typed = "MAY" + codes[0][3:].replace("0", "O")

        assert receipt.promo_codes == (CodeUse(codes[0], "c", True, discount_minor=1_000),)
        assert refused(world, ann, typed, number="r-2").reason == "used_up"
        assert buy(world, ann, codes[1], number="r-3").to_pay_minor == 9_000

    def test_a_wrong_proof_is_unknown(self, world: World, ann: MemberRef) -> None:
        world.offers.batches[SHOP, "7QK"] = self.BATCH
        code = code_of(SHOP, self.BATCH, 0, world.keyring)
        wrong = code[:-1] + ("A" if code[-1] != "A" else "B")

        assert refused(world, ann, wrong).reason == "unknown"

    def test_a_proof_of_another_prefix_number_or_merchant_is_wrong(
        self, world: World, ann: MemberRef
    ) -> None:
        world.offers.batches[SHOP, "7QK"] = self.BATCH
        first, second = (code_of(SHOP, self.BATCH, n, world.keyring) for n in range(2))
        elsewhere = code_of("bakery", self.BATCH, 0, world.keyring)
        bare = code_of(SHOP, replace(self.BATCH, prefix=""), 0, world.keyring)

        for code in (first[:-5] + second[-5:], elsewhere, first[3:], bare):
            assert refused(world, ann, code).reason == "unknown"

    def test_a_number_the_batch_does_not_have_is_unknown(
        self, world: World, ann: MemberRef
    ) -> None:
        world.offers.batches[SHOP, "7QK"] = self.BATCH
        beyond = code_of(SHOP, self.BATCH, 3, world.keyring)

        assert refused(world, ann, beyond).reason == "unknown"

    def test_a_stopped_batch_is_stopped(self, world: World, ann: MemberRef) -> None:
        world.offers.batches[SHOP, "7QK"] = replace(self.BATCH, is_stopped=True)
        code = code_of(SHOP, self.BATCH, 0, world.keyring)

        assert refused(world, ann, code).reason == "stopped"

    def test_a_members_coupon_is_that_members_once(self, world: World, ann: MemberRef) -> None:
        ben = world.join("+79990000002")
        coupon = MemberCoupon(
            code="12345678", member_id=ann.member_id, coupon_id="c", given_at=world.at
        )
        world.ledger.coupons[ann, "12345678"] = coupon

        for other in (ben, None):
            assert refused(world, other, "12345678").reason == "unknown"
        assert buy(world, ann, "12345678").to_pay_minor == 9_000
        assert refused(world, ann, "12345678", number="r-2").reason == "used_up"


class TestLimits:
    @pytest.fixture
    def world(self) -> World:
        limits = {"uses": {"total": 2, "per_day": 1}, "points": {"total": 80}}
        return World(promotions=[{"id": "gift", "points": 40, "limits": limits}])

    def test_a_promotion_gives_until_its_limit_and_sales_go_on(
        self, world: World, ann: MemberRef
    ) -> None:
        earned = []
        for day in range(4):
            numbers = (f"{day}-a", f"{day}-b") if day == 0 else (f"{day}",)
            earned += [buy(world, ann, number=number).earned for number in numbers]
            world.wait(days=1)

        assert earned == [50, 10, 50, 10, 10]
        assert used(world, Counter("promotion:gift:points")) == 80

    def test_who_is_overtaken_at_the_last_gift_gets_none_and_no_trouble(
        self, world: World, ann: MemberRef
    ) -> None:
        place = SHOP, Counter("promotion:gift:uses")
        world.ledger.counters[place] = 1
        commit, attempts = world.ledger.commit, []

        def overtaken(change: Any) -> None:
            attempts.append(change.takes)
            if len(attempts) == 1:
                world.ledger.counters[place] = 2  # another till takes the last
            commit(change)

        world.ledger.commit = overtaken  # type: ignore[method-assign]

        assert buy(world, ann).earned == 10
        assert [len(takes) for takes in attempts] == [3, 0]

    def test_a_void_gives_back_all_but_another_days_count(
        self, world: World, ann: MemberRef
    ) -> None:
        today = Counter("promotion:gift:uses", day=TODAY)
        buy(world, ann)
        buy_again = Counter("promotion:gift:uses", day=TODAY + timedelta(days=1))
        world.wait(days=1)
        buy(world, ann, number="r-2")

        void(world)
        void(world, "r-2")

        assert used(world, Counter("promotion:gift:uses")) == 0
        assert used(world, Counter("promotion:gift:points")) == 0
        assert (used(world, today), used(world, buy_again)) == (1, 0)


class TestChangingHands:
    @pytest.fixture
    def world(self) -> World:
        promotions = [
            {"id": "gift", "points": 40, "limits": {"uses": {"total": 2, "per_member": 1}}},
            {"id": "off", "discount_percent": 5, "limits": {"uses": {"total": 9}}},
        ]
        return World(mode="earn_and_redeem", coupons=COUPONS, promotions=promotions)

    def test_an_attached_receipt_keeps_its_code_and_takes_for_its_points(
        self, world: World, ann: MemberRef
    ) -> None:
        name(world, max_uses=1)
        anonymous = buy(world, None, "SPRING")

        attached = attach_receipt(
            receipt_key(), ann.member_id, 9_000, operation("a"), at=world.at, book=world.book
        ).value

        assert attached.promo_codes == anonymous.promo_codes
        assert attached.earned == 49
        assert used(world) == 1
        assert used(world, Counter("promotion:gift:uses")) == 1
        assert used(world, Counter("promotion:off:uses")) == 0
        void(world)
        assert (used(world), used(world, Counter("promotion:gift:uses"))) == (0, 0)

    def test_a_moved_receipt_takes_its_code_along_and_its_points_anew(
        self, world: World, ann: MemberRef
    ) -> None:
        name(world, max_uses=1)
        name(world, "POINTS", "p", max_uses=1)
        ben = world.join("+79990000002")
        buy(world, ann, "SPRING", "POINTS")
        of_ann, of_ben = (
            Counter("promotion:gift:uses", member_id=one.member_id) for one in (ann, ben)
        )
        assert (used(world, of_ann), used(world, of_ben)) == (1, 0)

        moved = move_receipt(
            receipt_key(), ben.member_id, "wrong card", operation("m"), at=world.at,
            book=world.book,
        ).value  # fmt: skip

        assert moved.to_pay_minor == 8_550
        assert [use.is_applied for use in moved.promo_codes] == [True, True]
        assert [use.discount_minor for use in moved.promo_codes] == [950, 0]
        assert [use.points for use in moved.promo_codes] == [0, 30]
        assert (used(world), used(world, Counter("code:POINTS"))) == (1, 1)
        assert (used(world, of_ann), used(world, of_ben)) == (0, 1)
        assert used(world, Counter("promotion:gift:uses")) == 1
        assert used(world, Counter("promotion:off:uses")) == 1
        void(world, moved.key.receipt_id)
        assert set(world.ledger.counters.values()) == {0}

    def test_a_receipt_keeps_its_store(self, world: World, ann: MemberRef) -> None:
        ben = world.join("+79990000002")
        buy(world, ann, store_id="airport")

        moved = move_receipt(
            receipt_key(), ben.member_id, "wrong card", operation("m"), at=world.at,
            book=world.book,
        ).value  # fmt: skip

        assert moved.store_id == "airport"

    def test_points_that_pay_leave_a_code_for_points_unused(self) -> None:
        world = World(coupons=COUPONS)
        ann = world.join()
        name(world, coupon="p", max_uses=1)
        world.give(ann, 50)

        receipt = buy(world, ann, "SPRING", redeem=exactly(50))

        assert (receipt.promo_codes[0].is_applied, used(world)) == (False, 0)
