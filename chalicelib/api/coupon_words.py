"""What a coupon gives, in words: for look-ups, the card page and messages."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from chalicelib.api.wording import MoneyWriter, money_text, times_text
from chalicelib.domain.coupons import CouponState, HeldCoupon, obtainable
from chalicelib.domain.program import Program
from chalicelib.domain.promo_codes import MemberCoupon
from chalicelib.domain.rules.coupons import Coupon, coupons_of
from passes.wording import Language, percent_text, points_text

_NO_BREAK_SPACE = "\u00a0"
OFFERS_MAX = 20  # told at a look-up and on the card page

_REWARDS: dict[str, dict[Language, str]] = {
    "discount": {"ru": "скидка {}", "en": "{} off"},
    "multiplier": {"ru": "баллы × {}", "en": "points × {}"},
    "extra": {"ru": "ещё {} баллами", "en": "{} more in points"},
}
_FROM: dict[Language, str] = {"ru": "{} в чеке от {}", "en": "{}, receipts from {}"}
_MESSAGE: dict[Language, str] = {
    "ru": "{merchant}: ваш купон {code} — {terms}.",
    "en": "{merchant}: your coupon {code}: {terms}.",
}
_THROUGH: dict[Language, str] = {"ru": " Действует по {}.", "en": " Valid through {}."}
_DAY: dict[Language, str] = {"ru": "%d.%m.%Y", "en": "%Y-%m-%d"}


def terms_text(
    coupon: Coupon, currency: str, language: Language, money: MoneyWriter = money_text
) -> str:
    """Return what a coupon gives; pages write money their own way."""
    text = _reward_text(coupon, currency, language, money)
    least = coupon.fit.min_receipt_minor
    if not least:
        return text
    return _FROM[language].format(text, money(least, currency, language))


def message_text(
    merchant: str, given: MemberCoupon, program: Program, language: Language
) -> str:
    """Return the SMS that brings a coupon; names are put in, never interpreted."""
    terms = terms_text(coupons_of(program)[given.coupon_id], program.currency, language)
    code = f"{given.code[:4]} {given.code[4:]}"
    text = _MESSAGE[language].replace("{code}", code).replace("{terms}", terms)
    through = _THROUGH[language].format(_day(given.last, language)) if given.last else ""
    # A no-break space would make an English message twice as long.
    return f"{text.replace('{merchant}', merchant)}{through}".replace(_NO_BREAK_SPACE, " ")


def offers_json(
    held: Iterable[HeldCoupon],
    program: Program,
    *,
    available: int,
    on: date,
    language: Language,
) -> list[dict[str, Any]]:
    """Return the coupons a member can use, then those the points are enough for."""
    coupons = coupons_of(program)
    usable = [one.coupon for one in held if one.state is CouponState.USABLE]
    found = [
        {
            "kind": "coupon",
            "coupon": one.coupon_id,
            "text": terms_text(coupons[one.coupon_id], program.currency, language),
            "code": one.code,
            "valid_through": one.last.isoformat() if one.last else None,
            "points": 0,
        }
        for one in usable
        if one.coupon_id in coupons
    ]
    found += [
        {
            "kind": "exchange",
            "coupon": coupon.offer_id,
            "text": terms_text(coupon, program.currency, language),
            "code": None,
            "valid_through": None,
            "points": price,
        }
        for coupon, price in obtainable(program, on)
        if price <= available
    ]
    return found[:OFFERS_MAX]


def _reward_text(coupon: Coupon, currency: str, language: Language, money: MoneyWriter) -> str:
    reward = coupon.reward
    if reward.points:
        return points_text(reward.points, language)
    if reward.boost_ppm:
        return _REWARDS["multiplier"][language].format(times_text(reward.boost_ppm, language))
    if reward.extra_ppm:
        return _REWARDS["extra"][language].format(percent_text(reward.extra_ppm, language))
    if reward.discount_minor:
        amount = money(reward.discount_minor, currency, language)
        return _REWARDS["discount"][language].format(amount)
    return _REWARDS["discount"][language].format(percent_text(reward.discount_ppm, language))


def _day(day: date, language: Language) -> str:
    return day.strftime(_DAY[language])
