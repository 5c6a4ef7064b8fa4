"""How the code of a gift card is spelled: what stands on the card, is typed and scanned.

Sixteen symbols of Crockford's base 32 and a check symbol, the number mod 37, which finds
every single wrong symbol and every swap of two neighbours: `7Q2M-8K4D-9XAB-1C5F-Z`. The
code is the bearer: whoever knows it can pay. It has 79.8 bits, too many to guess.

Source: Douglas Crockford, "Base 32", read 2026-11.
"""

from typing import Final

TYPED_LENGTH_MAX: Final = 40

_SYMBOLS: Final = 16
_GROUP: Final = 4
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MODULUS: Final = 37
_CODES: Final = 32**_SYMBOLS // _MODULUS * len(_ALPHABET)
_DROPPED: Final = " \t\r\n\u00a0-\u2010\u2011\u2012\u2013\u2014\u2212"
# What a hand confuses, and the Cyrillic letters that look like Latin ones.
_CONFUSED: Final = str.maketrans(
    "OIL\u0410\u0412\u0421\u0415\u041d\u041a\u041c\u041e\u0420\u0422\u0425",
    "011ABCEHKM0PTX",
    _DROPPED,
)


def new_code(number: int) -> str:
    """Turn a random number of 128 bits or more into a code, each as likely as any other.

    Only numbers whose check symbol is a letter or a digit are used: it stands in addresses,
    and nobody should have to read out `~`.

    >>> new_code(3**90)
    'CCAZ-8R3P-FBQX-0GXJ-9'
    """
    multiple, check = divmod(number % _CODES, len(_ALPHABET))
    body = _body_of(multiple * _MODULUS + check)
    return _grouped(body + _ALPHABET[check])


def read_code(text: str) -> str | None:
    """Read a code as scanned or typed; None if it is none.

    Case, spaces and hyphens do not matter; `O` is read as `0`, `I` and `L` as `1`,
    Cyrillic letters as the Latin ones they look like.

    >>> read_code("ccaz 8r3p fbqx ogxj 9")
    'CCAZ-8R3P-FBQX-0GXJ-9'
    """
    if len(text) > TYPED_LENGTH_MAX:
        return None
    symbols = text.upper().translate(_CONFUSED)
    if len(symbols) != _SYMBOLS + 1 or not set(symbols) <= set(_ALPHABET):
        return None
    number = 0
    for symbol in symbols[:_SYMBOLS]:
        number = number * 32 + _ALPHABET.index(symbol)
    if number % _MODULUS != _ALPHABET.index(symbols[_SYMBOLS]):
        return None
    return _grouped(symbols)


def _grouped(symbols: str) -> str:
    firsts = range(0, len(symbols), _GROUP)
    return "-".join(symbols[first : first + _GROUP] for first in firsts)


def _body_of(number: int) -> str:
    return "".join(
        _ALPHABET[number >> shift & 31] for shift in range(5 * (_SYMBOLS - 1), -1, -5)
    )
