"""A purchase comes to what was quoted, if nothing happened between."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.receipts import Receipt
from chalicelib.usecases.purchases import quote, record_purchase
from tests.builders import NOON, SHOP, operation
from tests.domain.generated import CARD, CASES, Case
from tests.usecases.world import World


@given(CASES, st.integers(1, 3))
def test_a_purchase_is_its_quote_however_often_it_was_asked_for(case: Case, times: int) -> None:
    world = _world(case)
    book, keyring = world.book, world.keyring
    quoted = [quote(case.sale, at=NOON, book=book, keyring=keyring) for _ in range(times)]
    quote_id = quoted[0].quote_id

    done = record_purchase(
        case.sale, operation(), at=NOON, book=book, keyring=keyring, quote_id=quote_id
    )

    assert all(_priced(one.receipt) == _priced(done.value) for one in quoted)


@given(CASES)
def test_a_quote_writes_nothing(case: Case) -> None:
    world = _world(case)
    before = repr(vars(world.ledger))

    quote(case.sale, at=NOON, book=world.book, keyring=world.keyring)

    assert repr(vars(world.ledger)) == before


def _world(case: Case) -> World:
    """Return a shop with the member's account and the gift card as they are in the case."""
    world = World(**case.document)
    world.ledger.accounts[case.account.member] = case.account
    if case.card:
        world.ledger.gift_cards[SHOP, CARD] = case.card
    for code in case.presented.codes:
        world.offers.named[SHOP, code.code] = code
    for counter, units in case.used.items():
        world.ledger.counters[SHOP, counter] = units
    return world


def _priced(receipt: Receipt) -> Receipt:
    """Return the receipt without its place in the ledger, which a quote has not."""
    return replace(receipt, ledger_version=None)
