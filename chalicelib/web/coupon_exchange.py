"""Where the card's button turns points into a coupon.

Whoever has a card's address may do it: its code spends the same points at any till. The
page's script sends JSON with a key of its own; no other site can.
"""

from dataclasses import replace

from chalice import Blueprint

from chalicelib.api.coupons import exchange
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, Caller
from chalicelib.api.models.coupons import CouponAnswer, MyCouponBody
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.usecases.card_tokens import PassUnknown, open_card
from chalicelib.wiring import services

coupon_exchange = Blueprint(__name__)


@endpoint(
    coupon_exchange,
    "POST",
    "/c/{token}/coupons",
    summary="Exchange points for a coupon from the card.",
    tag="Pages",
    body=MyCouponBody,
    answers={201: CouponAnswer, 200: CouponAnswer},
    problems=(
        "member_not_found", "coupon_unknown", "coupon_not_offered", "insufficient_points",
        "member_unverified", "redemption_paused",
    ),
    is_keyed=True,
    is_documented=False,
)  # fmt: skip
def post_card_coupon(call: Call[MyCouponBody], token: str) -> Answer:
    """Exchange points; they do not come back."""
    ports = services()
    try:
        visit = open_card(token, at=call.at, members=ports.members, keyring=ports.keyring)
    except PassUnknown as error:
        raise MemberNotFound("there is no such card") from error
    return exchange(replace(call, caller=Caller(member=visit.member)))
