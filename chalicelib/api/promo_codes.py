"""Promo codes and batches of them: made, listed, stopped, and a batch's codes as CSV.

A code stands in the path in any spelling.
"""

import csv
import io
from typing import Any

from chalice import Blueprint

from chalicelib.api.book import book
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.promo_codes import (
    CodeBatchAnswer,
    CodeBatchBody,
    CodeBatchesAnswer,
    CodesCsvAnswer,
    CodesOfBatchQuery,
    CodesQuery,
    CountedPromoCodeAnswer,
    PromoCodeAnswer,
    PromoCodeBody,
    PromoCodesAnswer,
)
from chalicelib.api.parsing import BadRequest
from chalicelib.api.shapes import write_moment
from chalicelib.domain.code_batches import printed
from chalicelib.domain.members import Scope
from chalicelib.domain.promo_codes import CodeBatch, PromoCode, fold
from chalicelib.usecases.promo_codes import (
    CodeDesk,
    CountedCode,
    codes_of,
    create_batch,
    create_code,
    find_batch,
    find_code,
    list_batches,
    list_codes,
    stop_batch,
    stop_code,
)
from chalicelib.wiring import services

promo_codes = Blueprint(__name__)

CSV = "text/csv; charset=utf-8"
_CURSOR_PREFIX = "c"
_PROGRAM = scoped(Scope.PROGRAM)


@endpoint(
    promo_codes,
    "POST",
    "/v1/promo-codes",
    summary="Make a promo code that names a coupon of the program.",
    tag="Promo codes",
    access=_PROGRAM,
    body=PromoCodeBody,
    answers={201: PromoCodeAnswer, 200: PromoCodeAnswer},
    problems=("coupon_unknown", "promo_code_exists"),
    is_keyed=True,
)
def post_promo_code(call: Call[PromoCodeBody]) -> Answer:
    """Make a named code."""
    body = call.body
    new = PromoCode(
        code=body.code,
        coupon_id=body.coupon,
        max_uses=body.max_uses,
        max_uses_per_member=body.max_uses_per_member,
        first=body.from_,
        last=body.to,
    )
    done = create_code(new, call.operation, desk=_desk())
    return Answer(
        body=_code_json(done.value),
        status=200 if done.is_replay else 201,
        is_replay=done.is_replay,
        metric="PromoCodeMade",
    )


@endpoint(
    promo_codes,
    "GET",
    "/v1/promo-codes",
    summary="List named codes with their uses, in the order of their text.",
    tag="Promo codes",
    access=_PROGRAM,
    query=CodesQuery,
    answers={200: PromoCodesAnswer},
)
def get_promo_codes(call: Call[None]) -> Answer:
    """Return one page."""
    limit = call.query.limit
    found = list_codes(call.merchant_id, after=_after(call), limit=limit, desk=_desk())
    last = found[-1].code.code if len(found) == limit else None
    return _page([_counted_json(one) for one in found], last)


@endpoint(
    promo_codes,
    "GET",
    "/v1/promo-codes/{promo_code}",
    summary="Show a code, named or of a batch, and how often it was used.",
    tag="Promo codes",
    access=_PROGRAM,
    answers={200: CountedPromoCodeAnswer},
    problems=("promo_code_not_found",),
)
def get_promo_code(call: Call[None], promo_code: str) -> Answer:
    """Return one code."""
    found = find_code(call.merchant_id, fold(promo_code), desk=_desk())
    return Answer(body=_counted_json(found))


@endpoint(
    promo_codes,
    "POST",
    "/v1/promo-codes/{promo_code}/stop",
    summary="Let a code, named or of a batch, be used no more; again changes nothing.",
    tag="Promo codes",
    access=_PROGRAM,
    answers={200: CountedPromoCodeAnswer},
    problems=("promo_code_not_found",),
)
def post_promo_code_stop(call: Call[None], promo_code: str) -> Answer:
    """Stop one code for good."""
    found = stop_code(call.merchant_id, fold(promo_code), desk=_desk())
    return Answer(body=_counted_json(found), metric="PromoCodeStopped")


