"""The icon of a card on a home screen: the merchant's letter in its own colours.

A name says all there is to draw, so that it may be kept for ever. The letter stays within
the middle of the square, which launchers cut to circles and rounded squares (W3C "Web
Application Manifest", "Maskable icons", read 2026-11).
"""

import io
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from chalicelib.web.theme import pass_colours

SIZES: Final = (180, 192, 512)  # Apple's touch icon, and what browsers install
BOLD: Final = Path(__file__).with_name("lettering") / "Inter-Bold.ttf"
LETTER_SHARE: Final = 50  # percent of the side
DRAWN_CACHED_MAX: Final = 128
_NAME: Final = re.compile(r"([0-9a-f]{6})-([0-9a-f]{2,5})-([0-9]{3})\.png", re.ASCII)


def icon_path(accent: str, letter: str, size: int) -> str:
    """Return the address of an icon: its colour, the letter's code point, its side."""
    return f"/icons/{accent[1:].lower()}-{ord(letter or ' '):02x}-{size}.png"


def icon_file(name: str) -> bytes | None:
    """Return the PNG of a name; None if the name is none of ours."""
    found = _NAME.fullmatch(name)
    if found is None or int(found[3]) not in SIZES:
        return None
    return _drawn(f"#{found[1]}", chr(int(found[2], 16)), int(found[3]))


@lru_cache(maxsize=DRAWN_CACHED_MAX)
def _drawn(accent: str, letter: str, size: int) -> bytes:
    from PIL import Image, ImageDraw, ImageFont  # lazy: no till draws icons

    ground, ink = pass_colours(accent)
    image = Image.new("RGB", (size, size), ground)
    if letter.isalnum():
        font = ImageFont.truetype(BOLD, size * LETTER_SHARE // 100)
        pen = ImageDraw.Draw(image)
        left, top, right, bottom = pen.textbbox((0, 0), letter, font=font)
        place = ((size - left - right) / 2, (size - top - bottom) / 2)
        pen.text(place, letter, font=font, fill=ink)
    written = io.BytesIO()
    image.quantize(16).save(written, "PNG", optimize=True)
    return written.getvalue()
