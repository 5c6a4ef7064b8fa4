"""What staff did by a call, told to the audit log once the ledger has it."""

from datetime import datetime

from chalicelib.domain.audit import Deed
from chalicelib.domain.entries import LedgerEntry, Operation
from chalicelib.domain.ledger import Grant
from chalicelib.wiring import services


def tell(deed: Deed, subject: str, operation: Operation, at: datetime, **facts: str) -> None:
    """Note it if somebody is signed in; `at` is the ledger's moment."""
    if not operation.staff_id:
        return
    from chalicelib.usecases.deeds import note_deed  # lazy: a till's own sales need none

    note_deed(deed, subject, operation, facts, at=at, room=services().till_desk.room)


def tell_grant(given: Grant, entry: LedgerEntry, operation: Operation) -> None:
    """Note points given by hand."""
    told = {"points": str(given.points), "reason": given.reason}
    tell(Deed.POINTS_GRANTED, entry.member.member_id, operation, entry.at, **told)
