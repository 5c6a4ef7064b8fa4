"""A member's points account as of one version: lots, holds, debt, turnover, tier overrides.

Values only, all frozen. Points are whole; money is whole minor units of the program's
currency. Dates are business days of the program's time zone, both ends inclusive
(a lot that expires on 25 June can be spent through the end of 25 June). Moments are
aware UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from chalicelib.domain.reward_record import NO_REWARDS, RewardRecord

LOT_IDS_PER_VERSION = 16  # lot id = granting version × 16 + position among its lots


@dataclass(frozen=True, slots=True)
class MemberRef:
    """A member of one merchant's program. Neither id means anything alone."""

    merchant_id: str
    member_id: str


class LotSource(StrEnum):
    """What points were given for."""

    PURCHASE = "purchase"
    GRANT = "grant"
    ANNIVERSARY = "anniversary"
    RESTORE = "restore"  # re-issued after a return, because their own date had passed
    REFERRAL = "referral"
    WELCOME = "welcome"
    PROMOTION = "promotion"


@dataclass(frozen=True, slots=True)
class Lot:
    """Points granted together, which expire together; also a portion taken from such a lot.

    A portion carries its lot's dates, so that a lot that is gone can be made again.
    """

    lot_id: int
    source: LotSource
    granted_on: date
    active_from: date  # first day they can be spent
    expires_on: date | None  # last day they can be spent; None: never
    points: int  # what remains (lot) or what was taken (portion); > 0

    def is_expired(self, on: date) -> bool:
        """Return whether its last day is before `on`."""
        return self.expires_on is not None and self.expires_on < on

    def is_spendable(self, on: date) -> bool:
        """Return whether its points can be redeemed on that day."""
        return self.active_from <= on and (self.expires_on is None or self.expires_on >= on)


@dataclass(frozen=True, slots=True)
class Hold:
    """Points taken out of their lots for a while, for an order not yet fulfilled."""

    hold_id: str
    until: datetime  # past this moment the next operation gives the points back
    portions: tuple[Lot, ...]
    order_reference: str | None = None

    @property
    def points(self) -> int:
        """Return how many points it holds."""
        return sum(portion.points for portion in self.portions)


class OverrideKind(StrEnum):
    """Where a tier that is not earned comes from."""

    MANUAL = "manual"
    BOUGHT = "bought"


@dataclass(frozen=True, slots=True)
class TierOverride:
    """A tier given through the end of a day, whatever the turnover says."""

    kind: OverrideKind
    tier: str
    until: date  # last day


@dataclass(frozen=True, slots=True)
class Turnover:
    """Net money paid, by business day (oldest first) and in all; returns subtracted."""

    days: tuple[tuple[date, int], ...] = ()
    lifetime_minor: int = 0


class MemberStatus(StrEnum):
    """Whether an account takes part."""

    ACTIVE = "active"
    ERASED = "erased"
    MERGED = "merged"  # became one with another: `merged_into`


@dataclass(frozen=True, slots=True)
class Account:
    """Everything one decision about a member's points needs to know."""

    member: MemberRef
    version: int = 0  # of the last ledger entry; entries are 1..version without a gap
    lots: tuple[Lot, ...] = ()
    holds: tuple[Hold, ...] = ()
    debt: int = 0  # points owed after returns; ≥ 0
    turnover: Turnover = Turnover()
    overrides: tuple[TierOverride, ...] = ()
    stamps: int = 0
    tier: str | None = None  # the effective tier at the last write
    status: MemberStatus = MemberStatus.ACTIVE
    merged_into: str | None = None  # member id; only where the status says so
    pass_version: int = 0  # whole seconds; grows by at least one with every write
    due: date | None = None  # day on which the scheduled job must look; never too late
    reminded_through: date | None = None  # expiries up to here were announced
    is_dirty: bool = False  # passes have not been told of this version yet
    told_version: int = 0  # the last one they were told of; only the outbox moves it
    noted_version: int = 0  # the journal has the receipts up to it, if not further: as above
    marks: int = 0  # how often something beside an entry has made it dirty: as above
    pushed_at: datetime | None = None  # when a phone was last pushed, to the second: as above
    entry_hash: str = ""  # of entry number `version`
    rewards: RewardRecord = NO_REWARDS  # for what is no purchase
    segments: tuple[str, ...] = ()  # sorted, each once; staff set them, promotions ask
    spoken_at: datetime | None = None  # last found by a phone number said aloud: as above
    redeem_paused_until: datetime | None = None  # another phone, and nobody had the old one
    unverified_through: date | None = None  # last day to confirm a phone; None: it is

    def available(self, on: date) -> int:
        """Return the points that can be redeemed on that day."""
        return sum(lot.points for lot in self.lots if lot.is_spendable(on))

    def pending(self, on: date) -> int:
        """Return the points granted but not active yet on that day."""
        return sum(lot.points for lot in self.lots if lot.active_from > on)

    @property
    def is_verified(self) -> bool:
        """Return whether the member has confirmed who they are."""
        return self.unverified_through is None

    @property
    def marker(self) -> str:
        """Return what a push tells of: it differs after each thing that made it dirty."""
        return f"{self.version}.{self.marks}"

    @property
    def held(self) -> int:
        """Return the points in holds."""
        return sum(hold.points for hold in self.holds)

    @property
    def total(self) -> int:
        """Return what the ledger's movements add up to: lots + held - debt."""
        return sum(lot.points for lot in self.lots) + self.held - self.debt


