"""Exact arithmetic: rounding, and sharing whole units out to lines. No floats anywhere."""

import re
from collections.abc import Sequence

from chalicelib.domain.currencies import EXPONENTS

PPM = 1_000_000  # a rate is an integer of millionths: 5 % = 50 000
MILLI = 1_000  # a quantity is an integer of thousandths: 0.350 kg = 350

_DECIMAL = re.compile(r"(?P<whole>[0-9]{1,20})(?:\.(?P<fraction>[0-9]{1,20}))?", re.ASCII)


def currency_exponent(currency: str) -> int:
    """Return how many minor digits a currency has; two if we do not know it.

    >>> currency_exponent("RUB"), currency_exponent("JPY")
    (2, 0)
    """
    return EXPONENTS.get(currency, 2)


def half_up(numerator: int, denominator: int) -> int:
    """Return the quotient of non-negative integers rounded half up.

    >>> half_up(5, 2), half_up(4, 3)
    (3, 1)
    """
    return (2 * numerator + denominator) // (2 * denominator)


def share_out(whole: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Share `whole` units out in proportion, by largest remainder; ties: the earlier one.

    No share differs from its exact value by a unit or more; a weight of 0 gets 0.

    >>> share_out(10, [1, 1, 1])
    (4, 3, 3)
    """
    total = sum(weights)
    if total == 0:
        return (0,) * len(weights)
    shares = [whole * weight // total for weight in weights]
    missing = whole - sum(shares)
    if missing:
        by_remainder = sorted(
            range(len(weights)), key=lambda i: (-(whole * weights[i] % total), i)
        )
        for i in by_remainder[:missing]:
            shares[i] += 1
    return tuple(shares)


def part_so_far(whole: int, done: int, of: int) -> int:
    """Return the cumulative floor: what `done` of `of` units make of `whole`.

    Differences of it add up to the whole exactly (R18).

    >>> [part_so_far(103, n, 3) for n in range(4)]
    [0, 34, 68, 103]
    """
    return whole * done // of


def scaled(value: object, digits: int, *, maximum: int) -> int | None:
    """Read a decimal number as an integer of 10^-digits; None if it is not exactly one.

    Plain digits with a point only: no sign, exponent, spaces or separators.

    >>> scaled("7.5", 4, maximum=10**9), scaled("0.001", 2, maximum=10**9)
    (75000, None)
    """
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    found = _DECIMAL.fullmatch(str(value))
    if found is None:
        return None
    fraction = (found["fraction"] or "").rstrip("0")
    if len(fraction) > digits:
        return None
    number = int(found["whole"] + fraction.ljust(digits, "0"))
    return number if number <= maximum else None
