"""The write every ledger use case ends in: decide, commit, decide again if overtaken.

Once for ever: the operation's client and key name it. A repeat gets what the first call
wrote; a repeat with another content is refused; a call whose outcome is unknown can be
made again. Retries happen here and nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from chalicelib.domain.entries import LedgerChange, LedgerEntry, Operation, Recorded
from chalicelib.domain.errors import DomainError
from chalicelib.domain.gift_cards import GiftCardChange
from chalicelib.domain.members import Merchant
from chalicelib.domain.program import Program
from chalicelib.domain.receipts import Receipt, Return
from chalicelib.ports import (
    AlreadyRecorded,
    Catalogue,
    CommitConflict,
    Confirmations,
    GiftCards,
    Ledger,
    Merchants,
    Offers,
    Pacer,
    ReceiptExists,
    StoreUnavailable,
)

T = TypeVar("T")


class KeyReused(DomainError):
    """The idempotency key stands for another request."""

    code = "idempotency_key_reused"


class ReceiptTaken(DomainError):
    """The till has reported this receipt number before, under another key."""

    code = "receipt_exists"

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(
            "the receipt was recorded by an earlier request", receipt_id=receipt.key.receipt_id
        )
        self.receipt = receipt


class MerchantNotFound(DomainError):
    """There is no such merchant."""

    code = "merchant_not_found"


@dataclass(frozen=True, slots=True)
class Answered(Generic[T]):
    """What an operation came to, now or when it was first made."""

    value: T
    is_replay: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The ports a ledger use case writes with."""

    merchants: Merchants
    ledger: Ledger
    gift_cards: GiftCards
    offers: Offers
    confirmations: Confirmations
    catalogue: Catalogue
    pacer: Pacer


def write_once(
    operation: Operation, decide: Callable[[], LedgerChange], book: Book
) -> Answered[Recorded]:
    """Commit what `decide` makes of the state it reads; a repeat writes nothing.

    Raises:
        DomainError: the decision's own refusal, `KeyReused` or `ReceiptTaken`.
        CommitConflict, StoreUnavailable: the time for retries is used up; ask again.
    """
    trouble: Exception = StoreUnavailable("no attempt was made")
    for _ in book.pacer.attempts():
        try:
            change = decide()
        except StoreUnavailable as error:
            trouble = error
            continue
        except DomainError:
            # Our own earlier success may be the reason for the refusal: points spent by
            # the first call must not turn its repeat into a refusal.
            recorded = book.ledger.recorded(operation)
            if recorded is None:
                raise
            return _replay(recorded, operation)
        try:
            book.ledger.commit(change)
        except AlreadyRecorded as error:
            return _replay(error.recorded, operation)
        except ReceiptExists as error:
            raise ReceiptTaken(error.receipt) from error
        except (CommitConflict, StoreUnavailable) as error:
            trouble = error
            continue
        return Answered(_written(change), is_replay=False)
    raise trouble


def entry_of(answer: Answered[Recorded]) -> Answered[LedgerEntry]:
    """Return the ledger entry the operation wrote."""
    entry = answer.value.entry
    assert entry is not None, "the operation was recorded with an entry"
    return Answered(entry, answer.is_replay)


def receipt_of(answer: Answered[Recorded]) -> Answered[Receipt]:
    """Return the receipt the operation wrote."""
    receipt = answer.value.receipt
    assert receipt is not None, "the operation was recorded with a receipt"
    return Answered(receipt, answer.is_replay)


def return_of(answer: Answered[Recorded]) -> Answered[tuple[Receipt, Return]]:
    """Return the receipt and the return the operation wrote."""
    receipt = receipt_of(answer).value
    for done in receipt.returns:
        if done.return_id == answer.value.return_id:
            return Answered((receipt, done), answer.is_replay)
    raise AssertionError("the operation was recorded with a return")


def gift_card_of(answer: Answered[Recorded]) -> Answered[GiftCardChange]:
    """Return what the operation wrote of a gift card."""
    change = answer.value.gift_card
    assert change is not None, "the operation was recorded with a gift card"
    return Answered(change, answer.is_replay)


def program_of(merchant_id: str, merchants: Merchants) -> Program:
    """Return the merchant's published program.

    Raises:
        MerchantNotFound: there is no such merchant.
    """
    program = merchants.program(merchant_id)
    if program is None:
        raise MerchantNotFound("there is no such merchant")
    return program


def merchant_of(merchant_id: str, merchants: Merchants) -> Merchant:
    """Return the merchant. Raises MerchantNotFound."""
    merchant = merchants.find(merchant_id)
    if merchant is None:
        raise MerchantNotFound("there is no such merchant")
    return merchant


def _written(change: LedgerChange) -> Recorded:
    return Recorded(
        fingerprint=change.operation.fingerprint,
        entry=change.entry,
        receipt=change.new_receipt or change.changed_receipt,
        return_id=change.return_id,
        gift_card=change.gift_card,
        promo_code=change.promo_code,
        code_batch=change.code_batch,
    )


def _replay(recorded: Recorded, operation: Operation) -> Answered[Recorded]:
    if recorded.fingerprint != operation.fingerprint:
        raise KeyReused("this idempotency key was used for another request")
    return Answered(recorded, is_replay=True)
