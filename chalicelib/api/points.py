"""Without a receipt: grants, redemptions, holds, tiers, segments, past receipts."""

from typing import Any

from chalice import Blueprint

from chalicelib.api.book import book
from chalicelib.api.confirmations import presence_of
from chalicelib.api.deeds import tell_grant
from chalicelib.api.endpoint import endpoint
from chalicelib.api.entries import entry_json
from chalicelib.api.errors import answer_to, problem
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.members import EntryAnswer
from chalicelib.api.models.points import (
    GrantBody,
    HistoryAnswer,
    HistoryBody,
    HistoryRowBody,
    HoldAnswer,
    HoldBody,
    RedemptionBody,
    SegmentsAnswer,
    SegmentsBody,
    TierOverrideBody,
)
from chalicelib.api.parsing import BadRequest, validate_part
from chalicelib.api.shapes import write_moment
from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import LedgerEntry
from chalicelib.domain.events import own_points
from chalicelib.domain.history import PastReceipt
from chalicelib.domain.ledger import Grant, MemberNotFound
from chalicelib.domain.members import Scope
from chalicelib.domain.segments import segments_of
from chalicelib.usecases.points import (
    HistoryResult,
    HoldWish,
    TierWish,
    grant_points,
    hold_points,
    import_history,
    override_tier,
    redeem_points,
    release_hold,
    set_segments,
)
from chalicelib.usecases.write_once import Answered
from chalicelib.wiring import services

points = Blueprint(__name__)

_REDEEMING = (
    "member_not_found", "member_unverified", "redemption_paused", "insufficient_points",
    "confirmation_required", "own_card",
)  # fmt: skip

HOLD_PREFIX = "hold_"


@endpoint(
    points,
    "POST",
    "/v1/members/{member_id}/grants",
    summary="Give points; debt is repaid first.",
    tag="Members",
    access=scoped(Scope.GRANTS),
    body=GrantBody,
    answers={201: EntryAnswer, 200: EntryAnswer},
    problems=("member_not_found", "date_refused"),
    is_keyed=True,
    is_fresh=True,
)
def post_grant(call: Call[GrantBody], member_id: str) -> Answer:
    """Grant a lot."""
    given = Grant(
        points=call.body.points,
        reason=call.body.reason,
        expires_in_days=call.body.expires_in_days,
        activates_in_days=call.body.activates_in_days,
    )
    member = MemberRef(call.merchant_id, member_id)
    done = grant_points(member, given, call.operation, at=call.at, book=book())
    tell_grant(given, done.value, call.operation)
    return _entry(done, "PointsGranted")


@endpoint(
    points,
    "POST",
    "/v1/members/{member_id}/tier-overrides",
    summary="Give or sell a tier for a number of days.",
    tag="Members",
    access=scoped(Scope.GRANTS, Scope.MANAGER),
    body=TierOverrideBody,
    answers={201: EntryAnswer, 200: EntryAnswer},
    problems=("member_not_found", "tier_unknown"),
    is_keyed=True,
)
def post_tier_override(call: Call[TierOverrideBody], member_id: str) -> Answer:
    """Give a tier through the end of the day that many days on."""
    body = call.body
    wish = TierWish(body.tier, body.days, body.reason, body.paid_minor)
    member = MemberRef(call.merchant_id, member_id)
    done = override_tier(member, wish, call.operation, at=call.at, book=book())
    return _entry(done, "TierGiven")


@endpoint(
    points,
    "PUT",
    "/v1/members/{member_id}/segments",
    summary="Say which segments a member belongs to; promotions may be for some of them.",
    tag="Members",
    access=scoped(Scope.MEMBERS, Scope.GRANTS),
    body=SegmentsBody,
    answers={200: SegmentsAnswer},
    problems=("member_not_found",),
    is_keyed=True,
)
def put_segments(call: Call[SegmentsBody], member_id: str) -> Answer:
    """Set the whole list."""
    member = MemberRef(call.merchant_id, member_id)
    done = set_segments(member, call.body.segments, call.operation, at=call.at, book=book())
    entry = done.value
    body = {
        "member_id": member_id,
        "object": "segments",
        "segments": list(segments_of(entry)),
        "ledger_version": entry.version,
        "at": write_moment(entry.at),
    }
    return Answer(body=body, is_replay=done.is_replay, metric="SegmentsSet")


@endpoint(
    points,
    "POST",
    "/v1/redemptions",
    summary="Redeem points without a receipt.",
    tag="Till",
    access=scoped(Scope.TILL),
    body=RedemptionBody,
    answers={201: EntryAnswer, 200: EntryAnswer},
    problems=_REDEEMING,
    is_keyed=True,
)
def post_redemption(call: Call[RedemptionBody]) -> Answer:
    """Redeem points, soonest expiry first."""
    body = call.body
    member = call.served(body.member_id)
    presence = presence_of(call, body.confirmation_id)
    done = redeem_points(
        member, body.points, body.reason, call.operation,
        at=call.at, book=book(), presence=presence,
    )  # fmt: skip
    return _entry(done, "PointsRedeemed")


