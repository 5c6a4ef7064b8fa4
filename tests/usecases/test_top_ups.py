"""Top-ups through the ports: repeats, lost answers, races, limits, and taking one back."""

from typing import Any

import pytest

from chalicelib.domain.gift_cards import (
    GiftCardMode,
    GiftCardNotFound,
    GiftCardRefused,
    GiftCardUsed,
    GiftCardWish,
)
from chalicelib.domain.top_ups import GiftCardOverLimit, TopUpNotFound
from chalicelib.usecases.gift_cards import (
    GiftCardSale,
    MadeTopUp,
    issue_gift_card,
    pay_by_gift_card,
    take_top_up_back,
    top_up_gift_card,
    void_gift_card,
)
from chalicelib.usecases.write_once import KeyReused
from tests.builders import SHOP, operation
from tests.usecases.world import World


@pytest.fixture
def world() -> World:
    return World(mode="earn_and_redeem")


@pytest.fixture
def limited() -> World:
    return World(mode="earn_and_redeem", gift_card={"balance_max": "1500"})


def issue(world: World, minor: int = 100_000, key: str = "issue") -> Any:
    wanted = GiftCardSale(amount_minor=minor, is_active=True)
    return issue_gift_card(
        wanted, operation(key), at=world.at, book=world.book, keyring=world.keyring
    )


def card(world: World) -> str:
    """Issue a card of 1000.00 and return what it is found by."""
    return str(issue(world).value.card.code_hash)


def balance(world: World, code_hash: str) -> int:
    found = world.gift_cards.find(SHOP, code_hash)
    assert found
    return found.balance_minor


def top_up(world: World, code_hash: str, minor: int = 50_000, key: str = "top") -> Any:
    return top_up_gift_card(
        code_hash, minor, "r-5", operation(key), at=world.at, book=world.book
    )


def undo(world: World, code_hash: str, made: Any, key: str = "undo", **other: Any) -> Any:
    named = MadeTopUp(other.get("card_id", made.value.card.card_id), made.value.entry.version)
    return take_top_up_back(
        code_hash, named, "mistake", operation(key), at=world.at, book=world.book
    )


def pay(world: World, code_hash: str, minor: int) -> None:
    wish = GiftCardWish(code_hash, GiftCardMode.EXACT, minor)
    pay_by_gift_card(wish, minor, "", operation("pay"), at=world.at, book=world.book)


class TestToppingUp:
    def test_a_repeat_puts_nothing_on_it_twice(self, world: World) -> None:
        code_hash = card(world)
        first = top_up(world, code_hash)

        again = top_up(world, code_hash)

        assert (again.value, again.is_replay) == (first.value, True)
        assert balance(world, code_hash) == 150_000

    @pytest.mark.parametrize("trouble", ["lost after", "overtaken"])
    def test_a_lost_answer_or_race_puts_it_on_once(self, world: World, trouble: str) -> None:
        code_hash = card(world)
        world.ledger.troubles = [trouble]

        top_up(world, code_hash)

        assert balance(world, code_hash) == 150_000

    def test_a_repeat_is_told_the_card_as_it_was_then(self, world: World) -> None:
        code_hash = card(world)
        issued, first = issue(world), top_up(world, code_hash)
        top_up(world, code_hash, key="more")

        assert issue(world).value == issued.value
        assert top_up(world, code_hash).value == first.value
        assert first.value.card.topped_up_minor == 50_000

    def test_the_key_of_another_request_is_refused(self, world: World) -> None:
        code_hash = card(world)
        top_up(world, code_hash)

        with pytest.raises(KeyReused):
            top_up_gift_card(
                code_hash, 1, "", operation("top", "other"), at=world.at, book=world.book
            )

    def test_no_card_holds_more_than_the_program_allows(self, limited: World) -> None:
        code_hash = card(limited)
        top_up(limited, code_hash)

        with pytest.raises(GiftCardOverLimit):
            top_up(limited, code_hash, 1, key="one more")

        assert balance(limited, code_hash) == 150_000

    def test_nor_is_one_sold_for_more(self, limited: World) -> None:
        with pytest.raises(GiftCardOverLimit):
            issue(limited, 150_001)

        assert issue(limited, 150_000, key="less").value.card.amount_minor == 150_000

    def test_success_never_turns_into_a_refusal(self, limited: World) -> None:
        code_hash = card(limited)
        first = top_up(limited, code_hash)

        assert top_up(limited, code_hash).value == first.value

    def test_a_card_that_is_not_there_is_not_topped_up(self, world: World) -> None:
        with pytest.raises(GiftCardNotFound):
            top_up(world, "00" * 32)

    def test_a_voided_card_is_not_topped_up(self, world: World) -> None:
        code_hash = card(world)
        void_gift_card(code_hash, "error", operation("v"), at=world.at, book=world.book)

        with pytest.raises(GiftCardRefused):
            top_up(world, code_hash)


class TestTakingBack:
    def test_a_repeat_takes_nothing_twice(self, world: World) -> None:
        code_hash = card(world)
        made = top_up(world, code_hash)
        first = undo(world, code_hash, made)

        again = undo(world, code_hash, made)

        assert (again.value, again.is_replay) == (first.value, True)
        assert balance(world, code_hash) == 100_000

    def test_nor_does_another_call(self, world: World) -> None:
        code_hash = card(world)
        made = top_up(world, code_hash)
        undo(world, code_hash, made)

        with pytest.raises(GiftCardRefused):
            undo(world, code_hash, made, key="again")

        assert balance(world, code_hash) == 100_000

    def test_a_race_is_decided_by_what_was_written(self, world: World) -> None:
        code_hash = card(world)
        made = top_up(world, code_hash)
        world.ledger.troubles = ["overtaken"]

        undo(world, code_hash, made)

        assert balance(world, code_hash) == 100_000

    def test_what_has_paid_stands(self, world: World) -> None:
        code_hash = card(world)
        made = top_up(world, code_hash)
        pay(world, code_hash, 100_001)

        with pytest.raises(GiftCardUsed):
            undo(world, code_hash, made)

    def test_it_is_that_cards_own(self, world: World) -> None:
        code_hash = card(world)
        made = top_up(world, code_hash)

        with pytest.raises(TopUpNotFound):
            undo(world, code_hash, made, card_id="gft_other")
