"""Prices a basket the simple way: free units, discounts, codes, points, what is earned."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from tests.simulation import rules as kinds
from tests.simulation.books import MINOR_PER_POINT, CodeUse, Counted, Row, Taken, fair
from tests.simulation.deeds import Line
from tests.simulation.rules import Offer, Rules

PROMOTION, COUPON = "promotion", "coupon"


class Shopper(NamedTuple):
    """For whom, and when."""

    tier: str
    on: date
    member: str = ""  # "": nobody
    stamps: int = 0
    is_paid: bool = False  # nothing can be taken off any more
    used: Mapping[Counted, int] = {}  # what counters said
    codes: tuple[tuple[str, str], ...] = ()  # presented, and the coupons they name


class Priced(NamedTuple):
    """What it comes to."""

    rows: tuple[Row, ...]
    redeemed: int
    earned: int
    stamps: int
    takes: tuple[Taken, ...]
    uses: tuple[CodeUse, ...]


def bought(lines: tuple[Line, ...]) -> list[Row]:
    """Return the lines as the till sends them."""
    return [
        Row(price, milli, category, (2 * price * milli + 1000) // 2000)
        for price, milli, category in lines
    ]


def as_moved(rows: tuple[Row, ...]) -> list[Row]:
    """Return the lines of a receipt for another member: what was paid stays paid."""
    return [
        row._replace(
            discount=row.discount + row.value, moved=row.moved + row.value,
            value=0, redeemed=0, earned=0, is_stamped=False, is_card_sale=False,
        )
        for row in rows
    ]  # fmt: skip


def price(rows: list[Row], rules: Rules, shopper: Shopper, redeemable: int) -> Priced:
    """Return the priced lines; `redeemable` points are there and wished for."""
    basket = _Basket(rows, rules, shopper)
    basket.stamp()
    if not shopper.is_paid:
        basket.discount()
    redeemed = basket.redeem(redeemable)
    is_barred = not rules.is_both and (redeemed or any(row.moved for row in rows))
    if shopper.member and not is_barred:
        basket.earn()
    priced = tuple(basket.rows)
    earned = sum(row.earned for row in priced)
    takes = tuple(basket.takes())
    return Priced(priced, redeemed, earned, basket.stamps, takes, basket.uses())


def counted(kind: str, offer: Offer, shopper: Shopper) -> Iterator[tuple[str, Counted, int]]:
    """Yield what an offer's limits count, the counters and their maxima."""
    for limit in offer.limits:
        name = f"{kind}:{offer.name}:{limit.kind}"
        if limit.total is not None:
            yield limit.kind, (name, None, None), limit.total
        if limit.per_day is not None:
            yield limit.kind, (name, shopper.on, None), limit.per_day
        if limit.per_member is not None and shopper.member:
            yield limit.kind, (name, None, shopper.member), limit.per_member


