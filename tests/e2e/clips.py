"""Clips for a browser's made-up camera: a card's symbol held before it, as Motion JPEG.

Chromium plays a file of JPEGs one after another, in colour at 4:2:0, over and over.
"""

import io
import random
import re
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from chalicelib.domain.pass_designs import Symbology
from passes.symbols import Symbol, symbol

WIDTH, HEIGHT = 1280, 720
FRAMES = 8
QUIET = 4  # modules of white around a symbol
QUALITY = 85
SUBSAMPLING_420 = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How a card is held before the camera."""

    symbology: Symbology = Symbology.QR
    size: int = 320  # pixels of the symbol's width
    angle: float = 0
    blur: float = 0
    light: float = 1.0


def clip(path: Path, text: str, held: Held) -> Path:
    """Write a clip of a card that says `text`; what is behind it flickers."""
    card = _card(symbol(text, held.symbology), held)
    noise = random.Random(3)  # the same clip each time
    frames = [_frame(card, held, noise) for _ in range(FRAMES)]
    path.write_bytes(b"".join(frames))
    return path


def _frame(card: Image.Image, held: Held, noise: random.Random) -> bytes:
    grey = noise.randrange(90, 140)
    frame = Image.new("RGB", (WIDTH, HEIGHT), (grey, grey - 10, grey - 20))
    frame.paste(card, ((WIDTH - card.width) // 2, (HEIGHT - card.height) // 2), card)
    if held.blur:
        frame = frame.filter(ImageFilter.GaussianBlur(held.blur))
    if held.light != 1:
        frame = ImageEnhance.Brightness(frame).enhance(held.light)
    written = io.BytesIO()
    frame.save(written, "JPEG", quality=QUALITY, subsampling=SUBSAMPLING_420)
    return written.getvalue()


def _card(drawn: Symbol, held: Held) -> Image.Image:
    picture = _picture(drawn)
    height = held.size * picture.height // picture.width
    picture = picture.resize((held.size, height), Image.Resampling.NEAREST)
    card = Image.new("RGBA", (held.size + 120, height + 160), (30, 58, 92, 255))
    card.paste(picture, (60, 110))
    return card.rotate(held.angle, resample=Image.Resampling.BICUBIC, expand=True)


def _picture(drawn: Symbol) -> Image.Image:
    """Draw a symbol of one pixel per module, its path as `passes/symbols.py` writes it."""
    size = (drawn.width + 2 * QUIET, drawn.height + 2 * QUIET)
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    for x, y, width, height in _bars(drawn.path):
        left, top = x + QUIET, y + QUIET
        pen.rectangle((left, top, left + width - 1, top + height - 1), "black")
    return picture


def _bars(path: str) -> list[tuple[int, int, int, int]]:
    found = re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)", path)
    return [(int(x), int(y), int(width), int(height)) for x, y, width, height in found]
