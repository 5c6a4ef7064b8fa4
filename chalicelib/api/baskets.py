"""The basket of a quote or a purchase as the rules read it, and when it was sold."""

from datetime import datetime

from chalicelib.api.models.purchases import PurchaseBody, QuoteBody
from chalicelib.api.shapes import read_quantity_milli
from chalicelib.domain.basket import BasketLine
from chalicelib.domain.money import MILLI
from chalicelib.domain.sales import CLOCK_SKEW


def lines_of(body: PurchaseBody | QuoteBody) -> tuple[BasketLine, ...]:
    """Return the basket; a receipt that is only a total is one line without a class."""
    if body.lines is None:
        return (BasketLine(quantity_milli=MILLI, unit_price_minor=body.total_minor or 0),)
    return tuple(
        BasketLine(
            quantity_milli=read_quantity_milli(line.quantity),
            unit_price_minor=line.unit_price_minor,
            sku=line.sku,
            category=line.category,
            margin=line.margin,
            unit=line.unit,
        )
        for line in body.lines
    )


def is_reported_late(body: PurchaseBody, at: datetime) -> bool:
    """Return whether a sale is reported after the fact, by its own time."""
    return body.at is not None and body.at < at - CLOCK_SKEW
