"""Stamp cards: each Nth unit of a category is free, the cheapest in the receipt first (R38).

Whole units count: 0.350 kg gets no stamp, 1.5 kg gets one. Free units are stamped like paid
ones. Units of one price are told apart by what they are, not by where the till put them, so
that the order of lines changes nothing. A receipt that was paid before it got its member
collects stamps; what they make free is the next unit bought. What was free on it already
brings none: those stamps were used by somebody else.
"""

from dataclasses import dataclass

from chalicelib.domain.basket import Pricing, Stage
from chalicelib.domain.document_reader import Reader
from chalicelib.domain.money import MILLI
from chalicelib.domain.program import Program
from chalicelib.domain.receipts import Why
from chalicelib.domain.rules.frame import Frame

EVERY_MAX = 1_000
STAMPED = "stamps.collected"  # the reason that marks a stamped line on its receipt (R25)


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
        units = {
            i: (line.quantity_milli - pricing.free_milli[i]) // MILLI
            for i, line in enumerate(pricing.lines)
            if line.category == self.category
            and line.quantity_milli >= MILLI
            and not pricing.is_apart[i]
        }
        bought = sum(units.values())
        stamps = pricing.scene.buyer.stamps + bought
        free = 0 if pricing.scene.is_paid else min(stamps // self.every, bought)
        pricing.stamps_after = stamps - free * self.every
        for i in pricing.cheapest_first(units):
            pricing.why[i].append(Why(STAMPED, name=self.category))
            given = min(free, units[i])
            if given:
                amount = given * pricing.lines[i].unit_price_minor
                pricing.give_free(
                    i, given, Why("free.stamps", None, amount, None, self.category)
                )
            free -= given


def stamp_card(program: Program) -> Stamps | None:
    """Return a program's stamp card, if it has one."""
    return next((rule for rule in program.rules if isinstance(rule, Stamps)), None)


def read(reader: Reader, frame: Frame) -> list[Stamps]:
    """Read `stamps`."""
    del frame
    if not reader.has("stamps"):
        return []
    inner = reader.inner("stamps")
    category = inner.text("category")
    every = inner.whole("every", 0, minimum=2, maximum=EVERY_MAX)
    choice = inner.text("free_unit_choice", "cheapest_in_receipt")
    if choice != "cheapest_in_receipt":
        inner.fault("free_unit_choice", "must be cheapest_in_receipt")
    inner.refuse_unread()
    return [Stamps(category, every)] if every else []
