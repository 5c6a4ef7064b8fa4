"""Promo codes, named ones above all: made, listed, looked at, stopped.

A code stands in the path in any spelling.
"""

from typing import Any

from chalice import Blueprint

from chalicelib.api.code_shapes import after_of, code_desk, days_json, page_of
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.promo_codes import (
    CodesQuery,
    CountedPromoCodeAnswer,
    PromoCodeAnswer,
    PromoCodeBody,
    PromoCodesAnswer,
)
from chalicelib.domain.members import Scope
from chalicelib.domain.promo_codes import PromoCode, fold
from chalicelib.usecases.promo_codes import (
    CountedCode,
    create_code,
    find_code,
    list_codes,
    stop_code,
)

promo_codes = Blueprint(__name__)

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
    done = create_code(new, call.operation, desk=code_desk())
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
    found = list_codes(call.merchant_id, after=after_of(call), limit=limit, desk=code_desk())
    last = found[-1].code.code if len(found) == limit else None
    return page_of([_counted_json(one) for one in found], last)


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
    found = find_code(call.merchant_id, fold(promo_code), desk=code_desk())
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
    found = stop_code(call.merchant_id, fold(promo_code), desk=code_desk())
    return Answer(body=_counted_json(found), metric="PromoCodeStopped")


def _code_json(code: PromoCode) -> dict[str, Any]:
    first, last = days_json(code)
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
