"""Reads what promotions and coupons share out of a program's document."""

from chalicelib.domain.basket import CHANNELS
from chalicelib.domain.document_reader import Reader
from chalicelib.domain.limits import Limits
from chalicelib.domain.money import PPM
from chalicelib.domain.rules.frame import Frame
from chalicelib.domain.rules.offers import (
    MONEY,
    NO_LIMITS,
    POINTS,
    USES,
    Fit,
    OfferLimits,
    Reward,
)

NAMES_MAX = 500
POINTS_MAX = 10**9
USES_MAX = 10**9
LIMITED_MAX = 10  # offers with limits in one program: a sale reads and moves their counters
MULTIPLIER_DIGITS = 6  # millionths
MULTIPLIER_MAX = 100
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def read_fit(reader: Reader, frame: Frame) -> Fit:
    """Read which sales and lines an offer is for."""
    days = reader.names("weekdays", maximum=len(WEEKDAYS))
    for day in days - set(WEEKDAYS):
        reader.fault("weekdays", f"{day!r} is not one of " + ", ".join(WEEKDAYS))
    channels = reader.names("channels", maximum=NAMES_MAX)
    for channel in channels - set(CHANNELS):
        reader.fault("channels", f"{channel!r} is not one of " + ", ".join(CHANNELS))
    tiers = reader.names("tiers", maximum=NAMES_MAX)
    for tier in tiers - set(frame.tiers):
        reader.fault("tiers", f"{tier!r} is not a level of tiers")
    fit = Fit(
        first=reader.day("from"),
        last=reader.day("to"),
        weekdays=frozenset(WEEKDAYS.index(day) for day in days if day in WEEKDAYS),
        categories=reader.names("categories", maximum=NAMES_MAX),
        skus=reader.names("skus", maximum=NAMES_MAX),
        stores=reader.names("stores", maximum=NAMES_MAX),
        channels=channels,
        tiers=tiers,
        segments=reader.names("segments", maximum=NAMES_MAX),
        min_receipt_minor=reader.money("min_receipt", frame.exponent, "0"),
    )
    if fit.first and fit.last and fit.last < fit.first:
        reader.fault("to", "is before from")
    return fit


def read_reward(reader: Reader, frame: Frame, *, may_be_amount: bool) -> Reward:
    """Read what an offer gives: exactly one reward."""
    reward = Reward(
        boost_ppm=_multiplier(reader),
        extra_ppm=reader.percent("extra_percent", 0),
        points=reader.whole("points", 0, maximum=POINTS_MAX),
        discount_ppm=reader.percent("discount_percent", 0),
        discount_minor=reader.money("discount", frame.exponent, "0") if may_be_amount else 0,
    )
    given = (
        reward.boost_ppm, reward.extra_ppm, reward.points,
        reward.discount_ppm, reward.discount_minor,
    )  # fmt: skip
    if sum(1 for one in given if one) != 1:
        amount = ", discount" if may_be_amount else ""
        names = f"multiplier, extra_percent, points, discount_percent{amount}"
        reader.fault("", f"give one of {names}")
    return reward


def read_limits(reader: Reader, frame: Frame, reward: Reward) -> OfferLimits:
    """Read how much an offer may give."""
    if not reader.has("limits"):
        return NO_LIMITS
    frame.limited += 1
    if frame.limited > LIMITED_MAX:
        reader.fault("limits", f"stands in more than {LIMITED_MAX} promotions and coupons")
    inner = reader.inner("limits")
    found = OfferLimits(
        uses=_whole_limits(inner, USES, 1, USES_MAX),
        points=_whole_limits(inner, POINTS, max(1, reward.points), POINTS_MAX),
        money=_money_limits(inner, frame, max(1, reward.discount_minor)),
    )
    if inner.has(POINTS) and not reward.points:
        inner.fault(POINTS, "is for offers that give points")
    if inner.has(MONEY) and not reward.is_discount:
        inner.fault(MONEY, "is for offers that give a discount")
    if found == NO_LIMITS:
        inner.fault("", f"give one of {USES}, {POINTS}, {MONEY}")
    inner.refuse_unread()
    return found


def _multiplier(reader: Reader) -> int:
    if not reader.has("multiplier"):
        return 0
    ppm = reader.decimal("multiplier", MULTIPLIER_DIGITS, maximum=MULTIPLIER_MAX * PPM)
    if ppm <= PPM:
        reader.fault("multiplier", f"must be above 1 and at most {MULTIPLIER_MAX}")
    return ppm


def _whole_limits(reader: Reader, kind: str, once: int, maximum: int) -> Limits:
    """Read whole numbers; none may be less than what is given `once`."""
    if not reader.has(kind):
        return Limits()
    inner = reader.inner(kind)

    def most(name: str) -> int | None:
        if not inner.has(name):
            return None
        number = inner.whole(name, once, minimum=1, maximum=maximum)
        if number < once:
            inner.fault(name, f"must be enough to give {once} points once")
        return number

    return _limits(inner, most("total"), most("per_day"), most("per_member"))


def _money_limits(reader: Reader, frame: Frame, once: int) -> Limits:
    if not reader.has(MONEY):
        return Limits()
    inner = reader.inner(MONEY)

    def most(name: str) -> int | None:
        if not inner.has(name):
            return None
        minor = inner.money(name, frame.exponent)
        if minor < once:
            inner.fault(name, "must be above 0, and enough to give the discount once")
        return minor

    return _limits(inner, most("total"), most("per_day"), most("per_member"))


def _limits(inner: Reader, total: int | None, per_day: int | None, each: int | None) -> Limits:
    if (total, per_day, each) == (None, None, None):
        inner.fault("", "give one of total, per_day, per_member")
    inner.refuse_unread()
    return Limits(total, per_day, each)
