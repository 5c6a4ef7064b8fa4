"""The audit log: what staff did, and when."""

from typing import Any

from chalice import Blueprint

from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.staff import AuditAnswer, AuditQuery
from chalicelib.api.shapes import write_moment
from chalicelib.domain.audit import AuditRecord
from chalicelib.domain.members import Scope
from chalicelib.usecases.staff import audit_page
from chalicelib.wiring import services

audit = Blueprint(__name__)


@endpoint(
    audit,
    "GET",
    "/v1/audit",
    summary="What staff did that changes something, newest first.",
    tag="Staff",
    access=scoped(Scope.STAFF),
    query=AuditQuery,
    answers={200: AuditAnswer},
)
def get_audit(call: Call[None]) -> Answer:
    """Return a page of the audit log."""
    asked: AuditQuery = call.query
    found = audit_page(
        call.merchant_id, before=asked.cursor, limit=asked.limit, desk=services().till_desk
    )
    more = found[-1].place if len(found) == asked.limit else None
    return Answer(body={"items": [_record_json(one) for one in found], "next_cursor": more})


def _record_json(record: AuditRecord) -> dict[str, Any]:
    return {
        "id": record.audit_id,
        "object": "audit_record",
        "at": write_moment(record.at),
        "actor": record.actor,
        "deed": record.deed.value,
        "subject": record.subject,
        "facts": dict(record.facts),
    }
