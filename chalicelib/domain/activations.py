"""Activation codes: how a device becomes a till. Approvals: what a manager allows once.

A code is 8 symbols that cannot be mistaken for one another (40 bits), good for ten minutes and
one device. An approval is good for two minutes and one operation, at the address that was
shown to the manager; the same operation asked again, because its answer was lost, is allowed
by it too.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import unquote

from chalicelib.domain.errors import DomainError
from chalicelib.domain.staff import Role, StaffRef

CODE_SYMBOLS: Final = 8
CODE_LIFE = timedelta(minutes=10)
APPROVAL_LIFE = timedelta(minutes=2)
APPROVAL_KEPT = timedelta(minutes=30)  # for repeats of the operation it was used for
_ALIKE = str.maketrans("OIL", "011")  # Crockford's base32, read 2026-11


class ActivationRefused(DomainError):
    """The code is wrong, was used, or its ten minutes are over."""

    code = "activation_refused"


class ActivationLocked(DomainError):
    """Too many wrong codes from one network; another after `retry_after_seconds`."""

    code = "activation_locked"


class ApprovalRefused(DomainError):
    """The approval is of another till, was used for something else, or is too old."""

    code = "approval_refused"


class ApproverRefused(DomainError):
    """A cashier cannot approve."""

    code = "approver_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """A code that makes one device one till."""

    code_hash: str
    merchant_id: str
    store_id: str
    till_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What a manager allows a cashier to do, once."""

    approval_id: str
    merchant_id: str
    till_id: str
    approver_id: str
    role: Role
    created_at: datetime
    call: str  # method and path, as the till will ask for them
    target: str = ""  # whom it is about, where the path does not say
    used_for: str = ""  # fingerprint of the operation

    @property
    def expires_at(self) -> datetime:
        """Return until when it can be used first."""
        return self.created_at + APPROVAL_LIFE

    @property
    def approver(self) -> StaffRef:
        """Return who approved."""
        return StaffRef(self.approver_id, self.role)

    def allows(self, till_id: str, call: str, operation: str, at: datetime) -> bool:
        """Return whether it is good for an operation at a till.

        A path is stated as it is sent, and comes as sent or with its escapes resolved.
        """
        if till_id != self.till_id or call not in {self.call, unquote(self.call)}:
            return False
        if self.used_for:
            return self.used_for == operation and at < self.created_at + APPROVAL_KEPT
        return at < self.expires_at


def typed_code(text: str) -> str:
    """Return a code as it is stored, whatever way it was typed.

    >>> typed_code(" ab1l-o9zk ")
    'AB1109ZK'
    """
    return "".join(one for one in text.upper() if one.isalnum()).translate(_ALIKE)
