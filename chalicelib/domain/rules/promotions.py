"""Promotions for a time: more points or a discount, by goods, place, people and weekday.

A promotion acts on the lines it fits. Multipliers and extra percents change the rate before
margin classes cap it: what a shop cannot afford on low-margin goods stays that way. Several
multipliers on a line: the largest counts; extra percents and points add up. A budget is in
points: a promotion whose budget is spent gives nothing.
"""

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.basket import CHANNELS, BasketLine, Pricing, Scene, Stage, Take
from chalicelib.domain.document_reader import Reader
from chalicelib.domain.money import PPM, share_out
from chalicelib.domain.rules.frame import Frame

PROMOTIONS_MAX = 100
NAMES_MAX = 500
POINTS_MAX = 10**9
MULTIPLIER_DIGITS = 6  # millionths
MULTIPLIER_MAX = 100
MULTIPLIED = "earn.promotion_multiplier"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Which lines and sales a promotion is for; empty means all."""

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

    def is_now(self, scene: Scene, total_minor: int) -> bool:
        """Return whether the sale is one the promotion is for."""
        buyer = scene.buyer
        return (
            buyer.is_member
            and (self.first is None or scene.on >= self.first)
            and (self.last is None or scene.on <= self.last)
            and (not self.weekdays or scene.on.weekday() in self.weekdays)
            and (not self.stores or scene.store in self.stores)
            and (not self.channels or scene.channel in self.channels)
            and (not self.tiers or buyer.tier in self.tiers)
            and (not self.segments or bool(self.segments & buyer.segments))
            and total_minor >= self.min_receipt_minor
        )

    def takes_line(self, line: BasketLine) -> bool:
        """Return whether the line is one the promotion is for."""
        if self.skus or self.categories:
            return line.sku in self.skus or line.category in self.categories
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """One promotion; exactly one of its four rewards is set."""

    promotion_id: str
    fit: Fit
    boost_ppm: int = 0  # 2 000 000: double points
    extra_ppm: int = 0
    points: int = 0  # once per receipt
    discount_ppm: int = 0
    budget_points: int = 0  # in all; 0: none
    stage: Stage = Stage.EARNING

    def apply(self, pricing: Pricing) -> None:
        """Reward the lines it fits."""
        if not self.fit.is_now(pricing.scene, pricing.total()):
            return
        fitting = [
            i
            for i, line in enumerate(pricing.lines)
            if self.fit.takes_line(line) and not pricing.is_apart[i]
        ]
        if self.points and fitting:
            self._give_points(pricing, fitting)
        for i in fitting:
            self._change_line(pricing, i)

    def _change_line(self, pricing: Pricing, i: int) -> None:
        name = self.promotion_id
        if self.discount_ppm:
            pricing.offer_percent(i, self.discount_ppm, "discount.promotion", name)
        if self.boost_ppm:
            pricing.multiply(i, self.boost_ppm, MULTIPLIED, name)
        if self.extra_ppm:
            pricing.add_percent(i, self.extra_ppm, "earn.promotion_percent", name)

    def _give_points(self, pricing: Pricing, fitting: list[int]) -> None:
        budget = f"promotion:{self.promotion_id}"
        left = self.budget_points - pricing.scene.used.get(budget, 0)
        if self.budget_points and left < self.points:
            return
        if self.budget_points:
            pricing.takes.append(Take(budget, self.points, self.budget_points))
        weights = [pricing.net(i) for i in fitting]
        if not sum(weights):
            weights = [1] * len(fitting)
        for i, points in zip(fitting, share_out(self.points, weights), strict=True):
            pricing.add_points(i, points, "earn.promotion_points", self.promotion_id)


def read(reader: Reader, frame: Frame) -> list[Promotion]:
    """Read `promotions`."""
    found: list[Promotion] = []
    for inner in reader.each("promotions", maximum=PROMOTIONS_MAX):
        promotion = _promotion(inner, frame)
        if promotion.promotion_id in {other.promotion_id for other in found}:
            inner.fault("id", f"there are two promotions {promotion.promotion_id}")
        inner.refuse_unread()
        found.append(promotion)
    return found


def _promotion(reader: Reader, frame: Frame) -> Promotion:
    discount_ppm = reader.percent("discount_percent", 0)
    promotion = Promotion(
        promotion_id=reader.text("id"),
        fit=_fit(reader, frame),
        boost_ppm=_multiplier(reader),
        extra_ppm=reader.percent("extra_percent", 0),
        points=reader.whole("points", 0, maximum=POINTS_MAX),
        discount_ppm=discount_ppm,
        budget_points=reader.whole("budget_points", 0, maximum=POINTS_MAX),
        stage=Stage.DISCOUNT if discount_ppm else Stage.EARNING,
    )
    rewards = (
        promotion.boost_ppm, promotion.extra_ppm, promotion.points, promotion.discount_ppm,
    )  # fmt: skip
    if sum(1 for reward in rewards if reward) != 1:
        reader.fault("", "give one of multiplier, extra_percent, points, discount_percent")
    if promotion.budget_points and not promotion.points:
        reader.fault("budget_points", "is for promotions that give points")
    elif 0 < promotion.budget_points < promotion.points:
        reader.fault("budget_points", "must be enough to give points once")
    return promotion


def _multiplier(reader: Reader) -> int:
    if not reader.has("multiplier"):
        return 0
    ppm = reader.decimal("multiplier", MULTIPLIER_DIGITS, maximum=MULTIPLIER_MAX * PPM)
    if ppm <= PPM:
        reader.fault("multiplier", f"must be above 1 and at most {MULTIPLIER_MAX}")
    return ppm


def _fit(reader: Reader, frame: Frame) -> Fit:
    days = reader.names("weekdays", maximum=len(WEEKDAYS))
    for day in days - set(WEEKDAYS):
        reader.fault("weekdays", f"{day!r} is not one of " + ", ".join(WEEKDAYS))
    channels = reader.names("channels", maximum=NAMES_MAX)
    for channel in channels - set(CHANNELS):
        reader.fault("channels", f"{channel!r} is not one of " + ", ".join(CHANNELS))
    tiers = reader.names("tiers", maximum=NAMES_MAX)
    for tier in tiers - set(frame.tiers):
        reader.fault("tiers", f"{tier!r} is not a level of tiers")
    fit = Fit(
        first=reader.day("from"),
        last=reader.day("to"),
        weekdays=frozenset(WEEKDAYS.index(day) for day in days if day in WEEKDAYS),
        categories=reader.names("categories", maximum=NAMES_MAX),
        skus=reader.names("skus", maximum=NAMES_MAX),
        stores=reader.names("stores", maximum=NAMES_MAX),
        channels=channels,
        tiers=tiers,
        segments=reader.names("segments", maximum=NAMES_MAX),
        min_receipt_minor=reader.money("min_receipt", frame.exponent, "0"),
    )
    if fit.first and fit.last and fit.last < fit.first:
        reader.fault("to", "is before from")
    return fit
