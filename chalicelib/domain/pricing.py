"""Prices a basket: what points may pay, what is earned, and why.

Pure and exact. Steps in the order of R4: discounts, then points, then earning. Rates are
exact per line, summed, rounded down once per receipt, and the whole points shared out to
the lines by largest remainder (R2, R3). The same function serves quote and purchase.

Rules named in `Why.rule`: `free.stamps`, `stamps.collected`; `discount.fixed`,
`discount.category`, `discount.turnover`, `discount.bundle`, `discount.promotion`,
`discount.coupon`;
`earn.tier_rate`, `earn.category_rate`, `earn.flat_rate`, `earn.step`,
`earn.category_unlisted`, `earn.gift_card_sale`, `earn.margin_cap`, `earn.redeeming_receipt`,
`earn.promotion_multiplier`, `earn.promotion_percent`, `earn.promotion_points`, `earn.bundle`,
`earn.coupon_multiplier`, `earn.coupon_percent`, `earn.coupon_points`;
`redeem.tier_rate`, `redeem.category_rate`, `redeem.flat_rate`,
`redeem.category_unlisted`, `redeem.margin_cap`, `redeem.receipt_minimum`,
`redeem.money_minimum`; `discount.moved`; `excluded.goods`. Which of them a line
says is in `reasons.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.basket import BasketLine, Pricing, Scene, Stage
from chalicelib.domain.errors import DomainError
from chalicelib.domain.limits import Take
from chalicelib.domain.line_points import points_of_rates
from chalicelib.domain.money import PPM, share_out
from chalicelib.domain.program import Mode, Program
from chalicelib.domain.promo_codes import CodeUse
from chalicelib.domain.rates import Rating, rating_of
from chalicelib.domain.reasons import RECEIPT_MINIMUM, Reasons
from chalicelib.domain.receipts import ReceiptLine, Why
from chalicelib.domain.takes import code_uses_of, takes_of


class InsufficientPoints(DomainError):
    """The account holds fewer spendable points than asked for."""

    code = "insufficient_points"

    def __init__(self, *, asked: int, available: int) -> None:
        super().__init__(
            f"{asked} points asked for, {available} available", asked=asked, available=available
        )


class RedeemMode(StrEnum):
    """How many points the shopper wants to redeem."""

    NONE = "none"
    MAX = "max"  # as many as possible, at most `points` if given
    EXACT = "exact"  # `points`: refused if the account has fewer, cut to the receipt's cap


@dataclass(frozen=True, slots=True)
class Redeem:
    """The wish to redeem."""

    mode: RedeemMode = RedeemMode.NONE
    points: int | None = None


NO_REDEMPTION = Redeem()


@dataclass(frozen=True, slots=True)
class Priced:
    """A basket with its prices."""

    lines: tuple[ReceiptLine, ...]
    redeem_max: int
    redeemed: int
    earned: int
    stamps_after: int | None = None
    promo_codes: tuple[CodeUse, ...] = ()
    takes: tuple[Take, ...] = ()


@dataclass(frozen=True, slots=True)
class _Share:
    """One line's part of the receipt's points."""

    redeemed: int
    redeemed_minor: int
    earned: int  # by its rate
    extra: int  # by bundles, promotions and coupons


def price(
    lines: Sequence[BasketLine],
    *,
    program: Program,
    scene: Scene,
    available: int,
    redeem: Redeem,
    earns: bool = True,
) -> Priced:
    """Price the basket for a buyer with that many spendable points.

    Raises:
        InsufficientPoints: exactly so many points were asked for, and there are fewer.
    """
    pricing = Pricing(lines, scene)
    _apply_rules(pricing, program)
    ratings = [rating_of(i, pricing, program) for i in range(len(lines))]
    caps = [rating.net_minor * rating.redeem_ppm for rating in ratings]
    asked = min(_asked(redeem, available), available)
    cap, cut = _redeem_cap(ratings, caps, program, asked)
    redeem_max = min(cap, available)
    redeemed = min(redeem_max, asked)
    points = share_out(redeemed, caps)
    values = share_out(program.points_value_minor(redeemed), caps)

    nets = [rating.net_minor - value for rating, value in zip(ratings, values, strict=True)]
    is_barred = _is_barred(ratings, program, redeemed)
    reasons = Reasons(program, is_barred, bool(asked), bool(redeemed), cut)
    earned: Sequence[int] = [0] * len(lines)
    extra: Sequence[int] = earned
    if earns and not is_barred:
        earned = points_of_rates(pricing, ratings, nets, program)
        extra = pricing.extra_points
    shares = map(_Share, points, values, earned, extra)
    priced = tuple(
        _priced_line(
            i, pricing, share, reasons.of_line(i, pricing, rating, share.redeemed, share.earned)
        )
        for i, (rating, share) in enumerate(zip(ratings, shares, strict=True))
    )
    uses = code_uses_of(scene, priced)
    return Priced(
        priced,
        redeem_max,
        redeemed,
        sum(line.earned for line in priced),
        pricing.stamps_after,
        uses,
        takes_of(program, scene, priced, uses),
    )


def _apply_rules(pricing: Pricing, program: Program) -> None:
    """Let every rule act in its stage; offers of discounts are settled between stages."""
    stage = None
    for rule in program.rules:
        if stage is not None and rule.stage is not stage:
            _settle(pricing, program, stage)
        stage = rule.stage
        rule.apply(pricing)
    if stage is not None:
        _settle(pricing, program, stage)


def _settle(pricing: Pricing, program: Program, stage: Stage) -> None:
    """Apply what one stage offered: codes come on top of discounts, or instead of them."""
    if stage is Stage.PROMO_CODE:
        pricing.settle_offers(is_sum=not program.are_codes_instead)
        return
    may_replace = stage is Stage.DISCOUNT and program.are_codes_instead
    pricing.settle_offers(
        is_sum=program.are_discounts_added,
        may_codes_replace=may_replace and bool(pricing.scene.codes),
    )


def _redeem_cap(
    ratings: Sequence[Rating], caps: Sequence[int], program: Program, asked: int
) -> tuple[int, Why | None]:
    """Return how many points the receipt takes at most, whoever pays (R3, R6).

    And, if fewer than asked for, which of the receipt's own limits says so.
    """
    total_minor = sum(rating.net_minor for rating in ratings)
    minimum = program.min_receipt_for_redeem_minor
    if total_minor < minimum:
        return 0, Why(RECEIPT_MINIMUM, None, minimum)
    numerator, denominator = program.point_value
    by_rates = sum(caps) * denominator // (PPM * numerator)
    by_money = max(0, total_minor - program.min_money_minor) * denominator // numerator
    if min(asked, by_rates) > by_money:
        return by_money, Why("redeem.money_minimum", None, program.min_money_minor)
    return min(by_rates, by_money), None


def _asked(redeem: Redeem, available: int) -> int:
    if redeem.mode is RedeemMode.NONE:
        return 0
    if redeem.mode is RedeemMode.MAX:
        return available if redeem.points is None else redeem.points
    asked = redeem.points or 0
    if asked > available:
        raise InsufficientPoints(asked=asked, available=available)
    return asked


def _is_barred(ratings: Sequence[Rating], program: Program, redeemed: int) -> bool:
    """Return whether a receipt earns nothing because points pay a part of it."""
    if program.mode is not Mode.EARN_OR_REDEEM:
        return False
    return redeemed > 0 or any(rating.prepaid_minor for rating in ratings)


def _priced_line(i: int, pricing: Pricing, share: _Share, why: tuple[Why, ...]) -> ReceiptLine:
    line = pricing.lines[i]
    return ReceiptLine(
        line.sku,
        line.category,
        line.margin,
        line.quantity_milli,
        line.unit_price_minor,
        pricing.gross[i],
        discount_minor=pricing.discount[i],
        free_milli=pricing.free_milli[i],
        redeemed=share.redeemed,
        redeemed_minor=share.redeemed_minor,
        earned=share.earned + share.extra,
        why=why,
        unit=line.unit,
    )
