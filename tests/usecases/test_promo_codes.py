"""Promo codes through the ports: looked up, checked, used once, given back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.promo_codes import CodeBatch, CodeUse, MemberCoupon
from chalicelib.domain.returns import Claim, ReturnedLine
from chalicelib.usecases.code_batches import code_of
from chalicelib.usecases.purchases import find_receipt, quote
from chalicelib.usecases.returns import return_goods
from tests.builders import NOON, SHOP, TODAY, line, operation, receipt_key, sale
from tests.usecases.codes import COUPONS, buy, name, refused, used, void
from tests.usecases.world import World


@pytest.fixture
def world() -> World:
    return World(coupons=COUPONS)


@pytest.fixture
def ann(world: World) -> MemberRef:
    return world.join()


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
