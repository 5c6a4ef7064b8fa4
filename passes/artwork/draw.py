"""Draws the default images of a pass: `python -m passes.artwork.draw` writes the PNGs here.

A developer's tool without an image library: every shape is a distance function, and a pixel's
share of a shape follows from its distance to the edge. Measures are in points; sizes are
Apple's for a store card: icon 38, logo up to 160 x 50, strip 375 x 123, each at 1x, 2x and 3x.
A strip carries the balance on its left, so its drawing keeps to the right and stays pale.

Sources: Apple, "Wallet Passes", "Building a Pass"; PNG Specification, W3C, both read 2026-11.
"""

import struct
import zlib
from collections.abc import Callable
from math import hypot
from pathlib import Path
from typing import Final

from passes.artwork import LEVELS, SIGNATURE, chunk

SCALES: Final = ((1, ""), (2, "@2x"), (3, "@3x"))

_SOLID: Final = 255
_MARK: Final = 100  # the mark is drawn on a square of this size
_HOUSE_BACKGROUND: Final = (11, 110, 99)
_HOUSE_FOREGROUND: Final = (255, 255, 255)
_TOP: Final = LEVELS - 1

Box = tuple[float, float, float, float]
Distance = Callable[[float, float], float]


class Canvas:
    """A grey picture measured in points: 0 is the background, 255 the foreground."""

    def __init__(self, width: int, height: int, scale: int) -> None:
        """Make an empty picture of `width` by `height` points at `scale` pixels a point."""
        self.scale = scale
        self.rows = [[0.0] * (width * scale) for _ in range(height * scale)]

    def disc(self, x: float, y: float, radius: float, shade: int) -> None:
        """Fill a circle."""
        box = (x - radius, y - radius, x + radius, y + radius)
        self._fill(box, lambda px, py: hypot(px - x, py - y) - radius, shade)

    def oval(self, box: Box, shade: int) -> None:
        """Fill an ellipse."""
        left, top, right, bottom = box
        a, b = (right - left) / 2, (bottom - top) / 2
        x, y = left + a, top + b

        def distance(px: float, py: float) -> float:  # near the edge exact enough
            far = hypot((px - x) / a, (py - y) / b)
            steepness = hypot((px - x) / a**2, (py - y) / b**2)
            return far * (far - 1) / steepness if steepness else -min(a, b)

        self._fill(box, distance, shade)

    def bar(self, box: Box, radius: float, shade: int) -> None:
        """Fill a rectangle with round corners."""
        left, top, right, bottom = box
        a, b = (right - left) / 2 - radius, (bottom - top) / 2 - radius
        x, y = (left + right) / 2, (top + bottom) / 2

        def distance(px: float, py: float) -> float:
            dx, dy = abs(px - x) - a, abs(py - y) - b
            return hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0) - radius

        self._fill(box, distance, shade)

    def triangle(self, corners: list[tuple[float, float]], shade: int) -> None:
        """Fill a triangle whose corners are given clockwise on the screen."""
        edges = list(zip(corners, corners[1:] + corners[:1], strict=True))

        def distance(px: float, py: float) -> float:
            return max(
                ((px - x0) * (y1 - y0) - (py - y0) * (x1 - x0)) / hypot(x1 - x0, y1 - y0)
                for (x0, y0), (x1, y1) in edges
            )

        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        self._fill((min(xs), min(ys), max(xs), max(ys)), distance, shade)

    def pixels(self) -> list[bytes]:
        """Give the rows, one palette index per pixel."""
        return [bytes(round(grey * _TOP / _SOLID) for grey in row) for row in self.rows]

    def _fill(self, box: Box, distance: Distance, shade: int) -> None:
        left, top, right, bottom = (round(edge * self.scale) for edge in box)
        for row in range(max(top - 1, 0), min(bottom + 2, len(self.rows))):
            pixels = self.rows[row]
            for column in range(max(left - 1, 0), min(right + 2, len(pixels))):
                x, y = (column + 0.5) / self.scale, (row + 0.5) / self.scale
                share = min(max(0.5 - distance(x, y) * self.scale, 0), 1)
                pixels[column] += (shade - pixels[column]) * share


