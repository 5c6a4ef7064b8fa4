"""Draws the images of the templates: `python -m passes.templates.draw` writes the PNGs here.

Each scene is painted once, nine times larger than the smallest file, and shrunk to each size.
Sizes are Apple's and Google's, as an uploaded image is cut (`domain/pass_images.py`).
"""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from PIL import Image

from chalicelib.domain.pass_images import SCALES, SHAPES, ImageUse, pass_file_name
from passes.templates.canvas import Canvas, indexed_png

PIXELS_A_POINT: Final = 9
PASS_STRIP_BYTES_MAX: Final = 25_500  # of Apple's three: a whole pass has 40 kB
HERO_COLOURS: Final = 96
FEW_COLOURS: Final = 12

_STRIP_COLOURS: Final = (  # at 1x, 2x and 3x; from fine to coarse
    (24, 40, 64), (20, 32, 48), (16, 28, 40), (16, 24, 32), (12, 20, 28), (12, 16, 24),
    (10, 16, 20),
)  # fmt: skip
_FEW: Final = (FEW_COLOURS, FEW_COLOURS, FEW_COLOURS)
_MARK: Final = 100  # the mark is painted on a square of this size
_ICON_SHARE, _ROUND_SHARE = 0.72, 0.66  # of the mark in an icon, and in Google's circle


def main(names: list[str]) -> None:
    """Draw the images of some templates into their folders."""
    folder = Path(__file__).parent
    for name in names or sorted(path.stem for path in folder.glob("scenes/[a-z]*.py")):
        for file_name, png in draw(name).items():
            path = folder / name / file_name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(png)


def draw(name: str) -> dict[str, bytes]:
    """Draw the images of a template, by file name."""
    scene = import_module(f"passes.templates.scenes.{name}")
    return {**_strips(scene), **_logos(scene), **_icons(scene)}


def _strips(scene: Any) -> dict[str, bytes]:
    width, height = SHAPES[ImageUse.STRIP].points
    canvas = Canvas(width, height, PIXELS_A_POINT, scene.GROUND)
    scene.strip(canvas)
    made: dict[str, bytes] = {}
    for colours in _STRIP_COLOURS:  # the finest that fits
        made = dict(_apple(canvas.image, ImageUse.STRIP, colours))
        if sum(map(len, made.values())) <= PASS_STRIP_BYTES_MAX:
            break
    hero = _marked(canvas, scene, 38, 26, 72)  # where no number stands on Google's
    google = SHAPES[ImageUse.STRIP]
    made[google.google_name] = _resized(hero, google.google_pixels, HERO_COLOURS)
    return made


def _logos(scene: Any) -> dict[str, bytes]:
    side = SHAPES[ImageUse.LOGO].points[1]
    canvas = Canvas(side, side, PIXELS_A_POINT)
    with canvas.placed(0, 0, side / _MARK):
        scene.mark(canvas, scene.INK)
    return dict(_apple(canvas.image, ImageUse.LOGO, _FEW, (side, side), scene.INK))


def _icons(scene: Any) -> dict[str, bytes]:
    shape = SHAPES[ImageUse.ICON]
    side = shape.points[0]
    made = dict(_apple(_framed(scene, side, _ICON_SHARE), ImageUse.ICON, _FEW))
    large = _framed(scene, shape.google_pixels[0] / SCALES[-1], _ROUND_SHARE)
    made[shape.google_name] = _resized(large, shape.google_pixels, FEW_COLOURS)
    return made


def _framed(scene: Any, side: float, share: float) -> Image.Image:
    canvas = Canvas(side, side, PIXELS_A_POINT, scene.GROUND)
    margin = side * (1 - share) / 2
    return _marked(canvas, scene, margin, margin, side * share)


def _marked(canvas: Canvas, scene: Any, left: float, top: float, side: float) -> Image.Image:
    """Return the picture with the mark on it, which may have parts cut out."""
    width, height = (pixels / PIXELS_A_POINT for pixels in canvas.image.size)
    layer = Canvas(width, height, PIXELS_A_POINT)
    with layer.placed(left, top, side / _MARK):
        scene.mark(layer, scene.INK)
    return Image.alpha_composite(canvas.image, layer.image)


def _apple(
    image: Image.Image,
    use: ImageUse,
    colours: tuple[int, int, int],
    points: tuple[int, int] | None = None,
    ink: str = "",
) -> Iterator[tuple[str, bytes]]:
    width, height = points or SHAPES[use].points
    for scale, most in zip(SCALES, colours, strict=True):
        png = _resized(image, (width * scale, height * scale), most, ink)
        yield pass_file_name(use, scale), png


def _resized(image: Image.Image, size: tuple[int, int], colours: int, ink: str = "") -> bytes:
    return indexed_png(image.resize(size, Image.Resampling.BOX), colours, ink)


if __name__ == "__main__":
    main(sys.argv[1:])
