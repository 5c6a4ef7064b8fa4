"""A merchant's loyalty program: its rules as frozen values, built from its document.

The document is the JSON of docs/PROGRAM.md; `program_document.py` reads and checks it.
Rates are millionths (`_ppm`), money minor units, windows local days.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.domain.basket import Rule
from chalicelib.domain.rewards import Rewards


class ProgramType(StrEnum):
    """What kind of reward the program gives."""

    POINTS = "points"
    DISCOUNT = "discount"
    STAMPS = "stamps"
    GIFT_CARD = "gift_card"


class Mode(StrEnum):
    """Whether one receipt may both redeem and earn."""

    EARN_OR_REDEEM = "earn_or_redeem"
    EARN_AND_REDEEM = "earn_and_redeem"


class EarnBase(StrEnum):
    """What money earning is counted from."""

    NET_PAID = "net_paid"  # after points
    GROSS = "gross"  # before points, after discounts


class ReturnPolicy(StrEnum):
    """What happens when points to claw back have been spent."""

    UNLIMITED = "unlimited"  # debt
    WITHIN_BALANCE = "within_balance"  # the rest is forgiven
    ONLY_PENDING = "only_pending"  # only the receipt's own points that are not active yet


@dataclass(frozen=True, slots=True)
class Rate:
    """What part of a line is earned, and how much of it points may pay."""

    earn_ppm: int
    redeem_ppm: int


@dataclass(frozen=True, slots=True)
class Level:
    """A tier and the turnover beyond which it is reached."""

    name: str
    over_minor: int


@dataclass(frozen=True, slots=True)
class Tiers:
    """The levels of a program, lowest first."""

    window_days: int | None  # None: lifetime
    is_strict: bool  # `gt`: the turnover must be above; `gte`: reaching is enough
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class StepAccrual:
    """`points` for each full `per_minor` of a receipt."""

    per_minor: int
    points: int


@dataclass(frozen=True, slots=True)
class AnniversaryGrant:
    """Points given on a member's yearly day."""

    points: int
    expires_in_days: int | None


@dataclass(frozen=True, slots=True)
class ProgramVersion:
    """A version of a program, as its history tells it."""

    version: int
    title: str | None  # as the document has it; None: the default
    published_at: datetime | None  # None: before such moments were kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The rules one merchant runs its points by."""

    version: int
    type: ProgramType
    title: str
    currency: str
    zone: ZoneInfo
    point_value: tuple[int, int]  # minor units per point, as numerator and denominator
    rules: tuple[Rule, ...]  # beside earning rates, in the order they act
    are_discounts_added: bool  # else the best one counts on each line
    are_codes_instead: bool  # a code's discount or the others; else it comes on top
    mode: Mode
    earn_base: EarnBase
    tiers: Tiers | None
    rates: Mapping[str, Mapping[str, Rate]]  # tier → channel
    category_rates: Mapping[str, Rate]
    flat: Rate
    step: StepAccrual | None
    margin_caps: Mapping[str, int]  # margin class → ppm
    pending_days: int
    expiry_days: int | None
    expiry_months: int | None
    return_policy: ReturnPolicy
    restore_grace_days: int
    reminder_days: int  # before an expiry; 0: no reminder
    min_receipt_for_redeem_minor: int
    min_money_minor: int  # of a receipt, never payable in points
    offline_redeem_limit: int  # points an offline till may redeem on one receipt
    confirm_above: int | None  # points a member and day without a second factor
    hold_ttl_seconds: int
    anniversaries: Mapping[str, AnniversaryGrant]
    anniversary_catch_up_days: int  # a grant that is later than this is not made
    is_leap_day_on_28_february: bool
    rewards: Rewards  # for what is no purchase

    @property
    def gives_points(self) -> bool:
        """Return whether points are given for purchases as such, or for days and deeds."""
        rewards = self.rewards
        return bool(
            self.rates
            or self.category_rates
            or self.step
            or self.flat.earn_ppm
            or self.anniversaries
            or rewards.welcome
            or rewards.referral
            or rewards.actions
        )

    def local_date(self, moment: datetime) -> date:
        """Return the business day of an aware moment."""
        return moment.astimezone(self.zone).date()

    def day_begins(self, day: date) -> datetime:
        """Return the first existing instant of a local date, in UTC.

        Midnight is missing in some zones on some days (Cairo, Santiago, Beirut): there the
        offset from before the gap counts, and the day begins when the clocks move.
        """
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)

    def expiry_of(self, granted_on: date) -> date | None:
        """Return the last day of points granted on `granted_on` (R12), or None: never."""
        if self.expiry_days is not None:
            return granted_on + timedelta(days=self.expiry_days)
        if self.expiry_months is not None:
            return add_months(granted_on, self.expiry_months)
        return None

    def points_value_minor(self, points: int) -> int:
        """Return what points are worth in money, rounded down to the minor unit."""
        numerator, denominator = self.point_value
        return points * numerator // denominator


def add_months(day: date, months: int) -> date:
    """Return the same day so many months on, clamped to the month's end.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    years, month0 = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month0 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
