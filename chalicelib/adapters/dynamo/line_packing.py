"""The lines of a receipt, as values of its body.

A reason names its line's category, its margin or the receipt's tier mostly: then a number
stands for it. A new value goes to the end of its list.
"""

from typing import Any

from chalicelib.domain.receipts import ReceiptLine, Why

_WHYS = 11  # place of the reasons among the values of a line
_NAMED = 5  # values of a reason that ends with a name


def line_values(line: ReceiptLine, tier: str | None) -> list[Any]:
    """Return the values of a line; `tier` is the receipt's."""
    names = (line.category, line.margin, tier)
    return [
        line.sku,
        line.category,
        line.margin,
        line.quantity_milli,
        line.unit_price_minor,
        line.gross_minor,
        line.discount_minor,
        line.free_milli,
        line.redeemed,
        line.redeemed_minor,
        line.earned,
        [_why_values(why, names) for why in line.why],
        line.unit,
    ]


def line_of(values: list[Any], tier: str | None) -> ReceiptLine:
    """Return the line of its values."""
    names = (*values[1:3], tier)
    values[_WHYS] = tuple(_why_of(why, names) for why in values[_WHYS])
    return ReceiptLine(*values)


def _why_values(why: Why, names: tuple[str | None, ...]) -> list[Any]:
    name = names.index(why.name) if why.name is not None and why.name in names else why.name
    values = [why.rule, why.points, why.amount_minor, why.percent_ppm, name]
    while values[-1] is None:
        values.pop()
    return values


def _why_of(values: list[Any], names: tuple[str | None, ...]) -> Why:
    if isinstance(values[-1], int) and len(values) == _NAMED:
        values[-1] = names[values[-1]]
    return Why(*values)
