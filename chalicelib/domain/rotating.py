"""Digits that change with time: how they are worked out, and which are accepted.

A TOTP of the step that a moment falls into: RFC 6238 over HMAC-SHA-1 (RFC 4226), read
2026-11. Google Wallet works one out every 30 seconds, the web card one a minute. A clock may
be a step off; which step was accepted last is kept, so that digits are good once.
"""

import hashlib
import hmac
from datetime import datetime
from typing import Final

from chalicelib.domain.confirmations import Method

DIGITS: Final = 6
KEY_BYTES: Final = 20  # as long as what SHA-1 gives (RFC 4226, section 4)
PERIODS: Final = {Method.TOTP: 30, Method.ONE_TIME_CODE: 60}  # seconds; the others rotate not


def step_of(method: Method, at: datetime) -> int:
    """Return the number of the step a moment falls into."""
    return int(at.timestamp()) // PERIODS[method]


def totp(key: bytes, step: int, digits: int = DIGITS) -> str:
    """Return the digits of a step.

    The first vector of RFC 6238, appendix B: 59 seconds are step 1 of 30 each.

    >>> totp(b"12345678901234567890", 1, digits=8)
    '94287082'
    """
    mac = hmac.digest(key, step.to_bytes(8), hashlib.sha1)
    place = mac[-1] & 15
    number = int.from_bytes(mac[place : place + 4]) & 0x7FFF_FFFF
    return f"{number % 10**digits:0{digits}d}"


def accepted_step(key: bytes, digits: str, step: int) -> int | None:
    """Return which step the digits are of: this one or a neighbour, as clocks differ.

    Every step is compared, in constant time each. Of equal digits the latest step counts.
    """
    given = digits.encode("utf-8", "replace")
    found = None
    for near in (step - 1, step, step + 1):
        if near >= 0 and hmac.compare_digest(totp(key, near).encode(), given):
            found = near
    return found
