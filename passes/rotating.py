"""Codes that prove a card is there now: what they say, and how they are read.

| payload                  | symbols | shown by                      | good for   |
|--------------------------|---------|-------------------------------|------------|
| L2, 12 symbols, 6 digits | 20      | Google Wallet (rotating code) | 30 seconds |
| L3, 12 symbols, 6 digits | 20      | the web card (one-time code)  | 60 seconds |

The twelve symbols are those of the pass code (`codes.py`), so each of these identifies a
member as a static code does, whatever its digits are worth. Capital letters and digits
only: twenty of them just fit the smallest QR symbol.
"""

from dataclasses import dataclass
from typing import Final

from chalicelib.domain.confirmations import Method
from chalicelib.domain.rotating import DIGITS
from passes.codes import PREFIX, parse_code

PAYLOAD_LENGTH: Final = 20
TYPED_LENGTH_MAX: Final = 40

_DROPPED: Final = str.maketrans("", "", " \t\r\n\u00a0-\u2010\u2011\u2012\u2013\u2014\u2212")
_BODY_END: Final = PAYLOAD_LENGTH - DIGITS
_PREFIXES: Final = {Method.TOTP: "L2", Method.ONE_TIME_CODE: "L3"}
_READ: Final = {"12": Method.TOTP, "13": Method.ONE_TIME_CODE}  # L is read as 1


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A code that changes, as it was scanned or typed."""

    method: Method
    code: str  # of the pass: L1 and twelve symbols
    digits: str


def payload_start(method: Method, code: str) -> str:
    """Return what stands before the digits.

    >>> payload_start(Method.TOTP, "L17Q2M8K4D9XAB")
    'L27Q2M8K4D9XAB'
    """
    return _PREFIXES[method] + code.removeprefix(PREFIX)


def parse_shown(text: str) -> ShownCode | None:
    """Read a code that changes as scanned or typed, or answer None if it is none.

    Case, spaces and hyphens do not matter, nor do letters a hand confuses (`codes.py`).

    >>> parse_shown("l2 7q2m 8k4d 9xab 123 456").code
    'L17Q2M8K4D9XAB'
    """
    if len(text) > TYPED_LENGTH_MAX:
        return None
    bare = text.translate(_DROPPED)
    digits = bare[_BODY_END:]
    if len(bare) != PAYLOAD_LENGTH or not (digits.isascii() and digits.isdigit()):
        return None
    method = _READ.get(bare[:2].upper().replace("L", "1").replace("I", "1"))
    code = parse_code(PREFIX + bare[len(PREFIX) : _BODY_END])
    return ShownCode(method, code, digits) if method and code else None
