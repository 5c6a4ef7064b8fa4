"""A member's referral code: the pass code, enciphered, so that it may be posted anywhere.

A pass code stands for its member at the till; a referral code must not, and needs no item
of its own in the table either. The 60 bits of a pass code are permuted by a Feistel network
with HMAC-SHA256 as its round function, under the index pepper, which never rotates: as many
codes as pass codes, each opening into one. `R1` tells it from a pass code; typing slips that
Crockford's base 32 forgives (case, hyphens, O for 0, I and L for 1) are forgiven here too.

Sources (read 2026-11): Luby and Rackoff, "How to construct pseudorandom permutations from
pseudorandom functions", 1988 (four rounds suffice against chosen codes; eight are taken
because the halves are short); Douglas Crockford, "Base 32".
"""

import hashlib
import hmac
from collections.abc import Iterable

PREFIX = "R1"
TYPED_LENGTH_MAX = 40
_PASS_PREFIX = "L1"
_SYMBOLS = 12
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HALF_BITS = 30
_HALF_MASK = (1 << _HALF_BITS) - 1
_ROUNDS = range(8)
_FORGIVEN = str.maketrans("OIL", "011", " -")


def disguised(pass_code: str, pepper: bytes) -> str:
    """Return the referral code of a pass code (L1 and 12 symbols)."""
    number = _number(pass_code.removeprefix(_PASS_PREFIX))
    assert number is not None, "a pass code is 12 symbols of the alphabet"
    return PREFIX + _text(_permuted(number, pepper, _ROUNDS))


def revealed(referral_code: str, pepper: bytes) -> str | None:
    """Return the pass code behind a referral code as it was typed; None: it is none."""
    if len(referral_code) > TYPED_LENGTH_MAX:
        return None
    typed = referral_code.upper().translate(_FORGIVEN)
    number = _number(typed.removeprefix(PREFIX)) if typed.startswith(PREFIX) else None
    if number is None:
        return None
    # The halves swapped, the rounds backwards: a Feistel network undoes itself.
    undone = _permuted(_swapped(number), pepper, reversed(_ROUNDS))
    return _PASS_PREFIX + _text(_swapped(undone))


def _permuted(number: int, pepper: bytes, rounds: Iterable[int]) -> int:
    left, right = number >> _HALF_BITS, number & _HALF_MASK
    for position in rounds:
        message = f'["referral",{position},{right}]'.encode("ascii")
        mixed = int.from_bytes(hmac.digest(pepper, message, hashlib.sha256)[:4])
        left, right = right, left ^ (mixed & _HALF_MASK)
    return left << _HALF_BITS | right


def _swapped(number: int) -> int:
    return (number & _HALF_MASK) << _HALF_BITS | number >> _HALF_BITS


def _number(symbols: str) -> int | None:
    if len(symbols) != _SYMBOLS or not set(symbols) <= set(_ALPHABET):
        return None
    number = 0
    for symbol in symbols:
        number = number << 5 | _ALPHABET.index(symbol)
    return number


def _text(number: int) -> str:
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(55, -1, -5))
