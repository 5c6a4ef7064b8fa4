"""Promo codes and batches, made and found (R40, F050)."""

import pytest

from chalicelib.domain.entries import Operation
from chalicelib.domain.promo_codes import CodeBatch, PromoCode
from chalicelib.usecases.code_batches import code_of
from chalicelib.usecases.promo_codes import (
    PromoCodeExists,
    PromoCodeNotFound,
    codes_of,
    create_batch,
    create_code,
    find_code,
    stop_code,
)
from chalicelib.usecases.write_once import Answered
from tests.builders import SHOP, operation
from tests.usecases.world import World

SPRING = PromoCode(code="SPRING", coupon_id="spring", max_uses=None)
COUPONS = [{"id": "spring", "discount_percent": 10}]


@pytest.fixture
def world() -> World:
    return World(coupons=COUPONS)


def make(world: World, key: str = "k") -> Answered[PromoCode]:
    return create_code(SPRING, operation(key), desk=world.code_desk)


def make_batch(world: World, count: int = 3, of: Operation | None = None) -> CodeBatch:
    wanted = CodeBatch(
        batch_id="", coupon_id="spring", count=count, created_at=world.at, prefix="MAY"
    )
    return create_batch(wanted, of or operation("b"), desk=world.code_desk).value


def listed(world: World, batch: CodeBatch) -> tuple[str, ...]:
    return codes_of(SHOP, batch, first=0, limit=100, keyring=world.keyring)


class TestNamed:
    @pytest.mark.parametrize("trouble", ["overtaken", "lost before", "lost after"])
    def test_trouble_on_the_way_changes_nothing(self, world: World, trouble: str) -> None:
        world.ledger.troubles = [trouble]

        made = make(world)

        assert made.value == SPRING
        assert world.promo_codes.codes(SHOP) == (SPRING,)

    def test_an_answer_that_was_lost_is_found_though_the_code_exists_by_now(
        self, world: World
    ) -> None:
        make(world)

        again = make(world)

        assert (again.is_replay, again.value) == (True, SPRING)
        with pytest.raises(PromoCodeExists):
            make(world, "other")


class TestBatches:
    def test_a_name_that_is_taken_is_drawn_again(self, world: World) -> None:
        first = make_batch(world)
        world.ledger.records.clear()  # the same operation would draw the same name

        second = make_batch(world)

        assert first.batch_id != second.batch_id
        assert len(world.promo_codes.batches(SHOP)) == 2

    @pytest.mark.parametrize("trouble", ["overtaken", "lost before", "lost after"])
    def test_trouble_on_the_way_makes_one_batch(self, world: World, trouble: str) -> None:
        world.ledger.troubles = [trouble]

        made = make_batch(world)

        assert world.promo_codes.batches(SHOP) == (made,)

    def test_each_code_is_found_and_the_one_behind_the_last_is_not(self, world: World) -> None:
        batch = make_batch(world, count=2)

        codes = listed(world, batch)
        beyond = code_of(SHOP, batch, 2, world.keyring)

        assert [find_code(SHOP, one, desk=world.code_desk).code.code for one in codes] == list(
            codes
        )
        with pytest.raises(PromoCodeNotFound):
            find_code(SHOP, beyond, desk=world.code_desk)

    def test_the_codes_of_two_shops_and_of_two_batches_differ(self, world: World) -> None:
        batch = make_batch(world)
        other = make_batch(world, of=operation("other"))

        here, there = listed(world, batch), listed(world, other)
        elsewhere = codes_of("bakery", batch, first=0, limit=100, keyring=world.keyring)

        assert len({*here, *there, *elsewhere}) == 9

    def test_one_that_is_stopped_does_not_stop_the_others(self, world: World) -> None:
        first, second, _ = listed(world, make_batch(world))

        stopped = stop_code(SHOP, first, desk=world.code_desk)

        assert stopped.code.is_stopped
        assert find_code(SHOP, first, desk=world.code_desk).code.is_stopped
        assert not find_code(SHOP, second, desk=world.code_desk).code.is_stopped
