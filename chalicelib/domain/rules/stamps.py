"""Stamp cards: each Nth unit of a category is free, the cheapest in the receipt first (R38).

Units are whole; what is weighed gets no stamp. Free units are stamped like paid ones.
"""

from dataclasses import dataclass

from chalicelib.domain.basket import Pricing, Stage
from chalicelib.domain.document_reader import Reader
from chalicelib.domain.money import MILLI
from chalicelib.domain.receipts import Why
from chalicelib.domain.rules.frame import Frame

EVERY_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Stamps:
    """Each `every`th unit of `category` is free."""

    category: str
    every: int
    stage: Stage = Stage.FREE_UNITS

    def apply(self, pricing: Pricing) -> None:
        """Count the units and make as many free as the card is full."""
        if not pricing.scene.buyer.is_member:
            return
        stamped = [i for i, line in enumerate(pricing.lines) if line.category == self.category]
        units = sum(pricing.lines[i].quantity_milli // MILLI for i in stamped)
        stamps = pricing.scene.buyer.stamps + units
        pricing.stamps_after = stamps % self.every
        free = stamps // self.every
        for i in sorted(stamped, key=lambda i: (pricing.lines[i].unit_price_minor, i)):
            given = min(free, pricing.lines[i].quantity_milli // MILLI)
            if given:
                amount = given * pricing.lines[i].unit_price_minor
                why = Why("free.stamps", given, amount, None, self.category)
                pricing.give_free(i, given, why)
            free -= given


def read(reader: Reader, frame: Frame) -> list[Stamps]:
    """Read `stamps`."""
    if not reader.has("stamps"):
        return []
    inner = reader.inner("stamps")
    category = inner.text("category")
    every = inner.whole("every", 0, minimum=2, maximum=EVERY_MAX)
    choice = inner.text("free_unit_choice", "cheapest_in_receipt")
    if choice != "cheapest_in_receipt":
        inner.fault("free_unit_choice", "must be cheapest_in_receipt")
    inner.refuse_unread()
    frame.note_category(category)
    return [Stamps(category, every)] if every else []
