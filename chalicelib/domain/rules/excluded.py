"""Excluded goods: no discount, no stamps, no codes, no points on them, and none may pay them.

They are paid goods all the same: what they cost counts for turnover and for the minimum of a
receipt.
"""

from dataclasses import dataclass

from chalicelib.domain.basket import BasketLine, Pricing, Stage
from chalicelib.domain.document_reader import Reader
from chalicelib.domain.receipts import Why
from chalicelib.domain.rules.frame import Frame

NAMES_MAX = 500
EXCLUDED = "excluded.goods"  # the reason of such a line


@dataclass(frozen=True, slots=True)
class Excluded:
    """The goods no rule rewards."""

    categories: frozenset[str] = frozenset()
    skus: frozenset[str] = frozenset()
    margins: frozenset[str] = frozenset()
    stage: Stage = Stage.FREE_UNITS  # before any rule could reward the line

    def apply(self, pricing: Pricing) -> None:
        """Set their lines apart."""
        for i, line in enumerate(pricing.lines):
            if self._takes(line) and not pricing.is_apart[i]:
                pricing.set_apart(i, Why(EXCLUDED, 0))

    def _takes(self, line: BasketLine) -> bool:
        return (
            line.sku in self.skus
            or line.category in self.categories
            or line.margin in self.margins
        )


def read(reader: Reader, frame: Frame) -> list[Excluded]:
    """Read `excluded`."""
    del frame
    if not reader.has("excluded"):
        return []
    inner = reader.inner("excluded")
    categories = inner.names("categories", maximum=NAMES_MAX)
    skus = inner.names("skus", maximum=NAMES_MAX)
    margins = inner.names("margins", maximum=NAMES_MAX)
    if not (categories or skus or margins):
        inner.fault("", "names no goods: give categories, skus or margins")
    inner.refuse_unread()
    return [Excluded(categories, skus, margins)]
