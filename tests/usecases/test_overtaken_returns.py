"""A return of what a gift card paid, while another till returns the same receipt."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.domain.entries import Operation
from chalicelib.domain.gift_cards import GiftCard, GiftCardWish
from chalicelib.domain.receipts import Return
from chalicelib.domain.returns import Claim, ReturnRefused
from chalicelib.usecases.gift_cards import GiftCardSale, issue_gift_card
from chalicelib.usecases.purchases import record_purchase
from chalicelib.usecases.returns import return_goods
from chalicelib.usecases.write_once import Book
from tests.builders import SHOP, line, operation, receipt_key, sale
from tests.fakes.gift_cards import FakeGiftCards
from tests.fakes.ledger import FakeLedger
from tests.usecases.world import World


class OvertakenGiftCards(FakeGiftCards):
    """Lets somebody else act before a card is read for the first time."""

    def __init__(self, ledger: FakeLedger, meanwhile: Callable[[], object]) -> None:
        super().__init__(ledger)
        self.meanwhile = [meanwhile]

    def find(self, merchant_id: str, code_hash: str) -> GiftCard | None:
        if self.meanwhile:
            self.meanwhile.pop()()
        return super().find(merchant_id, code_hash)


def buy_by_card(world: World) -> str:
    """Let a card of 300.00 pay two things of 150.00; what the card is found by."""
    wanted = GiftCardSale(amount_minor=30_000, is_active=True)
    issued = issue_gift_card(
        wanted, operation("issue"), at=world.at, book=world.book, keyring=world.keyring
    )
    code_hash = issued.value.card.code_hash
    wish = sale(line(15_000, 2_000), receipt="buy", member=None, at=world.at)
    record_purchase(
        replace(wish, gift_card=GiftCardWish(code_hash)),
        operation("buy"),
        at=world.at,
        book=world.book,
        keyring=world.keyring,
    )
    return code_hash


def bring_back(key: Operation, world: World, book: Book) -> Return:
    claim = Claim(return_id=key.key, lines=None)
    return return_goods(receipt_key("buy"), claim, key, at=world.at, book=book).value[1]


def test_a_return_that_was_overtaken_is_refused_and_the_card_has_its_money_once() -> None:
    world = World()
    code_hash = buy_by_card(world)
    first, second = operation("first"), operation("second")
    cards = OvertakenGiftCards(world.ledger, lambda: bring_back(first, world, world.book))

    with pytest.raises(ReturnRefused):
        bring_back(second, world, replace(world.book, gift_cards=cards))

    card = world.gift_cards.find(SHOP, code_hash)
    assert card is not None
    assert card.balance_minor == 30_000
