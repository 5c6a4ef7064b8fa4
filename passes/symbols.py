"""The symbols a card's code is drawn as: true ones, in modules, without their quiet zones.

Code 128 is drawn here: a card's code has but 14 characters of its code set B. The others are
left to libraries, each pure Python: Reed-Solomon over three fields and PDF417's table of 2787
codewords are nothing to write again.

Sources: ISO/IEC 15417 (Code 128), 15438 (PDF417), 18004 (QR), 24778 (Aztec), read 2026-11.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from aztec_code_generator import AztecCode
from pdf417gen import encode as encode_pdf417
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from chalicelib.domain.pass_designs import Symbology

TEXT_CHARS_MAX: Final = 64

_AZTEC_MENDED: Final = 23  # percent, as ISO/IEC 24778 recommends
_PDF417_COLUMNS, _PDF417_LEVEL, _PDF417_ROW = 3, 2, 3  # a row is three modules tall at least
_BAR_TALL: Final = 34  # of Code 128: wide enough to be swept by hand
_START_B, _STOP, _CHECK_MODULUS = 104, 106, 103
_FIRST, _LAST = 32, 127  # characters of code set B
# Widths of bars and spaces in turn, by value.
_CODE128: Final = [
    "212222",
    "222122",
    "222221",
    "121223",
    "121322",
    "131222",
    "122213",
    "122312",
    "132212",
    "221213",
    "221312",
    "231212",
    "112232",
    "122132",
    "122231",
    "113222",
    "123122",
    "123221",
    "223211",
    "221132",
    "221231",
    "213212",
    "223112",
    "312131",
    "311222",
    "321122",
    "321221",
    "312212",
    "322112",
    "322211",
    "212123",
    "212321",
    "232121",
    "111323",
    "131123",
    "131321",
    "112313",
    "132113",
    "132311",
    "211313",
    "231113",
    "231311",
    "112133",
    "112331",
    "132131",
    "113123",
    "113321",
    "133121",
    "313121",
    "211331",
    "231131",
    "213113",
    "213311",
    "213131",
    "311123",
    "311321",
    "331121",
    "312113",
    "312311",
    "332111",
    "314111",
    "221411",
    "431111",
    "111224",
    "111422",
    "121124",
    "121421",
    "141122",
    "141221",
    "112214",
    "112412",
    "122114",
    "122411",
    "142112",
    "142211",
    "241211",
    "221114",
    "413111",
    "241112",
    "134111",
    "111242",
    "121142",
    "121241",
    "114212",
    "124112",
    "124211",
    "411212",
    "421112",
    "421211",
    "212141",
    "214121",
    "412121",
    "111143",
    "111341",
    "131141",
    "114113",
    "114311",
    "411113",
    "411311",
    "113141",
    "114131",
    "311141",
    "411131",
    "211412",
    "211214",
    "211232",
    "2331112",
]


@dataclass(frozen=True, slots=True)
class Symbol:
    """Dark modules as an SVG path, and how many modules the symbol is wide and tall."""

    width: int
    height: int
    path: str
    is_square: bool


def symbol(text: str, symbology: Symbology) -> Symbol:
    """Draw the symbol that scanners read as `text`.

    Raises:
        ValueError: it is too long, or has characters the symbology has not.
    """
    if not 0 < len(text) <= TEXT_CHARS_MAX or not text.isascii():
        raise ValueError(f"a code has 1 to {TEXT_CHARS_MAX} ASCII characters")
    if symbology is Symbology.AZTEC:
        return _drawn(AztecCode(text.encode(), ec_percent=_AZTEC_MENDED).matrix)
    if symbology is Symbology.PDF417:
        return _drawn(_pdf417(text), tall=_PDF417_ROW)
    if symbology is Symbology.CODE128:
        return _drawn([_code128(text)], tall=_BAR_TALL)
    made = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    made.add_data(text)
    made.make(fit=True)
    return _drawn(made.get_matrix())


def _code128(text: str) -> list[bool]:
    if not all(_FIRST <= ord(sign) <= _LAST for sign in text):
        raise ValueError("Code 128 shows printable characters only here")
    values = [_START_B, *(ord(sign) - _FIRST for sign in text)]
    total = _START_B + sum(place * value for place, value in enumerate(values))
    widths = "".join(_CODE128[value] for value in (*values, total % _CHECK_MODULUS, _STOP))
    return [place % 2 == 0 for place, width in enumerate(widths) for _ in range(int(width))]


def _pdf417(text: str) -> list[list[bool]]:
    rows = encode_pdf417(text, columns=_PDF417_COLUMNS, security_level=_PDF417_LEVEL)
    return [[bit == "1" for word in row for bit in f"{word:b}"] for row in rows]


def _drawn(rows: Sequence[Sequence[object]], tall: int = 1) -> Symbol:
    """Draw rows of modules, each `tall` modules tall."""
    width, height = len(rows[0]), len(rows) * tall
    path = "".join(
        f"M{start} {place * tall}h{length}v{tall}h-{length}z"
        for place, row in enumerate(rows)
        for start, length in _runs(row)
    )
    return Symbol(width, height, path, is_square=tall == 1)


def _runs(row: Sequence[object]) -> Iterator[tuple[int, int]]:
    """Yield where each run of dark modules begins, and its length."""
    start = None
    for place, is_dark in enumerate((*row, False)):
        if is_dark and start is None:
            start = place
        elif not is_dark and start is not None:
            yield start, place - start
            start = None
