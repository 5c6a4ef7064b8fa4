"""The points of a receipt's lines: what each rate gives, and what each raise of it adds.

Exact per line, summed, rounded down once per receipt, and the whole points shared out to
the lines by largest remainder (R2). A raise (a multiplier, an extra percent) adds what the
receipt earns with it beyond what it earns without it and those that act later; multipliers
act before percents. What is left to its lines without it is shared out as all points are,
so that the rate and its raises add up to the points of a line, whatever the rounding.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.basket import Pricing, Raise
from chalicelib.domain.money import PPM, share_out
from chalicelib.domain.program import EarnBase, Program
from chalicelib.domain.rates import Rating
from chalicelib.domain.receipts import Why


@dataclass(frozen=True, slots=True)
class _Measure:
    """How exact parts of the points are counted: integers, `point` of them are one point."""

    bases: Sequence[int]  # what counts of each line, in minor units
    rates: Sequence[int]  # of each line, before raises
    caps: Sequence[int | None]  # of each line's raised rate
    percent: int  # what a millionth adds to a rate
    point: int

    def part(self, i: int, boost_ppm: int, extra_ppm: int) -> int:
        """Return the exact part of a line whose rate is raised by so much."""
        rate, cap = self.rates[i] * boost_ppm + extra_ppm * self.percent, self.caps[i]
        return self.bases[i] * (rate if cap is None or rate < cap else cap)


def points_of_rates(
    pricing: Pricing, ratings: Sequence[Rating], nets: Sequence[int], program: Program
) -> Sequence[int]:
    """Return the points of each line's own rate; those of raises join its extra points."""
    measure = _measure_of(ratings, nets, program)
    parts = [
        measure.part(i, rating.boost_ppm, rating.extra_ppm) for i, rating in enumerate(ratings)
    ]
    points = share_out(sum(parts) // measure.point, parts)
    return _without_raises(pricing, measure, parts, list(points)) if pricing.raises else points


def _measure_of(ratings: Sequence[Rating], nets: Sequence[int], program: Program) -> _Measure:
    numerator, denominator = program.point_value
    bases = nets
    if program.earn_base is EarnBase.GROSS:  # whoever's points pay of it
        bases = [rating.net_minor + rating.prepaid_minor for rating in ratings]
    if not program.step:
        unit = PPM * denominator
        return _Measure(
            bases,
            [rating.listed.earn_ppm * denominator for rating in ratings],
            [None if rating.cap is None else rating.cap * unit for rating in ratings],
            unit,
            PPM * PPM * numerator,
        )
    counted = [
        0 if rating.cap == 0 else base for base, rating in zip(bases, ratings, strict=True)
    ]
    total, count = sum(counted), len(counted)
    points = total // program.step.per_minor * program.step.points
    # A line has its part of the full steps; one that is capped at all is capped at nothing.
    return _Measure(
        counted,
        [points * numerator] * count,
        [None] * count,
        denominator * total,
        (total or 1) * PPM * numerator,
    )


def _without_raises(
    pricing: Pricing, measure: _Measure, parts: list[int], points: list[int]
) -> list[int]:
    """Take the raises off again, the last first; each tells its lines what it added."""
    boosts, extras = pricing.boost_ppm.copy(), pricing.extra_ppm.copy()
    for one in reversed(sorted(pricing.raises, key=lambda one: not one.boost_ppm)):
        lines = [i for i in one.lines if not one.boost_ppm or boosts[i] == one.boost_ppm]
        changed = []
        for i in lines:
            boosts[i] = PPM if one.boost_ppm else boosts[i]
            extras[i] -= one.extra_ppm
            part = measure.part(i, boosts[i], extras[i])
            if part != parts[i]:
                parts[i] = part
                changed.append(i)
        before = points.copy()
        _leave(points, parts, changed, sum(parts) // measure.point)
        for i in lines:
            if one.extra_ppm or measure.rates[i]:  # nothing times two is not worth saying
                _tell(pricing, i, one, before[i] - points[i])
    return points


def _leave(points: list[int], parts: Sequence[int], lines: Sequence[int], whole: int) -> None:
    """Leave the receipt `whole` points, by taking from these lines alone.

    None gets more than it had: where rounding gave other lines a point more than their own,
    as many are missing here, and there may be fewer to leave.
    """
    most = [points[i] for i in lines]
    had = sum(most)
    left = min(max(whole - (sum(points) - had), 0), had)
    shares = share_out(left, [parts[i] for i in lines])
    for i, share, mine in zip(lines, shares, most, strict=True):
        points[i] = min(share, mine)
        left -= points[i]
    for i, mine in zip(lines, most, strict=True):
        if left and parts[i]:
            more = min(left, mine - points[i])
            points[i] += more
            left -= more


def _tell(pricing: Pricing, i: int, one: Raise, points: int) -> None:
    """Note what a raise added to a line; reasons of rates come before those of gifts."""
    pricing.extra_points[i] += points
    ppm = one.boost_ppm or one.extra_ppm
    pricing.why[i].insert(0, Why(one.rule, points, None, ppm, one.name))
