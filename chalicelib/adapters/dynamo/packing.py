"""Packed forms of lots, turnover, holds, overrides and movements.

A packed binary is a run of whole numbers, each zigzag-encoded (0, -1, 1, -2 … become
0, 1, 2, 3 …) and written seven bits a byte, lowest first, the high bit meaning "more
follows"; the first number is the format. Days count from 2020-01-01, moments are whole
microseconds from 1970. A lot takes 5 to 8 bytes, a day of turnover 4 to 5. What is rare
and has names in it (holds, overrides) is compact positional JSON instead.

The codes below are stored for ever: never renumbered, never reused.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.domain.account import (
    Hold,
    Lot,
    LotSource,
    OverrideKind,
    TierOverride,
    Turnover,
)
from chalicelib.domain.entries import HoldMove, Movement, MovementKind

FORMAT = 1
LOT_SOURCES = {
    LotSource.PURCHASE: 0,
    LotSource.GRANT: 1,
    LotSource.ANNIVERSARY: 2,
    LotSource.RESTORE: 3,
    LotSource.REFERRAL: 4,
    LotSource.WELCOME: 5,
    LotSource.PROMOTION: 6,
}
MOVEMENT_KINDS = {
    MovementKind.EXPIRE: 0,
    MovementKind.REDEEM: 1,
    MovementKind.EARN: 2,
    MovementKind.GRANT: 3,
    MovementKind.CLAW_BACK: 4,
    MovementKind.RESTORE: 5,
    MovementKind.FORFEIT: 6,
    MovementKind.UNEXPIRE: 7,
    MovementKind.MERGE: 8,
    MovementKind.TRANSFER: 9,
}

_SOURCE_BY_CODE = {code: source for source, code in LOT_SOURCES.items()}
_KIND_BY_CODE = {code: kind for kind, code in MOVEMENT_KINDS.items()}
_DAY_ZERO = date(2020, 1, 1).toordinal()
_MOMENT_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_JSON = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
_DATES_FOLLOW, _DATES_AS_BEFORE, _NEVER_EXPIRES = 0, 1, 2  # how a lot's dates are given


def pack_numbers(numbers: Iterable[int]) -> bytes:
    """Return whole numbers of any size and sign as bytes."""
    packed = bytearray()
    for number in numbers:
        rest = number << 1 if number >= 0 else (-number << 1) - 1
        while rest > 127:  # noqa: PLR2004 (seven bits)
            packed.append(rest & 127 | 128)
            rest >>= 7
        packed.append(rest)
    return bytes(packed)


def unpack_numbers(packed: bytes) -> list[int]:
    """Return the numbers `pack_numbers` packed."""
    numbers = []
    number = shift = 0
    for byte in packed:
        if byte & 128:
            number |= (byte & 127) << shift
            shift += 7
            continue
        if shift:
            number |= byte << shift
            numbers.append(-(number + 1 >> 1) if number & 1 else number >> 1)
            number = shift = 0
        else:
            numbers.append(-(byte + 1 >> 1) if byte & 1 else byte >> 1)
    return numbers


def pack_lots(lots: Sequence[Lot]) -> bytes:
    """Return lots as bytes, in their order."""
    return pack_numbers([FORMAT, *lot_numbers(lots)])


def unpack_lots(packed: bytes) -> tuple[Lot, ...]:
    """Return the lots `pack_lots` packed."""
    return lots_of(_numbers_of(packed))


def lot_numbers(lots: Iterable[Lot]) -> list[int]:
    """Return lots as numbers: ids and grant dates as steps from the lot before."""
    numbers: list[int] = []
    steps = _LotSteps()
    for lot in lots:
        steps.write(lot, numbers)
        numbers.append(lot.points)
    return numbers


def lots_of(numbers: Iterator[int]) -> tuple[Lot, ...]:
    """Return the lots of `lot_numbers`."""
    steps = _LotSteps()
    return tuple(steps.read(first, numbers) for first in numbers)


def pack_turnover(turnover: Turnover) -> bytes:
    """Return the turnover as bytes: lifetime, then for each day the gap and the money."""
    numbers = [FORMAT, turnover.lifetime_minor]
    before = _DAY_ZERO
    for day, net_minor in turnover.days:
        ordinal = day.toordinal()
        numbers.append(ordinal - before)
        numbers.append(net_minor)
        before = ordinal
    return pack_numbers(numbers)


def unpack_turnover(packed: bytes) -> Turnover:
    """Return the turnover `pack_turnover` packed."""
    numbers = _numbers_of(packed)
    lifetime_minor = next(numbers)
    days = []
    ordinal = _DAY_ZERO
    for gap in numbers:
        ordinal += gap
        days.append((date.fromordinal(ordinal), next(numbers)))
    return Turnover(tuple(days), lifetime_minor)


def pack_movements(movements: Sequence[Movement]) -> bytes:
    """Return movements as bytes; a lot's points are those of its movement."""
    numbers = [FORMAT]
    steps = _LotSteps()
    for movement in movements:
        has_lot = movement.lot is not None
        numbers.append(MOVEMENT_KINDS[movement.kind] << 1 | has_lot)
        numbers.append(movement.points)
        if movement.lot is not None:
            assert movement.lot.points == abs(movement.points), "a portion is what moved"
            steps.write(movement.lot, numbers)
    return pack_numbers(numbers)


