"""What somebody at the shop has to look at: offline conflicts and debts."""

import time
from typing import Any

from chalice import Blueprint

from chalicelib.api.book import day_desk
from chalicelib.api.deeds import tell
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.ids import purchase_id
from chalicelib.api.models.attention import (
    ConflictAnswer,
    ConflictsAnswer,
    ConflictsQuery,
    DebtsAnswer,
    DebtsQuery,
    SettleBody,
)
from chalicelib.api.shapes import write_moment
from chalicelib.domain.attention import Debt, OfflineConflict
from chalicelib.domain.audit import Deed
from chalicelib.domain.members import Scope
from chalicelib.usecases.attention import list_debts
from chalicelib.usecases.offline_conflicts import settle_conflict
from chalicelib.wiring import services

attention = Blueprint(__name__)

SECONDS_MAX = 1.5  # then what the outbox has not noted is left to it
_TAG = "Operations"
_LOOKS = scoped(Scope.MANAGER, Scope.PROGRAM)


@endpoint(
    attention,
    "GET",
    "/v1/offline-conflicts",
    summary="Sales of offline tills that were refused, the latest first.",
    tag=_TAG,
    access=_LOOKS,
    query=ConflictsQuery,
    answers={200: ConflictsAnswer},
)
def get_offline_conflicts(call: Call[None]) -> Answer:
    """Return a page."""
    query: ConflictsQuery = call.query
    found = services().attention.conflicts(
        call.merchant_id,
        is_settled=query.state == "settled",
        before=query.cursor,
        limit=query.limit,
    )
    more = found[-1].conflict_id if len(found) == query.limit else None
    return Answer(body={"items": [conflict_json(one) for one in found], "next_cursor": more})


@endpoint(
    attention,
    "POST",
    "/v1/offline-conflicts/{conflict_id}/settle",
    summary="Say what was done about an offline conflict; the first word stays.",
    tag=_TAG,
    access=_LOOKS,
    body=SettleBody,
    answers={200: ConflictAnswer},
    problems=("conflict_not_found",),
)
def post_offline_conflict_settle(call: Call[SettleBody], conflict_id: str) -> Answer:
    """Settle it."""
    done = settle_conflict(
        call.merchant_id,
        conflict_id,
        call.body.note,
        by=call.staff_id or call.client,
        at=call.at,
        attention=services().attention,
    )
    assert done.settled_at is not None, "it is settled"
    named = call.operation_of(conflict_id, call.method, call.path, None)
    if done.settled_by == call.staff_id:
        tell(
            Deed.CONFLICT_SETTLED,
            done.receipt_id,
            named,
            done.settled_at,
            reason=done.note,
            member=done.member_id,
        )
    return Answer(body=conflict_json(done))


@endpoint(
    attention,
    "GET",
    "/v1/debts",
    summary="Members who owe points, and since which receipt.",
    tag=_TAG,
    access=_LOOKS,
    query=DebtsQuery,
    answers={200: DebtsAnswer},
)
def get_debts(call: Call[None]) -> Answer:
    """Return a page."""
    until = time.monotonic() + SECONDS_MAX
    query: DebtsQuery = call.query
    found = list_debts(
        call.merchant_id,
        desk=day_desk(),
        has_time=lambda: time.monotonic() < until,
        after=query.cursor,
        limit=query.limit,
    )
    more = found[-1].member.member_id if len(found) == query.limit else None
    return Answer(body={"items": [_debt_json(one) for one in found], "next_cursor": more})


def conflict_json(one: OfflineConflict) -> dict[str, Any]:
    """Return a conflict as it is answered."""
    return {
        "id": one.conflict_id,
        "object": "offline_conflict",
        "state": "settled" if one.is_settled else "open",
        "sold_at": write_moment(one.sold_at),
        "refused_at": write_moment(one.refused_at),
        "till_id": one.till_id,
        "staff_id": one.staff_id or None,
        "receipt_id": one.receipt_id,
        "member_id": one.member_id or None,
        "total_minor": one.total_minor,
        "currency": one.currency,
        "redeem": {"mode": one.redeem_mode, "points": one.redeem_points},
        "code": one.code,
        "detail": one.detail,
        "settled_at": write_moment(one.settled_at) if one.settled_at else None,
        "settled_by": one.settled_by or None,
        "note": one.note or None,
    }


def _debt_json(debt: Debt) -> dict[str, Any]:
    since = debt.since
    receipt = since.receipt if since else None
    return {
        "member_id": debt.member.member_id,
        "object": "debt",
        "points": debt.points,
        "since": write_moment(since.at) if since else None,
        "kind": since.kind.value if since else None,
        "purchase_id": purchase_id(receipt) if receipt else None,
        "receipt_id": receipt.receipt_id if receipt else None,
    }
