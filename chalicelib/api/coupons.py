"""Members' coupons: given by the office, got for points, listed."""

from datetime import datetime
from typing import Any

from chalice import Blueprint

from chalicelib.api.auth import ScopeMissing
from chalicelib.api.book import book
from chalicelib.api.confirmations import presence_of
from chalicelib.api.coupon_words import message_text
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import MEMBER, Answer, Call, scoped
from chalicelib.api.models.coupons import (
    CouponAnswer,
    CouponBody,
    CouponsAnswer,
    MyCouponBody,
)
from chalicelib.api.shapes import write_moment
from chalicelib.domain.account import MemberRef
from chalicelib.domain.coupons import COUPON_FACT, HeldCoupon
from chalicelib.domain.entries import LedgerEntry
from chalicelib.domain.members import Profile, Scope
from chalicelib.domain.promo_codes import MemberCoupon
from chalicelib.domain.rules.coupons import coupons_of
from chalicelib.usecases.coupons import (
    CouponDesk,
    CouponWish,
    Text,
    bring_coupon,
    list_coupons,
)
from chalicelib.usecases.members import MemberView
from chalicelib.usecases.write_once import Answered, merchant_of, program_of
from chalicelib.wiring import services

coupons = Blueprint(__name__)

_EITHER = ("member_not_found", "coupon_unknown")
_FOR_POINTS = (
    *_EITHER,
    "coupon_not_offered",
    "insufficient_points",
    "member_unverified",
    "redemption_paused",
)


@endpoint(
    coupons,
    "POST",
    "/v1/members/{member_id}/coupons",
    summary="Give a member a coupon, or exchange points for it; on request it is sent by SMS.",
    tag="Coupons",
    access=scoped(Scope.GRANTS, Scope.TILL),
    body=CouponBody,
    answers={201: CouponAnswer, 200: CouponAnswer},
    problems=(
        *_FOR_POINTS, "no_consent", "no_phone", "too_many_messages", "own_card",
        "confirmation_required",
    ),
    is_keyed=True,
)  # fmt: skip
def post_coupon(call: Call[CouponBody], member_id: str) -> Answer:
    """Bring a coupon; what was paid for it does not come back."""
    member, body = call.served(member_id), call.body
    if body.pay == "none" and Scope.GRANTS not in call.api_key.scopes:
        raise ScopeMissing
    wish = CouponWish(
        coupon_id=body.coupon,
        is_for_points=body.pay == "points",
        valid_days=body.valid_days,
        text=_text(call.merchant_id) if body.notify == "sms" else None,
    )
    presence = presence_of(call, body.confirmation_id)
    done = bring_coupon(
        member, wish, call.operation, at=call.at, desk=_desk(), presence=presence
    )
    return _brought(done, "CouponExchanged" if wish.is_for_points else "CouponGiven")


@endpoint(
    coupons,
    "GET",
    "/v1/members/{member_id}/coupons",
    summary="List a member's coupons, the latest first.",
    tag="Coupons",
    access=scoped(Scope.GRANTS, Scope.TILL, Scope.MEMBERS),
    answers={200: CouponsAnswer},
    problems=("member_not_found",),
)
def get_coupons(call: Call[None], member_id: str) -> Answer:
    """Return them all."""
    return _listed(call, MemberRef(call.merchant_id, member_id))


@endpoint(
    coupons,
    "POST",
    "/v1/me/coupons",
    summary="Exchange the member's own points for a coupon.",
    tag="Member",
    access=MEMBER,
    body=MyCouponBody,
    answers={201: CouponAnswer, 200: CouponAnswer},
    problems=_FOR_POINTS,
    is_keyed=True,
)
def post_my_coupon(call: Call[MyCouponBody]) -> Answer:
    """Exchange points; they do not come back."""
    return exchange(call)


@endpoint(
    coupons,
    "GET",
    "/v1/me/coupons",
    summary="List the member's own coupons, the latest first.",
    tag="Member",
    access=MEMBER,
    answers={200: CouponsAnswer},
    problems=("member_not_found",),
)
def get_my_coupons(call: Call[None]) -> Answer:
    """Return them all."""
    return _listed(call, call.member)


def exchange(call: Call[MyCouponBody]) -> Answer:
    """Exchange a calling member's points."""
    wish = CouponWish(coupon_id=call.body.coupon, is_for_points=True)
    done = bring_coupon(call.member, wish, call.operation, at=call.at, desk=_desk())
    return _brought(done, "CouponExchanged")


def held_coupons(view: MemberView, at: datetime) -> tuple[HeldCoupon, ...]:
    """Return the coupons of a member; where the program has none, without looking."""
    if not coupons_of(view.program):
        return ()
    return list_coupons(view.member, at=at, book=book(), codes=services().promo_codes)


def _desk() -> CouponDesk:
    """Return the ports a coupon goes through."""
    ports = services()
    return CouponDesk(
        book=ports.book, members=ports.members, keyring=ports.keyring, policy=ports.sms_policy
    )


def _text(merchant_id: str) -> Text:
    merchants = services().merchants
    name = merchant_of(merchant_id, merchants).name
    program = program_of(merchant_id, merchants)

    def text(profile: Profile, coupon: MemberCoupon) -> str:
        return message_text(name, coupon, program, "ru" if profile.language == "ru" else "en")

    return text


def _brought(done: Answered[LedgerEntry], metric: str) -> Answer:
    return Answer(
        body=_entry_json(done.value),
        status=200 if done.is_replay else 201,
        is_replay=done.is_replay,
        metric=metric,
    )


def _listed(call: Call[Any], member: MemberRef) -> Answer:
    found = list_coupons(member, at=call.at, book=book(), codes=services().promo_codes)
    items = [coupon_json(member, one) for one in found]
    return Answer(body={"items": items, "next_cursor": None})


def _entry_json(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "object": "coupon",
        "created_at": write_moment(entry.at),
        "member_id": entry.member.member_id,
        "code": entry.facts["code"],
        "coupon": entry.facts[COUPON_FACT],
        "valid_through": entry.facts["valid_through"],
        "points": entry.facts.get("redeemed", 0),
    }


def coupon_json(member: MemberRef, held: HeldCoupon) -> dict[str, Any]:
    """Return a coupon as its member sees it."""
    coupon = held.coupon
    return {
        "object": "coupon",
        "created_at": write_moment(coupon.given_at),
        "member_id": member.member_id,
        "code": coupon.code,
        "coupon": coupon.coupon_id,
        "valid_through": coupon.last.isoformat() if coupon.last else None,
        "points": coupon.points,
        "state": held.state.value,
    }