def unpack_movements(packed: bytes) -> tuple[Movement, ...]:
    """Return the movements `pack_movements` packed."""
    movements = []
    numbers = _numbers_of(packed)
    steps = _LotSteps()
    for head in numbers:
        points = next(numbers)
        lot = steps.read(next(numbers), numbers, points=abs(points)) if head & 1 else None
        movements.append(Movement(_KIND_BY_CODE[head >> 1], points, lot))
    return tuple(movements)


def pack_holds(holds: Sequence[Hold]) -> bytes:
    """Return holds as bytes."""
    return to_json(
        [
            [hold.hold_id, microseconds(hold.until), lot_numbers(hold.portions),
             hold.order_reference]
            for hold in holds
        ]
    )  # fmt: skip


def unpack_holds(packed: bytes) -> tuple[Hold, ...]:
    """Return the holds `pack_holds` packed."""
    return tuple(
        Hold(hold_id, moment_of(until), lots_of(iter(portions)), order_reference)
        for hold_id, until, portions, order_reference in json.loads(packed)
    )


def pack_overrides(overrides: Sequence[TierOverride]) -> bytes:
    """Return tier overrides as bytes."""
    return to_json(
        [[override.kind, override.tier, day_number(override.until)] for override in overrides]
    )


def unpack_overrides(packed: bytes) -> tuple[TierOverride, ...]:
    """Return the overrides `pack_overrides` packed."""
    return tuple(
        TierOverride(OverrideKind(kind), tier, day_of(until))
        for kind, tier, until in json.loads(packed)
    )


def pack_hold_moves(moves: Sequence[HoldMove]) -> bytes:
    """Return what went into holds and came out of them as bytes."""
    return to_json(
        [[move.hold_id, int(move.is_release), lot_numbers(move.portions)] for move in moves]
    )


def unpack_hold_moves(packed: bytes) -> tuple[HoldMove, ...]:
    """Return the moves `pack_hold_moves` packed."""
    return tuple(
        HoldMove(hold_id, bool(is_release), lots_of(iter(portions)))
        for hold_id, is_release, portions in json.loads(packed)
    )


def pack_names(names: Sequence[str]) -> bytes:
    """Return names as bytes, in their order."""
    return to_json(names)


def unpack_names(packed: bytes) -> tuple[str, ...]:
    """Return the names `pack_names` packed."""
    return tuple(json.loads(packed))


def to_json(value: Any) -> bytes:
    """Return a value as compact JSON."""
    return _JSON.encode(value).encode()


def microseconds(moment: datetime) -> int:
    """Return an aware moment as whole microseconds from 1970."""
    return (moment - _MOMENT_ZERO) // _MICROSECOND


def moment_of(number: int) -> datetime:
    """Return the moment of `microseconds`, in UTC."""
    return _MOMENT_ZERO + timedelta(microseconds=number)


def day_number(day: date) -> int:
    """Return a day as its distance from 2020-01-01."""
    return day.toordinal() - _DAY_ZERO


def day_of(number: int) -> date:
    """Return the day of `day_number`."""
    return date.fromordinal(number + _DAY_ZERO)


def _numbers_of(packed: bytes) -> Iterator[int]:
    numbers = iter(unpack_numbers(packed))
    assert next(numbers) == FORMAT, "written by a later version of the service"
    return numbers


class _LotSteps:
    """Writes and reads lots relative to the lot before, points apart."""

    def __init__(self) -> None:
        self._lot_id = 0
        self._granted = _DAY_ZERO
        self._delays: tuple[int, int | None] | None = None  # to activation, to expiry

    def write(self, lot: Lot, numbers: list[int]) -> None:
        granted = lot.granted_on.toordinal()
        active = lot.active_from.toordinal()
        life = None if lot.expires_on is None else lot.expires_on.toordinal() - active
        delays = (active - granted, life)
        if delays == self._delays:
            dates = _DATES_AS_BEFORE
        else:
            dates = _NEVER_EXPIRES if life is None else _DATES_FOLLOW
        numbers.append(lot.lot_id - self._lot_id)
        numbers.append(LOT_SOURCES[lot.source] << 2 | dates)
        numbers.append(granted - self._granted)
        if dates != _DATES_AS_BEFORE:
            numbers.append(active - granted)
        if dates == _DATES_FOLLOW and life is not None:
            numbers.append(life)
        self._lot_id, self._granted, self._delays = lot.lot_id, granted, delays

    def read(self, first: int, numbers: Iterator[int], *, points: int | None = None) -> Lot:
        head = next(numbers)
        self._lot_id += first
        self._granted += next(numbers)
        if head & 3 != _DATES_AS_BEFORE:
            delay = next(numbers)
            self._delays = (delay, next(numbers) if head & 3 == _DATES_FOLLOW else None)
        assert self._delays is not None, "the first lot carries its dates"
        delay, life = self._delays
        active = self._granted + delay
        return Lot(
            self._lot_id,
            _SOURCE_BY_CODE[head >> 2],
            date.fromordinal(self._granted),
            date.fromordinal(active),
            None if life is None else date.fromordinal(active + life),
            next(numbers) if points is None else points,
        )
