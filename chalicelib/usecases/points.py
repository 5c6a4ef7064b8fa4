"""Without a receipt: grants, redemptions, holds, tier overrides, segments, history."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain import ledger as decisions
from chalicelib.domain import segments
from chalicelib.domain.account import Account, Hold, MemberRef, OverrideKind, TierOverride
from chalicelib.domain.entries import LedgerChange, LedgerEntry, Operation
from chalicelib.domain.errors import DomainError
from chalicelib.domain.history import PastReceipt, import_past
from chalicelib.domain.ledger import Grant
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.receipts import Receipt
from chalicelib.domain.till_rule import NO_TILL, Presence
from chalicelib.usecases.till_rule import guarded
from chalicelib.usecases.write_once import (
    Answered,
    Book,
    KeyReused,
    entry_of,
    program_of,
    receipt_of,
    write_once,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldWish:
    """Points to be set aside for an order."""

    hold_id: str  # made by the edge; a repeat of the operation keeps the first
    points: int
    ttl_seconds: int | None = None  # None: the program's
    order_reference: str | None = None


@dataclass(frozen=True, slots=True)
class TierWish:
    """A tier to be given by hand, or bought."""

    tier: str
    days: int
    reason: str
    paid_minor: int | None = None  # a price makes it bought; it earns nothing (R5)


@dataclass(frozen=True, slots=True)
class HistoryResult:
    """What became of one imported row: a receipt or a refusal."""

    receipt: Receipt | None
    refusal: DomainError | None
    is_replay: bool = False


def grant_points(
    member: MemberRef, given: Grant, operation: Operation, *, at: datetime, book: Book
) -> Answered[LedgerEntry]:
    """Give points to a member.

    Raises:
        DomainError: `MemberNotFound`, `DateRefused`, `KeyReused`.
    """
    return _write(member, operation, at, book, lambda a, o: decisions.grant(a, given, o))


def redeem_points(
    member: MemberRef,
    points: int,
    reason: str,
    operation: Operation,
    *,
    at: datetime,
    book: Book,
    presence: Presence = NO_TILL,
) -> Answered[LedgerEntry]:
    """Redeem points without a receipt.

    Raises:
        DomainError: `MemberNotFound`, `InsufficientPoints`, `ConfirmationRequired`,
            `KeyReused`.
    """

    def decide(account: Account, occasion: Occasion) -> LedgerChange:
        change = decisions.redeem(account, points, reason, occasion)
        return guarded(change, presence, occasion, book)

    return _write(member, operation, at, book, decide)


def hold_points(
    member: MemberRef,
    wish: HoldWish,
    operation: Operation,
    *,
    at: datetime,
    book: Book,
    presence: Presence = NO_TILL,
) -> Answered[LedgerEntry]:
    """Set points aside for an order.

    Raises:
        DomainError: `MemberNotFound`, `InsufficientPoints`, `TooManyHolds`,
            `ConfirmationRequired`, `KeyReused`.
    """

    def decide(account: Account, occasion: Occasion) -> LedgerChange:
        seconds = wish.ttl_seconds or occasion.program.hold_ttl_seconds
        until = at + timedelta(seconds=seconds)
        hold = Hold(wish.hold_id, until, (), wish.order_reference)
        change = decisions.hold(account, hold, wish.points, occasion)
        return guarded(change, presence, occasion, book)

    return _write(member, operation, at, book, decide)


def release_hold(
    member: MemberRef, hold_id: str, operation: Operation, *, at: datetime, book: Book
) -> Answered[LedgerEntry]:
    """Give a hold's points back.

    Raises:
        DomainError: `MemberNotFound`, `HoldNotFound`, `KeyReused`.
    """
    return _write(member, operation, at, book, lambda a, o: decisions.release(a, hold_id, o))


def override_tier(
    member: MemberRef, wish: TierWish, operation: Operation, *, at: datetime, book: Book
) -> Answered[LedgerEntry]:
    """Give a tier by hand or for a price, through the end of day D+N.

    Raises:
        DomainError: `MemberNotFound`, `UnknownTier`, `KeyReused`.
    """

    def decide(account: Account, occasion: Occasion) -> LedgerChange:
        kind = OverrideKind.MANUAL if wish.paid_minor is None else OverrideKind.BOUGHT
        until = decisions.tier_until(occasion.on, wish.days)
        given = TierOverride(kind, wish.tier, until)
        return decisions.override_tier(
            account, given, wish.reason, occasion, paid_minor=wish.paid_minor
        )

    return _write(member, operation, at, book, decide)


def set_segments(
    member: MemberRef,
    names: Iterable[str],
    operation: Operation,
    *,
    at: datetime,
    book: Book,
) -> Answered[LedgerEntry]:
    """Say which segments a member belongs to.

    Raises:
        DomainError: `MemberNotFound`, `KeyReused`.
    """
    listed = tuple(names)
    return _write(member, operation, at, book, lambda a, o: segments.set_segments(a, listed, o))


def import_history(
    rows: tuple[tuple[str, PastReceipt], ...],
    operation: Operation,
    *,
    at: datetime,
    book: Book,
) -> tuple[HistoryResult, ...]:
    """Count past receipts of members (member id, receipt), one result per row.

    Each row is an operation of its own under the given key, so that a repeat after a
    failure goes on where it stopped. A receipt that was counted under another key is
    refused (`ReceiptTaken`).

    Raises:
        KeyReused: the key stands for another request; no row is written.
    """
    results: list[HistoryResult] = []
    for position, (member_id, past) in enumerate(rows):
        key = f"{operation.key}~{position}" if position else operation.key
        member = MemberRef(operation.merchant_id, member_id)
        result = _import_row(member, past, replace(operation, key=key), at, book)
        if isinstance(result.refusal, KeyReused):
            raise result.refusal
        results.append(result)
    return tuple(results)


def _import_row(
    member: MemberRef, past: PastReceipt, operation: Operation, at: datetime, book: Book
) -> HistoryResult:
    decide = _decision(member, operation, at, book, lambda a, o: import_past(a, past, o))
    try:
        answer = receipt_of(write_once(operation, decide, book))
    except DomainError as refusal:
        return HistoryResult(None, refusal)
    return HistoryResult(answer.value, None, answer.is_replay)


def _write(
    member: MemberRef,
    operation: Operation,
    at: datetime,
    book: Book,
    decide: Callable[[Account, Occasion], LedgerChange],
) -> Answered[LedgerEntry]:
    decide_now = _decision(member, operation, at, book, decide)
    return entry_of(write_once(operation, decide_now, book))


def _decision(
    member: MemberRef,
    operation: Operation,
    at: datetime,
    book: Book,
    decide: Callable[[Account, Occasion], LedgerChange],
) -> Callable[[], LedgerChange]:
    program = program_of(member.merchant_id, book.merchants)

    def decide_now() -> LedgerChange:
        account = decisions.present(book.ledger.account(member))
        return decide(account, Occasion(program, at, operation))

    return decide_now
