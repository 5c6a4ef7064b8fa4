"""Note in the audit log what staff did to a member or a receipt, and who published what.

The ledger has the figures; this says who, why and by whose leave, in one list. A record is
named by its operation and carries the moment the ledger has: written again it is the same
record, so whoever repeats a call whose answer was lost makes up for what a crash left out.
Calls by an API key are not staff's, and are not noted but for what is published.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.audit import AuditRecord, Deed
from chalicelib.domain.entries import Operation
from chalicelib.ports.staff import StaffRoom

ID_DIGITS = 24


def version_record(
    deed: Deed, merchant_id: str, version: int, *, by: str, at: datetime | None
) -> AuditRecord | None:
    """Return the record of a version that somebody publishes; None of one nobody chose.

    `by` is a staff id or `key:…`: rules and cards are an integration's too. The store writes
    it with the version, so that there is neither without the other.
    """
    if not by or at is None:
        return None
    return AuditRecord(
        audit_id=_id_of(merchant_id, deed, str(version)),
        merchant_id=merchant_id,
        at=at,
        actor=by,
        deed=deed,
        facts={"version": str(version)},
    )


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
    told = {**facts, "approved_by": operation.approved_by}
    record = AuditRecord(
        audit_id=_id_of(operation.merchant_id, deed, operation.client, operation.key),
        merchant_id=operation.merchant_id,
        at=at,
        actor=operation.staff_id,
        deed=deed,
        subject=subject,
        facts={fact: text for fact, text in told.items() if text},
    )
    room.note(record)


def _id_of(*parts: str) -> str:
    name = "\x1f".join(parts)
    return f"aud_{hashlib.sha256(name.encode()).hexdigest()[:ID_DIGITS]}"
