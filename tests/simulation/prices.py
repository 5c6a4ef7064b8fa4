"""Prices a basket the simple way: free units, discounts, points, then what is earned."""

from datetime import date
from typing import NamedTuple

from tests.simulation import rules as kinds
from tests.simulation.books import MINOR_PER_POINT, Row, fair
from tests.simulation.deeds import Line
from tests.simulation.rules import Promotion, Rules


class Shopper(NamedTuple):
    """For whom, and when."""

    tier: str
    on: date
    stamps: int = 0
    is_member: bool = True
    is_paid: bool = False  # nothing can be taken off any more


class Priced(NamedTuple):
    """What it comes to."""

    rows: tuple[Row, ...]
    redeemed: int
    earned: int
    stamps: int


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
    if rules.sells_cards:
        cards = kinds.CARD_CATEGORY
        rows = [row._replace(is_card_sale=row.category == cards) for row in rows]
    stamps = shopper.stamps
    running: list[Promotion] = []
    if shopper.is_member:
        if rules.stamps_every:
            rows, stamps = _stamp(rows, rules.stamps_every, shopper)
        day = shopper.on.weekday()
        running = [p for p in rules.promotions if p.weekday is None or p.weekday == day]
        if not shopper.is_paid:
            rows = [_discounted(row, rules, running) for row in rows]
    rows, redeemed = _redeem(rows, rules, redeemable)
    is_barred = not rules.is_both and (redeemed or any(row.moved for row in rows))
    if shopper.is_member and not is_barred:
        rows = _earn(rows, rules.earn_percent[shopper.tier], running)
    return Priced(tuple(rows), redeemed, sum(row.earned for row in rows), stamps)


def _stamp(rows: list[Row], every: int, shopper: Shopper) -> tuple[list[Row], int]:
    units = {
        i: (row.milli - row.free) // 1000
        for i, row in enumerate(rows)
        if row.category == kinds.STAMPED and row.milli >= 1000
    }
    stamps = shopper.stamps + sum(units.values())
    free = 0 if shopper.is_paid else min(stamps // every, sum(units.values()))
    stamps -= free * every
    rows = list(rows)
    for i in sorted(units, key=lambda i: (rows[i].price, rows[i].milli)):
        row, given = rows[i], min(free, units[i])
        free -= given
        rows[i] = row._replace(
            is_stamped=True,
            free=row.free + given * 1000,
            discount=row.discount + given * row.price,
        )
    return rows, stamps


def _discounted(row: Row, rules: Rules, running: list[Promotion]) -> Row:
    if row.is_card_sale:
        return row
    percents = [rules.discount_percent, dict(rules.category_discounts).get(row.category, 0)]
    percents += [p.number for p in running if p.kind == kinds.DISCOUNT and _fits(p, row)]
    amounts = [(2 * row.net * percent + 100) // 200 for percent in percents]
    off = min(row.net, sum(amounts) if rules.is_sum else max(amounts))
    return row._replace(discount=row.discount + off) if off else row


def _redeem(rows: list[Row], rules: Rules, redeemable: int) -> tuple[list[Row], int]:
    if not redeemable:
        return rows, 0
    caps = [0 if row.is_card_sale else row.net for row in rows]
    most = sum(caps) * rules.redeem_percent // (100 * MINOR_PER_POINT)
    redeemed = min(redeemable, most)
    points, values = fair(redeemed, caps), fair(redeemed * MINOR_PER_POINT, caps)
    paid = zip(rows, points, values, strict=True)
    return [row._replace(redeemed=p, value=v) for row, p, v in paid], redeemed


def _earn(rows: list[Row], percent: int, running: list[Promotion]) -> list[Row]:
    exact = [
        0 if row.is_card_sale else row.net * _percent(row, percent, running) for row in rows
    ]
    shares = fair(sum(exact) // (100 * MINOR_PER_POINT), exact)
    for given in running:
        fitting = [i for i, row in enumerate(rows) if _fits(given, row)]
        if given.kind != kinds.POINTS or not fitting:
            continue
        weights = [rows[i].net + rows[i].value for i in fitting]  # before points
        parts = fair(given.number, weights if sum(weights) else [1] * len(fitting))
        for i, part in zip(fitting, parts, strict=True):
            shares[i] += 0 if rows[i].is_card_sale else part
    return [row._replace(earned=n) for row, n in zip(rows, shares, strict=True)]


def _percent(row: Row, percent: int, running: list[Promotion]) -> int:
    """Return the rate of a line: the largest multiplier, and all extra percents."""
    if not running:
        return percent
    fitting = [p for p in running if _fits(p, row)]
    times = max([1, *(p.number for p in fitting if p.kind == kinds.MULTIPLIER)])
    return percent * times + sum(p.number for p in fitting if p.kind == kinds.EXTRA)


def _fits(promotion: Promotion, row: Row) -> bool:
    return promotion.category in ("", row.category)
