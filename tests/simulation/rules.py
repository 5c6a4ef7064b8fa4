"""The numbers of the programs a schedule runs under, and the document each stands for.

A shop opens with one program and may publish another in the middle of a schedule: what
was sold by the first is returned as it was sold.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.builders import document, rates

STAMPED = "coffee"
CARD_CATEGORY = "gift_card"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MULTIPLIER, EXTRA, POINTS = "multiplier", "extra_percent", "points"
DISCOUNT = "discount_percent"
USES, MONEY = "uses", "money"  # what is counted, beside points


class Limit(NamedTuple):
    """How much an offer may give."""

    kind: str  # "uses", "points" or "money"
    total: int | None = None
    per_day: int | None = None
    per_member: int | None = None


class Offer(NamedTuple):
    """A promotion on some days and goods, or a coupon that a code unlocks."""

    name: str
    kind: str
    number: int
    category: str = ""  # all
    weekday: int | None = None  # any; Monday is 0
    limits: tuple[Limit, ...] = ()
    price: int | None = None  # of a coupon, in points
    days: int | None = None  # a member's coupon is good for
    is_automatic: bool = False  # it comes by itself when there are enough points


class Referral(NamedTuple):
    """What bringing a friend in is worth."""

    referrer_points: int
    friend_points: int
    is_on_sign_up: bool = False
    reversal_days: int = 14
    cap: int | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The numbers of a program."""

    earn_percent: dict[str, int] = field(default_factory=lambda: {"base": 5, "silver": 10})
    redeem_percent: int = 50
    silver_over_minor: int = 10_000
    window_days: int = 30
    pending_days: int = 0
    expiry_days: int = 3
    is_debt_allowed: bool = True  # the policy: unlimited; else within_balance
    grace_days: int = 0
    hold_hours: int = 2
    is_both: bool = True  # earn_and_redeem
    discount_percent: int = 0
    category_discounts: tuple[tuple[str, int], ...] = ()
    is_sum: bool = False  # discounts add up; else the best counts
    stamps_every: int = 0
    promotions: tuple[Offer, ...] = ()
    coupons: tuple[Offer, ...] = ()
    sells_cards: bool = False
    is_rest_kept: bool = True  # of a gift card that paid; without `sells_cards` it is
    actions: tuple[tuple[str, int, int | None], ...] = ()  # name, points, days
    welcome: tuple[int, int] | None = None  # points, days
    referral: Referral | None = None
    confirm_above: int | None = None  # points a member and day at tills


_ACTIONS = (("review", 12, 1), ("survey", 8, None))
_COUPONS = (
    Offer("tenth", DISCOUNT, 10, price=20, days=1),
    Offer("seven", POINTS, 7, limits=(Limit(USES, per_day=2),), price=15),
)
_BASIC = Rules(
    promotions=(
        Offer("nine", POINTS, 9, limits=(Limit(POINTS, total=30, per_member=18),)),
    ),
    coupons=_COUPONS, actions=_ACTIONS, welcome=(6, 1), referral=Referral(15, 10, days=2),
)  # fmt: skip
_STRICT = Rules(
    is_debt_allowed=False, grace_days=2, is_both=False,
    stamps_every=4, sells_cards=True, is_rest_kept=False,
    actions=_ACTIONS[:1], referral=Referral(15, 10, is_on_sign_up=True),
)  # fmt: skip
_PENDING = Rules(
    pending_days=1,
    discount_percent=10, category_discounts=(("tea", 25),), is_sum=True,
    promotions=(Offer("nine", POINTS, 9), Offer("seventh", EXTRA, 7, "tea")),
    coupons=(*_COUPONS, Offer("gift", DISCOUNT, 5, price=35, is_automatic=True)),
    actions=_ACTIONS, referral=Referral(15, 10, cap=1), confirm_above=50,
)  # fmt: skip
_STAMPS = Rules(
    stamps_every=3, discount_percent=5, sells_cards=True,
    promotions=(
        Offer("tuesday", MULTIPLIER, 2, weekday=1),
        Offer("fifth", DISCOUNT, 20, "tea", limits=(
            Limit(USES, total=6, per_day=5, per_member=3), Limit(MONEY, total=5_000),
        )),
        Offer("monday", MULTIPLIER, 3, STAMPED, weekday=0),
    ),
    coupons=_COUPONS[::-1],
    actions=_ACTIONS, welcome=(6, 1), referral=Referral(20, 0, reversal_days=0),
    confirm_above=20,
)  # fmt: skip
# By number of the opening: the program it opens with, and the one that may follow.
EDITIONS = ((_BASIC, _STAMPS), (_STRICT, _BASIC), (_PENDING, _STRICT), (_STAMPS, _PENDING))


