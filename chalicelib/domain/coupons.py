"""Members' coupons: given by the shop, or got for points; decided purely.

A coupon of the program is terms; a member's coupon is those terms with eight digits, of one
member, to be used once (R41). What is given or got is a ledger entry, also where no points
move: it says who gave what when, the phones are told of it, and a repeat finds it. Getting a
coupon for points cannot be undone: it may be used a moment later.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.account import Account
from chalicelib.domain.entries import EntryKind, LedgerChange
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import change_of
from chalicelib.domain.members import ConsentPurpose, Profile
from chalicelib.domain.notices import Topic, Way, is_muted
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.posting import Posting
from chalicelib.domain.pricing import InsufficientPoints
from chalicelib.domain.program import Program, add_months
from chalicelib.domain.promo_codes import MemberCoupon
from chalicelib.domain.redeeming import redeemable, refuse_redemption
from chalicelib.domain.rules.coupons import Coupon, coupons_of

CODE_DIGITS = 8
COUPON_FACT = "coupon"  # of the entry that brought one


class CouponUnknown(DomainError):
    """The program has no such coupon."""

    code = "coupon_unknown"


class CouponNotOffered(DomainError):
    """The coupon cannot be got for points, or its days are over."""

    code = "coupon_not_offered"


class NoConsent(DomainError):
    """The member takes no advertising messages."""

    code = "no_consent"


class NoPhone(DomainError):
    """The member has no phone to send a message to."""

    code = "no_phone"


class CouponState(StrEnum):
    """Whether a member's coupon can be used."""

    USABLE = "usable"
    USED = "used"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class HeldCoupon:
    """A member's coupon, and whether it can be used."""

    coupon: MemberCoupon
    state: CouponState


def terms_of(program: Program, coupon_id: str) -> Coupon:
    """Return the terms of a coupon. Raises CouponUnknown."""
    coupon = coupons_of(program).get(coupon_id)
    if coupon is None:
        raise CouponUnknown(f"the program has no coupon {coupon_id!r}")
    return coupon


def last_day(coupon: Coupon, on: date, valid_days: int | None = None) -> date | None:
    """Return the last day of a coupon got on a day; None: it never expires.

    A coupon whose terms end sooner ends with them.
    """
    last: date | None = None
    if valid_days is not None:
        last = on + timedelta(days=valid_days)
    elif coupon.valid_days is not None:
        last = on + timedelta(days=coupon.valid_days)
    elif coupon.valid_months is not None:
        last = add_months(on, coupon.valid_months)
    ends = coupon.fit.last
    return ends if last is None or (ends is not None and ends < last) else last


def price_on(coupon: Coupon, on: date) -> int | None:
    """Return for how many points members can get it on a day; None: they cannot."""
    ends = coupon.fit.last
    return coupon.price_points if ends is None or on <= ends else None


def obtainable(program: Program, on: date) -> tuple[tuple[Coupon, int], ...]:
    """Return the coupons members can get for points on a day, with their prices."""
    prices = [(coupon, price_on(coupon, on)) for coupon in coupons_of(program).values()]
    return tuple((coupon, price) for coupon, price in prices if price is not None)


def next_automatic(program: Program, account: Account, at: datetime) -> Coupon | None:
    """Return the first coupon that comes by itself and that the points are enough for."""
    on = program.local_date(at)
    available = redeemable(account, on, at)
    for coupon, price in obtainable(program, on):
        if coupon.is_automatic and available >= price:
            return coupon
    return None


def give(
    account: Account,
    coupon: Coupon,
    code: str,
    occasion: Occasion,
    *,
    valid_days: int | None = None,
) -> LedgerChange:
    """Give a coupon for nothing."""
    posting = Posting(account, occasion)
    posting.expire_due()
    last = last_day(coupon, posting.on, valid_days)
    return _brought(posting, coupon, code, last, 0)


def exchange(account: Account, coupon: Coupon, code: str, occasion: Occasion) -> LedgerChange:
    """Turn points into a coupon, soonest expiry first.

    Raises:
        MemberUnverified, RedemptionPaused: nothing can be redeemed yet.
        CouponNotOffered: it has no price in points, or its days are over.
        InsufficientPoints: fewer can be spent today.
    """
    refuse_redemption(account, occasion.at)
    posting = Posting(account, occasion)
    posting.expire_due()
    price, available = price_on(coupon, posting.on), posting.account.available(posting.on)
    if price is None:
        raise CouponNotOffered("this coupon cannot be got for points now")
    if price > available:
        raise InsufficientPoints(asked=price, available=available)
    posting.spend(price, posting.on)
    last = last_day(coupon, posting.on)
    return _brought(posting, coupon, code, last, price)


def phone_to_tell(profile: Profile) -> str:
    """Return where a coupon may be sent.

    Raises:
        NoConsent: the latest answer to the question of advertising is not yes, or the
            member switched messages of offers off.
        NoPhone: there is none.
    """
    answers = [c for c in profile.consents if c.purpose is ConsentPurpose.ADVERTISING]
    if not answers or not max(answers, key=lambda answer: answer.at).granted:
        raise NoConsent("the member has not agreed to advertising messages")
    if is_muted(profile, Topic.OFFERS, Way.SMS):
        raise NoConsent("the member wants no offers by SMS")
    return phone_to_reach(profile)


def phone_to_reach(profile: Profile) -> str:
    """Return the member's phone. Raises NoPhone."""
    if not profile.phone:
        raise NoPhone("the member has no phone")
    return profile.phone


def held(coupon: MemberCoupon, terms: Coupon | None, uses: int, on: date) -> HeldCoupon:
    """Return a member's coupon with what can be done with it on a day.

    `terms` are those of the program as it is now: without any, or after their last day, no
    till takes it, whatever was told when it was got.
    """
    if uses:
        return HeldCoupon(coupon, CouponState.USED)
    ends = terms.fit.last if terms else None
    if ends is not None and (coupon.last is None or ends < coupon.last):
        coupon = replace(coupon, last=ends)
    is_over = terms is None or (coupon.last is not None and coupon.last < on)
    return HeldCoupon(coupon, CouponState.EXPIRED if is_over else CouponState.USABLE)


def _brought(
    posting: Posting, coupon: Coupon, code: str, last: date | None, points: int
) -> LedgerChange:
    """Return what brings the coupon for so many points, already spent."""
    coupon_id = coupon.offer_id
    facts: dict[str, int | str | None] = {
        COUPON_FACT: coupon_id,
        "code": code,
        "valid_through": last.isoformat() if last else None,
    }
    kind = EntryKind.REDEEM if points else EntryKind.COUPON
    if points:
        facts["redeemed"] = points
    change = change_of(posting, kind, reason=f"coupon {coupon_id}", facts=facts)
    brought = MemberCoupon(
        code=code,
        member_id=posting.before.member.member_id,
        coupon_id=coupon_id,
        given_at=posting.at,
        last=last,
        points=points,
    )
    return replace(change, coupon=brought)
