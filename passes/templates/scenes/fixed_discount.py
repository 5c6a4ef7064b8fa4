"""One discount for everybody: a price tag on a string, shopping bags beside it."""

from passes.templates.canvas import Canvas, Linear
from passes.templates.shapes import Outline, arc, bezier, box, moved, oval

GROUND, INK = "#8f1d2c", "#ffffff"

_DOTS = (
    (172, 26, 3.4, "#ffd166"), (188, 92, 4.6, "#ff8f8f"), (214, 18, 5, "#ffb3a7"),
    (358, 20, 4.4, "#ffd166"), (366, 70, 3, "#ffe9e3"), (200, 58, 2.6, "#ffe9e3"),
    (340, 10, 2.4, "#ffb3a7"),
)  # fmt: skip


def strip(canvas: Canvas) -> None:
    """Paint the strip."""
    for radius, colour in (
        (154, "#9c2433"),
        (124, "#ad2e3d"),
        (94, "#c23c4a"),
        (64, "#d84f5a"),
    ):
        canvas.fill(oval(278, 66, radius), colour)
    for x, y, size, ink in _DOTS:
        canvas.fill(oval(x, y, size), ink)
    canvas.fill(oval(286, 117, 84, 6), "#4f0a16", 0.4)
    with canvas.placed(330, 116):
        _bag(canvas, 30, 66, ("#ffe2a6", "#f6b93f", "#cf8a17"))
    with canvas.placed(294, 118):
        _bag(canvas, 26, 48, ("#ffffff", "#ffe9e3", "#e9b8ae"))
    with canvas.placed(236, 66):
        _tag(canvas, -24)


def mark(canvas: Canvas, ink: str) -> None:
    """Paint the mark: a price tag with a percent sign."""
    with canvas.placed(49, 51, 0.92):
        holes = [moved(oval(-30, 0, 6.2), turn=-45)]
        canvas.fill(moved(_tag_outline(47, 30), turn=-45), ink, holes=holes)
    _percent(canvas, 55.5, 44.5, 0.74, "", turn=-45)


def _tag_outline(long: float, tall: float) -> Outline:
    return [
        (-long, -tall * 0.45), (-long * 0.66, -tall), *arc(long - 6, -tall + 6, 6, -90, 0),
        *arc(long - 6, tall - 6, 6, 0, 90), (-long * 0.66, tall), (-long, tall * 0.45),
    ]  # fmt: skip


def _tag(canvas: Canvas, turn: float) -> None:
    outline = moved(_tag_outline(58, 34), turn=turn)
    hole = moved([(-42, 0)], turn=turn)[0]
    string = bezier(hole, (-66, -10), (-74, -46), (-34, -72))
    canvas.fill(moved(outline, 2.4, 4.4), "#4f0a16", 0.38, holes=[oval(hole[0], hole[1], 6)])
    canvas.fill(
        outline,
        Linear((-50, -30), (54, 34), ("#fffdf8", "#fff1de", "#f3cfae")),
        holes=[oval(*hole, 6)],
    )
    inner = moved(_tag_outline(53, 29.4), turn=turn)
    canvas.stroke([*inner, inner[0]], 1.2, "#d8505b", 0.6)
    canvas.fill(oval(*hole, 8.4), "#d84f5a", holes=[oval(*hole, 5.2)])
    canvas.stroke(string, 2, "#ffe9e3")
    x, y = moved([(11, 0)], turn=turn)[0]
    _percent(canvas, x, y, 1.06, "#b3202f", turn=turn)


def _percent(canvas: Canvas, x: float, y: float, size: float, ink: str, *, turn: float) -> None:
    """Paint a percent sign; without ink it is cut out of what is there."""
    parts: list[tuple[Outline, tuple[Outline, ...]]]
    parts = [(moved(box(-3.4, -25, 3.4, 25, 3), turn=34 + turn), ())]
    for ring in ((-15, -12), (15, 12)):
        centre = moved([ring], turn=turn)[0]
        parts.append((oval(*centre, 9.4), (oval(*centre, 4.3),)))
    with canvas.placed(x, y, size):
        for outline, holes in parts:
            if ink:
                canvas.fill(outline, ink, holes=holes)
            else:
                canvas.erase(outline, holes=holes)


def _bag(canvas: Canvas, wide: float, tall: float, colours: tuple[str, ...]) -> None:
    light, middle, dark = colours
    canvas.stroke(arc(0, -tall, wide * 0.42, 180, 360, wide * 0.5), 2.4, dark)
    body = [(-wide * 0.94, -tall), (wide * 0.94, -tall), (wide, 0), (-wide, 0)]
    canvas.fill(body, Linear((-wide, 0), (wide, 0), (light, middle, dark)))
    canvas.fill(
        [(wide * 0.94, -tall), (wide, 0), (wide * 0.62, 0), (wide * 0.7, -tall)], dark, 0.45
    )
    for side in (-0.42, 0.42):
        canvas.fill(oval(wide * side, -tall + 5, 1.7), "#6b1420", 0.6)
    canvas.stroke(arc(0, -tall + 5, wide * 0.42, 180, 360, wide * 0.72), 2.2, "#8f1d2c", 0.75)
