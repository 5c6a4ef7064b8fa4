"""Owners: who opened a shop, and how they prove it: a password, then a code of their phone.

A password has at least 12 characters (NIST SP 800-63B-4 asks for no mix of kinds; read
2026-11), is none of those that are tried first, and does not hold the shop's own names.
Recovery codes stand in for the second factor, each once.
"""

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Final
from urllib.parse import quote

from chalicelib.domain.errors import DomainError
from chalicelib.domain.members import LimitCharge
from chalicelib.domain.sign_ups import window_charge
from chalicelib.domain.staff import Role, StaffRef

PASSWORD_CHARS_MIN: Final = 12
PASSWORD_CHARS_MAX: Final = 128
RECOVERY_CODES: Final = 10
RECOVERY_SYMBOLS: Final = 10
EMAIL_CHARS_MAX: Final = 254
NAME_CHARS_MIN: Final = 4  # a shorter name is in many a good password by chance
SHOPS_PER_NETWORK: Final = 20  # a day
GUESSES_PER_NETWORK: Final = 300  # an hour
LETTERS_PER_OWNER: Final = 5  # an hour
LETTERS_PER_NETWORK: Final = 60  # an hour
LETTER_GOOD_FOR: Final = timedelta(minutes=30)
ISSUER: Final = "Kopilka"

_ROWS: Final = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "йцукенгшщзхъфывапролджэячсмитьбю",
)


class PasswordWeak(DomainError):
    """Too short, too long, tried first, or made of names everybody knows.

    `reason`: short, long, common, names.
    """

    code = "password_weak"


class EmailInvalid(DomainError):
    """Not an address."""

    code = "email_invalid"


class EmailTaken(DomainError):
    """An owner signs in with that address already."""

    code = "email_taken"


class SecondFactorMissing(DomainError):
    """The owner must set up a second factor before this."""

    code = "second_factor_missing"


class SecondFactorRefused(DomainError):
    """Nothing to confirm: none was begun, or it is on already."""

    code = "second_factor_refused"


class PasswordLinkOver(DomainError):
    """The link to another password is used, too old, or none of ours."""

    code = "password_link_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """An owner. E-mail and secret are stored sealed, all else as hashes."""

    email: str = field(repr=False)
    email_hash: str
    merchant_id: str
    staff_id: str
    created_at: datetime
    password_hash: str = field(repr=False)
    totp_secret: bytes = field(default=b"", repr=False)
    new_secret: bytes = field(default=b"", repr=False)  # still to be confirmed
    new_until: datetime | None = None  # by then, or it is drawn again
    is_totp_on: bool = False
    totp_step: int = 0  # accepted last: a code is good once
    recovery_hashes: tuple[str, ...] = field(default=(), repr=False)
    revision: int = 1

    def is_begun(self, at: datetime) -> bool:
        """Return whether there is a new secret that can still be confirmed."""
        return bool(self.new_secret) and self.new_until is not None and at < self.new_until

    @property
    def ref(self) -> StaffRef:
        """Return who it is, without the address."""
        return StaffRef(self.staff_id, Role.OWNER)


def folded_email(text: str) -> str:
    """Return an address as it is looked up. Raises EmailInvalid.

    >>> folded_email(" Anna@Example.org ")
    'anna@example.org'
    """
    email = text.strip().casefold()
    name, _, host = email.rpartition("@")
    is_plain = all(one.isprintable() and not one.isspace() for one in email)
    if not (name and "." in host.strip(".") and is_plain) or "@" in name:
        raise EmailInvalid("an e-mail address looks like name@example.org")
    if len(email) > EMAIL_CHARS_MAX:
        raise EmailInvalid(f"at most {EMAIL_CHARS_MAX} characters")
    return email


def checked_password(password: str, *, email: str, merchant_name: str) -> str:
    """Return a password that will do. Raises PasswordWeak."""
    if len(password) < PASSWORD_CHARS_MIN:
        raise PasswordWeak(f"at least {PASSWORD_CHARS_MIN} characters", reason="short")
    if len(password) > PASSWORD_CHARS_MAX:
        raise PasswordWeak(f"at most {PASSWORD_CHARS_MAX} characters", reason="long")
    bare = "".join(password.casefold().split())
    if _is_tried_first(bare):
        raise PasswordWeak("this is one of those that are tried first", reason="common")
    name, _, host = email.casefold().rpartition("@")
    known = [name, host.partition(".")[0], *merchant_name.casefold().split()]
    known.append("".join(merchant_name.casefold().split()))
    rest = bare
    for one in sorted(known, key=len, reverse=True):
        if len(one) >= NAME_CHARS_MIN:
            rest = rest.replace(one, "")
    if len(rest) < PASSWORD_CHARS_MIN and rest != bare:
        raise PasswordWeak("without the e-mail and the shop's name it is short", reason="names")
    return password


def otpauth_uri(owner: Owner, merchant_name: str, secret: bytes) -> str:
    """Return what an authenticator scans (Key URI Format, read 2026-11)."""
    label = quote(f"{ISSUER}:{merchant_name} ({owner.email})", safe="")
    text = secret_text(secret)
    return f"otpauth://totp/{label}?secret={text}&issuer={ISSUER}&digits=6&period=30"


def secret_text(secret: bytes) -> str:
    """Return a secret as one types it."""
    return base64.b32encode(secret).decode("ascii").rstrip("=")


def shop_charges(
    network: str, at: datetime, maximum: int = SHOPS_PER_NETWORK
) -> tuple[LimitCharge, ...]:
    """Return what opening a shop takes from the limits of a network."""
    return (window_charge("shops", network, at, timedelta(days=1), maximum),)


def guess_charges(network: str, at: datetime) -> tuple[LimitCharge, ...]:
    """Return what a password takes from the limits of a network, whoever's it is."""
    hour = timedelta(hours=1)
    return (window_charge("owner_guesses", network, at, hour, GUESSES_PER_NETWORK),)


def password_letter_charges(
    email_hash: str, network: str, at: datetime
) -> tuple[LimitCharge, ...]:
    """Return what a letter about a password takes, whether or not anybody has the address."""
    hour = timedelta(hours=1)
    return (
        window_charge("password_letters", email_hash, at, hour, LETTERS_PER_OWNER),
        window_charge("password_letters_from", network, at, hour, LETTERS_PER_NETWORK),
    )


@cache
def _tried_first() -> frozenset[str]:
    text = files("chalicelib.domain").joinpath("tried_first.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#"))


def _is_tried_first(bare: str) -> bool:
    stem = bare.rstrip("0123456789!.?-_")
    if {bare, stem} & _tried_first() or len(set(bare)) <= 3:  # noqa: PLR2004
        return True
    return any(bare in row * 2 or bare in row[::-1] * 2 for row in _ROWS)
