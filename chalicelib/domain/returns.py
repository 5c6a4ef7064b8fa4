"""The decision about a return: money, points and turnover go back as they came (R18–R25).

The receipt's stored allocation counts, never today's rules (`returned.py`).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.account import Account, Balance, Lot, LotSource, MemberStatus
from chalicelib.domain.adopting import Adopting, is_taken_over
from chalicelib.domain.day_rows import row_of_return
from chalicelib.domain.entries import (
    EntryKind,
    LedgerChange,
    LedgerEntry,
    MovementKind,
    Operation,
)
from chalicelib.domain.errors import DomainError
from chalicelib.domain.gift_cards import GiftCard, GiftCardChange, Signature
from chalicelib.domain.ledger import present
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.receipts import Receipt, ReceiptStatus, Return, ReturnedLine
from chalicelib.domain.referrals import note_return
from chalicelib.domain.refunds import card_share, refund_to_card
from chalicelib.domain.returned import Part, part_of, portions_left, returned_milli, stamps_of
from chalicelib.domain.takes import given_back

RETURNS_MAX = 100  # of one receipt


class ReturnRefused(DomainError):
    """More than was bought and not returned yet, or the receipt does not stand any more."""

    code = "return_refused"


class ReturnExists(DomainError):
    """The receipt has a return with that number already."""

    code = "return_exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is brought back."""

    return_id: str
    lines: tuple[ReturnedLine, ...] | None  # None: all that is left
    is_void: bool = False
    reason: str = ""
    moved_to: str | None = None  # the member who gets the receipt: the rest of a move


def take_back(
    account: Account | None,
    receipt: Receipt,
    claim: Claim,
    occasion: Occasion,
    gift_card: GiftCard | None = None,
) -> LedgerChange:
    """Return lines of a receipt, whole or in part; a void is a full return, marked.

    `gift_card` is the one that paid of the receipt. `account` may be that of whom the
    receipt's member was merged into; of a member who was erased money alone goes back.

    Raises:
        ReturnRefused, ReturnExists, MemberNotFound.
    """
    _refuse_impossible(receipt, claim)
    is_moved = claim.moved_to is not None
    takes = given_back(receipt, occasion.on, is_moved=is_moved) if claim.is_void else ()
    lines = _claimed_lines(receipt, claim)
    part = part_of(receipt, lines)
    done = _return(claim, lines, part, occasion.at)
    refunded = None
    if claim.moved_to is None:  # else the next receipt stays paid by it
        done = replace(done, gift_card_minor=card_share(receipt, part.refund_minor))
        refunded = _refunded(receipt, gift_card, done, occasion)
    if receipt.member_id is None or (_is_erased(account) and not is_moved):
        forfeited = part.redeemed if receipt.member_id else 0  # there is nobody to get them
        done = replace(done, forfeited=forfeited)
        change = _change(occasion.operation, receipt, done, refunded)
        by = occasion.operation
        row = row_of_return(receipt, done, occasion.on, till_id=by.client, staff_id=by.staff_id)
        return replace(change, takes=takes, day_row=row)

    posting = Adopting(present(account), occasion)
    posting.expire_due()
    restored, forfeited = _give_back(posting, receipt, part.redeemed)
    policy = occasion.program.return_policy
    clawed_back = posting.claw_back(part.earned, _own_lot(posting.account, receipt), policy)
    posting.count_turnover(-part.turnover_minor, receipt.on)
    posting.set_stamps(max(0, posting.account.stamps - stamps_of(receipt, lines)))
    moved = replace(done, restored=restored, forfeited=forfeited, clawed_back=clawed_back)
    after, entry = _close(posting, receipt, moved, claim.moved_to)
    on = posting.on
    balance = Balance(after.available(on), after.pending(on), after.debt, after.held)
    done = replace(moved, balance=balance)
    change = _change(occasion.operation, receipt, done, refunded)
    return replace(
        change, version_read=posting.before.version, account=after, entry=entry, takes=takes
    )


def _close(
    posting: Adopting, receipt: Receipt, done: Return, moved_to: str | None
) -> tuple[Account, LedgerEntry]:
    if receipt.member_id == posting.account.member.member_id:  # versions are a member's own
        note_return(posting, receipt, done.lines)
    more: dict[str, str] = {}
    if moved_to is not None:  # enough for the outbox to finish it after a crash
        more = {"moved_to": moved_to, "till_id": receipt.key.till_id}
    if posting.occasion.operation.client != receipt.key.till_id:
        more["done_at"] = posting.occasion.operation.client
    return posting.close(
        EntryKind.VOID if done.is_void else EntryKind.RETURN,
        reason=done.reason,
        reference=receipt.key.receipt_id,
        actor=f"till:{receipt.key.till_id}",
        key=posting.occasion.operation.key,
        facts={
            "clawed_back": done.clawed_back,
            "restored": done.restored,
            "forfeited": done.forfeited,
            "return_id": done.return_id,
            **more,
        },
    )


