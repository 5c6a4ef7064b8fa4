"""Why a line costs and earns what it does: rule codes and numbers, in the order of R4 (R51).

The words are the edge's; the codes are listed in `pricing.py`.
"""

from dataclasses import dataclass

from chalicelib.domain.basket import BasketLine, Pricing
from chalicelib.domain.program import Program
from chalicelib.domain.rates import Rating
from chalicelib.domain.receipts import Why

RECEIPT_MINIMUM = "redeem.receipt_minimum"


@dataclass(frozen=True, slots=True)
class Reasons:
    """What the lines of one receipt have in common when they say why."""

    program: Program
    is_barred: bool  # points pay a part of it, and so it earns nothing
    is_asked: bool  # points were to be redeemed, and there were some
    is_redeemed: bool  # some of them were
    cut: Why | None  # what the receipt as a whole did not let them pay

    def of_line(
        self, i: int, pricing: Pricing, rating: Rating, redeemed: int, earned: int
    ) -> tuple[Why, ...]:
        """Return the reasons of a line: its price, what points paid, what it earned.

        `earned` by its rate alone: offers have said themselves what they gave.
        """
        rules = pricing.why[i]
        if pricing.is_apart[i]:  # it says itself why it earns nothing
            return tuple(rules)
        line = pricing.lines[i]
        priced = [why for why in rules if not why.rule.startswith("earn.")]
        paid = self._of_points(line, rating, redeemed)
        if self.is_barred:
            return (*priced, *paid, Why("earn.redeeming_receipt", points=0))
        extra = [why for why in rules if why.rule.startswith("earn.")]
        return (*priced, *paid, *_why_earned(line, rating, earned, self.program), *extra)

    def _of_points(self, line: BasketLine, rating: Rating, points: int) -> tuple[Why, ...]:
        """Return why points paid so much of a line; nothing if none were to pay."""
        if not self.is_asked:
            return ()
        cut = (self.cut,) if self.cut else ()
        if self.cut and self.cut.rule == RECEIPT_MINIMUM:
            return cut
        if self.is_redeemed and not points and rating.redeem_ppm:
            return cut  # other lines took them all
        return (*_why_redeemed(line, rating, points), *cut)


def _why_redeemed(line: BasketLine, rating: Rating, points: int) -> tuple[Why, ...]:
    """Return why points paid a line, or may not."""
    listed, cap = rating.listed.redeem_ppm, rating.cap
    first = Why(f"redeem.{rating.rule}", points, None, listed, rating.name)
    if cap is None or cap >= listed:
        return (first,)
    return (first, Why("redeem.margin_cap", None, None, cap, line.margin))


def _why_earned(
    line: BasketLine, rating: Rating, points: int, program: Program
) -> tuple[Why, ...]:
    listed, cap, step = rating.listed.earn_ppm, rating.cap, program.step
    first = Why(f"earn.{rating.rule}", points, None, listed, rating.name)
    if step:
        first = Why("earn.step", points, step.per_minor)
    # The program gives no points by itself: nothing to explain.
    is_silent = rating.rule == "flat_rate" and not (step or listed)
    by_rate = () if is_silent else (first,)
    is_cut = cap == 0 if step else rating.earning < rating.wished_earning
    if is_cut:
        return (*by_rate, Why("earn.margin_cap", None, None, cap, line.margin))
    return by_rate