@endpoint(
    promo_codes,
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
    done = create_batch(wanted, call.operation, desk=_desk())
    return Answer(
        body=_batch_json(done.value),
        status=200 if done.is_replay else 201,
        is_replay=done.is_replay,
        metric="CodeBatchMade",
    )


@endpoint(
    promo_codes,
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
    found = list_batches(call.merchant_id, after=_after(call), limit=limit, desk=_desk())
    last = found[-1].batch_id if len(found) == limit else None
    return _page([_batch_json(one) for one in found], last)


@endpoint(
    promo_codes,
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
    return Answer(body=_batch_json(find_batch(call.merchant_id, batch_id, desk=_desk())))


@endpoint(
    promo_codes,
    "GET",
    "/v1/promo-code-batches/{batch_id}/codes.csv",
    summary="The codes of a batch as CSV: at most 20 000, from the number `from_index`.",
    tag="Promo codes",
    access=_PROGRAM,
    query=CodesOfBatchQuery,
    answers={200: CodesCsvAnswer},
    problems=("code_batch_not_found",),
)
def get_codes_csv(call: Call[None], batch_id: str) -> Answer:
    """Return the codes as they are printed; nothing of them is stored."""
    batch = find_batch(call.merchant_id, batch_id, desk=_desk())
    codes = codes_of(
        call.merchant_id,
        batch,
        first=call.query.from_index,
        limit=call.query.limit,
        keyring=services().keyring,
    )
    first, last = _days(batch)
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("code", "coupon", "from", "to"))
    rows.writerows((printed(code), batch.coupon_id, first, last) for code in codes)
    name = f'attachment; filename="promo-codes-{batch.batch_id}.csv"'
    headers = {"Content-Disposition": name}
    return Answer(body=text.getvalue().encode(), content_type=CSV, headers=headers)


@endpoint(
    promo_codes,
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
    stopped = stop_batch(call.merchant_id, batch_id, desk=_desk())
    return Answer(body=_batch_json(stopped), metric="CodeBatchStopped")


def _desk() -> CodeDesk:
    ports = services()
    return CodeDesk(book=book(), codes=ports.promo_codes, keyring=ports.keyring)


def _after(call: Call[Any]) -> str | None:
    cursor: str | None = call.query.cursor
    if cursor is None:
        return None
    if not cursor.startswith(_CURSOR_PREFIX) or len(cursor) == len(_CURSOR_PREFIX):
        errors = [{"pointer": "/cursor", "detail": "send back `next_cursor` as it was"}]
        raise BadRequest("bad_input", "the cursor is none of ours", errors)
    return cursor.removeprefix(_CURSOR_PREFIX)


def _page(items: list[dict[str, Any]], last: str | None) -> Answer:
    cursor = f"{_CURSOR_PREFIX}{last}" if last is not None else None
    return Answer(body={"items": items, "next_cursor": cursor})


def _days(stored: PromoCode | CodeBatch) -> tuple[str | None, str | None]:
    first, last = stored.first, stored.last
    return first.isoformat() if first else None, last.isoformat() if last else None


def _code_json(code: PromoCode) -> dict[str, Any]:
    first, last = _days(code)
    return {
        "object": "promo_code",
        "code": code.code,
        "coupon": code.coupon_id,
        "max_uses": code.max_uses,
        "max_uses_per_member": code.max_uses_per_member,
        "from": first,
        "to": last,
        "is_stopped": code.is_stopped,
    }


def _counted_json(found: CountedCode) -> dict[str, Any]:
    return {**_code_json(found.code), "uses": found.uses}


def _batch_json(batch: CodeBatch) -> dict[str, Any]:
    first, last = _days(batch)
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
