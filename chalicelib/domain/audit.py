"""The audit log: what staff did that changes something, who it was, and when.

Records are written in the transaction of what they tell of, and never changed. They name
people and things by id; facts are short words and numbers, never a secret, and the reason
as it was typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

KEPT_FOR = timedelta(days=800)


class Deed(StrEnum):
    """What was done."""

    SHOP_OPENED = "shop_opened"
    STORE_ADDED = "store_added"
    STORE_CHANGED = "store_changed"
    TILL_ADDED = "till_added"
    TILL_CHANGED = "till_changed"
    DEVICE_INVITED = "device_invited"  # an activation code was made
    DEVICE_BOUND = "device_bound"
    DEVICE_UNBOUND = "device_unbound"
    STAFF_ADDED = "staff_added"
    STAFF_CHANGED = "staff_changed"
    PIN_RESET = "pin_reset"
    APPROVAL_USED = "approval_used"
    RECEIPT_VOIDED = "receipt_voided"
    GIFT_CARD_VOIDED = "gift_card_voided"
    TOP_UP_VOIDED = "top_up_voided"
    RECEIPT_MOVED = "receipt_moved"
    POINTS_GRANTED = "points_granted"
    PHONE_CHANGED = "phone_changed"  # on evidence, without the old phone
    MEMBER_ERASED = "member_erased"
    CONFLICT_SETTLED = "conflict_settled"
    PROGRAM_PUBLISHED = "program_published"
    DESIGN_PUBLISHED = "design_published"
    KEY_ADDED = "key_added"
    KEY_REVOKED = "key_revoked"
    NOTICES_ON = "notices_on"  # members are told of points by SMS, which the shop pays for
    NOTICES_OFF = "notices_off"
    PASSWORD_CHANGED = "password_changed"
    PASSWORD_RESET = "password_reset"
    SECOND_FACTOR_ON = "second_factor_on"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One thing somebody did."""

    audit_id: str
    merchant_id: str
    at: datetime
    actor: str  # a staff id, `key:…` or `operator`
    deed: Deed
    subject: str = ""  # what it was done to: an id
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Return where it stands in its merchant's log: text order is time order."""
        at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return f"{at}#{self.audit_id}"
