"""Confirmations: a second factor says that the member stands at the till and agrees.

A pass code can be copied, so it identifies and earns; above what the program lets a till
redeem by it, something is asked for that cannot be copied: a code that changes, or one that
was sent by SMS. A confirmation is good once, for a few minutes, for this member alone.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.account import MemberRef
from chalicelib.domain.errors import DomainError

GOOD_FOR = timedelta(minutes=10)  # from the asking; a sale should follow at once


class ConfirmationNotFound(DomainError):
    """There is no such confirmation of this merchant."""

    code = "confirmation_not_found"


class ConfirmationUsed(DomainError):
    """The code has confirmed something already: it is good once."""

    code = "confirmation_used"


class ConfirmationExpired(DomainError):
    """The code was sent too long ago."""

    code = "confirmation_expired"


class ConfirmationCodeWrong(DomainError):
    """Not the code that was sent, or one that is shown no more."""

    code = "confirmation_code_wrong"


class ConfirmationLocked(DomainError):
    """Too many wrong codes."""

    code = "confirmation_locked"


class Method(StrEnum):
    """By what a member confirms."""

    TOTP = "totp"  # the rotating code of Google Wallet
    ONE_TIME_CODE = "one_time_code"  # the one the web card shows
    SMS = "sms"


METHODS = tuple(Method)


class Purpose(StrEnum):
    """What a member agrees to: what is good for one is good for nothing else."""

    REDEEM = "redeem"  # points, at a till
    ERASE = "erase"  # the member, by themselves


class ConfirmationState(StrEnum):
    """How far a confirmation has come."""

    PENDING = "pending"  # a code was sent
    VERIFIED = "verified"
    USED = "used"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """One second factor."""

    confirmation_id: str
    member: MemberRef
    method: Method
    created_at: datetime
    expires_at: datetime
    purpose: Purpose = Purpose.REDEEM
    code_hash: str = ""  # of a code that was sent
    phone_hash: str = ""  # where to
    guesses: int = 0
    verified_at: datetime | None = None
    used_at: datetime | None = None

    def state(self, at: datetime) -> ConfirmationState:
        """Return how far it has come; what was used stays used."""
        if self.used_at is not None:
            return ConfirmationState.USED
        if at > self.expires_at:
            return ConfirmationState.EXPIRED
        if self.verified_at is not None:
            return ConfirmationState.VERIFIED
        return ConfirmationState.PENDING


def verified(
    confirmation_id: str, member: MemberRef, method: Method, at: datetime
) -> Confirmation:
    """Return a new confirmation by a code that was right."""
    return Confirmation(
        confirmation_id=confirmation_id,
        member=member,
        method=method,
        created_at=at,
        expires_at=at + GOOD_FOR,
        verified_at=at,
    )


def used_up(confirmation: Confirmation, at: datetime) -> Confirmation:
    """Return it as used."""
    return replace(confirmation, used_at=at)
