"""Hold an operation to what the program lets a till redeem without a second factor.

Nothing is read unless points are redeemed at a till under a program that has the rule.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.confirmations import Confirmation, ConfirmationState
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.limits import Counter
from chalicelib.domain.occasion import Occasion
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
from chalicelib.usecases.write_once import Book


def guarded(
    change: LedgerChange, presence: Presence, occasion: Occasion, book: Book
) -> LedgerChange:
    """Return the change as the rule lets it be: with a confirmation, or its points counted.

    Raises:
        ConfirmationRequired: it redeems more than is allowed without one.
    """
    stake = _stake(change, presence, occasion)
    if stake is None:
        return change
    reason, found = _named(stake.member, presence, occasion.at, book)
    if found is not None:
        return confirmed(change, found, occasion.at)
    need = _need(stake, book)
    if need.is_required:
        raise ConfirmationRequired(stake.points, need, reason)
    return counted(change, stake.points, stake.confirm_above, stake.counter)


def need_for(
    change: LedgerChange, presence: Presence, occasion: Occasion, book: Book
) -> Need | None:
    """Return what a redemption would need; None where the rule asks nothing."""
    stake = _stake(change, presence, occasion)
    return _need(stake, book) if stake else None


@dataclass(frozen=True, slots=True)
class _Stake:
    """What the rule is about, where it asks anything."""

    member: MemberRef
    points: int
    confirm_above: int
    counter: Counter


def _stake(change: LedgerChange, presence: Presence, occasion: Occasion) -> _Stake | None:
    confirm_above = occasion.program.confirm_above
    if confirm_above is None or not presence.is_at_till or change.account is None:
        return None
    points = points_at_stake(change)
    if not points:
        return None
    member = change.account.member
    return _Stake(member, points, confirm_above, day_counter(member, occasion.on))


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
