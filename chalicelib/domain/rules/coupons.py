"""Coupons: terms that a promo code unlocks, a discount or points.

A coupon gives nothing until a code of it is presented. Its discount comes after those of the
program, on what they leave (R4), for anybody; points are for members. Two codes of the same
coupon on one receipt do not help: the first counts. How members get coupons of their own
(for points, for how long) is read here, and acted on where that happens.
"""

from dataclasses import dataclass

from chalicelib.domain.basket import Buyer, Pricing, Scene, Stage
from chalicelib.domain.document_reader import Reader
from chalicelib.domain.program import Program
from chalicelib.domain.rules.frame import Frame
from chalicelib.domain.rules.offer_terms import (
    POINTS_MAX,
    read_fit,
    read_limits,
    read_reward,
)
from chalicelib.domain.rules.offers import Offer

COUPONS_MAX = 100
DAYS_MAX = 3_660
MONTHS_MAX = 120
EXCHANGES = ("asked", "automatic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon(Offer):
    """One coupon."""

    kind: str = "coupon"
    price_points: int | None = None  # for which a member gets one
    valid_days: int | None = None  # of a member's coupon; so do months
    valid_months: int | None = None
    is_automatic: bool = False  # exchanged as soon as there are enough points

    @property
    def stage(self) -> Stage:
        """Return when it acts."""
        return Stage.PROMO_CODE if self.reward.is_discount else Stage.EARNING

    def is_for(self, buyer: Buyer) -> bool:
        """Return whether it is for that buyer: a discount nobody need be known for."""
        uses, money = self.limits.uses, self.limits.money
        is_per_member = uses.per_member is not None or money.per_member is not None
        return buyer.is_member or (self.reward.is_discount and not is_per_member)

    def is_open(self, scene: Scene) -> bool:
        """Return whether it may give something: by the sale's own day, whenever reported."""
        return self.is_for(scene.buyer) and self.fit.is_open(scene, scene.sold_on or scene.on)

    def apply(self, pricing: Pricing) -> None:
        """Reward the lines it fits, if a code of it was presented."""
        if any(code.coupon_id == self.offer_id for code in pricing.scene.codes):
            self.give(pricing)


def coupons_of(program: Program) -> dict[str, Coupon]:
    """Return a program's coupons by id."""
    return {rule.offer_id: rule for rule in program.rules if isinstance(rule, Coupon)}


def read(reader: Reader, frame: Frame) -> list[Coupon]:
    """Read `coupons`."""
    found: list[Coupon] = []
    for inner in reader.each("coupons", maximum=COUPONS_MAX):
        coupon = _coupon(inner, frame)
        if coupon.offer_id in {other.offer_id for other in found}:
            inner.fault("id", f"there are two coupons {coupon.offer_id}")
        inner.refuse_unread()
        found.append(coupon)
    return found


def _coupon(reader: Reader, frame: Frame) -> Coupon:
    reward = read_reward(reader, frame, may_be_amount=True)
    exchange = reader.text("exchange", EXCHANGES[0])
    if exchange not in EXCHANGES:
        reader.fault("exchange", "must be one of " + ", ".join(EXCHANGES))
    coupon = Coupon(
        offer_id=reader.text("id"),
        fit=read_fit(reader, frame),
        reward=reward,
        limits=read_limits(reader, frame, reward),
        price_points=_some(reader, "price_points", POINTS_MAX),
        valid_days=_some(reader, "valid_days", DAYS_MAX),
        valid_months=_some(reader, "valid_months", MONTHS_MAX),
        is_automatic=exchange == "automatic",
    )
    if coupon.valid_days and coupon.valid_months:
        reader.fault("valid_months", "stands beside valid_days: give one of them")
    if coupon.is_automatic and coupon.price_points is None:
        reader.fault("exchange", "automatic needs price_points")
    return coupon


def _some(reader: Reader, key: str, maximum: int) -> int | None:
    return reader.whole(key, 1, minimum=1, maximum=maximum) if reader.has(key) else None
