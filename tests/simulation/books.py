"""The model's values: accounts, receipts and gift cards in plain dictionaries.

Nothing here knows `chalicelib`. A lot is (granted, active from, expires on, points) under
the id it must get; a point is worth 1.00.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from tests.simulation.rules import Referral

NEVER = date.max
MINOR_PER_POINT = 100
LOT_IDS_PER_VERSION = 16
Lot = tuple[date, date, date, int]
Portion = tuple[int, Lot]  # lot id; points are those taken
Answer = tuple[Any, ...]
Counted = tuple[str, date | None, str | None]  # a counter: what, on which day, to whom
Taken = tuple[Counted, int, int | None]  # from a counter, so much, that has such a maximum
CodeUse = tuple[str, str, bool, int, int]  # code, coupon, did it give anything: money, points

WAITING, EARNED, REVERSED = "waiting", "earned", "reversed"
ISSUED, ACTIVE, VOIDED = "issued", "active", "voided"


class Refused(Exception):
    """The model would not do it; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Row(NamedTuple):
    """One line of a receipt; money in minor units, quantities in thousandths."""

    price: int
    milli: int
    category: str
    gross: int
    discount: int = 0  # free units and what was paid before a move included
    free: int = 0
    value: int = 0  # of the points redeemed
    redeemed: int = 0
    earned: int = 0
    moved: int = 0  # what points had paid before a move
    is_stamped: bool = False
    is_card_sale: bool = False
    offs: tuple[tuple[str, int], ...] = ()  # discounts: of what, how much

    @property
    def net(self) -> int:
        """Return what is to pay."""
        return self.gross - self.discount - self.value

    @property
    def turnover(self) -> int:
        """Return what of it counts."""
        return 0 if self.is_card_sale else self.net


class Friendship(NamedTuple):
    """Who brought a member in, and how far it has come."""

    referrer: str
    state: str = WAITING
    version: int = 0  # of the entry that brought it there
    terms: Referral | None = None  # as promised when it was earned
    through: date | None = None  # last day of a reversal


class Card(NamedTuple):
    """A gift card."""

    amount: int
    balance: int
    state: str
    version: int = 1


class Code(NamedTuple):
    """A promo code: what it unlocks, how often, and in whose hands."""

    coupon: str
    most: int | None = 1
    most_each: int | None = None
    first: date | None = None
    last: date | None = None
    is_stopped: bool = False
    owner: str = ""  # "": anybody


class Confirmation(NamedTuple):
    """A second factor: whose, until when it is good, whether it has been used."""

    owner: str
    until: datetime
    is_verified: bool = True
    is_used: bool = False


@dataclass(slots=True)
class Account:
    """One member's book."""

    version: int = 0
    lots: dict[int, Lot] = field(default_factory=dict)
    holds: dict[str, tuple[datetime, tuple[Portion, ...]]] = field(default_factory=dict)
    debt: int = 0
    days: dict[date, int] = field(default_factory=dict)
    lifetime_minor: int = 0
    overrides: dict[str, tuple[str, date]] = field(default_factory=dict)
    tier: str = "base"
    stamps: int = 0
    actions: tuple[str, ...] = ()
    friends: int = 0  # rewarded for
    friendship: Friendship | None = None
    activated: frozenset[int] = frozenset()  # lots the job has told of
    on: date = date.min  # business day of the last deed
    lots_made: int = 0  # by the deed being done

    def copy(self) -> "Account":
        """Return a copy to work on."""
        return Account(
            self.version, dict(self.lots), dict(self.holds), self.debt, dict(self.days),
            self.lifetime_minor, dict(self.overrides), self.tier, self.stamps, self.actions,
            self.friends, self.friendship, self.activated, self.on,
        )  # fmt: skip

    @property
    def total(self) -> int:
        """Return lots + held - debt."""
        held = sum(p[1][3] for _, portions in self.holds.values() for p in portions)
        return sum(lot[3] for lot in self.lots.values()) + held - self.debt


@dataclass(slots=True)
class Receipt:
    """One receipt."""

    member: str | None
    on: date
    rows: tuple[Row, ...]
    allocation: tuple[Portion, ...] = ()
    earned_lot: int | None = None
    version: int | None = None  # of the entry that wrote it
    card: tuple[str, int, int] | None = None  # which one, paid, forfeited by that
    given_back: int = 0
    returned: dict[int, int] = field(default_factory=dict)
    returns: tuple[tuple[str, Answer], ...] = ()
    is_voided: bool = False
    moved_to: str = ""
    takes: tuple[Taken, ...] = ()
    uses: tuple[CodeUse, ...] = ()

    @property
    def to_pay(self) -> int:
        """Return gross less discounts and the value of points."""
        return sum(row.net for row in self.rows)

    @property
    def paid_by_card(self) -> int:
        """Return what a gift card paid."""
        return self.card[1] if self.card else 0

    def copy(self) -> "Receipt":
        """Return a copy to work on."""
        return Receipt(
            self.member, self.on, self.rows, self.allocation, self.earned_lot, self.version,
            self.card, self.given_back, dict(self.returned), self.returns, self.is_voided,
            self.moved_to, self.takes, self.uses,
        )  # fmt: skip


@dataclass(slots=True)
class Books:
    """All accounts, receipts and cards of a shop; values are replaced, never changed."""

    accounts: dict[str, Account] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    friendships: dict[str, Friendship] = field(default_factory=dict)  # the latest of each
    rewards: dict[str, tuple[int, int | None]] = field(default_factory=dict)  # points, lot
    told: dict[str, int] = field(default_factory=dict)  # versions the outbox is done with
    codes: dict[str, Code] = field(default_factory=dict)
    coupons: dict[tuple[str, str], Code] = field(default_factory=dict)  # by member and digits
    counters: dict[Counted, int] = field(default_factory=dict)
    seen: Mapping[Counted, int] = field(default_factory=dict)  # what the deed read of them
    confirmations: dict[str, Confirmation] = field(default_factory=dict)
    idle_card: Card | None = None  # the one it found, if it did nothing to it


def fair(whole: int, weights: list[int]) -> list[int]:
    """Share whole units out in proportion, the rest one by one to the greatest remainders."""
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    shares = [whole * weight // total for weight in weights]
    missing = whole - sum(shares)
    if missing:
        order = sorted(range(len(weights)), key=lambda i: (-(whole * weights[i] % total), i))
        for i in order[:missing]:
            shares[i] += 1
    return shares