def _change(
    operation: Operation, receipt: Receipt, done: Return, refunded: GiftCardChange | None
) -> LedgerChange:
    """Return the change of the receipt and its gift card alone."""
    return LedgerChange(
        operation,
        0,
        None,
        None,
        changed_receipt=_after(receipt, done),
        return_id=done.return_id,
        gift_card=refunded,
    )


def _refunded(
    receipt: Receipt, card: GiftCard | None, done: Return, occasion: Occasion
) -> GiftCardChange | None:
    """Return what the return gives back to the receipt's gift card."""
    signature = Signature(
        at=occasion.at,
        actor=f"till:{receipt.key.till_id}",
        key=occasion.operation.key,
        reference=receipt.key.receipt_id,
        reason=done.reason,
    )
    share = done.gift_card_minor
    return refund_to_card(receipt, card, share, signature, is_void=done.is_void)


def _refuse_impossible(receipt: Receipt, claim: Claim) -> None:
    if receipt.status is not ReceiptStatus.COMPLETED:
        raise ReturnRefused("the receipt was voided")
    if any(done.return_id == claim.return_id for done in receipt.returns):
        raise ReturnExists("the receipt has a return with this number already")
    if claim.moved_to is not None and receipt.returns:  # it is posted again whole
        raise ReturnRefused("something of the receipt was returned")
    if len(receipt.returns) >= RETURNS_MAX and not claim.is_void:
        raise ReturnRefused(f"the receipt has {RETURNS_MAX} returns already")


def _claimed_lines(receipt: Receipt, claim: Claim) -> tuple[ReturnedLine, ...]:
    """Return what is brought back by line, each line once, never more than is left."""
    left = {
        i: line.quantity_milli - returned_milli(receipt, i)
        for i, line in enumerate(receipt.lines)
    }
    if claim.lines is None:
        lines = tuple(ReturnedLine(i, milli) for i, milli in left.items() if milli)
    else:
        asked: dict[int, int] = {}
        for line in claim.lines:
            asked[line.line] = asked.get(line.line, 0) + line.quantity_milli
        lines = tuple(ReturnedLine(i, milli) for i, milli in sorted(asked.items()))
    if not lines and not claim.is_void:
        raise ReturnRefused("nothing of the receipt is left to return")
    for line in lines:
        if line.line not in left:
            raise ReturnRefused(f"the receipt has no line {line.line}", line=line.line)
        if line.quantity_milli > left[line.line]:
            raise ReturnRefused(
                f"line {line.line}: {_text(line.quantity_milli)} brought back, "
                f"{_text(left[line.line])} left",
                line=line.line,
            )
    return lines


def _is_erased(account: Account | None) -> bool:
    return account is not None and account.status is MemberStatus.ERASED


def _own_lot(account: Account, receipt: Receipt) -> Lot | None:
    """Return the lot a receipt earned; one taken over is known by its dates."""
    earned = receipt.earned_lot
    if earned is None or receipt.member_id == account.member.member_id:
        return earned
    same = (lot for lot in account.lots if is_taken_over(lot, earned))
    return next(same, None)


def _give_back(posting: Adopting, receipt: Receipt, points: int) -> tuple[int, int]:
    """Give redeemed points back: (restored, forfeited). What was debt pays debt first."""
    portions = portions_left(receipt, points)
    if receipt.member_id != posting.account.member.member_id:
        portions = posting.renumbered(portions)
    restored, forfeited = posting.give_back(portions)
    uncovered = points - sum(portion.points for portion in portions)
    if uncovered:
        expires_on = posting.program.expiry_of(posting.on)
        posting.credit(
            MovementKind.RESTORE, LotSource.RESTORE, uncovered, expires_on=expires_on
        )
    return restored + uncovered, forfeited


def _return(claim: Claim, lines: tuple[ReturnedLine, ...], part: Part, at: datetime) -> Return:
    return Return(
        return_id=claim.return_id,
        at=at,
        lines=lines,
        refund_minor=part.refund_minor,
        clawed_back=0,
        restored=0,
        forfeited=0,
        balance=None,
        is_void=claim.is_void,
        reason=claim.reason,
    )


def _after(receipt: Receipt, done: Return) -> Receipt:
    status = ReceiptStatus.VOIDED if done.is_void else receipt.status
    return replace(receipt, returns=(*receipt.returns, done), status=status)


def _text(quantity_milli: int) -> str:
    whole, thousandths = divmod(quantity_milli, 1000)
    return f"{whole}.{thousandths:03d}".rstrip("0").rstrip(".")
