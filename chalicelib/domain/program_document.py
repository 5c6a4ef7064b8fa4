"""Reads a program's JSON document into a `Program`, or says by path what is wrong with it.

Percents are numbers of up to four decimals, money decimal strings in major units. Every
fault is reported, not only the first, as (JSON pointer, words); nothing is guessed.
"""

from collections.abc import Mapping
from math import gcd
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.basket import CHANNELS
from chalicelib.domain.currencies import EXPONENTS
from chalicelib.domain.document_reader import Reader
from chalicelib.domain.errors import DomainError
from chalicelib.domain.money import currency_exponent, scaled
from chalicelib.domain.program import (
    AnniversaryGrant,
    EarnBase,
    Level,
    Mode,
    Program,
    ProgramType,
    Rate,
    ReturnPolicy,
    StepAccrual,
    Tiers,
)
from chalicelib.domain.rules import read_rules
from chalicelib.domain.rules.frame import Frame
from chalicelib.domain.rules.rewards import read_rewards

DEFAULT_TITLE = "Loyalty program"
POINTS_MAX = 10**9
DAYS_MAX = 3_660
MONTHS_MAX = 120
WINDOW_DAYS_MAX = 366  # the account keeps so many days of turnover
LEVELS_MAX = 20
SHORTEST_MONTH_DAYS = 28
_POINT_VALUE_DIGITS = 6


class InvalidProgram(DomainError):
    """The document cannot be a program; `faults` are (JSON pointer, words)."""

    code = "program_invalid"

    def __init__(self, faults: tuple[tuple[str, str], ...]) -> None:
        super().__init__("; ".join(f"{path}: {words}" for path, words in faults))
        self.faults = faults


def read_program(document: Mapping[str, Any], version: int) -> Program:
    """Build the program of a document.

    Raises:
        InvalidProgram: with every fault found.
    """
    reader = Reader(document)
    program = _program(reader, version)
    reader.refuse_unread()
    if reader.faults:
        raise InvalidProgram(tuple(reader.faults))
    return program


def _program(reader: Reader, version: int) -> Program:
    currency = _currency(reader)
    exponent = currency_exponent(currency)
    zone = _zone(reader)
    tiers = _tiers(reader, exponent)
    pending_days = reader.whole("pending_days", 0, maximum=DAYS_MAX)
    expiry_days = _expiry_days(reader, pending_days)
    stacking, codes = _stacking(reader)
    frame = Frame(exponent, tuple(level.name for level in tiers.levels) if tiers else ())
    return Program(
        version=version,
        rules=read_rules(reader, frame),
        are_discounts_added=stacking == "sum",
        are_codes_instead=codes == "best",
        type=reader.choice("type", ProgramType, ProgramType.POINTS),
        title=reader.text("title", DEFAULT_TITLE),
        currency=currency,
        zone=zone,
        point_value=_point_value(reader, exponent),
        mode=reader.choice("mode", Mode, Mode.EARN_OR_REDEEM),
        earn_base=reader.choice("earn_base", EarnBase, EarnBase.NET_PAID),
        tiers=tiers,
        rates=_tier_rates(reader, tiers),
        category_rates=reader.named("category_rates", _rate),
        flat=Rate(reader.percent("earn_percent", 0), reader.percent("redeem_percent", 0)),
        step=_step(reader, exponent),
        margin_caps=reader.named("margin_caps", lambda inner, name: inner.percent(name)),
        pending_days=pending_days,
        expiry_days=expiry_days,
        expiry_months=_expiry_months(reader, pending_days),
        return_policy=reader.choice("return_policy", ReturnPolicy, ReturnPolicy.UNLIMITED),
        restore_grace_days=reader.whole("restore_grace_days", 0, maximum=DAYS_MAX),
        reminder_days=reader.whole("reminder_days", 7, maximum=DAYS_MAX),
        min_receipt_for_redeem_minor=reader.money("min_receipt_for_redeem", exponent, "0"),
        min_money_minor=reader.money("min_money", exponent, "0"),
        offline_redeem_limit=reader.whole("offline_redeem_limit", 0, maximum=POINTS_MAX),
        confirm_above=_confirm_above(reader),
        hold_ttl_seconds=3600 * reader.whole("hold_hours", 24, minimum=1, maximum=24 * 60),
        anniversaries=reader.named("anniversaries", _anniversary),
        anniversary_catch_up_days=reader.whole("anniversary_catch_up_days", 3, maximum=300),
        is_leap_day_on_28_february=_leap_day(reader),
        rewards=read_rewards(reader, frame),
    )


def _currency(reader: Reader) -> str:
    currency = reader.text("currency", "RUB")
    if currency and currency not in EXPONENTS:
        reader.fault("currency", f"there is no currency {currency!r}")
    return currency


def _stacking(reader: Reader) -> tuple[str, str]:
    """Return what becomes of several discounts on a line, and of discount and code."""
    if not reader.has("stacking"):
        return "best", "add"
    inner = reader.inner("stacking")
    rule, codes = inner.text("discounts", "best"), inner.text("codes", "add")
    if rule not in ("best", "sum"):
        inner.fault("discounts", "must be best or sum")
    if codes not in ("add", "best"):
        inner.fault("codes", "must be add or best")
    inner.refuse_unread()
    return rule, codes


