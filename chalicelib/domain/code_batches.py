"""How a code of a batch is spelled: an optional prefix, then twelve symbols.

Three symbols name the batch, four the code's number in it, five are its proof: 25 bits of a
keyed hash of prefix, batch and number. So no code is stored before it is used, each can be
made again for a list, and nobody can make one: of 33 million guesses one is right.

Symbols are Crockford's base 32. Source: Douglas Crockford, "Base 32", read 2026-11.
"""

from dataclasses import dataclass
from typing import Final

BATCH_SYMBOLS: Final = 3
BODY_SYMBOLS: Final = 12
CODES_MAX: Final = 100_000  # of one batch; four symbols could tell a million

_INDEX_SYMBOLS: Final = 4
_PROOF_SYMBOLS: Final = 5
_PROOF_HEX_DIGITS: Final = 8  # 32 bits, of which the upper 25 are the proof
_SPARE_BITS: Final = 4 * _PROOF_HEX_DIGITS - 5 * _PROOF_SYMBOLS
_GROUP: Final = 4
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# What a hand confuses, and the Cyrillic letters that look like Latin ones.
_CONFUSED: Final = str.maketrans(
    "OIL\u0410\u0412\u0421\u0415\u041d\u041a\u041c\u041e\u0420\u0422\u0425", "011ABCEHKM0PTX"
)


@dataclass(frozen=True, slots=True)
class BatchCode:
    """A text that may be a code of a batch; whether it is, the proof decides."""

    prefix: str
    batch_id: str
    index: int
    proof: str  # five symbols

    @property
    def code(self) -> str:
        """Return the code as it is stored and counted, whatever was typed."""
        return self.prefix + self.batch_id + _symbols(self.index, _INDEX_SYMBOLS) + self.proof


def body_of(batch_id: str, index: int, proof_hex: str) -> str:
    """Return the twelve symbols of a code; `proof_hex` is the keyed hash of its parts.

    >>> body_of("7QK", 41, "ffffffff00")
    '7QK0019ZZZZZ'
    """
    assert len(batch_id) == BATCH_SYMBOLS, "three symbols name a batch"
    return batch_id + _symbols(index, _INDEX_SYMBOLS) + proof_of(proof_hex)


def proof_of(proof_hex: str) -> str:
    """Return the proof a keyed hash (hex) makes: its first 25 bits."""
    return _symbols(int(proof_hex[:_PROOF_HEX_DIGITS], 16) >> _SPARE_BITS, _PROOF_SYMBOLS)


def proven(batch_id: str, index: int) -> str:
    """Return what of a code its proof is made of, beside merchant and prefix."""
    return batch_id + _symbols(index, _INDEX_SYMBOLS)


def read_body(text: str) -> BatchCode | None:
    """Read a folded code as one of a batch; None: it cannot be one.

    In the twelve symbols `O` is read as `0`, `I` and `L` as `1`, Cyrillic letters as the
    Latin ones they look like.

    >>> read_body("MAY7QKOO19ZZZZZ")
    BatchCode(prefix='MAY', batch_id='7QK', index=41, proof='ZZZZZ')
    """
    prefix, body = text[:-BODY_SYMBOLS], text[-BODY_SYMBOLS:].translate(_CONFUSED)
    if len(body) != BODY_SYMBOLS or not set(body) <= set(_ALPHABET):
        return None
    batch_id, rest = body[:BATCH_SYMBOLS], body[BATCH_SYMBOLS:]
    index = 0
    for symbol in rest[:_INDEX_SYMBOLS]:
        index = index * 32 + _ALPHABET.index(symbol)
    return BatchCode(prefix, batch_id, index, rest[_INDEX_SYMBOLS:])


def batch_id_of(number: int) -> str:
    """Return the three symbols of a number, to name a batch with."""
    return _symbols(number % 32**BATCH_SYMBOLS, BATCH_SYMBOLS)


def printed(code: str) -> str:
    """Return a code of a batch as it is printed: the prefix, then groups of four.

    >>> printed("MAY7QK0019ZZZZZ")
    'MAY-7QK0-019Z-ZZZZ'
    """
    body = code[-BODY_SYMBOLS:]
    groups = [body[first : first + _GROUP] for first in range(0, BODY_SYMBOLS, _GROUP)]
    prefix = code[:-BODY_SYMBOLS]
    return "-".join([prefix, *groups] if prefix else groups)


def _symbols(number: int, width: int) -> str:
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(5 * (width - 1), -1, -5))
