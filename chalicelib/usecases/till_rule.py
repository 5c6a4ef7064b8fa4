"""Hold an operation to what the program lets a till redeem without a second factor.

Nothing is read unless points are redeemed at a till under a program that has the rule. That a
till has found the member by a phone number stands in the account itself.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.confirmations import (
    Confirmation,
    ConfirmationState,
    Purpose,
    used_up,
)
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
    is_spoken,
    need_of,
    points_at_stake,
)
from chalicelib.ports import CommitConflict
from chalicelib.usecases.write_once import Book

SPOKEN = Need(is_required=True, allowed=0, used_today=0, is_spoken=True)


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


def admit(account: Account, presence: Presence, at: datetime, book: Book) -> None:
    """Let a till give away what finds the member later: not on a number that was said alone.

    The confirmation it takes is used up.

    Raises:
        ConfirmationRequired: all the till knows of the member is a phone number.
        StoreUnavailable: perhaps it is used up.
    """
    if not presence.is_at_till or not is_spoken(account, at):
        return
    reason, found = _named(account.member, presence, at, book)
    if found is None:
        raise ConfirmationRequired(0, SPOKEN, reason)
    try:
        book.confirmations.use(used_up(found, at))
    except CommitConflict as error:  # by another call, a moment ago
        raise ConfirmationRequired(0, SPOKEN, "used") from error


@dataclass(frozen=True, slots=True)
class _Stake:
    """What the rule is about, where it asks anything."""

    member: MemberRef
    points: int
    confirm_above: int  # 0 too where the program has no such rule: then `is_spoken`
    counter: Counter
    is_spoken: bool
    by_kept_card: bool


def _stake(change: LedgerChange, presence: Presence, occasion: Occasion) -> _Stake | None:
    confirm_above, account = occasion.program.confirm_above, change.account
    if not presence.is_at_till or account is None:
        return None
    points, spoken = points_at_stake(change), is_spoken(account, occasion.at)
    by_kept_card = presence.by_kept_card and change.gift_card is not None
    is_nothing = not points and not by_kept_card
    if is_nothing or (confirm_above is None and not spoken):
        return None
    counter = day_counter(account.member, occasion.on)
    member, above = account.member, confirm_above or 0
    return _Stake(member, points, above, counter, spoken, by_kept_card)


def _named(
    member: MemberRef, presence: Presence, at: datetime, book: Book
) -> tuple[str, Confirmation | None]:
    """Return the confirmation that was named if it is good, else why it is not."""
    if presence.confirmation_id is None:
        return "missing", None
    found = book.confirmations.find(member, presence.confirmation_id)
    if found is None or found.purpose is not Purpose.REDEEM:
        return "unknown", None
    state = found.state(at)
    return str(state), found if state is ConfirmationState.VERIFIED else None


def _need(stake: _Stake, book: Book) -> Need:
    member = stake.member
    if stake.is_spoken:
        return replace(SPOKEN, by_kept_card=stake.by_kept_card)
    found = book.offers.read(
        member.merchant_id, member_id=member.member_id, counters=(stake.counter,)
    )
    need = need_of(stake.points, stake.confirm_above, stake.counter, found.used)
    return replace(need, is_required=True, by_kept_card=True) if stake.by_kept_card else need
