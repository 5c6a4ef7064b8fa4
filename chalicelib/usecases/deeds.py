"""Note in the audit log what staff did to a member or a receipt.

The ledger has the figures; this says who, why and by whose leave, in one list. A record is
named by its operation and carries the moment the ledger has: written again it is the same
record, so whoever repeats a call whose answer was lost makes up for what a crash left out.
Calls by an API key are not staff's, and are not noted.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.audit import AuditRecord, Deed
from chalicelib.domain.entries import Operation
from chalicelib.ports.staff import StaffRoom

ID_DIGITS = 24


def note_deed(
    deed: Deed,
    subject: str,
    operation: Operation,
    facts: Mapping[str, str],
    *,
    at: datetime,
    room: StaffRoom,
) -> None:
    """Write what was done, unless nobody is signed in; `at` is the ledger's own moment.

    Raises:
        StoreUnavailable: call again.
    """
    if not operation.staff_id:
        return
    name = "\x1f".join((operation.merchant_id, deed, operation.client, operation.key))
    told = {**facts, "approved_by": operation.approved_by}
    record = AuditRecord(
        audit_id=f"aud_{hashlib.sha256(name.encode()).hexdigest()[:ID_DIGITS]}",
        merchant_id=operation.merchant_id,
        at=at,
        actor=operation.staff_id,
        deed=deed,
        subject=subject,
        facts={fact: text for fact, text in told.items() if text},
    )
    room.note(record)
