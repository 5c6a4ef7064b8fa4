"""A basket being priced: what the till sent, who buys, and what the rules have done so far.

A `Pricing` lives inside one call of `pricing.price`; rules (`domain/rules/`) change it in
the order of R4. Nothing outside `domain/` sees one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Protocol

from chalicelib.domain.account import Turnover
from chalicelib.domain.limits import Counter
from chalicelib.domain.money import MILLI, PPM, half_up
from chalicelib.domain.promo_codes import PromoCode
from chalicelib.domain.receipts import MOVED, Why

CHANNELS = ("offline", "online")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What was settled of a line before its receipt was given to a member; it stays so."""

    discount_minor: int  # by rules, free units included
    free_milli: int
    prepaid_minor: int  # by points, of somebody else
    why: tuple[Why, ...]  # of the discount


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketLine:
    """One line as the till sends it; prices arrive with tax (R7)."""

    quantity_milli: int
    unit_price_minor: int
    sku: str | None = None
    category: str | None = None
    margin: str | None = None
    unit: str | None = None
    settled: Settled | None = None

    @property
    def prepaid_minor(self) -> int:
        """Return what points had paid before the receipt was moved to a member."""
        return self.settled.prepaid_minor if self.settled else 0

    @property
    def gross_minor(self) -> int:
        """Return the price of the quantity, half up to the minor unit."""
        return half_up(self.unit_price_minor * self.quantity_milli, MILLI)


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who buys, as far as rules may ask. The default is nobody: an anonymous sale."""

    tier: str | None = None
    turnover: Turnover = field(default_factory=Turnover)
    stamps: int = 0
    segments: frozenset[str] = frozenset()
    is_member: bool = False
    member_id: str | None = None  # whose counters count; an example's buyer has none


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where and when a basket is bought."""

    on: date  # business day
    channel: str
    buyer: Buyer
    store: str | None = None
    sold_on: date | None = None  # business day of a sale that is reported later; None: `on`
    used: Mapping[Counter, int] = field(default_factory=dict)  # what was given before
    codes: tuple[PromoCode, ...] = ()  # presented, and good to be used
    is_paid: bool = False  # before it was known who buys: no price can change any more


@dataclass(frozen=True, slots=True)
class Presented:
    """What was found out for a sale: its codes, good to be used, and what counters say."""

    codes: tuple[PromoCode, ...] = ()
    used: Mapping[Counter, int] = field(default_factory=dict)


NOTHING_PRESENTED = Presented()


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise:
    """What an offer makes of the rates of lines; exactly one of the two is set."""

    rule: str
    name: str
    lines: tuple[int, ...]  # of multipliers also lines that a larger one took later
    boost_ppm: int = 0
    extra_ppm: int = 0


class Stage(IntEnum):
    """When a rule acts (R4)."""

    FREE_UNITS = 1
    DISCOUNT = 2
    PROMO_CODE = 3
    EARNING = 4  # changes the rates the points are earned by, or adds points


