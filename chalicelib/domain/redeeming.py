"""Whether points of an account may be redeemed at all, however many there are.

The one place that every redemption, hold, purchase and exchange asks.
"""

from datetime import date, datetime

from chalicelib.domain.account import Account
from chalicelib.domain.errors import DomainError


class MemberUnverified(DomainError):
    """Nobody has confirmed the member's phone yet: points are earned and not redeemed."""

    code = "member_unverified"


class RedemptionPaused(DomainError):
    """The member's phone was changed without the old one, a short while ago."""

    code = "redemption_paused"


def refuse_redemption(account: Account, at: datetime) -> None:
    """Refuse to redeem or hold points of this account.

    Raises:
        MemberUnverified: the member is not confirmed yet.
        RedemptionPaused: the pause after a change of the phone is not over.
    """
    if not account.is_verified:
        raise MemberUnverified("the member has not confirmed the phone yet")
    if is_paused(account, at):
        assert account.redeem_paused_until is not None, "it is paused"
        until = account.redeem_paused_until.isoformat(timespec="seconds")
        raise RedemptionPaused("the phone was changed a short while ago", until=until)


def redeemable(account: Account, on: date, at: datetime) -> int:
    """Return the points that may be redeemed on a day: none of who may not redeem."""
    if not account.is_verified or is_paused(account, at):
        return 0
    return account.available(on)


def is_paused(account: Account, at: datetime) -> bool:
    """Return whether nothing may be redeemed for a while."""
    until = account.redeem_paused_until
    return until is not None and at < until
