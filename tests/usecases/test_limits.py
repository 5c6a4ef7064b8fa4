"""Limits through the ports, and receipts with limits and codes that change hands."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.limits import Counter
from chalicelib.ports import OffersRead
from chalicelib.usecases.purchases import attach_receipt
from chalicelib.usecases.returns import move_receipt
from tests.builders import SHOP, TODAY, exactly, operation, receipt_key
from tests.fakes.ledger import FakeLedger
from tests.fakes.offers import FakeOffers
from tests.usecases.codes import COUPONS, buy, name, used, void
from tests.usecases.world import World


class OvertakenOffers(FakeOffers):
    """Lets another till take one of a counter just after it was read for the first time."""

    def __init__(self, ledger: FakeLedger, counter: Counter) -> None:
        super().__init__(ledger)
        self._counters, self._counter = ledger.counters, counter
        self.seen: list[int] = []  # what each reading said

    def read(self, merchant_id: str, **wanted: Any) -> OffersRead:
        found = super().read(merchant_id, **wanted)
        self.seen.append(found.used.get(self._counter, 0))
        if len(self.seen) == 1:
            self._counters[merchant_id, self._counter] += 1
        return found


@pytest.fixture
def ann(world: World) -> MemberRef:
    return world.join()


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
        uses = Counter("promotion:gift:uses")
        world.ledger.counters[SHOP, uses] = 1
        offers = OvertakenOffers(world.ledger, uses)
        world.book = replace(world.book, offers=offers)

        assert buy(world, ann).earned == 10
        assert offers.seen == [1, 2]

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