def document_of(rules: Rules) -> dict[str, Any]:
    """Return the program's document."""
    levels = [{"name": "base", "over": "0"}, {"name": "silver", "over": "100.00"}]
    by_tier = {name: (earn, rules.redeem_percent) for name, earn in rules.earn_percent.items()}
    return document(
        earn_percent=None,
        redeem_percent=None,
        tiers={"window_days": rules.window_days, "compare": "gt", "levels": levels},
        rates=rates(**by_tier),
        mode="earn_and_redeem" if rules.is_both else "earn_or_redeem",
        pending_days=rules.pending_days,
        expiry_days=rules.expiry_days,
        return_policy="unlimited" if rules.is_debt_allowed else "within_balance",
        restore_grace_days=rules.grace_days,
        hold_hours=rules.hold_hours,
        reminder_days=0,
        confirm_above=rules.confirm_above,
        discount_percent=rules.discount_percent or None,
        category_discounts=dict(rules.category_discounts) or None,
        stacking={"discounts": "sum" if rules.is_sum else "best"},
        promotions=[_offer(one) for one in rules.promotions] or None,
        coupons=[_offer(one) for one in rules.coupons] or None,
        **_special(rules),
    )


def _special(rules: Rules) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "actions": {name: _terms(points, days) for name, points, days in rules.actions},
    }
    if rules.stamps_every:
        fields["stamps"] = {"category": STAMPED, "every": rules.stamps_every}
    if rules.sells_cards:
        remainder = "keep" if rules.is_rest_kept else "forfeit"
        fields["gift_card"] = {"category": CARD_CATEGORY, "remainder": remainder}
    if rules.welcome:
        fields["welcome_points"] = _terms(*rules.welcome)
    if rules.referral:
        fields["referral"] = _referral(rules.referral)
    return fields


def _terms(points: int, days: int | None) -> dict[str, int]:
    return {"points": points} if days is None else {"points": points, "expires_in_days": days}


def _referral(referral: Referral) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "referrer_points": referral.referrer_points,
        "friend_points": referral.friend_points,
        "trigger": "sign_up" if referral.is_on_sign_up else "first_purchase",
        "reversal_days": referral.reversal_days,
    }
    if referral.cap is not None:
        fields["cap"] = referral.cap
    if referral.days is not None:
        fields["expires_in_days"] = referral.days
    return fields


def _offer(offer: Offer) -> dict[str, Any]:
    fields: dict[str, Any] = {"id": offer.name, offer.kind: offer.number}
    if offer.category:
        fields["categories"] = [offer.category]
    if offer.weekday is not None:
        fields["weekdays"] = [WEEKDAYS[offer.weekday]]
    if offer.limits:
        fields["limits"] = {limit.kind: _limit(limit) for limit in offer.limits}
    if offer.price is not None:
        fields["price_points"] = offer.price
    if offer.is_automatic:
        fields["exchange"] = "automatic"
    if offer.days is not None:
        fields["valid_days"] = offer.days
    return fields


def _limit(limit: Limit) -> dict[str, Any]:
    most = {
        "total": limit.total,
        "per_day": limit.per_day,
        "per_member": limit.per_member,
    }
    is_money = limit.kind == MONEY
    return {
        name: f"{number // 100}.{number % 100:02d}" if is_money else number
        for name, number in most.items()
        if number is not None
    }
