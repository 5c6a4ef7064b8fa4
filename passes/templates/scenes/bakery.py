"""A bakery: a croissant in the morning sun, between ears of wheat."""

from math import cos, radians, sin

from passes.templates.canvas import Canvas
from passes.templates.shapes import Point, bezier, leaf, moved, oval

GROUND, INK = "#fbf3e4", "#4a2410"

_SUN = ("#fae8c6", "#f8dcaa", "#f6cf8d", "#fae3b6")  # rings of it, the largest first
_CRUST = ((0, "#cf7b2a"), (0.9, "#eda849"))  # each further to the light
_TURNS = (206, 334, 222, 318, 240, 300, 256, 284, 270)  # of its rolls, the middle one last


def strip(canvas: Canvas) -> None:
    """Paint the strip."""
    for radius, colour in zip((150, 122, 94, 66), _SUN, strict=True):
        canvas.fill(oval(276, 70, radius), colour)
    for x, turn, size in ((186, -108, 0.8), (340, -74, 0.9)):
        _ear(canvas, (x, 131), turn, size, "#d3822f")
    canvas.fill(oval(276, 110, 76, 6), "#a85a1c", 0.35)
    with canvas.placed(276, 68, 1.1):
        _croissant(canvas)


def mark(canvas: Canvas, ink: str) -> None:
    """Paint the mark: an ear of wheat in a ring."""
    canvas.fill(oval(50, 50, 47), ink, holes=[oval(50, 50, 42)])
    _grains(canvas, (50, 75), -90, 0.98, ink)
    canvas.stroke([(50, 84), (50, 24)], 2.6, ink)


def _ear(canvas: Canvas, foot: Point, turn: float, size: float, ink: str) -> None:
    line = moved([(0, 0), (92, 0)], *foot, turn, size)
    canvas.stroke(line, 1.6 * size, ink)
    tip = line[-1]
    start = moved([(38, 0)], *foot, turn, size)[0]
    _grains(canvas, start, turn, size, ink)
    for lean in (-9, 0, 9):
        canvas.stroke(moved([(0, 0), (22, 0)], *tip, turn + lean, size), 0.8 * size, ink)


def _grains(canvas: Canvas, foot: Point, turn: float, size: float, ink: str) -> None:
    for along in range(0, 50, 9):
        for side in (-34, 34):
            at = moved([(along, 0)], *foot, turn, size)[0]
            canvas.fill(leaf(*at, 15 * size, 7 * size, turn + side), ink)
    at = moved([(50, 0)], *foot, turn, size)[0]
    canvas.fill(leaf(*at, 15 * size, 7 * size, turn), ink)


def _croissant(canvas: Canvas) -> None:
    """Paint rolls along an arch, from its ends to the middle, which lies on top."""
    for turn in _TURNS:
        near = 1 - abs(turn - 270) / 64  # 0 at the ends, 1 in the middle
        x, y = 58 * cos(radians(turn)), 44 + 58 * sin(radians(turn))
        tall, wide = 9 + 22 * near**0.8, 10 + 7 * near
        lean = (turn - 270) * 1.02
        with canvas.placed(x, y):
            canvas.fill(moved(oval(0, 0, wide + 1.1, tall + 0.8), turn=lean), "#9a4f18")
            body = moved(oval(0, 0, wide, tall), turn=lean)
            with canvas.within(body):
                for share, colour in _CRUST:
                    layer = oval(-wide * share * 0.3, -tall * share * 0.5, wide, tall)
                    canvas.fill(moved(layer, turn=lean), colour)
            gloss = bezier(
                (-wide * 0.5, -tall * 0.28), (-wide * 0.42, -tall * 0.7),
                (0, -tall * 0.86), (wide * 0.34, -tall * 0.8),
            )  # fmt: skip
            canvas.stroke(moved(gloss, turn=lean), 2.1, "#fbd08a")