def main() -> None:
    """Draw all images into this folder."""
    for scale, suffix in SCALES:
        for name, png in draw(scale).items():
            (Path(__file__).parent / f"{name}{suffix}.png").write_bytes(png)


def draw(scale: int) -> dict[str, bytes]:
    """Draw the three images at a scale."""
    return {
        "icon": _png(_icon(scale)),
        "logo": _png(_logo(scale), is_transparent=True),
        "strip": _png(_strip(scale)),
    }


def _icon(scale: int) -> Canvas:
    canvas = Canvas(38, 38, scale)
    _money_box(canvas, left=4, top=4, size=30, ground=0)
    return canvas


def _logo(scale: int) -> Canvas:
    canvas = Canvas(50, 50, scale)
    _money_box(canvas, left=3, top=3, size=44, ground=0)
    return canvas


def _strip(scale: int) -> Canvas:
    canvas = Canvas(375, 123, scale)
    canvas.disc(312, 58, 92, 38)
    for x, y, radius in ((184, 98, 9), (206, 34, 13), (360, 100, 17), (354, 24, 11)):
        canvas.disc(x, y, radius, 92)
        canvas.disc(x, y, radius * 0.74, 56)
        canvas.disc(x, y, radius * 0.62, 92)
    _money_box(canvas, left=246, top=10, size=100, ground=38, shade=150)
    return canvas


def _money_box(
    canvas: Canvas, *, left: float, top: float, size: float, ground: int, shade: int = _SOLID
) -> None:
    """Draw the mark: a piggy bank from the side, a coin above its slot."""
    unit = size / _MARK

    def box(x0: float, y0: float, x1: float, y1: float) -> Box:
        return (left + x0 * unit, top + y0 * unit, left + x1 * unit, top + y1 * unit)

    def point(x: float, y: float) -> tuple[float, float]:
        return (left + x * unit, top + y * unit)

    canvas.bar(box(22, 70, 37, 95), 4 * unit, shade)
    canvas.bar(box(56, 70, 71, 95), 4 * unit, shade)
    canvas.bar(box(74, 51, 96, 74), 6 * unit, shade)
    canvas.oval(box(8, 36, 86, 88), shade)
    canvas.triangle([point(60, 40), point(79, 29), point(81, 52)], shade)
    canvas.bar(box(1, 55, 14, 62), 3.5 * unit, shade)
    canvas.bar(box(32, 44, 60, 50), 3 * unit, ground)
    canvas.disc(*point(72, 56), 4 * unit, ground)
    canvas.disc(*point(46, 19), 15 * unit, shade)
    canvas.disc(*point(46, 19), 8.5 * unit, ground)


def _png(canvas: Canvas, *, is_transparent: bool = False) -> bytes:
    """Write an indexed PNG; its rows are unfiltered, which suits flat colours best."""
    rows = canvas.pixels()
    header = struct.pack(">2I5B", len(rows[0]), len(rows), 8, 3, 0, 0, 0)
    palette = bytes(_mixed(level, part) for level in range(LEVELS) for part in range(3))
    alphas = bytes(level * 255 // _TOP for level in range(LEVELS))
    return b"".join(
        (
            SIGNATURE,
            chunk(b"IHDR", header),
            chunk(b"PLTE", palette),
            chunk(b"tRNS", alphas) if is_transparent else b"",
            chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9)),
            chunk(b"IEND", b""),
        )
    )


def _mixed(level: int, part: int) -> int:
    low, high = _HOUSE_BACKGROUND[part], _HOUSE_FOREGROUND[part]
    return (low * (_TOP - level) + high * level) // _TOP


if __name__ == "__main__":
    main()
