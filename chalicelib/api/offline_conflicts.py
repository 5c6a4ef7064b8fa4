"""Keep the sale of an offline till that was refused: the till need not remember it.

What time cures is not kept: the till sends it again.
"""

from typing import Any

from chalicelib.api.baskets import lines_of
from chalicelib.api.errors import answer_to
from chalicelib.api.exchange import Answer, Call
from chalicelib.api.models.purchases import PurchaseBody
from chalicelib.domain.entries import Operation
from chalicelib.domain.pricing import Redeem, RedeemMode
from chalicelib.ports import Trouble
from chalicelib.wiring import services


def keep_refused(
    call: Call[Any], body: PurchaseBody, operation: Operation, refusal: Answer
) -> Answer:
    """Return the refusal once the merchant can see it; trouble, if it could not be kept."""
    assert isinstance(refusal.body, dict), "a refusal is a problem document"
    if refusal.body["retryable"]:
        return refusal
    from chalicelib.usecases.offline_conflicts import Refused, keep_conflict  # lazy: rare
    from chalicelib.usecases.write_once import program_of

    sold = Refused(
        receipt_id=body.receipt_id,
        sold_at=body.at or call.at,
        total_minor=sum(line.gross_minor for line in lines_of(body)),
        redeem=Redeem(RedeemMode(body.redeem.mode), body.redeem.points),
        code=refusal.body["code"],
        detail=refusal.body["detail"],
        member_id=body.member_id or "",
    )
    ports = services()
    try:
        keep_conflict(
            sold,
            operation,
            currency=program_of(call.merchant_id, ports.merchants).currency,
            at=call.at,
            attention=ports.attention,
        )
    except Trouble as trouble:
        answer = answer_to(trouble, call.at)
        assert answer is not None, "trouble is expected"
        return answer
    return refusal
