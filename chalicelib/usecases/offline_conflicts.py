"""Keep what an offline till sold and the service refused; settle it once it is dealt with."""

import logging
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.attention import (
    ConflictNotFound,
    OfflineConflict,
    conflict_id_of,
    settled,
)
from chalicelib.domain.entries import Operation
from chalicelib.domain.pricing import Redeem
from chalicelib.ports import Attention

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A sale as the till reported it, and why it was refused."""

    receipt_id: str
    sold_at: datetime
    total_minor: int
    redeem: Redeem
    code: str  # of the problem
    detail: str
    member_id: str = ""


def keep_conflict(
    sold: Refused,
    operation: Operation,
    *,
    currency: str,
    at: datetime,
    attention: Attention,
) -> None:
    """Keep an offline till's sale that was refused: once, however often it is sent.

    Raises:
        StoreUnavailable: perhaps it was not kept; the till asks again.
    """
    till_id = operation.client
    conflict = OfflineConflict(
        conflict_id=conflict_id_of(till_id, operation.key, sold.sold_at),
        merchant_id=operation.merchant_id,
        till_id=till_id,
        sold_at=sold.sold_at,
        refused_at=at,
        receipt_id=sold.receipt_id,
        total_minor=sold.total_minor,
        currency=currency,
        code=sold.code,
        detail=sold.detail,
        staff_id=operation.staff_id,
        member_id=sold.member_id,
        redeem_mode=sold.redeem.mode.value,
        redeem_points=sold.redeem.points,
    )
    if not attention.keep(conflict):
        log.warning(
            "too many offline conflicts of a day",
            extra={"merchant_id": operation.merchant_id, "till_id": till_id},
        )


def settle_conflict(
    merchant_id: str,
    conflict_id: str,
    note: str,
    *,
    by: str,
    at: datetime,
    attention: Attention,
) -> OfflineConflict:
    """Return the conflict as dealt with; whoever was first has settled it.

    Raises:
        ConflictNotFound.
    """
    found = _conflict(merchant_id, conflict_id, attention)
    if found.is_settled:
        return found
    done = settled(found, by, note, at)
    if attention.settle(done):
        return done
    return _conflict(merchant_id, conflict_id, attention)


def _conflict(merchant_id: str, conflict_id: str, attention: Attention) -> OfflineConflict:
    found = attention.find(merchant_id, conflict_id)
    if found is None:
        raise ConflictNotFound("there is no such offline conflict")
    return found
