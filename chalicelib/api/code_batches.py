"""Batches of promo codes: made, listed, stopped, and their codes as CSV."""

import csv
import io
from typing import Any

from chalice import Blueprint

from chalicelib.api.code_shapes import after_of, code_desk, days_json, page_of
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.promo_codes import (
    CodeBatchAnswer,
    CodeBatchBody,
    CodeBatchesAnswer,
    CodesCsvAnswer,
    CodesOfBatchQuery,
    CodesQuery,
)
from chalicelib.api.shapes import write_moment
from chalicelib.domain.code_batches import printed
from chalicelib.domain.members import Scope
from chalicelib.domain.promo_codes import CodeBatch
from chalicelib.domain.spreadsheets import as_cell
from chalicelib.usecases.promo_codes import (
    codes_of,
    create_batch,
    find_batch,
    list_batches,
    stop_batch,
)
from chalicelib.wiring import services

code_batches = Blueprint(__name__)

CSV = "text/csv; charset=utf-8"
_PROGRAM = scoped(Scope.PROGRAM)


@endpoint(
    code_batches,
    "POST",
    "/v1/promo-code-batches",
    summary="Make up to 100 000 codes at once, each one that cannot be guessed.",
    tag="Promo codes",
    access=_PROGRAM,
    body=CodeBatchBody,
    answers={201: CodeBatchAnswer, 200: CodeBatchAnswer},
    problems=("coupon_unknown",),
    is_keyed=True,
)
def post_code_batch(call: Call[CodeBatchBody]) -> Answer:
    """Make a batch; its codes are listed apart."""
    body = call.body
    wanted = CodeBatch(
        batch_id="",
        coupon_id=body.coupon,
        count=body.count,
        created_at=call.at,
        prefix=body.prefix,
        max_uses=body.max_uses,
        first=body.from_,
        last=body.to,
    )
    done = create_batch(wanted, call.operation, desk=code_desk())
    return Answer(
        body=_batch_json(done.value),
        status=200 if done.is_replay else 201,
        is_replay=done.is_replay,
        metric="CodeBatchMade",
    )


@endpoint(
    code_batches,
    "GET",
    "/v1/promo-code-batches",
    summary="List batches of promo codes, in the order of their ids.",
    tag="Promo codes",
    access=_PROGRAM,
    query=CodesQuery,
    answers={200: CodeBatchesAnswer},
)
def get_code_batches(call: Call[None]) -> Answer:
    """Return one page."""
    limit = call.query.limit
    found = list_batches(call.merchant_id, after=after_of(call), limit=limit, desk=code_desk())
    last = found[-1].batch_id if len(found) == limit else None
    return page_of([_batch_json(one) for one in found], last)


@endpoint(
    code_batches,
    "GET",
    "/v1/promo-code-batches/{batch_id}",
    summary="Show a batch of promo codes.",
    tag="Promo codes",
    access=_PROGRAM,
    answers={200: CodeBatchAnswer},
    problems=("code_batch_not_found",),
)
def get_code_batch(call: Call[None], batch_id: str) -> Answer:
    """Return one batch."""
    return Answer(body=_batch_json(find_batch(call.merchant_id, batch_id, desk=code_desk())))


@endpoint(
    code_batches,
    "GET",
    "/v1/promo-code-batches/{batch_id}/codes.csv",
    summary="The codes of a batch as CSV: at most 20 000, from the number `from_index`.",
    tag="Promo codes",
    access=_PROGRAM,
    query=CodesOfBatchQuery,
    answers={200: CodesCsvAnswer},
    problems=("code_batch_not_found",),
    is_fresh=True,
)
def get_codes_csv(call: Call[None], batch_id: str) -> Answer:
    """Return the codes as they are printed; nothing of them is stored."""
    batch = find_batch(call.merchant_id, batch_id, desk=code_desk())
    codes = codes_of(
        call.merchant_id,
        batch,
        first=call.query.from_index,
        limit=call.query.limit,
        keyring=services().keyring,
    )
    first, last = days_json(batch)
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("code", "coupon", "from", "to"))
    coupon = as_cell(batch.coupon_id)
    rows.writerows((printed(code), coupon, first, last) for code in codes)
    name = f'attachment; filename="promo-codes-{batch.batch_id}.csv"'
    headers = {"Content-Disposition": name}
    return Answer(body=text.getvalue().encode(), content_type=CSV, headers=headers)


@endpoint(
    code_batches,
    "POST",
    "/v1/promo-code-batches/{batch_id}/stop",
    summary="Let no code of a batch be used any more; again changes nothing.",
    tag="Promo codes",
    access=_PROGRAM,
    answers={200: CodeBatchAnswer},
    problems=("code_batch_not_found",),
)
def post_code_batch_stop(call: Call[None], batch_id: str) -> Answer:
    """Stop a batch for good."""
    stopped = stop_batch(call.merchant_id, batch_id, desk=code_desk())
    return Answer(body=_batch_json(stopped), metric="CodeBatchStopped")


def _batch_json(batch: CodeBatch) -> dict[str, Any]:
    first, last = days_json(batch)
    return {
        "id": batch.batch_id,
        "object": "promo_code_batch",
        "created_at": write_moment(batch.created_at),
        "coupon": batch.coupon_id,
        "count": batch.count,
        "prefix": batch.prefix,
        "max_uses": batch.max_uses,
        "from": first,
        "to": last,
        "is_stopped": batch.is_stopped,
    }
