"""A member claims a receipt that was made without the card, by its number and total (R53).

A receipt is named by its till and number, and shoppers know the number alone: it is looked for
at every till of the merchant. What is not found, another's, or of another total is one answer,
and tries are counted before anything is compared: numbers often follow one another. So are
receipts that are found: who rings sales up without a card has the numbers of all of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import Operation
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import present
from chalicelib.domain.members import LimitCharge
from chalicelib.domain.receipts import Receipt
from chalicelib.domain.sign_ups import claim_failure, claim_made
from chalicelib.domain.staff import refuse_own_card
from chalicelib.ports import ApiKeys
from chalicelib.ports.staff import StaffRoom
from chalicelib.usecases.purchases import ReceiptNotFound, attach_receipt
from chalicelib.usecases.receipt_search import receipts_numbered, tills_of
from chalicelib.usecases.tries import count_try
from chalicelib.usecases.write_once import Answered, Book

TILLS_READ_MAX = 100


class ClaimLocked(DomainError):
    """Too many receipts were asked for in vain."""

    code = "claim_locked"


class ClaimAmbiguous(DomainError):
    """Several tills have such a receipt, or there are too many tills to look at."""

    code = "claim_ambiguous"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDesk:
    """The ports a receipt is claimed through."""

    book: Book
    room: StaffRoom
    api_keys: ApiKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What a member says of a receipt."""

    receipt_id: str
    total_minor: int
    till_id: str | None = None
    on: date | None = None


def claim_receipt(
    member: MemberRef,
    claimed: Claimed,
    operation: Operation,
    *,
    at: datetime,
    desk: ClaimDesk,
) -> Answered[Receipt]:
    """Give the member the receipt; it earns now.

    Raises:
        DomainError: `MemberNotFound`, `ReceiptNotFound`, `AttachRefused`, `ClaimLocked`,
            `ClaimAmbiguous`, `OwnCard`, `KeyReused`.
    """
    book, merchant_id = desk.book, member.merchant_id
    present(book.ledger.account(member))
    tries = claim_failure(member.member_id, at)
    _count(merchant_id, tries, desk)
    tills = _tills(merchant_id, claimed, desk)
    numbered = receipts_numbered(merchant_id, claimed.receipt_id, tills, book.ledger)
    found = _matching(numbered, claimed, member)
    if not found:
        raise ReceiptNotFound("there is no such receipt without a card")
    book.confirmations.forgive_failure(merchant_id, tries)
    if len(found) > 1:
        raise ClaimAmbiguous("several tills have such a receipt; name the till or the day")
    _refuse_own_sale(member, found[0], desk)
    if found[0].member_id is not None:  # the member's own: a repeat
        return _given(member, found[0], operation, at, book)
    made = claim_made(member.member_id, at)
    _count(merchant_id, made, desk)
    try:
        return _given(member, found[0], operation, at, book)
    except DomainError:
        book.confirmations.forgive_failure(merchant_id, made)
        raise


def _given(
    member: MemberRef, receipt: Receipt, operation: Operation, at: datetime, book: Book
) -> Answered[Receipt]:
    total_minor = receipt.to_pay_minor
    return attach_receipt(
        receipt.key, member.member_id, total_minor, operation, at=at, book=book
    )


def _refuse_own_sale(member: MemberRef, receipt: Receipt, desk: ClaimDesk) -> None:
    """Refuse who rang the receipt up. Raises OwnCard."""
    if not receipt.staff_id:
        return
    seller = desk.room.person(member.merchant_id, receipt.staff_id)
    refuse_own_card(member.member_id, seller.member_id if seller else None)


def _matching(
    receipts: Iterable[Receipt], claimed: Claimed, member: MemberRef
) -> list[Receipt]:
    """Return those that can be meant; the member's own, as a repeat asks for one of them."""
    return [
        one
        for one in receipts
        if one.to_pay_minor == claimed.total_minor
        and one.member_id in (None, member.member_id)
        and claimed.on in (None, one.on)
    ]


def _tills(merchant_id: str, claimed: Claimed, desk: ClaimDesk) -> tuple[str, ...]:
    """Return where to look. Raises ClaimAmbiguous."""
    if claimed.till_id is not None:
        return (claimed.till_id,)
    found = tills_of(merchant_id, desk.room, desk.api_keys)
    if len(found) > TILLS_READ_MAX:
        raise ClaimAmbiguous("there are too many tills to look at; name the till")
    return found


def _count(merchant_id: str, tries: LimitCharge, desk: ClaimDesk) -> None:
    """Count a try before anything is compared. Raises ClaimLocked, Trouble."""
    words = "too many receipts for a day; ask at the till"
    count_try(merchant_id, tries, desk.book, lambda: ClaimLocked(words))
