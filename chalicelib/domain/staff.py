"""Who works for a merchant, and where: stores, tills, and the people behind them.

A PIN is 4 to 6 digits: nobody types a password with a queue before them. It opens nothing by
itself: only at a till that was activated, for one person, a few guesses at a time
(`attempts.py`). Ids are short, unique within their merchant, and stay for ever: ledger
entries carry them, and an entry has little room.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from chalicelib.domain.errors import DomainError
from chalicelib.domain.members import Scope

STORES_MAX: Final = 200  # of a merchant
TILLS_MAX: Final = 500
STAFF_MAX: Final = 500
ID_SYMBOLS: Final = 8  # of a person: 47 bits, among at most `STAFF_MAX`
FIRST_STORE, FIRST_TILL = "main", "till-1"
OFFICE = "office"  # what an owner at a desk is called where a till is named
_PIN = re.compile(r"[0-9]{4,6}", re.ASCII)
_STRAIGHT: Final = "01234567890123456789"


class PinInvalid(DomainError):
    """Not 4 to 6 digits, or digits that anybody tries first."""

    code = "pin_invalid"


class StaffNotFound(DomainError):
    """Nobody of that id works here, or no longer."""

    code = "staff_not_found"


class StoreNotFound(DomainError):
    """The merchant has no such store."""

    code = "store_not_found"


class TillNotFound(DomainError):
    """The merchant has no such till, or it was switched off."""

    code = "till_not_found"


class TooManyOfThem(DomainError):
    """The merchant has as many stores, tills or people as it may have."""

    code = "too_many"


class OwnCard(DomainError):
    """A cashier's own card, in what they ring up themselves."""

    code = "own_card"


def refuse_own_card(member_id: str | None, own_member_id: str | None) -> None:
    """Refuse to serve a member who is the very person that serves (R37). Raises OwnCard.

    >>> refuse_own_card("mem_ann", "mem_vera")
    >>> refuse_own_card(None, None)
    """
    if member_id is not None and member_id == own_member_id:
        raise OwnCard("ask a colleague to ring this up: it is your own card")


class OwnerFixed(DomainError):
    """An owner cannot be let go, become a manager or cashier, or have a PIN."""

    code = "owner_fixed"


class Role(StrEnum):
    """What a person may do."""

    OWNER = "owner"
    MANAGER = "manager"
    CASHIER = "cashier"

    @property
    def approves(self) -> bool:
        """Return whether the person may do what a cashier may not."""
        return self is not Role.CASHIER


@dataclass(frozen=True, slots=True)
class StaffRef:
    """Who did something, as far as a ledger or a log wants to know."""

    staff_id: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A place where the merchant sells."""

    store_id: str
    name: str
    address: str = ""
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """A till of a store; devices are bound to it one after another."""

    till_id: str
    store_id: str
    name: str
    is_active: bool = True
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """A person who stands at tills. Without a PIN they cannot sign in at one."""

    staff_id: str
    role: Role
    name: str
    is_active: bool = True
    pin_hash: str = field(default="", repr=False)
    pin_salt: str = field(default="", repr=False)
    member_id: str | None = None  # of their own card: no points for own sales (R37)
    revision: int = 1

    @property
    def ref(self) -> StaffRef:
        """Return who it is, without the name."""
        return StaffRef(self.staff_id, self.role)

    @property
    def can_sign_in(self) -> bool:
        """Return whether a till lists them."""
        return self.is_active and bool(self.pin_hash)


StaffThing = Store | Till | StaffMember


def thing_id(thing: StaffThing) -> str:
    """Return the id of a store, a till or a person."""
    if isinstance(thing, Store):
        return thing.store_id
    return thing.till_id if isinstance(thing, Till) else thing.staff_id


def scopes_of(role: Role) -> frozenset[Scope]:
    """Return what a person may do at a till, in the words of API keys."""
    return frozenset({Scope.TILL, Scope.MANAGER} if role.approves else {Scope.TILL})


def checked_pin(pin: str) -> str:
    """Return a PIN that will do. Raises PinInvalid.

    >>> checked_pin("4071")
    '4071'
    """
    if not _PIN.fullmatch(pin):
        raise PinInvalid("a PIN is 4 to 6 digits")
    if len(set(pin)) == 1 or pin in _STRAIGHT or pin in _STRAIGHT[::-1]:
        raise PinInvalid("the same digit again and again, or digits in a row, are tried first")
    return pin


def staff_id_of(drawn: str) -> str:
    """Return a person's id, made of a longer one that was drawn.

    >>> staff_id_of("stf_7mX0aBcDeFgHiJkLmNoPqR")
    'stf_kLmNoPqR'
    """
    return f"stf_{drawn[-ID_SYMBOLS:]}"


def with_pin(person: StaffMember, *, salt: str, pin_hash: str) -> StaffMember:
    """Return the person with another PIN."""
    return replace(person, pin_salt=salt, pin_hash=pin_hash)


def free_id(prefix: str, taken: Iterable[str]) -> str:
    """Return `prefix-1`, `prefix-2` …, the first that is higher than any taken.

    >>> free_id("till", ["till-1", "till-7", "online"])
    'till-8'
    """
    tails = [one.removeprefix(f"{prefix}-") for one in taken if one.startswith(f"{prefix}-")]
    numbers = [int(tail) for tail in tails if tail.isascii() and tail.isdecimal()]
    return f"{prefix}-{max(numbers, default=0) + 1}"
