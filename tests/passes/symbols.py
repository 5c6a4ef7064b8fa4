"""Reads symbols back as a scanner would: from pixels, by a library that did not draw them."""

import re

import zxingcpp
from PIL import Image, ImageDraw

from passes.symbols import Symbol

MODULE_PIXELS, QUIET_MODULES = 4, 10

_RUN = re.compile(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z")


def pixels_of(symbol: Symbol) -> Image.Image:
    """Return a symbol as a printer would print it, with white around."""
    size = [
        (side + 2 * QUIET_MODULES) * MODULE_PIXELS for side in (symbol.width, symbol.height)
    ]
    image = Image.new("L", (size[0], size[1]), 255)
    draw = ImageDraw.Draw(image)
    for run in _RUN.finditer(symbol.path):
        x, y, width, height = (int(part) * MODULE_PIXELS for part in run.groups())
        left, top = x + QUIET_MODULES * MODULE_PIXELS, y + QUIET_MODULES * MODULE_PIXELS
        draw.rectangle((left, top, left + width - 1, top + height - 1), 0)
    return image


def scanned(image: Image.Image) -> list[tuple[str, str]]:
    """Return the kind and the text of every symbol in a picture."""
    return [(one.format.name, one.text) for one in zxingcpp.read_barcodes(image)]