def _zone(reader: Reader) -> ZoneInfo:
    name = reader.text("timezone", "Europe/Moscow")
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        reader.fault("timezone", f"there is no time zone {name!r}")
        return ZoneInfo("UTC")  # so that the other faults are found too


def _point_value(reader: Reader, exponent: int) -> tuple[int, int]:
    digits = _POINT_VALUE_DIGITS
    millionths = scaled(reader.text("point_value", "1.00"), digits, maximum=10**12)
    if not millionths:
        reader.fault("point_value", "must be an amount above 0 with up to six decimals")
        return (1, 1)
    numerator, denominator = millionths * 10**exponent, 10**digits
    shared = gcd(numerator, denominator)
    return (numerator // shared, denominator // shared)


def _tiers(reader: Reader, exponent: int) -> Tiers | None:
    if not reader.has("tiers"):
        return None
    inner = reader.inner("tiers")
    window = None
    if inner.has("window_days"):
        window = inner.whole("window_days", 1, minimum=1, maximum=WINDOW_DAYS_MAX)
    compare = inner.text("compare", "gt")
    if compare not in ("gt", "gte"):
        inner.fault("compare", "must be gt or gte")
    levels = _levels(inner, exponent)
    inner.refuse_unread()
    return Tiers(window, compare == "gt", levels)


def _levels(reader: Reader, exponent: int) -> tuple[Level, ...]:
    reader.has("levels")
    listed = reader.object.get("levels")
    if not isinstance(listed, list) or not 1 <= len(listed) <= LEVELS_MAX:
        reader.fault("levels", f"must be a list of 1 to {LEVELS_MAX} levels, lowest first")
        return ()
    levels: list[Level] = []
    for position, value in enumerate(listed):
        inner = Reader(value, f"{reader.path}/levels/{position}", reader.faults)
        level = Level(inner.text("name"), inner.money("over", exponent))
        if levels and level.over_minor <= levels[-1].over_minor:
            inner.fault("over", f"must be above that of {levels[-1].name}")
        if level.name in {other.name for other in levels}:
            inner.fault("name", f"there are two levels {level.name}")
        inner.refuse_unread()
        levels.append(level)
    return tuple(levels)


def _tier_rates(reader: Reader, tiers: Tiers | None) -> Mapping[str, Mapping[str, Rate]]:
    if not reader.has("rates"):
        return {}
    inner = reader.inner("rates")
    names = [level.name for level in tiers.levels] if tiers else []
    for name in inner.object:
        if name not in names:
            inner.fault(name, "is not a level of tiers")
    table = {}
    for name in names:
        if not inner.has(name):
            inner.fault(name, "has no rates")
            continue
        channels = inner.inner(name)
        table[name] = {channel: _rate(channels, channel) for channel in CHANNELS}
        channels.refuse_unread()
    return table


def _rate(reader: Reader, name: str) -> Rate:
    if not reader.has(name):
        reader.fault(name, "is missing")
        return Rate(0, 0)
    inner = reader.inner(name)
    rate = Rate(inner.percent("earn"), inner.percent("redeem"))
    inner.refuse_unread()
    return rate


def _step(reader: Reader, exponent: int) -> StepAccrual | None:
    if not reader.has("step_accrual"):
        return None
    inner = reader.inner("step_accrual")
    step = StepAccrual(
        inner.money("per", exponent), inner.whole("points", 0, minimum=1, maximum=POINTS_MAX)
    )
    if not step.per_minor:
        inner.fault("per", "must be above 0")
    inner.refuse_unread()
    return step


def _expiry_days(reader: Reader, pending_days: int) -> int | None:
    if not reader.has("expiry_days"):
        return None
    # The default stands in for what cannot be read: no second fault is told of a guess.
    days = reader.whole("expiry_days", pending_days + 1, minimum=1, maximum=DAYS_MAX)
    if days <= pending_days:
        reader.fault("expiry_days", "must be above pending_days: points would never be usable")
    return days


def _expiry_months(reader: Reader, pending_days: int) -> int | None:
    if not reader.has("expiry_months"):
        return None
    if reader.has("expiry_days"):
        reader.fault("expiry_months", "stands beside expiry_days: give one of them")
    months = reader.whole("expiry_months", MONTHS_MAX, minimum=1, maximum=MONTHS_MAX)
    if months * SHORTEST_MONTH_DAYS <= pending_days:
        reader.fault("expiry_months", "must be longer than pending_days")
    return months


def _anniversary(reader: Reader, name: str) -> AnniversaryGrant:
    inner = reader.inner(name)
    days = None
    if inner.has("expires_in_days"):
        days = inner.whole("expires_in_days", 1, maximum=DAYS_MAX)
    grant = AnniversaryGrant(inner.whole("points", 0, minimum=1, maximum=POINTS_MAX), days)
    inner.refuse_unread()
    return grant


def _confirm_above(reader: Reader) -> int | None:
    """Return the till's rule, or None: there is none."""
    if not reader.has("confirm_above"):
        return None
    return reader.whole("confirm_above", 0, maximum=POINTS_MAX)


def _leap_day(reader: Reader) -> bool:
    day = reader.text("leap_day", "28_february")
    if day not in ("28_february", "1_march"):
        reader.fault("leap_day", "must be 28_february or 1_march")
    return day == "28_february"
