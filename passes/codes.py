"""The code of a card: what its barcode says and what a cashier may type instead.

A code is `L1` (its kind and version) and twelve symbols of Crockford's base 32. As printed it
is grouped and ends in a check symbol, the number mod 37, which finds every single wrong symbol
and every swap of two neighbours: `7Q2M-8K4D-9XAB-9`. Capital letters and digits only, so that
a QR code stays in its alphanumeric mode and a scanner that types survives any keyboard layout.

Source: Douglas Crockford, "Base 32", read 2026-11.
"""

from typing import Final

PREFIX: Final = "L1"
RANDOM_BYTES: Final = 16  # twice what is used, so that no code is likelier than another
TYPED_LENGTH_MAX: Final = 40

_SYMBOLS: Final = 12
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Python's own base 32 goes on from 9 with a, b, c: without the gaps.
_TO_PYTHONS: Final = bytes.maketrans(_ALPHABET.encode(), b"0123456789abcdefghijklmnopqrstuv")
_CHECK_ALPHABET: Final = _ALPHABET + "*~$=U"
_CHECK_MODULUS: Final = len(_CHECK_ALPHABET)
_CODES: Final = 32**_SYMBOLS // _CHECK_MODULUS * len(_ALPHABET)
_DROPPED: Final = " \t\r\n\u00a0-\u2010\u2011\u2012\u2013\u2014\u2212"
# What a hand confuses, and the Cyrillic letters that look like Latin ones.
_CONFUSED: Final = str.maketrans(
    "OIL\u0410\u0412\u0421\u0415\u041d\u041a\u041c\u041e\u0420\u0422\u0425",
    "011ABCEHKM0PTX",
    _DROPPED,
)


def new_code(randomness: bytes) -> str:
    """Turn `RANDOM_BYTES` random bytes into a code, each as likely as any other.

    Only numbers whose check symbol is a letter or a digit are used: nobody should have to read
    out `~` over a counter. That leaves 59.8 bits.

    >>> new_code(bytes(range(16)))
    'L14177SAPS0WTK'
    """
    if len(randomness) != RANDOM_BYTES:
        raise ValueError(f"{RANDOM_BYTES} random bytes are needed, {len(randomness)} given")
    multiple, check = divmod(int.from_bytes(randomness) % _CODES, len(_ALPHABET))
    number = multiple * _CHECK_MODULUS + check
    return PREFIX + "".join(
        _ALPHABET[number >> shift & 31] for shift in range(5 * (_SYMBOLS - 1), -1, -5)
    )


def grouped(code: str) -> str:
    """Write a code as people read it, with its check symbol.

    >>> grouped("L17Q2M8K4D9XAB")
    '7Q2M-8K4D-9XAB-9'
    """
    body = code.removeprefix(PREFIX)
    return "-".join((body[:4], body[4:8], body[8:], _check_symbol(body)))


def parse_code(text: str) -> str | None:
    """Read a code as scanned or typed, or answer None if it is none.

    Case, spaces, hyphens, the prefix and the check symbol are optional; `O` is read as `0`, `I`
    and `L` as `1`, Cyrillic letters as the Latin ones they look like.

    >>> parse_code("l1 7q2m 8k4d 9xab")
    'L17Q2M8K4D9XAB'
    """
    if len(text) > TYPED_LENGTH_MAX:
        return None
    body = text.upper().translate(_CONFUSED)
    if len(body) in {_SYMBOLS + 2, _SYMBOLS + 3}:
        if not body.startswith("11"):  # the prefix L1, read like any other L
            return None
        body = body[2:]
    body, check = body[:_SYMBOLS], body[_SYMBOLS:]
    if len(body) != _SYMBOLS or not set(body) <= set(_ALPHABET):
        return None
    if check and check != _check_symbol(body):
        return None
    return PREFIX + body


def _check_symbol(body: str) -> str:
    number = int(body.encode().translate(_TO_PYTHONS), len(_ALPHABET))
    return _CHECK_ALPHABET[number % _CHECK_MODULUS]
