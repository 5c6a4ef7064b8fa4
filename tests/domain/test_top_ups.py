"""Top-ups of gift cards: what they add, when they are refused, when one is taken back."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import gift_cards
from chalicelib.domain.gift_cards import (
    GiftCard,
    GiftCardChange,
    GiftCardEntry,
    GiftCardEntryKind,
    GiftCardInsufficient,
    GiftCardMode,
    GiftCardRefused,
    GiftCardState,
    GiftCardUsed,
    GiftCardWish,
    Remainder,
    Signature,
)
from chalicelib.domain.top_ups import (
    GiftCardOverLimit,
    TopUpNotFound,
    top_up,
    undo_top_up,
    undoable,
)
from tests.builders import NOON

HASH = "ab" * 32
SIGNED = Signature(at=NOON, actor="till:till-1", key="key-1", reference="r-7", reason="error")
NEW = GiftCard(
    merchant_id="roastery",
    code_hash=HASH,
    card_id="gft_1",
    currency="RUB",
    amount_minor=1_000,
    balance_minor=0,
    issued_at=NOON,
)


class Book:
    """A card with its entries, newest first."""

    def __init__(self, card: GiftCard = NEW) -> None:
        self.card, self.entries = card, list[GiftCardEntry]()
        self.write(gift_cards.issue(card, SIGNED, is_active=True))

    def write(self, change: GiftCardChange) -> GiftCardEntry:
        self.card = change.card
        self.entries.insert(0, change.entry)
        return change.entry

    def top_up(self, minor: int = 500, **terms: Any) -> GiftCardEntry:
        usual = {"currency": "RUB", "limit_minor": 10_000, "remainder": Remainder.KEEP}
        return self.write(top_up(self.card, minor, SIGNED, **{**usual, **terms}))

    def undo(self, version: int) -> GiftCardEntry:
        return self.write(undo_top_up(self.card, self.entries, version, SIGNED))

    def pay(self, minor: int, rest: Remainder = Remainder.KEEP) -> None:
        wish = GiftCardWish(HASH, GiftCardMode.EXACT, minor)
        _, change = gift_cards.pay(
            self.card, wish, minor, currency="RUB", remainder=rest, signature=SIGNED
        )
        assert change
        self.write(change)


def test_a_top_up_adds_to_the_balance_and_tells_so() -> None:
    book = Book()

    entry = book.top_up(500)

    assert (book.card.balance_minor, book.card.amount_minor) == (1_500, 1_000)
    assert (book.card.topped_up_minor, book.card.loaded_minor) == (500, 1_500)
    assert entry == GiftCardEntry(
        version=2,
        kind=GiftCardEntryKind.TOP_UP,
        at=NOON,
        amount_minor=500,
        balance_after=1_500,
        state_after=GiftCardState.ACTIVE,
        topped_up_after=500,
        reference="r-7",
        reason="error",
        actor="till:till-1",
        key="key-1",
    )


@pytest.mark.parametrize("state", [GiftCardState.ISSUED, GiftCardState.VOIDED])
def test_a_card_that_cannot_pay_is_not_topped_up(state: GiftCardState) -> None:
    book = Book()
    book.card = replace(book.card, state=state)

    with pytest.raises(GiftCardRefused) as refused:
        book.top_up()

    assert refused.value.facts == {"state": state}


def test_a_card_of_another_currency_is_not_topped_up() -> None:
    with pytest.raises(GiftCardRefused, match="is in RUB, not in UAH"):
        Book().top_up(currency="UAH")


def test_a_card_of_one_use_is_not_topped_up_once_it_has_paid() -> None:
    unused, used = Book(), Book()
    used.pay(600, Remainder.FORFEIT)

    unused.top_up(remainder=Remainder.FORFEIT)

    with pytest.raises(GiftCardRefused, match="of one use"):
        used.top_up(remainder=Remainder.FORFEIT)


def test_a_card_holds_the_limit_and_not_one_more() -> None:
    book = Book()
    book.top_up(500, limit_minor=1_500)

    with pytest.raises(GiftCardOverLimit) as refused:
        book.top_up(1, limit_minor=1_500)

    assert refused.value.facts == {"balance_minor": 1_501, "limit_minor": 1_500}


def test_an_empty_card_that_keeps_its_rest_may_be_topped_up() -> None:
    book = Book()
    book.pay(1_000)

    book.top_up(300)

    assert book.card.balance_minor == 300


def test_a_top_up_is_taken_back_once() -> None:
    book = Book()
    made = book.top_up(500)

    entry = book.undo(made.version)

    assert (entry.kind, entry.amount_minor, entry.undoes) == ("top_up_void", -500, 2)
    assert (entry.reference, entry.reason) == ("r-7", "error")
    assert (book.card.balance_minor, book.card.topped_up_minor) == (1_000, 0)
    with pytest.raises(GiftCardRefused, match="taken back already"):
        book.undo(made.version)


def test_money_that_was_there_first_is_spent_first() -> None:
    book = Book()
    made = book.top_up(500)
    book.pay(1_000)

    assert undoable(book.card, book.entries) == {made.version}
    book.undo(made.version)

    assert book.card.balance_minor == 0


def test_a_top_up_that_has_paid_stands() -> None:
    book = Book()
    made = book.top_up(500)
    book.pay(1_001)

    with pytest.raises(GiftCardUsed) as refused:
        book.undo(made.version)

    assert refused.value.facts == {"amount_minor": 500, "balance_minor": 499}
    assert undoable(book.card, book.entries) == frozenset()


def test_what_came_later_does_not_stand_in_for_what_was_spent() -> None:
    book = Book()
    first = book.top_up(500)
    book.pay(1_200)
    later = book.top_up(500)

    assert undoable(book.card, book.entries) == {later.version}
    with pytest.raises(GiftCardUsed):
        book.undo(first.version)


def test_goods_that_came_back_make_a_top_up_unused_again() -> None:
    book = Book()
    made = book.top_up(500)
    book.pay(1_200)
    book.write(gift_cards.refund(book.card, 1_200, SIGNED))

    book.undo(made.version)

    assert book.card.balance_minor == 1_000


@pytest.mark.parametrize("version", [1, 3, 99])
def test_only_a_top_up_is_taken_back(version: int) -> None:
    book = Book()
    book.top_up()
    book.pay(1)

    with pytest.raises(TopUpNotFound):
        book.undo(version)


def test_the_sale_of_a_card_is_undone_after_its_top_ups() -> None:
    book = Book()
    made = book.top_up(500)

    with pytest.raises(GiftCardUsed) as refused:
        gift_cards.void(book.card, SIGNED)
    book.undo(made.version)

    assert refused.value.facts == {"topped_up_minor": 500}
    assert gift_cards.void(book.card, SIGNED).entry.amount_minor == -1_000


def test_a_card_is_told_as_any_of_its_entries_left_it() -> None:
    book = Book()
    before = book.card
    made = book.top_up(500)
    after = book.card
    book.undo(made.version)

    assert gift_cards.as_after(book.card, book.entries[-1]) == before
    assert gift_cards.as_after(book.card, made) == after


@given(
    st.lists(
        st.tuples(st.sampled_from(["top up", "pay", "undo", "void"]), st.integers(1, 900)),
        max_size=12,
    )
)
def test_what_is_put_on_a_card_is_spent_taken_back_or_still_there(
    steps: list[tuple[str, int]],
) -> None:
    book = Book()
    paid = taken_back = 0
    for step, number in steps:
        try:
            if step == "top up":
                book.top_up(number, limit_minor=3_000)
            elif step == "pay":
                book.pay(number)
                paid += number
            elif step == "undo":
                taken_back -= book.undo(number % 8 + 1).amount_minor
            else:
                taken_back -= book.write(gift_cards.void(book.card, SIGNED)).amount_minor
        except (
            *(GiftCardOverLimit, GiftCardInsufficient, GiftCardRefused),
            *(GiftCardUsed, TopUpNotFound),
        ):
            continue

    put = sum(one.amount_minor for one in book.entries if one.kind in ("issue", "top_up"))
    assert put == paid + taken_back + book.card.balance_minor
    assert 0 <= book.card.balance_minor <= 3_000
    assert [one.version for one in book.entries] == list(range(len(book.entries), 0, -1))
    if book.card.state is GiftCardState.ACTIVE:
        assert taken_back == 0 or book.card.loaded_minor == put - taken_back
    # Whatever can be taken back is there, all of it at once.
    open_to_undo = undoable(book.card, book.entries)
    rows = [one for one in book.entries if one.version in open_to_undo]
    assert sum(one.amount_minor for one in rows) <= book.card.balance_minor
