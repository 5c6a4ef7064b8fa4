"""Bundles: a set of goods bought together gives points or a discount (F055).

A bundle counts as often as the whole set is in the basket; a unit serves one bundle of a
kind only. Of a SKU at several prices the cheapest units make up the sets. Discount and points
fall on the lines in proportion to the price of their units in the sets.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.basket import Pricing, Stage
from chalicelib.domain.document_reader import Reader
from chalicelib.domain.money import MILLI, PPM, half_up, share_out
from chalicelib.domain.rules.frame import Frame

BUNDLES_MAX = 100
GOODS_MAX = 20
UNITS_MAX = 1_000
POINTS_MAX = 10**9


@dataclass(frozen=True, slots=True)
class Bundle:
    """So many units of each SKU together: a percentage off them, or points for each set."""

    bundle_id: str
    units: Mapping[str, int]  # SKU → units
    discount_ppm: int
    points: int

    @property
    def stage(self) -> Stage:
        """Return when it acts: points come after every price is settled."""
        return Stage.DISCOUNT if self.discount_ppm else Stage.EARNING

    def apply(self, pricing: Pricing) -> None:
        """Find the sets and reward them."""
        sets = self._sets(pricing)
        if not sets or not pricing.scene.buyer.is_member:
            return
        values = self._values(pricing, sets)
        for i, value in values.items():
            amount = half_up(value * self.discount_ppm, PPM)
            pricing.offer_amount(i, amount, "discount.bundle", self.bundle_id)
        if self.points:
            shares = share_out(self.points * sets, list(values.values()))
            for i, points in zip(values, shares, strict=True):
                pricing.add_points(i, points, "earn.bundle", self.bundle_id)

    def _sets(self, pricing: Pricing) -> int:
        counted = dict.fromkeys(self.units, 0)
        for line in pricing.lines:
            if line.sku in counted:
                counted[line.sku] += line.quantity_milli // MILLI
        return min(counted[sku] // units for sku, units in self.units.items())

    def _values(self, pricing: Pricing, sets: int) -> dict[int, int]:
        """Return by line what its units in the sets are to be paid with."""
        left = {sku: sets * units for sku, units in self.units.items()}
        values: dict[int, int] = {}
        found = [i for i, line in enumerate(pricing.lines) if line.sku in left]
        for i in pricing.cheapest_first(found):
            line = pricing.lines[i]
            sku = line.sku or ""
            units = min(line.quantity_milli // MILLI, left[sku])
            left[sku] -= units
            if units:
                values[i] = min(units * line.unit_price_minor, pricing.net(i))
        return values


def read(reader: Reader, frame: Frame) -> list[Bundle]:
    """Read `bundles`."""
    del frame
    found: list[Bundle] = []
    for inner in reader.each("bundles", maximum=BUNDLES_MAX):
        bundle = Bundle(
            bundle_id=inner.text("id"),
            units=inner.named(
                "skus", lambda goods, sku: goods.whole(sku, 0, minimum=1, maximum=UNITS_MAX)
            ),
            discount_ppm=inner.percent("discount_percent", 0),
            points=inner.whole("points", 0, maximum=POINTS_MAX),
        )
        _check(inner, bundle, found)
        inner.refuse_unread()
        found.append(bundle)
    return found


def _check(reader: Reader, bundle: Bundle, others: list[Bundle]) -> None:
    if not 1 <= len(bundle.units) <= GOODS_MAX or sum(bundle.units.values()) < 2:  # noqa: PLR2004
        reader.fault("skus", f"must name 2 units at least, of 1 to {GOODS_MAX} goods")
    if bool(bundle.discount_ppm) == bool(bundle.points):
        reader.fault("points", "give either points or discount_percent")
    if bundle.bundle_id in {other.bundle_id for other in others}:
        reader.fault("id", f"there are two bundles {bundle.bundle_id}")
    if bundle.bundle_id in bundle.units:
        reader.fault("skus", "a bundle cannot contain itself")
