"""The default artwork of a pass: PNGs drawn by `draw.py`, coloured here for each merchant.

The files are indexed PNGs whose palette is a ramp of `LEVELS` steps from the card's background
(0) to its foreground. A merchant's colours are written into the palette chunk, so that nobody
sees a house colour beside a merchant's, and no image library ships. An image with a `tRNS`
chunk (the logo) is the foreground colour at growing opacity instead.

Source: PNG (Portable Network Graphics) Specification, W3C, "PLTE", "tRNS", read 2026-11.
"""

import struct
import zlib
from importlib.resources import files
from typing import Final

LEVELS: Final = 32
SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
NAMES: Final = tuple(
    f"{image}{scale}.png" for image in ("icon", "logo", "strip") for scale in ("", "@2x", "@3x")
)

_CHUNK_FRAME_BYTES: Final = 12  # length, type, CRC


def coloured(*, background: str, foreground: str) -> dict[str, bytes]:
    """Give the default images in the colours of a card, `#RRGGBB`, by file name."""
    folder = files(__name__)
    ramp = _ramp(_rgb(background), _rgb(foreground))
    flat = _rgb(foreground) * LEVELS
    images = {}
    for name in NAMES:
        png = (folder / name).read_bytes()
        images[name] = _with_palette(png, flat if b"tRNS" in png else ramp)
    return images


def chunk(kind: bytes, content: bytes) -> bytes:
    """Frame a PNG chunk."""
    crc = zlib.crc32(kind + content)
    return struct.pack(">I4s", len(content), kind) + content + struct.pack(">I", crc)


def _rgb(colour: str) -> bytes:
    return bytes.fromhex(colour.removeprefix("#"))


def _ramp(start: bytes, end: bytes) -> bytes:
    top = LEVELS - 1
    return bytes(
        (low * (top - level) + high * level + top // 2) // top
        for level in range(LEVELS)
        for low, high in zip(start, end, strict=True)
    )


def _with_palette(png: bytes, palette: bytes) -> bytes:
    start = _chunk_start(png, b"PLTE")
    (length,) = struct.unpack_from(">I", png, start)
    return png[:start] + chunk(b"PLTE", palette) + png[start + _CHUNK_FRAME_BYTES + length :]


def _chunk_start(png: bytes, kind: bytes) -> int:
    position = len(SIGNATURE)
    while position < len(png):
        length, found = struct.unpack_from(">I4s", png, position)
        if found == kind:
            return position
        position += _CHUNK_FRAME_BYTES + length
    raise ValueError(f"a default image has no {kind.decode()} chunk: draw it again")
