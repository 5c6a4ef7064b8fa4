"""Takes typed values out of a JSON object and collects what is wrong with it by path.

Percents are numbers of up to four decimals, money decimal strings in major units. Nothing
is guessed: a field of the wrong kind is a fault, and so is one nobody asked for.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from chalicelib.domain.money import PPM, scaled

MONEY_MINOR_MAX = 10**12
TEXT_LENGTH_MAX = 200
NAMES_MAX = 500  # names in one table of a document
_ONE_LINE = re.compile(
    r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]*"
)

E = TypeVar("E", bound=StrEnum)
V = TypeVar("V")


class Reader:
    """Takes values out of one JSON object and collects what is wrong with them."""

    def __init__(
        self, value: object, path: str = "", faults: list[tuple[str, str]] | None = None
    ) -> None:
        self.faults: list[tuple[str, str]] = [] if faults is None else faults
        self.path = path
        self._read: set[str] = set()
        if isinstance(value, Mapping):
            self.object: Mapping[str, Any] = value
        else:
            self.object = {}
            self.fault("", "must be an object")

    def fault(self, key: str, words: str) -> None:
        """Note a fault of the field `key`, or of the object itself."""
        self.faults.append((self._pointer(key) if key else self.path or "/", words))

    def _pointer(self, key: str) -> str:
        return f"{self.path}/{key.replace('~', '~0').replace('/', '~1')}"

    def refuse_unread(self) -> None:
        """Note a fault for every field nobody asked for."""
        for key in self.object:
            if key not in self._read:
                self.fault(key, "is not a known field")

    def has(self, key: str) -> bool:
        """Return whether the field is there and not null."""
        self._read.add(key)
        return self.object.get(key) is not None

    def inner(self, key: str) -> "Reader":
        """Return a reader of the object in `key`."""
        self._read.add(key)
        return Reader(self.object.get(key, {}), self._pointer(key), self.faults)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a non-empty text of at most 200 characters."""
        self._read.add(key)
        value = self.object.get(key, default)
        if isinstance(value, str) and 0 < len(value) <= TEXT_LENGTH_MAX:
            return value
        self.fault(key, f"must be a text of 1 to {TEXT_LENGTH_MAX} characters")
        return ""

    def choice(self, key: str, kind: type[E], default: E) -> E:
        """Return one of the values of an enumeration."""
        self._read.add(key)
        value = self.object.get(key, default.value)
        try:
            return kind(value)
        except ValueError:
            self.fault(key, "must be one of " + ", ".join(kind))
            return default

    def whole(self, key: str, default: int, *, minimum: int = 0, maximum: int) -> int:
        """Return a whole number within bounds."""
        self._read.add(key)
        value = self.object.get(key, default)
        if type(value) is int and minimum <= value <= maximum:
            return value
        self.fault(key, f"must be a whole number from {minimum} to {maximum}")
        return default

    def percent(self, key: str, default: int | None = None) -> int:
        """Return a percentage of 0 to 100 in millionths."""
        self._read.add(key)
        ppm = scaled(_exact(self.object.get(key, default)), 4, maximum=PPM)
        if ppm is None:
            self.fault(key, "must be a percentage from 0 to 100 with up to four decimals")
            return 0
        return ppm

    def money(self, key: str, exponent: int, default: str | None = None) -> int:
        """Return an amount of money in minor units."""
        self._read.add(key)
        minor = scaled(self.object.get(key, default), exponent, maximum=MONEY_MINOR_MAX)
        if minor is None:
            self.fault(key, f'must be an amount like "100.00" with {exponent} decimals at most')
            return 0
        return minor

    def decimal(self, key: str, digits: int, *, maximum: int) -> int:
        """Return a decimal number in units of 10^-digits."""
        self._read.add(key)
        number = scaled(_exact(self.object.get(key)), digits, maximum=maximum)
        if number is None:
            self.fault(key, f"must be a number with up to {digits} decimals")
            return 0
        return number

    def day(self, key: str) -> date | None:
        """Return a date, or None if there is none."""
        if not self.has(key):
            return None
        try:
            return date.fromisoformat(self.object[key])
        except (TypeError, ValueError):
            self.fault(key, "must be a date like 2026-12-31")
            return None

    def names(self, key: str, *, maximum: int) -> frozenset[str]:
        """Return a list of names as a set; empty if absent."""
        if not self.has(key):
            return frozenset()
        listed = self.object[key]
        is_list = isinstance(listed, list) and 0 < len(listed) <= maximum
        if is_list and all(
            isinstance(n, str) and 0 < len(n) <= TEXT_LENGTH_MAX for n in listed
        ):
            return frozenset(listed)
        self.fault(key, f"must be a list of 1 to {maximum} names")
        return frozenset()

    def each(self, key: str, *, maximum: int) -> "Iterator[Reader]":
        """Yield a reader of each object of the list in `key`; none if absent."""
        if not self.has(key):
            return
        listed = self.object[key]
        if not isinstance(listed, list) or not 1 <= len(listed) <= maximum:
            self.fault(key, f"must be a list of 1 to {maximum} objects")
            return
        for position, value in enumerate(listed):
            yield Reader(value, f"{self._pointer(key)}/{position}", self.faults)

    def named(self, key: str, read: "Callable[[Reader, str], V]") -> Mapping[str, V]:
        """Return what `read` makes of each name of the object in `key`; {} if absent."""
        if not self.has(key):
            return {}
        inner = self.inner(key)
        if len(inner.object) > NAMES_MAX:
            self.fault(key, f"has more than {NAMES_MAX} names")
            return {}
        return {name: read(inner, name) for name in inner.object}


def unprintable(value: object, path: str = "") -> Iterator[str]:
    """Yield the place of every text, or name of a field, that no page or pass can show.

    Line ends, control characters, directions and halves of a character: no text of a
    document has several lines.

    >>> list(unprintable({"title": "ok", "tiers": ["a", "b\\n"]}))
    ['/tiers/1']
    """
    if isinstance(value, str) and not _ONE_LINE.fullmatch(value):
        yield path or "/"
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if not _ONE_LINE.fullmatch(key):
                yield path or "/"
                continue
            yield from unprintable(inner, f"{path}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from unprintable(inner, f"{path}/{number}")


def _exact(value: object) -> object:
    """Return a JSON number as text, so that 7.5 is exactly seven and a half."""
    return repr(value) if isinstance(value, float) else value
