"""An online shop: parcels on rising steps, a star on each for what was gathered."""

from passes.templates.canvas import Canvas, Linear
from passes.templates.shapes import Outline, box, moved, oval, smooth, star

GROUND, INK = "#232c86", "#ffffff"

_STEPS = ((160, 96), (222, 77), (284, 57))  # left, top
_SUNNY = ("#ffe28a", "#ffc93c", "#e59a12")


def strip(canvas: Canvas) -> None:
    """Paint the strip."""
    for radius, colour in (
        (156, "#2a3494"),
        (124, "#323ea6"),
        (92, "#3d4abc"),
        (60, "#4b59d0"),
    ):
        canvas.fill(oval(300, 40, radius), colour)
    for number, (left, top) in enumerate(_STEPS):
        right = _STEPS[number + 1][0] if number + 1 < len(_STEPS) else 380
        canvas.fill(box(left, top, right, 126), ("#6f7ce8", "#8c97f2", "#aab3fa")[number])
        canvas.fill(box(left, top, right, top + 14), ("#98a3f7", "#b3bcfb", "#d2d8ff")[number])
        canvas.fill(box(left, top + 14, left + 5, 126), "#2a3494", 0.22)
    for x, y, size, colours in (
        (191, 107, 0.62, ("#f3c99a", "#d99a5b", "#b87638")),
        (253, 89, 0.76, ("#ff9b8a", "#f2644f", "#c8402f")),
        (329, 69, 0.98, ("#f3c99a", "#d99a5b", "#b87638")),
    ):
        with canvas.placed(x, y, size):
            _parcel(canvas, colours)
    for x, y, size in (
        (191, 56, 8),
        (252, 30, 7.5),
        (358, 98, 10),
        (332, 98, 10),
        (306, 98, 10),
        (262, 110, 8),
        (242, 110, 8),
    ):
        _coin(canvas, x, y, size)


def mark(canvas: Canvas, ink: str) -> None:
    """Paint the mark: a parcel with a star."""
    canvas.fill([(50, 4), (92, 24), (50, 44), (8, 24)], ink)
    canvas.fill([(5, 31), (46, 51), (46, 97), (5, 77)], ink)
    holes = [moved(star(0, 0, 13, 5.6), 74.5, 63)]
    canvas.fill([(95, 31), (54, 51), (54, 97), (95, 77)], ink, holes=holes)


def _parcel(canvas: Canvas, colours: tuple[str, ...]) -> None:
    light, middle, dark = colours
    canvas.fill([(0, 0), (-42, -12), (0, -24), (44, -12)], "#141a5c", 0.35)
    canvas.fill([(0, -2), (-38, -12), (-38, -46), (0, -34)], middle)
    canvas.fill([(0, -2), (38, -12), (38, -46), (0, -34)], dark)
    canvas.fill([(0, -34), (-38, -46), (0, -57), (38, -46)], light)
    tape: tuple[Outline, ...] = (
        [(-23, -41.2), (-14, -38.4), (24, -50), (15, -52.7)],
        [(-23, -41.2), (-14, -38.4), (-14, -26), (-18.5, -29.6), (-23, -28.6)],
    )
    for outline, colour in zip(tape, ("#fff2c9", "#ffe28a"), strict=True):
        canvas.fill(outline, colour)
    canvas.fill([(9, -14), (27, -19), (27, -30), (9, -25)], "#fff6e6", 0.9)
    for y in (-16.6, -20.4):
        canvas.stroke([(12, y - 0.6), (23, y - 3.7)], 1.3, "#6b7090")
    canvas.stroke([(0, -3), (0, -34)], 0.9, "#ffffff", 0.35)


def _coin(canvas: Canvas, x: float, y: float, size: float) -> None:
    canvas.fill(oval(x + 1, y + 1.6, size), "#141a5c", 0.4)
    canvas.fill(oval(x, y, size), Linear((x - size, y - size), (x + size, y + size), _SUNNY))
    canvas.fill(oval(x, y, size * 0.78), "#f3b228")
    canvas.fill(smooth(star(x, y, size * 0.6, size * 0.34)), "#fff4cc")