@endpoint(
    points,
    "POST",
    "/v1/holds",
    summary="Set points aside for an order that is not fulfilled yet.",
    tag="Online shop",
    access=scoped(Scope.TILL),
    body=HoldBody,
    answers={201: HoldAnswer, 200: HoldAnswer},
    problems=(*_REDEEMING, "too_many_holds"),
    is_keyed=True,
)
def post_hold(call: Call[HoldBody]) -> Answer:
    """Hold points; a purchase with `hold_id` captures them."""
    body = call.body
    _, _, random = services().keyring.new_id("hold").partition("_")
    wish = HoldWish(
        hold_id=f"{HOLD_PREFIX}{body.member_id}.{random}",
        points=body.points,
        ttl_seconds=body.ttl_seconds,
        order_reference=body.order_reference,
    )
    member = call.served(body.member_id)
    presence = presence_of(call, body.confirmation_id)
    done = hold_points(member, wish, call.operation, at=call.at, book=book(), presence=presence)
    return _hold(done, "held", body.order_reference)


@endpoint(
    points,
    "POST",
    "/v1/holds/{hold_id}/release",
    summary="Give a hold's points back: the order was cancelled.",
    tag="Online shop",
    access=scoped(Scope.TILL),
    answers={201: HoldAnswer, 200: HoldAnswer},
    problems=("hold_not_found",),
    is_keyed=True,
)
def post_release(call: Call[None], hold_id: str) -> Answer:
    """Release a hold."""
    member_id, _, random = hold_id.removeprefix(HOLD_PREFIX).rpartition(".")
    if not hold_id.startswith(HOLD_PREFIX) or not member_id or not random:
        return problem("hold_not_found")
    member = MemberRef(call.merchant_id, member_id)
    try:
        done = release_hold(member, hold_id, call.operation, at=call.at, book=book())
    except MemberNotFound:
        return problem("hold_not_found")
    return _hold(done, "released", None)


@endpoint(
    points,
    "POST",
    "/v1/history",
    summary="Import past receipts without points: they count for the turnover of their date.",
    tag="Members",
    access=scoped(Scope.HISTORY),
    body=HistoryBody,
    answers={200: HistoryAnswer},
    is_keyed=True,
)
def post_history(call: Call[HistoryBody]) -> Answer:
    """Import row by row, one result per row."""
    results: list[dict[str, Any]] = []
    good: list[tuple[int, HistoryRowBody]] = []
    for position, raw in enumerate(call.body.root):
        results.append({})
        try:
            good.append((position, validate_part(HistoryRowBody, raw)))
        except BadRequest as error:
            results[position] = _refused(error, call)
    rows = tuple(
        (
            row.member_id,
            PastReceipt(
                sold_at=row.at, net_minor=row.net_paid_minor, receipt_id=row.receipt_id
            ),
        )
        for _, row in good
    )
    done = import_history(rows, call.operation, at=call.at, book=book())
    for (position, row), result in zip(good, done, strict=True):
        results[position] = _row_json(row, result, call)
    return Answer(body={"items": results}, metric="HistoryImported")


def _row_json(row: HistoryRowBody, result: HistoryResult, call: Call[Any]) -> dict[str, Any]:
    if result.refusal is not None:
        return {**_refused(result.refusal, call), "receipt_id": row.receipt_id}
    return {
        "status": 200 if result.is_replay else 201,
        "receipt_id": row.receipt_id,
        "is_replay": result.is_replay,
        "problem": None,
    }


def _refused(error: Exception, call: Call[Any]) -> dict[str, Any]:
    refusal = answer_to(error, call.at)
    assert refusal is not None, "only refusals are caught"
    return {
        "status": refusal.status,
        "receipt_id": None,
        "is_replay": False,
        "problem": refusal.body,
    }


def _entry(done: Answered[LedgerEntry], metric: str) -> Answer:
    body = {**entry_json(done.value), "points": own_points(done.value)}
    status = 200 if done.is_replay else 201
    return Answer(body=body, status=status, is_replay=done.is_replay, metric=metric)


def _hold(done: Answered[LedgerEntry], state: str, order_reference: str | None) -> Answer:
    entry, facts = done.value, done.value.facts
    moved = facts.get("held" if state == "held" else "released")
    body = {
        "id": facts.get("hold_id"),
        "object": "hold",
        "created_at": write_moment(entry.at),
        "member_id": entry.member.member_id,
        "points": moved,
        "state": state,
        "until": _until(facts.get("until")),
        "order_reference": order_reference,
        "balance_after": entry.balance_after,
    }
    return Answer(
        body=body,
        status=200 if done.is_replay else 201,
        is_replay=done.is_replay,
        metric="PointsHeld" if state == "held" else "HoldReleased",
    )


def _until(fact: int | str | None) -> str | None:
    return fact.replace("+00:00", "Z") if isinstance(fact, str) else None
