"""What a cashier may undo alone: the sale of a moment ago, their own, that only earned.

Everything later, and everything that had paid with points or a gift card, is a manager's to
allow. An API key has no cashier: what its till may void is the merchant's own matter.
"""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.errors import DomainError
from chalicelib.domain.receipts import Receipt, ReceiptStatus

UNDO_FOR: Final = timedelta(seconds=60)  # a till shows 30; an answer may be lost on the way


class ApprovalRequired(DomainError):
    """A manager must allow it."""

    code = "approval_required"


def refuse_late_undo(receipt: Receipt, *, till_id: str, staff_id: str, at: datetime) -> None:
    """Refuse a cashier to void what is not theirs to undo.

    What is voided already is let through: the void itself knows its repeat from another.

    Raises:
        ApprovalRequired.
    """
    if receipt.status is ReceiptStatus.VOIDED:
        return
    is_own = receipt.key.till_id == till_id and receipt.staff_id == staff_id
    is_plain = not (receipt.redeemed or receipt.gift_card or receipt.returns)
    if not is_own or not is_plain or at > receipt.recorded_at + UNDO_FOR:
        raise ApprovalRequired("a manager must allow this; a sale of a moment ago is yours")
