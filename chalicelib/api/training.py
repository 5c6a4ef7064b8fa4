"""What a till in training asks: sample members, and quotes for them. Nothing is written."""

from typing import Any, Final

from chalice import Blueprint

from chalicelib.api.book import book
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.members import SampleMembersAnswer
from chalicelib.api.models.purchases import QuoteAnswer, QuoteBody
from chalicelib.api.people import lookup_json
from chalicelib.api.purchases import sale_of_body
from chalicelib.api.receipts import quote_json
from chalicelib.api.speaking import language_of
from chalicelib.domain.members import Scope
from chalicelib.usecases.training import sample_members, training_quote
from chalicelib.wiring import services
from passes.wording import Language

training = Blueprint(__name__)

NAMES: Final[dict[Language, tuple[str, ...]]] = {
    "ru": ("Елена Образцова", "Новый Участник"),
    "en": ("Helen Sample", "New Member"),
}
_TAG = "Till"
_UNPROVEN: Final[dict[str, Any]] = {
    "verified": False,
    "confirmation_id": None,
    "unverified_reason": None,
}


@endpoint(
    training,
    "GET",
    "/v1/till/training-members",
    summary="Sample members for cashiers who learn; nobody's, and always the same.",
    tag=_TAG,
    access=scoped(Scope.TILL),
    answers={200: SampleMembersAnswer},
)
def get_training_members(call: Call[None]) -> Answer:
    """Return them as look-ups."""
    language = language_of(call)
    found = sample_members(call.merchant_id, NAMES[language], language, at=call.at, book=book())
    items = [lookup_json(view, (), [], _UNPROVEN) for view in found]
    return Answer(body={"items": items, "next_cursor": None})


@endpoint(
    training,
    "POST",
    "/v1/till/training-quotes",
    summary="Price a basket for a sample member. Nothing is read of members or written.",
    tag=_TAG,
    access=scoped(Scope.TILL),
    body=QuoteBody,
    answers={200: QuoteAnswer},
    problems=(
        *("member_not_found", "member_required", "insufficient_points", "hold_not_found"),
        *("date_refused", "offline_limit_exceeded"),
    ),
)
def post_training_quote(call: Call[QuoteBody]) -> Answer:
    """Run a training sale dry: there is no other way to run it."""
    sale = sale_of_body(call, call.body)
    quoted = training_quote(sale, at=call.at, book=book(), keyring=services().keyring)
    return Answer(body=quote_json(quoted, language_of(call)))
