"""What promotions and coupons share: whom they are for, what they give, how often.

Multipliers and extra percents change the rate before margin classes cap it: what a shop
cannot afford on low-margin goods stays that way. Several multipliers on a line: the largest
counts; extra percents and points add up. A limit that has no room for the whole gift gives
nothing of it. What was given is counted after everything is priced (`takes.py`): a discount
that lost to a better one takes nothing.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.basket import BasketLine, Buyer, Pricing, Scene
from chalicelib.domain.limits import Counter, Limits, have_room
from chalicelib.domain.money import PPM, half_up, share_out

USES, POINTS, MONEY = "uses", "points", "money"  # what limits count
_ANY = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Which lines and sales an offer is for; empty means all."""

    first: date | None = None
    last: date | None = None  # inclusive
    weekdays: frozenset[int] = frozenset()  # Monday is 0
    categories: frozenset[str] = frozenset()
    skus: frozenset[str] = frozenset()
    stores: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    min_receipt_minor: int = 0

    def is_open(self, scene: Scene, on: date) -> bool:
        """Return whether the offer is for such sales, whatever is bought."""
        buyer = scene.buyer
        return (
            (self.first is None or on >= self.first)
            and (self.last is None or on <= self.last)
            and (not self.weekdays or on.weekday() in self.weekdays)
            and (not self.stores or scene.store in self.stores)
            and (not self.channels or scene.channel in self.channels)
            and (not self.tiers or (buyer.is_member and buyer.tier in self.tiers))
            and (not self.segments or bool(self.segments & buyer.segments))
        )

    def takes_line(self, line: BasketLine) -> bool:
        """Return whether the line is one the offer is for."""
        if self.skus or self.categories:
            return line.sku in self.skus or line.category in self.categories
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """What an offer gives; exactly one of the five is set."""

    boost_ppm: int = 0  # 2 000 000: double points
    extra_ppm: int = 0
    points: int = 0  # once per receipt
    discount_ppm: int = 0
    discount_minor: int = 0  # off the fitting lines together

    @property
    def is_discount(self) -> bool:
        """Return whether it makes something cheaper."""
        return bool(self.discount_ppm or self.discount_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLimits:
    """How much an offer may give, by what is counted."""

    uses: Limits = _ANY
    points: Limits = _ANY
    money: Limits = _ANY  # minor units

    @property
    def by_kind(self) -> Iterator[tuple[str, Limits]]:
        """Yield every kind with its limits."""
        yield from ((USES, self.uses), (POINTS, self.points), (MONEY, self.money))


NO_LIMITS = OfferLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(ABC):
    """A reward for sales and lines that fit, as often as its limits let it."""

    offer_id: str
    kind: str  # "promotion", "coupon": what its reasons and counters are called
    fit: Fit
    reward: Reward
    limits: OfferLimits = NO_LIMITS

    @abstractmethod
    def is_for(self, buyer: Buyer) -> bool:
        """Return whether it is for members, and the buyer is one, or for anybody."""

    def is_open(self, scene: Scene) -> bool:
        """Return whether it may give something at such a sale, whatever is bought."""
        return self.is_for(scene.buyer) and self.fit.is_open(scene, scene.on)

    def give(self, pricing: Pricing) -> None:
        """Reward the fitting lines, if the sale is one it is for."""
        scene = pricing.scene
        if not self.is_open(scene) or pricing.total() < self.fit.min_receipt_minor:
            return
        fitting = [
            i
            for i, line in enumerate(pricing.lines)
            if not pricing.is_apart[i] and self.fit.takes_line(line)
        ]
        if fitting and self._has_room(pricing, fitting):
            self._reward(pricing, fitting)

    def counters(self, scene: Scene) -> Iterator[tuple[str, dict[Counter, int]]]:
        """Yield, by what is counted, the counters of a sale and their maxima."""
        if self.limits is NO_LIMITS:
            return
        for kind, limits in self.limits.by_kind:
            name = f"{self.kind}:{self.offer_id}:{kind}"
            yield kind, limits.counters(name, scene.on, scene.buyer.member_id)

    def is_why(self, rule: str, name: str | None) -> bool:
        """Return whether a reason is of this offer."""
        kind = self.kind
        return name == self.offer_id and rule.startswith((f"discount.{kind}", f"earn.{kind}_"))

    def _has_room(self, pricing: Pricing, fitting: Sequence[int]) -> bool:
        if self.limits is NO_LIMITS:
            return True
        most = {USES: 1, POINTS: self.reward.points, MONEY: self._most_minor(pricing, fitting)}
        used = pricing.scene.used
        return all(
            have_room(maxima, used, most[kind]) for kind, maxima in self.counters(pricing.scene)
        )

    def _most_minor(self, pricing: Pricing, fitting: Sequence[int]) -> int:
        """Return what the discount takes off at most; other discounts may leave less."""
        bases = [pricing.base(i) for i in fitting]
        if self.reward.discount_minor:
            return min(self.reward.discount_minor, sum(bases))
        return sum(half_up(base * self.reward.discount_ppm, PPM) for base in bases)

    def _reward(self, pricing: Pricing, fitting: Sequence[int]) -> None:
        kind, name, reward = self.kind, self.offer_id, self.reward
        if reward.points:
            weights = [pricing.net(i) for i in fitting]
            if not sum(weights):
                weights = [1] * len(fitting)
            for i, points in zip(fitting, share_out(reward.points, weights), strict=True):
                pricing.add_points(i, points, f"earn.{kind}_points", name)
        if reward.discount_minor:
            shared = pricing.cheapest_first(fitting)  # ties: not by the order of lines
            bases = [pricing.base(i) for i in shared]
            amount = min(reward.discount_minor, sum(bases))
            for i, part in zip(shared, share_out(amount, bases), strict=True):
                pricing.offer_amount(i, part, f"discount.{kind}", name)
        for i in fitting:
            if reward.discount_ppm:
                pricing.offer_percent(i, reward.discount_ppm, f"discount.{kind}", name)
        if reward.boost_ppm:
            pricing.multiply(fitting, reward.boost_ppm, f"earn.{kind}_multiplier", name)
        if reward.extra_ppm:
            pricing.add_percent(fitting, reward.extra_ppm, f"earn.{kind}_percent", name)
