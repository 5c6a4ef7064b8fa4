"""The card's code as a QR symbol: one SVG path in units of a module, without quiet zone.

The page's white around it is the quiet zone. Level Q mends a quarter of the symbol; a
code of 14 capital letters and digits then takes version 1, the one with the largest
modules (ISO/IEC 18004, table 7, read 2026-11).
"""

from dataclasses import dataclass

from qrcode.constants import ERROR_CORRECT_Q
from qrcode.image.svg import SvgPathImage
from qrcode.main import QRCode


@dataclass(frozen=True, slots=True)
class Symbol:
    """A square of `size` modules, and the path of the dark ones."""

    size: int
    path: str


def symbol(code: str, level: int = ERROR_CORRECT_Q) -> Symbol:
    """Return the symbol that scanners read as `code`; long ones take a lower level."""
    made = QRCode(error_correction=level, border=0, box_size=10, image_factory=SvgPathImage)
    made.add_data(code)
    made.make(fit=True)
    image = made.make_image()
    return Symbol(size=made.modules_count, path=image.path.get("d"))
