"""Hold an operation to what the program lets a till redeem without a second factor.

Nothing is read unless points are redeemed at a till under a program that has the rule.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.confirmations import Confirmation, ConfirmationState
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.limits import Counter
from chalicelib.domain.till_rule import (
    ConfirmationRequired,
    Need,
    Presence,
    confirmed,
    counted,
    day_counter,
    need_of,
    points_at_stake,
)
from chalicelib.usecases.write_once import Book, program_of


def guarded(
    change: LedgerChange, presence: Presence, *, at: datetime, book: Book
) -> LedgerChange:
    """Return the change as the rule lets it be: with a confirmation, or its points counted.

    Raises:
        ConfirmationRequired: it redeems more than is allowed without one.
    """
    stake = _stake(change, presence, at, book)
    if stake is None:
        return change
    reason, found = _named(stake.member, presence, at, book)
    if found is not None:
        return confirmed(change, found, at)
    need = _need(stake, book)
    if need.is_required:
        raise ConfirmationRequired(stake.points, need, reason)
    return counted(change, stake.points, stake.confirm_above, stake.counter)


def need_for(
    change: LedgerChange, presence: Presence, *, at: datetime, book: Book
) -> Need | None:
    """Return what a redemption would need; None where the rule asks nothing."""
    stake = _stake(change, presence, at, book)
    return _need(stake, book) if stake else None


@dataclass(frozen=True, slots=True)
class _Stake:
    """What the rule is about, where it asks anything."""

    member: MemberRef
    points: int
    confirm_above: int
    counter: Counter


def _stake(change: LedgerChange, presence: Presence, at: datetime, book: Book) -> _Stake | None:
    points = points_at_stake(change) if presence.is_at_till else 0
    if not points or change.account is None:
        return None
    member = change.account.member
    program = program_of(member.merchant_id, book.merchants)  # of the cache, as decided by
    if program.confirm_above is None:
        return None
    counter = day_counter(member, program.local_date(at))
    return _Stake(member, points, program.confirm_above, counter)


def _named(
    member: MemberRef, presence: Presence, at: datetime, book: Book
) -> tuple[str, Confirmation | None]:
    """Return the confirmation that was named if it is good, else why it is not."""
    if presence.confirmation_id is None:
        return "missing", None
    found = book.confirmations.find(member, presence.confirmation_id)
    if found is None:
        return "unknown", None
    state = found.state(at)
    return str(state), found if state is ConfirmationState.VERIFIED else None


def _need(stake: _Stake, book: Book) -> Need:
    member = stake.member
    found = book.offers.read(
        member.merchant_id, member_id=member.member_id, counters=(stake.counter,)
    )
    return need_of(stake.points, stake.confirm_above, stake.counter, found.used)
