"""What a gift card's own ledger says of each step, and what a refusal tells the till."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain import gift_cards
from chalicelib.domain.gift_cards import (
    GiftCard,
    GiftCardChange,
    GiftCardEntry,
    GiftCardEntryKind,
    GiftCardInsufficient,
    GiftCardMode,
    GiftCardNotFound,
    GiftCardRefused,
    GiftCardState,
    GiftCardUsed,
    GiftCardWish,
    Remainder,
    Signature,
)
from tests.builders import NOON

SIGNED = Signature(
    at=NOON, actor="till:till-1", key="key-1", reference="r-1", reason="a mistake"
)
CARD = GiftCard(
    merchant_id="roastery",
    code_hash="ab" * 32,
    card_id="gft_1",
    currency="RUB",
    amount_minor=100_000,
    balance_minor=60_000,
    issued_at=NOON,
    state=GiftCardState.ACTIVE,
    version=2,
)
WHOLE = replace(CARD, balance_minor=100_000)
VOIDED = replace(CARD, balance_minor=0, state=GiftCardState.VOIDED)


def pay(card: GiftCard, wish: GiftCardWish | None = None, currency: str = "RUB") -> Any:
    """Pay 500.00 with the card, as much as there is unless told otherwise."""
    return gift_cards.pay(
        card,
        wish or GiftCardWish(CARD.code_hash),
        50_000,
        currency=currency,
        remainder=Remainder.FORFEIT,
        signature=SIGNED,
    )


def expected(kind: GiftCardEntryKind, **fields: Any) -> GiftCardEntry:
    """Return an entry signed by the till."""
    return GiftCardEntry(
        version=3,
        kind=kind,
        at=NOON,
        reference="r-1",
        reason="a mistake",
        actor="till:till-1",
        key="key-1",
        **fields,
    )


def test_a_payment_says_what_it_took_and_what_it_forfeited() -> None:
    _, change = pay(CARD)

    assert change.entry == expected(
        GiftCardEntryKind.PAY,
        amount_minor=-50_000,
        balance_after=0,
        state_after=GiftCardState.ACTIVE,
        forfeited_minor=10_000,
    )


def test_a_refund_says_what_it_gave() -> None:
    change = gift_cards.refund(CARD, 40_000, SIGNED)

    assert change == GiftCardChange(
        replace(WHOLE, version=3),
        expected(
            GiftCardEntryKind.REFUND,
            amount_minor=40_000,
            balance_after=100_000,
            state_after=GiftCardState.ACTIVE,
        ),
    )


def test_an_undone_sale_says_that_nothing_is_left() -> None:
    change = gift_cards.void(WHOLE, SIGNED)

    assert change.entry == expected(
        GiftCardEntryKind.VOID,
        amount_minor=-100_000,
        balance_after=0,
        state_after=GiftCardState.VOIDED,
    )


def test_a_new_card_holds_its_amount_whatever_was_asked() -> None:
    change = gift_cards.issue(replace(CARD, version=0), SIGNED, is_active=False)

    assert (change.card.balance_minor, change.card.version) == (100_000, 1)


def test_a_card_is_shown_as_an_entry_left_it() -> None:
    entry = gift_cards.void(WHOLE, SIGNED).entry

    assert gift_cards.as_after(CARD, entry) == replace(VOIDED, version=3)


def test_exactly_nothing_is_nothing() -> None:
    part, change = pay(CARD, GiftCardWish(CARD.code_hash, GiftCardMode.EXACT))

    assert (part.paid_minor, change) == (0, None)


@pytest.mark.parametrize(
    ("card", "step", "state", "words"),
    [
        (CARD, "activate", "active", "the gift card is active already"),
        (VOIDED, "activate", "voided", "the gift card is voided already"),
        (VOIDED, "void", "voided", "the gift card is voided already"),
        (VOIDED, "pay", "voided", "the gift card is voided"),
        (
            replace(CARD, state=GiftCardState.ISSUED),
            "pay",
            "issued",
            "the gift card is not active yet: activate it when it is sold",
        ),
    ],
)
def test_a_refusal_names_the_state_of_the_card(
    card: GiftCard, step: str, state: str, words: str
) -> None:
    with pytest.raises(GiftCardRefused) as refused:
        pay(card) if step == "pay" else getattr(gift_cards, step)(card, SIGNED)

    assert (str(refused.value), refused.value.facts) == (words, {"state": state})


def test_a_refusal_names_both_currencies() -> None:
    with pytest.raises(GiftCardRefused, match="is in RUB, not in UAH"):
        pay(CARD, currency="UAH")


def test_refusals_give_both_amounts() -> None:
    wish = GiftCardWish(CARD.code_hash, GiftCardMode.EXACT, 60_001)

    with pytest.raises(GiftCardInsufficient, match="60001 minor units asked for, 60000 on"):
        pay(CARD, wish)
    with pytest.raises(GiftCardUsed, match="60000 of 100000 minor units are left"):
        gift_cards.void(CARD, SIGNED)


def test_no_card_is_told_in_words() -> None:
    with pytest.raises(GiftCardNotFound, match=r"^there is no gift card with this code$"):
        gift_cards.found(None)
