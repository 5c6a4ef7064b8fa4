"""The model's values: accounts and receipts in plain dictionaries, and a program's numbers.

Nothing here knows `chalicelib`. A lot is (granted, active from, expires on, points) under
the id it must get; a point is worth 1.00.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

NEVER = date.max
MINOR_PER_POINT = 100
LOT_IDS_PER_VERSION = 16
Lot = tuple[date, date, date, int]
Portion = tuple[int, Lot]  # lot id; points are those taken
Answer = tuple[Any, ...]
Priced = tuple[int, int, int, int, int]  # gross, quantity, value of points, redeemed, earned


class Refused(Exception):
    """The model would not do it; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The numbers of a program."""

    earn_percent: dict[str, int]
    redeem_percent: int = 50
    silver_over_minor: int = 10_000
    window_days: int = 30
    pending_days: int = 0
    expiry_days: int = 3
    is_debt_allowed: bool = True  # the policy: unlimited; else within_balance
    grace_days: int = 0
    hold_hours: int = 2
    is_both: bool = True  # earn_and_redeem


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
    activated: frozenset[int] = frozenset()  # lots the job has told of
    on: date = date.min  # business day of the last deed
    lots_made: int = 0  # by the deed being done

    def copy(self) -> "Account":
        """Return a copy to work on."""
        return Account(
            self.version, dict(self.lots), dict(self.holds), self.debt, dict(self.days),
            self.lifetime_minor, dict(self.overrides), self.tier, self.activated, self.on,
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
    lines: tuple[Priced, ...]
    allocation: tuple[Portion, ...] = ()
    earned_lot: int | None = None
    given_back: int = 0
    returned: dict[int, int] = field(default_factory=dict)
    returns: tuple[tuple[str, Answer], ...] = ()
    is_voided: bool = False

    @property
    def to_pay(self) -> int:
        """Return gross less the value of points."""
        return sum(line[0] - line[2] for line in self.lines)

    def copy(self) -> "Receipt":
        """Return a copy to work on."""
        return Receipt(
            self.member, self.on, self.lines, self.allocation, self.earned_lot,
            self.given_back, dict(self.returned), self.returns, self.is_voided,
        )  # fmt: skip


@dataclass(slots=True)
class Books:
    """All accounts and receipts of a shop; values are replaced, never changed."""

    rules: Rules
    accounts: dict[str, Account] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)


def fair(whole: int, weights: list[int]) -> list[int]:
    """Share whole units out in proportion, the rest one by one to the greatest remainders."""
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    shares = [whole * weight // total for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(whole * weights[i] % total), i))
    for i in order[: whole - sum(shares)]:
        shares[i] += 1
    return shares
