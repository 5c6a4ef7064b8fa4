"""A picture in points that shapes are painted on, in layers, and indexed PNGs of it.

A developer's tool: it draws many times larger than the largest file and shrinks that, so that
edges are smooth. Colours are `#rrggbb`; a paint is a colour, or colours from one point to
another. No picture is made where the service runs.

Source: PNG Specification, W3C, "Filtering", read 2026-11.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import hypot
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from passes.artwork import SIGNATURE, chunk
from passes.templates.shapes import Point

_GRID: Final = 40  # samples of a paint along each side; between them it is blended
_SOLID: Final = 255
_UNFILTERED, _UP = 0, 2

Rgb = tuple[int, int, int]
Line = Sequence[Point]


@dataclass(frozen=True, slots=True)
class Linear:
    """Colours from one point to another."""

    start: Point
    end: Point
    colours: tuple[str, ...]

    def at(self, x: float, y: float) -> Rgb:
        """Return the colour of a point."""
        dx, dy = self.end[0] - self.start[0], self.end[1] - self.start[1]
        along = (x - self.start[0]) * dx + (y - self.start[1]) * dy
        return _blend(self.colours, along / (dx * dx + dy * dy))


@dataclass(frozen=True, slots=True)
class Radial:
    """Colours from a centre outward."""

    centre: Point
    radius: float
    colours: tuple[str, ...]

    def at(self, x: float, y: float) -> Rgb:
        """Return the colour of a point."""
        away = hypot(x - self.centre[0], y - self.centre[1])
        return _blend(self.colours, away / self.radius)


Paint = str | Linear | Radial


class Canvas:
    """A picture of `width` by `height` points, `scale` pixels each."""

    def __init__(self, width: float, height: float, scale: int, ground: str = "") -> None:
        """Make a picture of one colour; transparent without one."""
        self.scale = scale
        size = (round(width * scale), round(height * scale))
        fill = (*_rgb(ground), 255) if ground else (0, 0, 0, 0)
        self.image = Image.new("RGBA", size, fill)
        self._clips: list[Image.Image] = []
        self._offset = (0.0, 0.0, 1.0)

    @contextmanager
    def placed(self, x: float, y: float, size: float = 1) -> Iterator[None]:
        """Let (0, 0) be at (x, y) and a point be `size` points, for a while."""
        before = self._offset
        self._offset = (before[0] + x * before[2], before[1] + y * before[2], before[2] * size)
        yield
        self._offset = before

    @contextmanager
    def within(self, outline: Line) -> Iterator[None]:
        """Paint inside of an outline only, for a while."""
        mask = self._mask([outline], ())
        self._clips.append(ImageChops.multiply(self._clips[-1], mask) if self._clips else mask)
        yield
        self._clips.pop()

    def fill(
        self,
        outline: Line,
        paint: Paint,
        opacity: float = 1,
        *,
        holes: Sequence[Line] = (),
        blur: float = 0,
    ) -> None:
        """Paint an outline; `blur` in points softens its edge."""
        self._paint(self._mask([outline], holes), paint, opacity, blur)

    def erase(self, outline: Line, *, holes: Sequence[Line] = ()) -> None:
        """Make what is inside of an outline transparent."""
        mask = self._mask([outline], holes)
        self.image.putalpha(ImageChops.subtract(self.image.getchannel("A"), mask))

    def stroke(
        self, line: Line, width: float, paint: Paint, opacity: float = 1, blur: float = 0
    ) -> None:
        """Paint a line with round ends."""
        mask = Image.new("L", self.image.size)
        draw, pixels = ImageDraw.Draw(mask), self._pixels(line)
        thick = width * self.scale * self._offset[2]
        draw.line(pixels, 255, max(1, round(thick)))
        for x, y in pixels:
            draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), 255)
        self._paint(mask, paint, opacity, blur)

    def _mask(self, outlines: Sequence[Line], holes: Sequence[Line]) -> Image.Image:
        mask = Image.new("L", self.image.size)
        draw = ImageDraw.Draw(mask)
        for outline in outlines:
            draw.polygon(self._pixels(outline), 255)
        for hole in holes:
            draw.polygon(self._pixels(hole), 0)
        return mask

    def _paint(self, mask: Image.Image, paint: Paint, opacity: float, blur: float) -> None:
        if blur:
            radius = blur * self.scale * self._offset[2]
            mask = mask.filter(ImageFilter.GaussianBlur(radius))
        if self._clips:
            mask = ImageChops.multiply(mask, self._clips[-1])
        if opacity < 1:
            mask = mask.point([round(level * opacity) for level in range(256)])
        bounds = mask.getbbox()
        if bounds is None:
            return
        layer = self._layer(paint, bounds)
        layer.putalpha(mask.crop(bounds))
        self.image.alpha_composite(layer, bounds[:2])

    def _layer(self, paint: Paint, bounds: tuple[int, int, int, int]) -> Image.Image:
        left, top, right, bottom = bounds
        size = (right - left, bottom - top)
        if isinstance(paint, str):
            return Image.new("RGBA", size, (*_rgb(paint), 255))
        x0, y0, unit = self._offset
        grid = Image.new("RGB", (_GRID, _GRID))
        grid.putdata(
            [
                paint.at(
                    ((left + (column + 0.5) * size[0] / _GRID) / self.scale - x0) / unit,
                    ((top + (row + 0.5) * size[1] / _GRID) / self.scale - y0) / unit,
                )
                for row in range(_GRID)
                for column in range(_GRID)
            ]
        )
        return grid.resize(size, Image.Resampling.BICUBIC).convert("RGBA")

    def _pixels(self, outline: Line) -> list[Point]:
        x0, y0, unit = self._offset
        return [
            ((x0 + x * unit) * self.scale, (y0 + y * unit) * self.scale) for x, y in outline
        ]


def indexed_png(image: Image.Image, colours: int, ink: str = "") -> bytes:
    """Write a picture with at most so many colours; of one ink, with as many opacities."""
    if not ink:
        shown = image.convert("RGB").quantize(colours, Image.Quantize.MEDIANCUT, kmeans=1)
        used = max(shown.tobytes()) + 1
        palette, alphas = bytes(shown.getpalette() or ())[: 3 * used], b""
    else:
        top = colours - 1
        shown = image.getchannel("A").point([round(a * top / _SOLID) for a in range(256)])
        palette = bytes(_rgb(ink)) * colours
        alphas = bytes(round(level * _SOLID / top) for level in range(colours))
    header = struct.pack(">2I5B", *shown.size, 8, 3, 0, 0, 0)
    return b"".join(
        (
            SIGNATURE,
            chunk(b"IHDR", header),
            chunk(b"PLTE", palette),
            chunk(b"tRNS", alphas) if alphas else b"",
            chunk(b"IDAT", min((_packed(shown, kind) for kind in (_UNFILTERED, _UP)), key=len)),
            chunk(b"IEND", b""),
        )
    )


def _packed(indexed: Image.Image, kind: int) -> bytes:
    shown = Image.frombytes("L", indexed.size, indexed.tobytes())
    if kind == _UP:  # each row as its difference from the one above
        above = Image.new("L", shown.size)
        above.paste(shown, (0, 1))
        shown = ImageChops.subtract_modulo(shown, above)
    content, width = shown.tobytes(), shown.width
    rows = (bytes((kind,)) + content[at : at + width] for at in range(0, len(content), width))
    return zlib.compress(b"".join(rows), 9)


def _rgb(colour: str) -> Rgb:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def _blend(colours: tuple[str, ...], share: float) -> Rgb:
    place = min(max(share, 0), 1) * (len(colours) - 1)
    lower = min(int(place), len(colours) - 2)
    part = place - lower
    low, high = _rgb(colours[lower]), _rgb(colours[lower + 1])
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(low, high, strict=True))
    return red, green, blue
