"""Prices a basket: what points may pay, what is earned, and why.

Pure and exact. Steps in the order of R4: discounts, then points, then earning. Rates are
exact per line, summed, rounded down once per receipt, and the whole points shared out to
the lines by largest remainder (R2, R3). The same function serves quote and purchase.

Rules named in `Why.rule`: `earn.tier_rate`, `earn.category_rate`, `earn.flat_rate`,
`earn.step`, `earn.category_unlisted`, `earn.margin_cap`, `earn.redeeming_receipt`;
`redeem.tier_rate`, `redeem.category_rate`, `redeem.flat_rate`,
`redeem.category_unlisted`, `redeem.margin_cap`, `redeem.receipt_minimum`,
`redeem.money_minimum`; `discount.moved`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.errors import DomainError
from chalicelib.domain.money import MILLI, PPM, half_up, share_out
from chalicelib.domain.program import EarnBase, Mode, Program, Rate
from chalicelib.domain.receipts import ReceiptLine, Why

DEFAULT_CATEGORY = "default"  # rates of a category that is not listed
RECEIPT_MINIMUM = "redeem.receipt_minimum"


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
    # An offline till has promised `points` in either mode: see `capture.py`.


@dataclass(frozen=True, slots=True)
class Redeem:
    """The wish to redeem."""

    mode: RedeemMode = RedeemMode.NONE
    points: int | None = None


NO_REDEMPTION = Redeem()


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketLine:
    """One line as the till sends it; prices arrive with tax (R7)."""

    quantity_milli: int
    unit_price_minor: int
    sku: str | None = None
    category: str | None = None
    margin: str | None = None
    unit: str | None = None
    prepaid_minor: int = 0  # what points had paid before the receipt was moved to a member

    @property
    def gross_minor(self) -> int:
        """Return the price of the quantity, half up to the minor unit."""
        return half_up(self.unit_price_minor * self.quantity_milli, MILLI)


@dataclass(frozen=True, slots=True)
class Priced:
    """A basket with its prices."""

    lines: tuple[ReceiptLine, ...]
    redeem_max: int
    redeemed: int
    earned: int


@dataclass(frozen=True, slots=True)
class _Rating:
    """What applies to one line: the rate, and where it comes from."""

    gross_minor: int
    prepaid_minor: int
    rate: Rate  # after the cap
    listed: Rate  # before it
    rule: str
    name: str | None
    cap: int | None  # of the line's margin class

    @property
    def due_minor(self) -> int:
        """Return what is to be paid, in points or money."""
        return self.gross_minor - self.prepaid_minor


@dataclass(frozen=True, slots=True)
class _Share:
    """One line's part of the receipt's points."""

    redeemed: int
    redeemed_minor: int
    earned: int


def price(
    lines: Sequence[BasketLine],
    *,
    program: Program,
    tier: str | None,
    channel: str,
    available: int,
    redeem: Redeem,
    earns: bool = True,
) -> Priced:
    """Price the basket for a member of that tier with that many spendable points.

    Raises:
        InsufficientPoints: exactly so many points were asked for, and there are fewer.
    """
    ratings = [_rating(line, program, tier, channel) for line in lines]
    caps = [rating.due_minor * rating.rate.redeem_ppm for rating in ratings]
    asked = min(_asked(redeem, available), available)
    cap, cut = _redeem_cap(ratings, caps, program, asked)
    redeem_max = min(cap, available)
    redeemed = min(redeem_max, asked)
    points = share_out(redeemed, caps)
    values = share_out(program.points_value_minor(redeemed), caps)

    nets = [rating.due_minor - value for rating, value in zip(ratings, values, strict=True)]
    earned = _earned(ratings, nets, program, redeemed) if earns else (0,) * len(lines)
    shares = map(_Share, points, values, earned)
    is_barred = _is_barred(ratings, program, redeemed)
    why = _Reasons(program, is_barred, bool(asked), cut)
    priced = tuple(
        _priced_line(line, rating, share, why.of_line(line, rating, share))
        for line, rating, share in zip(lines, ratings, shares, strict=True)
    )
    return Priced(priced, redeem_max, redeemed, sum(earned))


def _rating(line: BasketLine, program: Program, tier: str | None, channel: str) -> _Rating:
    listed, rule, name = _rate_of(line, program, tier, channel)
    cap = program.margin_caps.get(line.margin) if line.margin else None
    rate = listed
    if cap is not None:
        rate = Rate(min(listed.earn_ppm, cap), min(listed.redeem_ppm, cap))
    return _Rating(line.gross_minor, line.prepaid_minor, rate, listed, rule, name, cap)


def _rate_of(
    line: BasketLine, program: Program, tier: str | None, channel: str
) -> tuple[Rate, str, str | None]:
    """Return a line's rate before caps, the rule it comes from and the name in it."""
    if program.rates and tier is not None:
        return program.rates[tier][channel], "tier_rate", tier
    if program.category_rates:
        for category in (line.category, DEFAULT_CATEGORY):
            if category is not None and category in program.category_rates:
                return program.category_rates[category], "category_rate", category
        return Rate(0, 0), "category_unlisted", line.category
    return program.flat, "flat_rate", None


