"""A member's phone gives way to another: by codes to both, or by a manager with evidence.

Whoever has only the member's browser changes nothing: the new phone is proven by a code, and
so is the old one, or the proven e-mail of who has no phone. Without the old one somebody at
the shop looks at the evidence, the old phone is told, and for `PAUSE` nothing can be redeemed:
time enough to complain. A confirmed member who has neither cannot be asked, and pauses too.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.entries import EntryKind, LedgerChange
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import change_of, present
from chalicelib.domain.members import NewPhone
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.posting import Posting

GOOD_FOR = timedelta(minutes=10)  # the codes
APPROVAL_FOR = timedelta(days=7)  # a proven new phone waits so long for a manager
PAUSE = timedelta(hours=72)  # without redemption, where nothing proved the one before


class PhoneChangeNotFound(DomainError):
    """There is no such change of a phone, or its time is long over."""

    code = "phone_change_not_found"


class PhoneUnchanged(DomainError):
    """The member has that phone already."""

    code = "phone_unchanged"


class PhoneTaken(DomainError):
    """The new phone is another member's: the two can become one."""

    code = "phone_taken"


class PhoneChangeRefused(DomainError):
    """It is not so far yet, or it needs nobody, or the phone was changed meanwhile."""

    code = "phone_change_refused"


class ChangeState(StrEnum):
    """How far a change has come."""

    CODES_SENT = "codes_sent"
    AWAITING_APPROVAL = "awaiting_approval"  # the new phone is proven, the old one is not
    MERGE_OFFERED = "merge_offered"  # both are proven, and the new one is another member's
    DONE = "done"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneChange:
    """A phone that is to become a member's."""

    change_id: str
    member: MemberRef
    phone: str  # E.164; stored sealed
    phone_hash: str
    old_phone_hash: str | None  # of the proven e-mail where there is no phone; None: neither
    code_hash: str  # of the code sent to the new phone
    old_code_hash: str | None  # None: none was sent to the old one
    created_at: datetime
    expires_at: datetime  # of the codes
    guesses: int = 0
    verified_at: datetime | None = None
    done_at: datetime | None = None
    is_trusted: bool = True  # False: a confirmed member whom nothing but a browser proves

    @property
    def needs_approval(self) -> bool:
        """Return whether a manager has to look: the old phone is there and not asked."""
        return self.old_phone_hash is not None and self.old_code_hash is None

    @property
    def is_pausing(self) -> bool:
        """Return whether nothing can be redeemed for a while once it is done."""
        return self.needs_approval or not self.is_trusted

    def state(self, at: datetime) -> ChangeState:
        """Return how far it has come; what was done stays done."""
        if self.done_at is not None:
            return ChangeState.DONE
        if self.verified_at is None:
            return ChangeState.EXPIRED if at > self.expires_at else ChangeState.CODES_SENT
        if not self.needs_approval:
            is_over = at > self.expires_at  # a number may have another owner later
            return ChangeState.EXPIRED if is_over else ChangeState.MERGE_OFFERED
        is_over = at > self.verified_at + APPROVAL_FOR
        return ChangeState.EXPIRED if is_over else ChangeState.AWAITING_APPROVAL


def change_phone(
    account: Account | None,
    new: NewPhone,
    occasion: Occasion,
    *,
    evidence: str = "",
    paused_until: datetime | None = None,
) -> LedgerChange:
    """Give the member the new phone; what the old one found it finds no more.

    Raises:
        MemberNotFound.
    """
    posting = Posting(present(account), occasion)
    posting.expire_due()
    if paused_until is not None:
        posting.account = replace(posting.account, redeem_paused_until=paused_until)
    facts = {"paused_until": paused_until.isoformat() if paused_until else None}
    change = change_of(posting, EntryKind.PHONE, reason=evidence, facts=facts)
    return replace(change, phone=new)
