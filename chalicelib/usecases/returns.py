"""Take goods back: by line, whole (void), or to give the receipt to another member."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.attaching import sale_of
from chalicelib.domain.entries import LedgerChange, Operation
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import present
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.receipts import Receipt, ReceiptKey, Return
from chalicelib.domain.returns import Claim, take_back
from chalicelib.domain.sales import sell
from chalicelib.usecases.purchases import find_receipt
from chalicelib.usecases.write_once import (
    Answered,
    Book,
    program_of,
    receipt_of,
    return_of,
    write_once,
)

MOVED = "~moved"  # what the number of a receipt given to another member ends in


class MoveRefused(DomainError):
    """The receipt cannot be given to that member."""

    code = "move_refused"


def return_goods(
    key: ReceiptKey, claim: Claim, operation: Operation, *, at: datetime, book: Book
) -> Answered[tuple[Receipt, Return]]:
    """Return lines of a receipt, or void it.

    Raises:
        DomainError: `ReceiptNotFound`, `ReturnRefused`, `ReturnExists`, `KeyReused`.
    """
    decide = _decision(key, claim, operation, at=at, book=book)
    return return_of(write_once(operation, decide, book))


def move_receipt(
    key: ReceiptKey,
    to_member_id: str,
    reason: str,
    operation: Operation,
    *,
    at: datetime,
    book: Book,
) -> Answered[Receipt]:
    """Give a receipt to another member: a void, and a new posting with the original date.

    Two accounts cannot share a transaction, so there are two writes, each once for ever;
    a repeat of the operation finishes what a crash left half done.

    Raises:
        DomainError: `ReceiptNotFound`, `MemberNotFound`, `MoveRefused`, `ReturnRefused`.
    """
    receipt = find_receipt(key, ledger=book.ledger)
    to_member = MemberRef(key.merchant_id, to_member_id)
    present(book.ledger.account(to_member))
    if receipt.member_id in (None, to_member_id):
        raise MoveRefused("the receipt has no other member: attach it instead")
    claim = Claim(
        return_id=f"move:{to_member_id}",
        lines=None,
        is_void=True,
        reason=reason,
        keeps_gift_card=True,
    )
    if any(done.return_id != claim.return_id for done in receipt.returns):
        raise MoveRefused("something of the receipt was returned")
    return_goods(key, claim, operation, at=at, book=book)

    second = replace(operation, key=f"{operation.key}{MOVED}")
    moved_key = replace(key, receipt_id=f"{key.receipt_id}{MOVED}")
    sale = replace(sale_of(receipt), key=moved_key, member_id=to_member_id)
    program = program_of(key.merchant_id, book.merchants)

    def decide() -> LedgerChange:
        account = book.ledger.account(to_member)
        return sell(account, sale, Occasion(program, at, second))

    return receipt_of(write_once(second, decide, book))


def _decision(
    key: ReceiptKey, claim: Claim, operation: Operation, *, at: datetime, book: Book
) -> Callable[[], LedgerChange]:
    occasion = Occasion(program_of(key.merchant_id, book.merchants), at, operation)

    def decide() -> LedgerChange:
        receipt = find_receipt(key, ledger=book.ledger)
        account = None
        if receipt.member_id is not None:
            account = book.ledger.account(MemberRef(key.merchant_id, receipt.member_id))
        card = None
        if receipt.gift_card is not None:
            card = book.gift_cards.find(key.merchant_id, receipt.gift_card.code_hash)
        return take_back(account, receipt, claim, occasion, card)

    return decide
