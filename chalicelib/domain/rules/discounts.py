"""Discounts by percent: on everything, by category, by the member's turnover."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.account import Turnover
from chalicelib.domain.basket import Pricing, Stage
from chalicelib.domain.document_reader import Reader
from chalicelib.domain.money import PPM
from chalicelib.domain.program import Program
from chalicelib.domain.rules.frame import Frame
from chalicelib.domain.turnover import DAYS_KEPT, window_sum

LEVELS_MAX = 20


@dataclass(frozen=True, slots=True)
class FixedDiscount:
    """The same percentage off everything, for members."""

    ppm: int
    stage: Stage = Stage.DISCOUNT

    def apply(self, pricing: Pricing) -> None:
        """Offer it on every line."""
        if pricing.scene.buyer.is_member:
            for i in range(len(pricing.lines)):
                pricing.offer_percent(i, self.ppm, "discount.fixed")


@dataclass(frozen=True, slots=True)
class CategoryDiscounts:
    """A percentage off each listed category, for members."""

    ppm_by_category: Mapping[str, int]
    stage: Stage = Stage.DISCOUNT

    def apply(self, pricing: Pricing) -> None:
        """Offer it on the lines of those categories."""
        if not pricing.scene.buyer.is_member:
            return
        for i, line in enumerate(pricing.lines):
            ppm = self.ppm_by_category.get(line.category or "")
            if ppm:
                pricing.offer_percent(i, ppm, "discount.category", line.category)


@dataclass(frozen=True, slots=True)
class TurnoverDiscount:
    """A percentage off everything that grows with what the member has bought."""

    window_days: int | None
    is_strict: bool
    levels: tuple[tuple[int, int], ...]  # (over_minor, ppm), lowest first
    stage: Stage = Stage.DISCOUNT

    def apply(self, pricing: Pricing) -> None:
        """Offer the reached level on every line."""
        if not pricing.scene.buyer.is_member:
            return
        reached = self.reached_ppm(pricing.scene.buyer.turnover, pricing.scene.on)
        for i in range(len(pricing.lines)):
            pricing.offer_percent(i, reached, "discount.turnover")

    def reached_ppm(self, turnover: Turnover, on: date) -> int:
        """Return the level that a turnover reaches on a day; 0: none."""
        total, reached = window_sum(turnover, on, self.window_days), 0
        for over, ppm in self.levels:
            if total > over or (total == over and not self.is_strict):
                reached = ppm
        return reached


def discount_ppm(program: Program, turnover: Turnover, on: date) -> int:
    """Return what a member has off everything on a day, bundles and promotions aside."""
    found = [rule.ppm for rule in program.rules if isinstance(rule, FixedDiscount)]
    found += [
        rule.reached_ppm(turnover, on)
        for rule in program.rules
        if isinstance(rule, TurnoverDiscount)
    ]
    return min(sum(found), PPM) if program.are_discounts_added else max(found, default=0)


def read(
    reader: Reader, frame: Frame
) -> list[FixedDiscount | CategoryDiscounts | TurnoverDiscount]:
    """Read `discount_percent`, `category_discounts` and `discount_by_turnover`."""
    found: list[FixedDiscount | CategoryDiscounts | TurnoverDiscount] = []
    fixed = reader.percent("discount_percent", 0)
    if fixed:
        found.append(FixedDiscount(fixed))
    table = reader.named("category_discounts", lambda inner, name: inner.percent(name))
    if table:
        found.append(CategoryDiscounts(table))
    if reader.has("discount_by_turnover"):
        found.append(_turnover(reader.inner("discount_by_turnover"), frame))
    return found


def _turnover(reader: Reader, frame: Frame) -> TurnoverDiscount:
    window = None
    if reader.has("window_days"):
        window = reader.whole("window_days", 1, minimum=1, maximum=DAYS_KEPT)
    compare = reader.text("compare", "gt")
    if compare not in ("gt", "gte"):
        reader.fault("compare", "must be gt or gte")
    levels: list[tuple[int, int]] = []
    if not reader.has("levels"):
        reader.fault("levels", "is missing")
    for inner in reader.each("levels", maximum=LEVELS_MAX):
        level = (inner.money("over", frame.exponent), inner.percent("percent"))
        if levels and level[0] <= levels[-1][0]:
            inner.fault("over", "must be above that of the level before")
        inner.refuse_unread()
        levels.append(level)
    reader.refuse_unread()
    return TurnoverDiscount(window, compare == "gt", tuple(levels))