class Pricing:
    """The columns of a basket, line by line."""

    def __init__(self, lines: Sequence[BasketLine], scene: Scene) -> None:
        self.lines = lines
        self.scene = scene
        self.gross = [line.gross_minor for line in lines]
        self.discount = [0] * len(lines)  # free units included
        self.free_milli = [0] * len(lines)
        self.boost_ppm = [PPM] * len(lines)  # what earning rates are multiplied by
        self.extra_ppm = [0] * len(lines)  # what is added to earning rates, before margin caps
        self.extra_points = [0] * len(lines)
        self.raises: list[Raise] = []  # of the rates, in the order their offers act
        self.is_apart = [False] * len(lines)  # no discount, no points: it is no merchandise
        self.why: list[list[Why]] = [[] for _ in lines]
        self.stamps_after: int | None = None
        self._offers: list[list[tuple[int, Why]]] = [[] for _ in lines]
        self._instead = [0] * len(lines)  # discounts that codes may stand in for
        for i, line in enumerate(lines):
            if line.settled is not None:
                self._settle(i, line.settled)

    def _settle(self, i: int, settled: Settled) -> None:
        self.discount[i] = settled.discount_minor + settled.prepaid_minor
        self.free_milli[i] = settled.free_milli
        self.why[i].extend(settled.why)
        if settled.prepaid_minor:
            self.why[i].append(Why(MOVED, None, settled.prepaid_minor))

    def net(self, i: int) -> int:
        """Return what is left to pay for a line."""
        return self.gross[i] - self.discount[i]

    def total(self) -> int:
        """Return what is left to pay for the basket."""
        return sum(self.gross) - sum(self.discount)

    def cheapest_first(self, lines: Iterable[int]) -> list[int]:
        """Return lines by unit price; equal prices by what the lines are, never by place."""

        def of(i: int) -> tuple[int | str, ...]:
            line = self.lines[i]
            names = (line.sku, line.category, line.margin, line.unit)
            return (line.unit_price_minor, line.quantity_milli, *(name or "" for name in names))

        return sorted(lines, key=of)

    def set_apart(self, i: int, why: Why) -> None:
        """Keep every reward from a line: it is paid as it stands and earns nothing."""
        self.is_apart[i] = True
        self.why[i].append(why)

    def give_free(self, i: int, units: int, why: Why) -> None:
        """Make whole units of a line free."""
        self.free_milli[i] += units * MILLI
        self.discount[i] += units * self.lines[i].unit_price_minor
        self.why[i].append(why)

    def base(self, i: int) -> int:
        """Return what a discount is counted from: what is left to pay, mostly."""
        return self.net(i) + self._instead[i]

    def offer_percent(self, i: int, ppm: int, rule: str, name: str | None = None) -> None:
        """Offer a percentage off a line, half up to the minor unit."""
        self._offer(i, Why(rule, None, half_up(self.base(i) * ppm, PPM), ppm, name))

    def offer_amount(
        self, i: int, amount_minor: int, rule: str, name: str | None = None
    ) -> None:
        """Offer an amount off a line."""
        self._offer(i, Why(rule, None, amount_minor, None, name))

    def _offer(self, i: int, why: Why) -> None:
        if why.amount_minor and not self.scene.is_paid and not self.is_apart[i]:
            self._offers[i].append((why.amount_minor, why))

    def add_points(self, i: int, points: int, rule: str, name: str) -> None:
        """Give points for a line beside those of its rate."""
        if points and not self.is_apart[i]:
            self.extra_points[i] += points
            self.why[i].append(Why(rule, points, None, None, name))

    def multiply(self, lines: Iterable[int], ppm: int, rule: str, name: str) -> None:
        """Multiply the rates of lines, where nothing multiplies them by as much already."""
        raised = [i for i in lines if ppm > self.boost_ppm[i] and not self.is_apart[i]]
        for i in raised:
            self.boost_ppm[i] = ppm
        self.raises.append(Raise(rule=rule, name=name, lines=tuple(raised), boost_ppm=ppm))

    def add_percent(self, lines: Iterable[int], ppm: int, rule: str, name: str) -> None:
        """Add to the rates of lines."""
        raised = [i for i in lines if not self.is_apart[i]]
        for i in raised:
            self.extra_ppm[i] += ppm
        self.raises.append(Raise(rule=rule, name=name, lines=tuple(raised), extra_ppm=ppm))

    def settle_offers(self, *, is_sum: bool, may_codes_replace: bool = False) -> None:
        """Apply what was offered: all of it, or on each line the best; never below nothing.

        With `may_codes_replace` what is offered from now on stands in for these discounts
        where it is more.
        """
        before = self.discount.copy()
        for i, offers in enumerate(self._offers):
            if not offers:
                continue
            chosen = offers if is_sum else sorted(offers, key=lambda offer: -offer[0])[:1]
            if self._instead[i] and not self._give_way(i, sum(offer[0] for offer in chosen)):
                continue
            for amount, why in chosen:
                given = min(amount, self.net(i))
                self.discount[i] += given
                if given:
                    reason = Why(why.rule, None, given, why.percent_ppm, why.name)
                    self.why[i].append(reason)
        self._offers = [[] for _ in self.lines]
        self._instead = [0] * len(self.lines)
        if may_codes_replace:
            self._instead = [
                now - then for now, then in zip(self.discount, before, strict=True)
            ]

    def _give_way(self, i: int, amount_minor: int) -> bool:
        """Take a line's discounts back if so much is more; return whether it was."""
        if amount_minor <= self._instead[i]:
            return False
        self.discount[i] -= self._instead[i]
        self.why[i] = [why for why in self.why[i] if not why.rule.startswith("discount.")]
        return True


class Rule(Protocol):
    """One rule of a program. A new kind is a new file and a line in `rules/__init__.py`."""

    @property
    def stage(self) -> Stage:
        """Return when it acts."""

    def apply(self, pricing: Pricing) -> None:
        """Do its part."""
