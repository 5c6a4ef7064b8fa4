"""What a till has queued without a network, recorded item by item."""

import time
from typing import Any

from chalice import Blueprint

from chalicelib.api.endpoint import endpoint
from chalicelib.api.errors import problem
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.purchases import BatchAnswer, BatchBody, BatchItemBody, PurchaseBody
from chalicelib.api.offline_conflicts import keep_refused
from chalicelib.api.parsing import validate_part
from chalicelib.api.purchases import record, refusal_of
from chalicelib.api.receipts import purchase_json
from chalicelib.api.speaking import language_of
from chalicelib.domain.entries import Operation
from chalicelib.domain.members import Scope

purchase_batches = Blueprint(__name__)

BATCH_SECONDS_MAX = 1.5  # then no further item is begun


@endpoint(
    purchase_batches,
    "POST",
    "/v1/purchase-batches",
    summary="Record what an offline till has queued, each item under its own key.",
    tag="Till",
    access=scoped(Scope.TILL),
    body=BatchBody,
    answers={200: BatchAnswer},
)
def post_purchase_batch(call: Call[BatchBody]) -> Answer:
    """Record one by one, in order; one result per item.

    What is not reached in time is answered `busy`: the till sends it again, as it is.
    """
    until = time.monotonic() + BATCH_SECONDS_MAX
    items = []
    for item in call.body.items:
        is_late = time.monotonic() > until
        items.append(_refused(problem("busy")) if is_late else _item(call, item))
    return Answer(body={"items": items})


def _item(call: Call[Any], item: BatchItemBody) -> dict[str, Any]:
    """Record one item; its fingerprint is that of `POST /v1/purchases` with the same body."""
    key, parsed = item.idempotency_key, item.purchase
    operation: Operation | None = None
    body: PurchaseBody | None = None
    try:
        operation = call.operation_of(key, "POST", "/v1/purchases", parsed)
        body = validate_part(PurchaseBody, parsed)
        recorded = record(call, body, operation)
    except Exception as error:  # one item refused must not hold back the others; bugs go on
        refusal = refusal_of(call, error)
        if refusal is None:
            raise
        if body is not None and operation is not None:
            refusal = keep_refused(call, body, operation, refusal)
        return _refused(refusal)
    return {
        "status": 200 if recorded.is_replay else 201,
        "is_replay": recorded.is_replay,
        "purchase": purchase_json(recorded.value, language_of(call)),
        "problem": None,
    }


def _refused(refusal: Answer) -> dict[str, Any]:
    return {
        "status": refusal.status,
        "is_replay": False,
        "purchase": None,
        "problem": refusal.body,
    }
