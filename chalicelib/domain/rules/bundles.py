"""Bundles: a set of goods bought together gives points or a discount (F055).

A bundle counts as often as the whole set is in the basket; a unit serves one bundle of a
kind only. Of a SKU at several prices the cheapest units make up the sets. Discount and points
fall on the lines in proportion to the price of their units in the sets.

A bundle may include others: its set is then theirs and its own goods together. Those still
count by themselves as well. A chain of bundles that comes back to itself is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

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
        for i, line in enumerate(pricing.lines):
            if line.sku in counted and not pricing.is_apart[i]:
                counted[line.sku] += line.quantity_milli // MILLI
        return min(counted[sku] // units for sku, units in self.units.items())

    def _values(self, pricing: Pricing, sets: int) -> dict[int, int]:
        """Return by line what its units in the sets are to be paid with."""
        left = {sku: sets * units for sku, units in self.units.items()}
        values: dict[int, int] = {}
        lines = enumerate(pricing.lines)
        found = [i for i, line in lines if line.sku in left and not pricing.is_apart[i]]
        for i in pricing.cheapest_first(found):
            line = pricing.lines[i]
            sku = line.sku or ""
            units = min(line.quantity_milli // MILLI, left[sku])
            left[sku] -= units
            if units:
                values[i] = min(units * line.unit_price_minor, pricing.net(i))
        return values


@dataclass(frozen=True, slots=True)
class _Written:
    """A bundle as the document has it: its includes are not looked up yet."""

    reader: Reader
    bundle: Bundle
    includes: frozenset[str]

    def fault(self, words: str) -> None:
        """Note a fault of what it includes, else of its own goods."""
        self.reader.fault("includes" if self.includes else "skus", words)


def read(reader: Reader, frame: Frame) -> list[Bundle]:
    """Read `bundles`."""
    del frame
    written: list[_Written] = []
    for inner in reader.each("bundles", maximum=BUNDLES_MAX):
        one = _written(inner)
        _check(one, {other.bundle.bundle_id for other in written})
        inner.refuse_unread()
        written.append(one)
    by_id = {one.bundle.bundle_id: one for one in written}
    return [_expanded(one, by_id) for one in written]


def _written(inner: Reader) -> _Written:
    bundle = Bundle(
        bundle_id=inner.text("id"),
        units=inner.named(
            "skus", lambda goods, sku: goods.whole(sku, 0, minimum=1, maximum=UNITS_MAX)
        ),
        discount_ppm=inner.percent("discount_percent", 0),
        points=inner.whole("points", 0, maximum=POINTS_MAX),
    )
    return _Written(inner, bundle, inner.names("includes", maximum=BUNDLES_MAX))


def _check(one: _Written, others: set[str]) -> None:
    reader, bundle = one.reader, one.bundle
    if bool(bundle.discount_ppm) == bool(bundle.points):
        reader.fault("points", "give either points or discount_percent")
    if bundle.bundle_id in others:
        reader.fault("id", f"there are two bundles {bundle.bundle_id}")
    if bundle.bundle_id in bundle.units:
        reader.fault("skus", "a bundle cannot contain itself")


def _expanded(one: _Written, by_id: Mapping[str, _Written]) -> Bundle:
    """Return the bundle with the goods of those it includes."""
    bundle = one.bundle
    for name in sorted(one.includes - by_id.keys()):
        one.fault(f"there is no bundle {name!r}")
    way = _way_back(bundle.bundle_id, by_id)
    if way:
        one.fault("leads back to itself: " + " → ".join(way))
        return bundle
    units = _units(bundle.bundle_id, by_id, {})
    too_many = any(number > UNITS_MAX for number in units.values())
    if not 1 <= len(units) <= GOODS_MAX or sum(units.values()) < 2 or too_many:  # noqa: PLR2004
        one.fault(f"must name 2 units at least, of 1 to {GOODS_MAX} goods")
    return replace(bundle, units=units)


def _way_back(bundle_id: str, by_id: Mapping[str, _Written]) -> tuple[str, ...]:
    """Return the bundles from one back to itself through what each includes; () if none."""
    came_from = dict.fromkeys(by_id[bundle_id].includes & by_id.keys(), bundle_id)
    waiting = sorted(came_from)
    while waiting:
        name = waiting.pop()
        if name == bundle_id:
            way = [name]
            while len(way) == 1 or way[-1] != bundle_id:
                way.append(came_from[way[-1]])
            return tuple(reversed(way))
        for inner in sorted(by_id[name].includes & by_id.keys() - came_from.keys()):
            came_from[inner] = name
            waiting.append(inner)
    return ()


def _units(
    bundle_id: str, by_id: Mapping[str, _Written], known: dict[str, Mapping[str, int]]
) -> Mapping[str, int]:
    """Return the units of a bundle with those it includes."""
    if bundle_id in known:
        return known[bundle_id]
    one = by_id[bundle_id]
    known[bundle_id] = units = dict(one.bundle.units)  # first: others may be in a circle
    for name in sorted(one.includes & by_id.keys()):
        for sku, number in _units(name, by_id, known).items():
            units[sku] = units.get(sku, 0) + number
    return units