class _Basket:
    """One basket on its way."""

    def __init__(self, rows: list[Row], rules: Rules, shopper: Shopper) -> None:
        self.rules, self.shopper, self.stamps = rules, shopper, shopper.stamps
        is_card = kinds.CARD_CATEGORY if rules.sells_cards else None
        self.rows = [row._replace(is_card_sale=row.category == is_card) for row in rows]
        day = shopper.on.weekday()
        running = [p for p in rules.promotions if p.weekday is None or p.weekday == day]
        named = [coupon for _, coupon in shopper.codes]
        self.promotions = running if shopper.member else []
        self.coupons = [c for c in rules.coupons if c.name in named]
        self.points: dict[tuple[str, Offer], int] = {}  # given by offers

    def stamp(self) -> None:
        every, shopper = self.rules.stamps_every, self.shopper
        if not every or not shopper.member:
            return
        units = {
            i: (row.milli - row.free) // 1000
            for i, row in enumerate(self.rows)
            if row.category == kinds.STAMPED and row.milli >= 1000
        }
        self.stamps += sum(units.values())
        free = 0 if shopper.is_paid else min(self.stamps // every, sum(units.values()))
        self.stamps -= free * every
        for i in sorted(units, key=lambda i: (self.rows[i].price, self.rows[i].milli)):
            row, given = self.rows[i], min(free, units[i])
            free -= given
            self.rows[i] = row._replace(
                is_stamped=True,
                free=row.free + given * 1000,
                discount=row.discount + given * row.price,
            )

    def discount(self) -> None:
        """Take off what the program does, then what codes do on top of it."""
        rules, fixed = self.rules, Offer("", kinds.DISCOUNT, self.rules.discount_percent)
        offers = [("", fixed)] if self.shopper.member else []
        if self.shopper.member:
            listed = rules.category_discounts
            offers += [("", Offer("", kinds.DISCOUNT, n, name)) for name, n in listed]
        offers += [(PROMOTION, p) for p in self._open(PROMOTION, kinds.DISCOUNT)]
        self._take_off(offers, is_sum=rules.is_sum)
        coupons = [(COUPON, c) for c in self._open(COUPON, kinds.DISCOUNT)]
        self._take_off(coupons, is_sum=True)

    def redeem(self, redeemable: int) -> int:
        if not redeemable:
            return 0
        caps = [0 if row.is_card_sale else row.net for row in self.rows]
        most = sum(caps) * self.rules.redeem_percent // (100 * MINOR_PER_POINT)
        redeemed = min(redeemable, most)
        points, values = fair(redeemed, caps), fair(redeemed * MINOR_PER_POINT, caps)
        paid = zip(self.rows, points, values, strict=True)
        self.rows = [row._replace(redeemed=p, value=v) for row, p, v in paid]
        return redeemed

    def earn(self) -> None:
        percent = self.rules.earn_percent[self.shopper.tier]
        exact = [
            0 if row.is_card_sale else row.net * self._percent(row, percent)
            for row in self.rows
        ]
        shares = fair(sum(exact) // (100 * MINOR_PER_POINT), exact)
        for kind in (COUPON, PROMOTION):
            for offer in self._open(kind, kinds.POINTS):
                fitting = self._fitting(offer)
                weights = [self.rows[i].net + self.rows[i].value for i in fitting]
                parts = fair(offer.number, weights if sum(weights) else [1] * len(fitting))
                self.points[kind, offer] = offer.number
                for i, part in zip(fitting, parts, strict=True):
                    shares[i] += part
        earned = zip(self.rows, shares, strict=True)
        self.rows = [row._replace(earned=points) for row, points in earned]

    def takes(self) -> Iterator[Taken]:
        """Yield what was taken from the counters of offers that gave something."""
        offers = [(PROMOTION, p) for p in self.promotions]
        for kind, offer in (*offers, *((COUPON, c) for c in self.coupons)):
            if offer.kind == kinds.DISCOUNT and self.shopper.is_paid:
                continue
            minor, points = self._off(kind, offer), self.points.get((kind, offer), 0)
            given = {kinds.USES: 1, kinds.POINTS: points, kinds.MONEY: minor}
            for what, key, most in counted(kind, offer, self.shopper):
                if minor or points:
                    yield key, given[what], most

    def uses(self) -> tuple[CodeUse, ...]:
        """Return what each code did: the first of a coupon did it all."""
        left = {coupon.name: coupon for coupon in self.rules.coupons}
        gone: set[str] = set()
        found = []
        for code, name in self.shopper.codes:
            minor = points = 0
            if name not in gone:
                minor = sum(n for row in self.rows for what, n in row.offs if what == _of(name))
                offer = left.get(name)
                points = self.points.get((COUPON, offer), 0) if offer else 0
            gone.add(name)
            found.append((code, name, bool(minor or points), minor, points))
        return tuple(found)

    def _open(self, kind: str, reward: str) -> list[Offer]:
        """Return the offers of a kind that give such a reward, and have room for it."""
        offers = self.promotions if kind == PROMOTION else self.coupons
        return [o for o in offers if o.kind == reward and self._has_room(kind, o)]

    def _has_room(self, kind: str, offer: Offer) -> bool:
        fitting = self._fitting(offer)
        if not fitting:
            return False
        most = {kinds.USES: 1, kinds.POINTS: offer.number, kinds.MONEY: 0}
        if offer.kind == kinds.DISCOUNT:
            most[kinds.MONEY] = sum(_part(self.rows[i].net, offer.number) for i in fitting)
        return all(
            self.shopper.used.get(key, 0) + most[what] <= maximum
            for what, key, maximum in counted(kind, offer, self.shopper)
        )

    def _take_off(self, offers: list[tuple[str, Offer]], *, is_sum: bool) -> None:
        for i, row in enumerate(self.rows):
            fitting = [one for one in offers if _fits(one[1], row)]
            amounts = [_part(row.net, offer.number) for _, offer in fitting]
            chosen = range(len(fitting))
            if not is_sum and fitting:
                chosen = range((best := amounts.index(max(amounts))), best + 1)
            for n in chosen:
                off, (kind, offer) = min(self.rows[i].net, amounts[n]), fitting[n]
                if off:
                    now = self.rows[i]
                    offs = (*now.offs, (f"{kind}:{offer.name}", off))
                    self.rows[i] = now._replace(discount=now.discount + off, offs=offs)

    def _off(self, kind: str, offer: Offer) -> int:
        name = f"{kind}:{offer.name}"
        return sum(n for row in self.rows for what, n in row.offs if what == name)

    def _percent(self, row: Row, percent: int) -> int:
        """Return the rate of a line: the largest multiplier, and all extra percents."""
        fitting = [p for p in self.promotions if _fits(p, row)]
        times = max([1, *(p.number for p in fitting if p.kind == kinds.MULTIPLIER)])
        return percent * times + sum(p.number for p in fitting if p.kind == kinds.EXTRA)

    def _fitting(self, offer: Offer) -> list[int]:
        return [i for i, row in enumerate(self.rows) if _fits(offer, row)]


def _fits(offer: Offer, row: Row) -> bool:
    return offer.category in ("", row.category) and not row.is_card_sale


def _part(minor: int, percent: int) -> int:
    return (2 * minor * percent + 100) // 200


def _of(coupon: str) -> str:
    return f"{COUPON}:{coupon}"
