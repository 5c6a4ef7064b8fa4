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
# Widths of bars and spaces in turn, six for each value; the stop sign at the end has seven.
_CODE128: Final = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132"
    "122231113222123122123221223211221132221231213212223112312131311222321122321221312212"
    "322112322211212123212321232121111323131123131321112313132113132311211313231113231311"
    "112133112331132131113123113321133121313121211331231131213113213311213131311123311321"
    "331121312113312311332111314111221411431111111224111422121124121421141122141221112214"
    "112412122114122411142112142211241211221114413111241112134111111242121142121241114212"
    "124112124211411212421112421211212141214121412121111143111341131141114113114311411113"
    "4113111131411141313111414111312114122112142112322331112"
)


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
    drawn = (*values, total % _CHECK_MODULUS)
    widths = "".join(_CODE128[6 * value : 6 * value + 6] for value in drawn)
    widths += _CODE128[6 * _STOP :]
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