@dataclass(frozen=True, slots=True)
class Balance:
    """An account's points as the outside sees them on one day."""

    available: int
    pending: int
    debt: int
    held: int


def as_of(account: Account, at: datetime) -> Account:
    """Return the account with lapsed holds given back, and without a pause that is over.

    What every reader starts from.

    Lots past their date are left in place: whoever reads counts only spendable ones, and
    the next entry expires them.
    """
    paused_until = account.redeem_paused_until
    if paused_until is not None and paused_until <= at:
        account = replace(account, redeem_paused_until=None)
    lapsed = [hold for hold in account.holds if hold.until <= at]
    if not lapsed:
        return account
    lots = account.lots
    for hold in lapsed:
        lots = put_back(lots, hold.portions)
    kept = tuple(hold for hold in account.holds if hold.until > at)
    return replace(account, lots=lots, holds=kept)


def balance_of(account: Account, at: datetime, on: date) -> Balance:
    """Return the balance at a moment whose business day is `on`."""
    current = as_of(account, at)
    return Balance(current.available(on), current.pending(on), current.debt, current.held)


def put_back(lots: tuple[Lot, ...], portions: Iterable[Lot]) -> tuple[Lot, ...]:
    """Return `lots` with the portions back in the lots they came from, made again if gone."""
    by_id = {lot.lot_id: lot for lot in lots}
    for portion in portions:
        found = by_id.get(portion.lot_id)
        by_id[portion.lot_id] = (
            replace(found, points=found.points + portion.points) if found else portion
        )
    return tuple(sorted(by_id.values(), key=lambda lot: lot.lot_id))


def spend_order(lot: Lot) -> tuple[date, date, int]:
    """Return the sort key of spending: soonest expiry, then earliest grant (R11)."""
    return (lot.expires_on or date.max, lot.granted_on, lot.lot_id)


def take(
    lots: tuple[Lot, ...], points: int, on: date
) -> tuple[tuple[Lot, ...], tuple[Lot, ...]]:
    """Take `points` from the lots spendable on `on`, in spend order: (left, taken).

    The caller has checked that there are enough.
    """
    taken = portions_of((lot for lot in lots if lot.is_spendable(on)), points)
    assert sum(lot.points for lot in taken) == points, "the caller checks that there are enough"
    return without(lots, taken), taken


def portions_of(lots: Iterable[Lot], points: int) -> tuple[Lot, ...]:
    """Return portions that make up `points`, in spend order; fewer if the lots hold fewer."""
    taken: list[Lot] = []
    for lot in sorted(lots, key=spend_order):
        part = min(lot.points, points)
        if not part:
            break
        points -= part
        taken.append(replace(lot, points=part))
    return tuple(taken)


def without(lots: tuple[Lot, ...], portions: Iterable[Lot]) -> tuple[Lot, ...]:
    """Return `lots` with the portions taken out; emptied lots are gone."""
    left = {lot.lot_id: lot for lot in lots}
    for portion in portions:
        lot = left.pop(portion.lot_id)
        assert lot.points >= portion.points, "a portion is no larger than its lot"
        if lot.points > portion.points:
            left[lot.lot_id] = replace(lot, points=lot.points - portion.points)
    return tuple(left.values())


def nearest_expiries(lots: tuple[Lot, ...], on: date) -> tuple[Lot, Lot] | None:
    """Return the two spendable lots whose last days are closest, the sooner first."""
    active = sorted((lot for lot in lots if lot.is_spendable(on)), key=spend_order)
    return min(pairwise(active), key=lambda pair: _days_between(*pair), default=None)


def _days_between(sooner: Lot, later: Lot) -> int:
    last_days = [(lot.expires_on or date.max).toordinal() for lot in (sooner, later)]
    return last_days[1] - last_days[0]
