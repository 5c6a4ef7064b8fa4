"""Take goods back: by line, whole (void), or to give the receipt to another member."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account import Account, MemberRef, MemberStatus
from chalicelib.domain.attaching import moved_scene, post_moved, sale_of
from chalicelib.domain.entries import LedgerChange, LedgerEntry, Operation
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import MemberNotFound, present
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.posting import Posting
from chalicelib.domain.receipts import MOVED_END, Receipt, ReceiptKey, Return
from chalicelib.domain.returns import Claim, ReturnRefused, take_back
from chalicelib.ports import Ledger
from chalicelib.usecases.offers import used_of
from chalicelib.usecases.purchases import find_receipt
from chalicelib.usecases.standing import standing
from chalicelib.usecases.write_once import (
    Answered,
    Book,
    program_of,
    receipt_of,
    return_of,
    write_once,
)

MOVER = "move"  # the client of the second write, whoever asked for the move

log = logging.getLogger(__name__)


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


def quote_return(
    key: ReceiptKey, claim: Claim, *, at: datetime, book: Book
) -> tuple[Receipt, Return]:
    """Return what a return would come to now, without writing anything.

    Raises:
        DomainError: `ReceiptNotFound`, `ReturnRefused`.
    """
    nobody = Operation(key.merchant_id, key.till_id, "quote", "")
    change = _decision(key, claim, nobody, at=at, book=book)()
    receipt = change.changed_receipt
    assert receipt is not None, "a return changes its receipt"
    return receipt, receipt.returns[-1]


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

    Two accounts cannot share a transaction, so there are two writes, each once for ever.
    What a crash leaves half done is finished by the outbox, or by asking again under any
    key: the second write's key is the receipt's own.

    Raises:
        DomainError: `ReceiptNotFound`, `MemberNotFound`, `MoveRefused`, `ReturnRefused`.
    """
    receipt = find_receipt(key, ledger=book.ledger)
    present(book.ledger.account(MemberRef(key.merchant_id, to_member_id)))
    if receipt.member_id in (None, to_member_id):
        raise MoveRefused("the receipt has no other member: attach it instead")
    claim = _move_claim(to_member_id, reason)
    if any(done.return_id != claim.return_id for done in receipt.returns):
        raise MoveRefused("something of the receipt was returned")
    is_new = False
    try:
        is_new = not return_goods(key, claim, operation, at=at, book=book).is_replay
    except ReturnRefused:
        receipt = find_receipt(key, ledger=book.ledger)
        if all(done.return_id != claim.return_id for done in receipt.returns):
            raise
    posted = _post(key, to_member_id, operation, at=at, book=book)
    return replace(posted, is_replay=posted.is_replay and not is_new)


def finish_move(entry: LedgerEntry, *, at: datetime, book: Book) -> None:
    """Post the receipt a void has taken from its member to be moved; else do nothing.

    For every committed entry, as often as one likes: a move that was finished stays so.

    Raises:
        CommitConflict, StoreUnavailable: call again.
    """
    to_member_id, till_id = entry.facts.get("moved_to"), entry.facts.get("till_id")
    if not isinstance(to_member_id, str) or not isinstance(till_id, str):
        return
    key = ReceiptKey(entry.member.merchant_id, till_id, entry.reference)
    try:
        _post(key, to_member_id, entry, at=at, book=book)
    except MemberNotFound:  # erased since: there is nobody to give it to
        log.warning("a moved receipt has no member", extra={"version": entry.version})


def _move_claim(to_member_id: str, reason: str) -> Claim:
    return Claim(
        return_id=f"move:{to_member_id}",
        lines=None,
        is_void=True,
        reason=reason,
        moved_to=to_member_id,
    )


def _post(
    key: ReceiptKey,
    to_member_id: str,
    ordered: Operation | LedgerEntry,
    *,
    at: datetime,
    book: Book,
) -> Answered[Receipt]:
    """Give a voided receipt to its new member, once for ever; whoever `ordered` it did it."""
    named = MemberRef(key.merchant_id, to_member_id)
    name = f"move:{key.till_id}:{key.receipt_id}"
    fingerprint = hashlib.sha256(f"{name}:{to_member_id}".encode()).hexdigest()
    who = (ordered.staff_id, ordered.approved_by)
    operation = Operation(key.merchant_id, MOVER, name, fingerprint, *who)
    moved_key = replace(key, receipt_id=f"{key.receipt_id}{MOVED_END}")
    occasion = Occasion(program_of(key.merchant_id, book.merchants), at, operation)

    def decide() -> LedgerChange:
        account, receipt = book.ledger.account_and_receipt(named, key)
        assert receipt is not None, "it was voided, and receipts are for ever"
        if account is not None and account.status is MemberStatus.MERGED:
            account = standing(named, book.ledger)
        posting = Posting(present(account), occasion)
        scene = moved_scene(receipt, sale_of(receipt), posting)
        used = used_of(key.merchant_id, scene, occasion, book.offers)
        return post_moved(account, receipt, moved_key, occasion, used)

    return receipt_of(write_once(operation, decide, book))


def _decision(
    key: ReceiptKey, claim: Claim, operation: Operation, *, at: datetime, book: Book
) -> Callable[[], LedgerChange]:
    occasion = Occasion(program_of(key.merchant_id, book.merchants), at, operation)

    def decide() -> LedgerChange:
        receipt = find_receipt(key, ledger=book.ledger)
        card = None
        if receipt.gift_card is not None:
            card = book.gift_cards.find(key.merchant_id, receipt.gift_card.code_hash)
            # A card newer than its receipt may have its money back already. An older one
            # is found out at the commit.
            receipt = find_receipt(key, ledger=book.ledger)
        account = None
        if receipt.member_id is not None:
            account = _account(MemberRef(key.merchant_id, receipt.member_id), book.ledger)
        return take_back(account, receipt, claim, occasion, card)

    return decide


def _account(member: MemberRef, ledger: Ledger) -> Account | None:
    """Return the account of whom a receipt is now: of a merged member it is the survivor's."""
    account = ledger.account(member)
    if account is None or account.status is not MemberStatus.MERGED:
        return account
    try:
        return standing(member, ledger)
    except MemberNotFound:  # the survivor was erased: as if the member had been
        return replace(account, status=MemberStatus.ERASED)
