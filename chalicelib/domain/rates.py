"""The rates of a basket line: by tier and channel, by category or flat; promotions; the cap.

A margin class caps what promotions have made of the rate of earning, and the redeeming.
"""

from dataclasses import dataclass

from chalicelib.domain.basket import BasketLine, Pricing, Scene
from chalicelib.domain.money import PPM
from chalicelib.domain.program import Program, ProgramType, Rate

DEFAULT_CATEGORY = "default"  # rates of a category that is not listed


@dataclass(frozen=True, slots=True)
class Rating:
    """What applies to one line: the rate, and where it comes from."""

    net_minor: int  # after free units and discounts
    listed: Rate  # before promotions and cap
    rule: str
    name: str | None
    cap: int | None  # of the line's margin class
    boost_ppm: int  # what promotions multiply the rate of earning by
    extra_ppm: int  # and what they add
    prepaid_minor: int = 0  # by points, before the receipt was moved; not in `net_minor`

    @property
    def redeem_ppm(self) -> int:
        """Return how much of the line points may pay."""
        redeem_ppm = self.listed.redeem_ppm
        return redeem_ppm if self.cap is None else min(redeem_ppm, self.cap)

    @property
    def wished_earning(self) -> int:
        """Return the rate of earning before the cap, in millionths of a millionth."""
        return self.listed.earn_ppm * self.boost_ppm + self.extra_ppm * PPM

    @property
    def earning(self) -> int:
        """Return the rate of earning, in millionths of a millionth."""
        wished = self.wished_earning
        return wished if self.cap is None else min(wished, self.cap * PPM)


def rating_of(i: int, pricing: Pricing, program: Program) -> Rating:
    """Return the rates of a line, whatever is redeemed."""
    line = pricing.lines[i]
    if pricing.is_apart[i]:
        return Rating(pricing.net(i), Rate(0, 0), "set_apart", None, 0, PPM, 0)
    listed, rule, name = _rate_of(line, program, pricing.scene)
    cap = program.margin_caps.get(line.margin) if line.margin else None
    boost_ppm, extra_ppm = pricing.boost_ppm[i], pricing.extra_ppm[i]
    prepaid_minor = line.prepaid_minor
    return Rating(pricing.net(i), listed, rule, name, cap, boost_ppm, extra_ppm, prepaid_minor)


def asks_for_categories(program: Program) -> bool:
    """Return whether what names no category earns nothing: then a total is of no use."""
    if program.rates or program.step:
        return False
    if program.category_rates:
        return DEFAULT_CATEGORY not in program.category_rates
    return program.type is ProgramType.STAMPS


def least_redeem_ppm(program: Program, channel: str) -> dict[str, int]:
    """Return how much of any line points may pay, by tier; `""` is whatever the tier.

    A till without a network goes by it: it knows neither every category nor any margin.
    """
    listed = {"": program.flat}
    if program.category_rates:
        unlisted = program.category_rates.get(DEFAULT_CATEGORY, Rate(0, 0))
        rates = (*program.category_rates.values(), unlisted)
        listed = {"": min(rates, key=lambda rate: rate.redeem_ppm)}
    if program.rates:
        listed = {tier: by_channel[channel] for tier, by_channel in program.rates.items()}
    cap = min(program.margin_caps.values(), default=PPM)
    return {tier: min(rate.redeem_ppm, cap) for tier, rate in listed.items()}


def _rate_of(line: BasketLine, program: Program, scene: Scene) -> tuple[Rate, str, str | None]:
    """Return a line's rate before caps, the rule it comes from and the name in it."""
    tier, channel = scene.buyer.tier, scene.channel
    if program.rates and tier is not None:
        return program.rates[tier][channel], "tier_rate", tier
    if program.category_rates:
        for category in (line.category, DEFAULT_CATEGORY):
            if category is not None and category in program.category_rates:
                return program.category_rates[category], "category_rate", category
        return Rate(0, 0), "category_unlisted", line.category
    return program.flat, "flat_rate", None