def _redeem_cap(
    ratings: Sequence[_Rating], caps: Sequence[int], program: Program, asked: int
) -> tuple[int, Why | None]:
    """Return how many points the receipt takes at most, whoever pays (R3, R6).

    And, if fewer than asked for, which of the receipt's own limits says so.
    """
    total_minor = sum(rating.due_minor for rating in ratings)
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


def _earned(
    ratings: Sequence[_Rating], nets: Sequence[int], program: Program, redeemed: int
) -> tuple[int, ...]:
    """Return the points each line earns."""
    if _is_barred(ratings, program, redeemed):
        return (0,) * len(ratings)
    is_gross = program.earn_base is EarnBase.GROSS
    bases = [rating.gross_minor for rating in ratings] if is_gross else list(nets)
    if program.step:
        counted = zip(bases, ratings, strict=True)
        bases = [0 if rating.cap == 0 else base for base, rating in counted]
        steps = sum(bases) // program.step.per_minor
        return share_out(steps * program.step.points, bases)
    numerator, denominator = program.point_value
    exact = [base * rating.rate.earn_ppm for base, rating in zip(bases, ratings, strict=True)]
    return share_out(sum(exact) * denominator // (PPM * numerator), exact)


def _is_barred(ratings: Sequence[_Rating], program: Program, redeemed: int) -> bool:
    """Return whether a receipt earns nothing because points pay a part of it."""
    if program.mode is not Mode.EARN_OR_REDEEM:
        return False
    return redeemed > 0 or any(rating.prepaid_minor for rating in ratings)


@dataclass(frozen=True, slots=True)
class _Reasons:
    """What the lines of one receipt have in common when they say why (R51)."""

    program: Program
    is_barred: bool
    is_asked: bool  # points were to be redeemed, and there were some
    cut: Why | None  # what the receipt as a whole did not let them pay

    def of_line(self, line: BasketLine, rating: _Rating, share: _Share) -> tuple[Why, ...]:
        """Return the reasons of a line: what paid it, then what it earned."""
        earned: tuple[Why, ...] = (Why("earn.redeeming_receipt", points=0),)
        if not self.is_barred:
            earned = _why_earned(line, rating, share.earned, self.program)
        if rating.prepaid_minor:
            earned = (Why("discount.moved", None, rating.prepaid_minor), *earned)
        if not self.is_asked:
            return earned
        cut = (self.cut,) if self.cut else ()
        if self.cut and self.cut.rule == RECEIPT_MINIMUM:
            return (*cut, *earned)
        return (*_why_redeemed(line, rating, share.redeemed), *cut, *earned)


def _why_redeemed(line: BasketLine, rating: _Rating, points: int) -> tuple[Why, ...]:
    """Return why points paid a line, or may not; nothing if other lines took them all."""
    if not points and rating.rate.redeem_ppm:
        return ()
    listed, cap = rating.listed.redeem_ppm, rating.cap
    first = Why(f"redeem.{rating.rule}", points, None, listed, rating.name)
    if cap is None or cap >= listed:
        return (first,)
    return (first, Why("redeem.margin_cap", None, None, cap, line.margin))


def _why_earned(
    line: BasketLine, rating: _Rating, points: int, program: Program
) -> tuple[Why, ...]:
    listed, cap, step = rating.listed.earn_ppm, rating.cap, program.step
    first = Why(f"earn.{rating.rule}", points, None, listed, rating.name)
    if step:
        first = Why("earn.step", points, step.per_minor)
    if cap is not None and (cap < listed or (step and cap == 0)):
        return (first, Why("earn.margin_cap", None, None, cap, line.margin))
    return (first,)


def _priced_line(
    line: BasketLine, rating: _Rating, share: _Share, why: tuple[Why, ...]
) -> ReceiptLine:
    return ReceiptLine(
        line.sku,
        line.category,
        line.margin,
        line.quantity_milli,
        line.unit_price_minor,
        rating.gross_minor,
        discount_minor=rating.prepaid_minor,
        free_milli=0,
        redeemed=share.redeemed,
        redeemed_minor=share.redeemed_minor,
        earned=share.earned,
        why=why,
        unit=line.unit,
    )
