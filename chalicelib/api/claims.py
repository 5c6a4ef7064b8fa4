"""A member claims a receipt that was made without the card (R53)."""

from chalice import Blueprint

from chalicelib.api.book import book
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import MEMBER, Answer, Call
from chalicelib.api.models.claims import ClaimBody
from chalicelib.api.models.purchases import PurchaseAnswer
from chalicelib.api.receipts import as_recorded, purchase_json
from chalicelib.api.speaking import language_of
from chalicelib.usecases.claiming import ClaimDesk, Claimed, claim_receipt
from chalicelib.wiring import services

claims = Blueprint(__name__)


@endpoint(
    claims,
    "POST",
    "/v1/me/receipts",
    summary="Claim a receipt made without the card, by its number and total, within 14 days.",
    tag="Member",
    access=MEMBER,
    body=ClaimBody,
    answers={201: PurchaseAnswer, 200: PurchaseAnswer},
    problems=(
        "member_not_found", "purchase_not_found", "attach_refused", "claim_locked",
        "claim_ambiguous", "own_card",
    ),
    is_keyed=True,
)  # fmt: skip
def post_my_receipt(call: Call[ClaimBody]) -> Answer:
    """Give the member the receipt; it earns now, as if bought now."""
    ports, body = services(), call.body
    desk = ClaimDesk(book=book(), room=ports.staff_room, api_keys=ports.api_keys)
    claimed = Claimed(
        receipt_id=body.receipt_id,
        total_minor=body.total_minor,
        till_id=body.till_id,
        on=body.on,
    )
    done = claim_receipt(call.member, claimed, call.operation, at=call.at, desk=desk)
    return Answer(
        body=purchase_json(as_recorded(done.value), language_of(call)),
        status=200 if done.is_replay else 201,
        is_replay=done.is_replay,
        metric="ReceiptAttached",
    )
