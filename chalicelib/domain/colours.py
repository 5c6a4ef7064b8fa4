"""Whether a colour can be read on another: the contrast of WCAG 2.2.

Source: WCAG 2.2, "relative luminance" and "contrast ratio" (read 2026-11). Parts of a
colour are 0 to 255; a contrast goes from 1 (the same colour) to 21 (black on white).
"""

import math
import re
from typing import Final

CONTRAST_MIN: Final = 4.5  # of text (WCAG 2.2, 1.4.3)

Colour = tuple[int, int, int]

_WRITTEN: Final = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
_LINEAR_MAX: Final = 0.04045  # below, a screen's light is a straight line


def read_colour(text: object) -> Colour | None:
    """Return the colour of `#rrggbb`; None if it is not written so.

    >>> read_colour("#1D1d1f"), read_colour("red")
    ((29, 29, 31), None)
    """
    if not isinstance(text, str) or not _WRITTEN.fullmatch(text):
        return None
    red, green, blue = bytes.fromhex(text[1:])
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, from 1 to 21.

    >>> round(contrast((0, 0, 0), (255, 255, 255)))
    21
    """
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def contrast_text(reached: float) -> str:
    """Return a contrast as people write it, rounded down: 4.499 must not pass for 4.50.

    >>> contrast_text(4.499)
    '4.49 : 1'
    """
    hundredths = math.floor(reached * 100)
    return f"{hundredths // 100}.{hundredths % 100:02d} : 1"


def luminance(colour: Colour) -> float:
    """Return the relative luminance, from 0 (black) to 1 (white)."""
    parts = [part / 255 for part in colour]
    red, green, blue = (
        part / 12.92 if part <= _LINEAR_MAX else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
