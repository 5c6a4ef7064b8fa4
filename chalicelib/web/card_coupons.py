"""The coupons on a card: those the member has, and those points can be turned into."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from chalicelib.api.coupon_words import OFFERS_MAX, terms_text
from chalicelib.domain.coupons import CouponState, HeldCoupon, obtainable
from chalicelib.domain.rules.coupons import Coupon, coupons_of
from chalicelib.usecases.members import MemberView
from chalicelib.web import formats
from chalicelib.web.wording import WORDS
from passes.wording import Language, points_text

GROUP: Final = 4  # digits of a code that stand together


def coupons_view(
    view: MemberView, held: Iterable[HeldCoupon], language: Language
) -> dict[str, Any]:
    """Return the coupons that can be used, and the others with what is missing for them."""
    coupons = coupons_of(view.program)
    usable = [one.coupon for one in held if one.state is CouponState.USABLE]
    offers = [
        _offer(view, coupon, price, language)
        for coupon, price in obtainable(view.program, view.on)
        if not coupon.is_automatic  # nothing is to be done for these
    ]
    return {
        "own": [
            {
                "terms": _terms(view, coupons[one.coupon_id], language),
                "until": _until(view, one.last, language),
                "code": f"{one.code[:GROUP]} {one.code[GROUP:]}",
            }
            for one in usable
            if one.coupon_id in coupons
        ][:OFFERS_MAX],
        "offers": offers[:OFFERS_MAX],
    }


def _offer(view: MemberView, coupon: Coupon, price: int, language: Language) -> dict[str, Any]:
    words, missing = WORDS[language], price - view.balance.available
    points = points_text(price, language)
    left = points_text(max(0, missing), language)
    return {
        "coupon": coupon.offer_id,
        "terms": _terms(view, coupon, language),
        "get_for": words["coupon_get"].format(points=points),
        "swap": words["coupon_swap"].format(points=points),
        "is_enough": missing <= 0,
        "missing": words["coupon_missing"].format(points=left),
    }


def _terms(view: MemberView, coupon: Coupon, language: Language) -> str:
    text = terms_text(coupon, view.program.currency, language, formats.money)
    return text[:1].upper() + text[1:]


def _until(view: MemberView, last: date | None, language: Language) -> str:
    if last is None:
        return ""
    day = formats.day(last, view.on, language)
    return str(WORDS[language]["coupon_until"].format(day=day))
