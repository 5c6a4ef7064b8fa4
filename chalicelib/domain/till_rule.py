"""What a till may redeem without a second factor: the program's `confirm_above`.

Points a member pays with at tills are counted by business day; what goes above the program's
number needs a confirmation, which is used up in the transaction of the sale. So is the
counter moved: two tills cannot both give the last points. A program without the number asks
nothing and counts nothing.

A phone number is no secret: whoever says one aloud may be anybody. A member whom a till has
found by it redeems nothing without a confirmation, under any program, until something of the
member's is scanned. A gift card that the member keeps pays like points: on a number alone
never, and where the program has its rule only with a confirmation, whatever the amount.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.confirmations import Confirmation, used_up
from chalicelib.domain.entries import EntryKind, LedgerChange
from chalicelib.domain.errors import DomainError
from chalicelib.domain.limits import Counter, Take

SPOKEN_FOR = timedelta(hours=1)  # a sale that follows a look-up takes minutes


@dataclass(frozen=True, slots=True)
class Presence:
    """Where an operation is asked for, and what says that the member is there."""

    is_at_till: bool = False  # an online shop has signed its member in
    confirmation_id: str | None = None
    by_kept_card: bool = False  # a gift card pays that the member keeps: nobody shows a code


NO_TILL = Presence()


@dataclass(frozen=True, slots=True)
class Need:
    """What the rule says of a redemption."""

    is_required: bool  # a confirmation is
    allowed: int  # points that could be redeemed without one
    used_today: int
    is_spoken: bool = False  # the member was found by a phone number alone
    by_kept_card: bool = False  # it is about a gift card that the member keeps


class ConfirmationRequired(DomainError):
    """The till may not redeem so much without a second factor.

    `reason`: missing, unknown, pending, used, expired — of the confirmation that was named.
    """

    code = "confirmation_required"

    def __init__(self, points: int, need: Need, reason: str) -> None:
        super().__init__(
            f"{points} points asked for, {need.allowed} allowed without a confirmation",
            asked=points,
            allowed=need.allowed,
            used_today=need.used_today,
            reason=reason,
            **({"identified_by": "phone"} if need.is_spoken else {}),
            **({"pays_by": "gift_card"} if need.by_kept_card else {}),
        )


def is_spoken(account: Account, at: datetime) -> bool:
    """Return whether all a till knows of the member is a phone number somebody has said."""
    return account.spoken_at is not None and at < account.spoken_at + SPOKEN_FOR


def points_at_stake(change: LedgerChange) -> int:
    """Return the points a change redeems or sets aside; those of a hold were asked then."""
    receipt, entry = change.new_receipt, change.entry
    if receipt is not None:
        return 0 if receipt.hold_id else receipt.redeemed
    if entry is None or entry.kind not in (EntryKind.REDEEM, EntryKind.HOLD):
        return 0
    points = entry.facts.get("redeemed", entry.facts.get("held", 0))
    assert isinstance(points, int), "such an entry says how many"
    return points


def day_counter(member: MemberRef, on: date) -> Counter:
    """Return what counts a member's points without a confirmation on a business day."""
    return Counter(f"unconfirmed:{on.isoformat()}", day=on, member_id=member.member_id)


def need_of(
    points: int, confirm_above: int, counter: Counter, used: Mapping[Counter, int]
) -> Need:
    """Return what a redemption of so many points needs."""
    used_today = used.get(counter, 0)
    allowed = max(0, confirm_above - used_today)
    return Need(points > allowed, allowed, used_today)


def confirmed(change: LedgerChange, confirmation: Confirmation, at: datetime) -> LedgerChange:
    """Return the change with the confirmation used up by it."""
    return replace(change, confirmation=used_up(confirmation, at))


def counted(
    change: LedgerChange, points: int, confirm_above: int, counter: Counter
) -> LedgerChange:
    """Return the change with its points counted; a void of the day gives them back."""
    take = Take(counter, points, confirm_above)
    receipt = change.new_receipt
    if receipt is not None:
        receipt = replace(receipt, takes=(*receipt.takes, Take(counter, points)))
    return replace(change, takes=(*change.takes, take), new_receipt=receipt)
