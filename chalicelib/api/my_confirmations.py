"""A code sent to the member, for what a stolen browser must not do alone."""

from typing import Any

from chalice import Blueprint

from chalicelib.api.book import confirmation_desk
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import MEMBER, Answer, Call
from chalicelib.api.models.confirmations import SentCodeBody
from chalicelib.api.models.my_confirmations import MyConfirmationAnswer, MyConfirmationBody
from chalicelib.api.shapes import write_moment
from chalicelib.domain.confirmations import Confirmation, ConfirmationNotFound, Purpose
from chalicelib.domain.ledger import present
from chalicelib.usecases.confirmations import verify_sent
from chalicelib.usecases.erasure_codes import send_erasure_code
from chalicelib.wiring import services

my_confirmations = Blueprint(__name__)


@endpoint(
    my_confirmations,
    "POST",
    "/v1/me/confirmations",
    summary="Send a code to the member's own phone or proven e-mail, to confirm an erasure.",
    tag="Member",
    access=MEMBER,
    body=MyConfirmationBody,
    answers={201: MyConfirmationAnswer},
    problems=("member_not_found", "no_phone", "too_many_codes"),
)
def post_my_confirmation(call: Call[MyConfirmationBody]) -> Answer:
    """Answer a pending confirmation whose code is on its way."""
    present(services().ledger.account(call.member))
    found = send_erasure_code(call.member, at=call.at, desk=confirmation_desk())
    return _shown(found, call, 201, "ConfirmationSent")


@endpoint(
    my_confirmations,
    "POST",
    "/v1/me/confirmations/{confirmation_id}/verify",
    summary="Verify it by the code that was sent; the same again changes nothing.",
    tag="Member",
    access=MEMBER,
    body=SentCodeBody,
    answers={200: MyConfirmationAnswer},
    problems=(
        "member_not_found", "confirmation_not_found", "confirmation_expired",
        "confirmation_code_wrong", "confirmation_locked",
    ),
)  # fmt: skip
def post_my_sent_code(call: Call[SentCodeBody], confirmation_id: str) -> Answer:
    """Compare what arrived with what was sent."""
    present(services().ledger.account(call.member))
    if confirmation_id.partition(".")[2] != call.member.member_id:
        raise ConfirmationNotFound("there is no such confirmation")
    found = verify_sent(
        call.merchant_id,
        confirmation_id,
        call.body.code.strip(),
        at=call.at,
        desk=confirmation_desk(),
        purpose=Purpose.ERASE,
    )
    return _shown(found, call, 200, "Confirmed")


def _shown(found: Confirmation, call: Call[Any], status: int, metric: str) -> Answer:
    body = {
        "id": found.confirmation_id,
        "object": "confirmation",
        "created_at": write_moment(found.created_at),
        "purpose": found.purpose.value,
        "state": found.state(call.at).value,
        "expires_at": write_moment(found.expires_at),
    }
    return Answer(body=body, status=status, metric=metric)
