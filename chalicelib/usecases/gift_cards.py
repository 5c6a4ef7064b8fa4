"""Gift cards without a receipt: sell one, top it up, let it pay, take that back, look at it.

The code is the bearer and is stored nowhere; it is derived from the operation that issued
the card, so that a repeat after a lost answer tells it again. A receipt that a card pays is
a purchase (`usecases/purchases.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import gift_cards as decisions
from chalicelib.domain.day_rows import row_of_gift_card
from chalicelib.domain.entries import LedgerChange, Operation
from chalicelib.domain.gift_cards import (
    GiftCard,
    GiftCardChange,
    GiftCardEntry,
    GiftCardInsufficient,
    GiftCardNotFound,
    GiftCardWish,
    Signature,
    found,
)
from chalicelib.domain.gift_codes import new_code, read_code
from chalicelib.domain.program import Program
from chalicelib.domain.rules.gift_card import balance_max_of, remainder_of
from chalicelib.domain.top_ups import (
    ENTRIES_READ,
    TopUpNotFound,
    refuse_over_limit,
    top_up,
    undo_top_up,
)
from chalicelib.ports import GiftCards, Keyring
from chalicelib.usecases.write_once import (
    Answered,
    Book,
    gift_card_of,
    program_of,
    write_once,
)

ENTRIES_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftCardSale:
    """A card to be issued."""

    amount_minor: int
    receipt_id: str = ""  # the till's, of the sale
    is_active: bool = False


@dataclass(frozen=True, slots=True)
class MadeTopUp:
    """Which top-up is meant: the entry it was, and whose."""

    card_id: str
    version: int


@dataclass(frozen=True, slots=True)
class IssuedGiftCard:
    """A new card and the code that is to be handed over."""

    card: GiftCard
    code: str


def code_hash_of(merchant_id: str, text: str, keyring: Keyring) -> str:
    """Return what the card with a code is found by.

    Raises:
        GiftCardNotFound: the text is no code.
    """
    code = read_code(text)
    if code is None:
        raise GiftCardNotFound("this is not the code of a gift card")
    return keyring.fingerprint("gift_card", merchant_id, code)


def issue_gift_card(
    sale: GiftCardSale, operation: Operation, *, at: datetime, book: Book, keyring: Keyring
) -> Answered[IssuedGiftCard]:
    """Make a gift card; a repeat tells its code again.

    Raises:
        DomainError: `GiftCardOverLimit`, `KeyReused`.
    """
    code = _code_of(operation, keyring)
    program = program_of(operation.merchant_id, book.merchants)
    blank = GiftCard(
        merchant_id=operation.merchant_id,
        code_hash=code_hash_of(operation.merchant_id, code, keyring),
        card_id=keyring.new_id("gft"),
        currency=program.currency,
        amount_minor=sale.amount_minor,
        balance_minor=0,
        issued_at=at,
        receipt_id=sale.receipt_id,
    )
    signature = _signature(operation, at, reference=sale.receipt_id)

    def decide() -> LedgerChange:
        refuse_over_limit(sale.amount_minor, balance_max_of(program))
        change = decisions.issue(blank, signature, is_active=sale.is_active)
        return _alone(operation, change, program)

    answer = gift_card_of(write_once(operation, decide, book))
    return Answered(IssuedGiftCard(answer.value.card, code), answer.is_replay)


def activate_gift_card(
    code_hash: str, operation: Operation, *, at: datetime, book: Book
) -> Answered[GiftCardChange]:
    """Let a card pay from now on.

    Raises:
        DomainError: `GiftCardNotFound`, `GiftCardRefused`, `KeyReused`.
    """
    signature = _signature(operation, at)
    return _write(code_hash, operation, book, lambda card: decisions.activate(card, signature))


def top_up_gift_card(
    code_hash: str,
    amount_minor: int,
    receipt_id: str,
    operation: Operation,
    *,
    at: datetime,
    book: Book,
) -> Answered[GiftCardChange]:
    """Put more money on a card; it earns nothing, as its sale did.

    Raises:
        DomainError: `GiftCardNotFound`, `GiftCardRefused`, `GiftCardOverLimit`, `KeyReused`.
    """
    program = program_of(operation.merchant_id, book.merchants)
    signature = _signature(operation, at, reference=receipt_id)

    def decide(card: GiftCard) -> GiftCardChange:
        return top_up(
            card,
            amount_minor,
            signature,
            currency=program.currency,
            limit_minor=balance_max_of(program),
            remainder=remainder_of(program),
        )

    return _write(code_hash, operation, book, decide)


def take_top_up_back(
    code_hash: str,
    made: MadeTopUp,
    reason: str,
    operation: Operation,
    *,
    at: datetime,
    book: Book,
) -> Answered[GiftCardChange]:
    """Undo a top-up of which nothing has paid (R27).

    Raises:
        DomainError: `GiftCardNotFound`, `TopUpNotFound`, `GiftCardRefused`, `GiftCardUsed`,
            `KeyReused`.
    """
    signature = _signature(operation, at, reason=reason)

    def decide(card: GiftCard) -> GiftCardChange:
        if card.card_id != made.card_id:
            raise TopUpNotFound("the gift card has no such top-up")
        # After the card: what they miss would be missing from the card as well.
        entries = book.gift_cards.entries(operation.merchant_id, code_hash, limit=ENTRIES_READ)
        return undo_top_up(card, entries, made.version, signature)

    return _write(code_hash, operation, book, decide)


def void_gift_card(
    code_hash: str, reason: str, operation: Operation, *, at: datetime, book: Book
) -> Answered[GiftCardChange]:
    """Undo the sale of a card that has paid nothing (R27).

    Raises:
        DomainError: `GiftCardNotFound`, `GiftCardRefused`, `GiftCardUsed`, `KeyReused`.
    """
    signature = _signature(operation, at, reason=reason)
    return _write(code_hash, operation, book, lambda card: decisions.void(card, signature))


def pay_by_gift_card(
    wish: GiftCardWish,
    due_minor: int,
    receipt_id: str,
    operation: Operation,
    *,
    at: datetime,
    book: Book,
) -> Answered[GiftCardChange]:
    """Pay an amount that is no purchase of the program.

    Raises:
        DomainError: `GiftCardNotFound`, `GiftCardRefused`, `GiftCardInsufficient` (also if
            nothing is left on the card), `KeyReused`.
    """
    program = program_of(operation.merchant_id, book.merchants)
    signature = _signature(operation, at, reference=receipt_id)

    def decide(card: GiftCard) -> GiftCardChange:
        return _payment(card, wish, due_minor, program, signature)

    return _write(wish.code_hash, operation, book, decide)


def find_gift_card(
    merchant_id: str, code_hash: str, *, gift_cards: GiftCards
) -> tuple[GiftCard, tuple[GiftCardEntry, ...]]:
    """Return a card and its latest entries, newest first; the card is read first.

    Raises:
        GiftCardNotFound: the merchant has none with that code.
    """
    card = found(gift_cards.find(merchant_id, code_hash))
    return card, gift_cards.entries(merchant_id, code_hash, limit=ENTRIES_SHOWN)


def _payment(
    card: GiftCard,
    wish: GiftCardWish,
    due_minor: int,
    program: Program,
    signature: Signature,
) -> GiftCardChange:
    _, change = decisions.pay(
        card,
        wish,
        due_minor,
        currency=program.currency,
        remainder=remainder_of(program),
        signature=signature,
    )
    if change is None:
        raise GiftCardInsufficient(asked_minor=due_minor, available_minor=card.balance_minor)
    return change


def _write(
    code_hash: str,
    operation: Operation,
    book: Book,
    decide: Callable[[GiftCard], GiftCardChange],
) -> Answered[GiftCardChange]:
    program = program_of(operation.merchant_id, book.merchants)

    def decide_now() -> LedgerChange:
        card = found(book.gift_cards.find(operation.merchant_id, code_hash))
        return _alone(operation, decide(card), program)

    return gift_card_of(write_once(operation, decide_now, book))


def _alone(operation: Operation, change: GiftCardChange, program: Program) -> LedgerChange:
    """Return the change of a card, and the row that tells of it."""
    row = row_of_gift_card(change, operation, program.local_date(change.entry.at))
    return LedgerChange(operation, 0, None, None, gift_card=change, day_row=row)


def _signature(
    operation: Operation, at: datetime, *, reference: str = "", reason: str = ""
) -> Signature:
    actor = f"till:{operation.client}"
    return Signature(at=at, actor=actor, key=operation.key, reference=reference, reason=reason)


def _code_of(operation: Operation, keyring: Keyring) -> str:
    parts = (operation.merchant_id, operation.client, operation.key)
    return new_code(int(keyring.fingerprint("gift_card_code", *parts), 16))
