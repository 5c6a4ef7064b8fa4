"""Sports nutrition: a shaker and a dumbbell before slanting bands of light."""

from passes.templates.canvas import Canvas, Linear, Radial
from passes.templates.shapes import box, moved, oval, smooth

GROUND, INK = "#12161f", "#ffffff"

LIME = "#c6f04d"
_BANDS = (
    (150, 60, "#1d2431", 1), (196, 10, "#8fb52f", 0.35), (216, 26, LIME, 0.85),
    (252, 5, LIME, 0.6), (266, 44, "#a6d335", 0.95), (322, 12, LIME, 0.7),
    (342, 40, "#7fa528", 0.55),
)  # fmt: skip
_LARGE = 25  # half the height of the inner plates, at least


def strip(canvas: Canvas) -> None:
    """Paint the strip."""
    for left, wide, colour, opacity in _BANDS:
        slant = [(left + 36, 0), (left + 36 + wide, 0), (left + wide, 123), (left, 123)]
        canvas.fill(slant, colour, opacity)
    canvas.fill(oval(282, 113, 92, 7), "#05070b", 0.5)
    with canvas.placed(322, 60):
        _shaker(canvas)
    with canvas.placed(238, 80):
        _dumbbell(canvas, -17)


def mark(canvas: Canvas, ink: str) -> None:
    """Paint the mark: a dumbbell, slanting upward."""
    with canvas.placed(50, 50):
        parts = [box(-30, -6, 30, 6, 2)]
        for side in (-1, 1):
            parts += [
                box(min(side * 17, side * 30), -29, max(side * 17, side * 30), 29, 5),
                box(min(side * 33, side * 43), -19, max(side * 33, side * 43), 19, 4.5),
            ]
        for part in parts:
            canvas.fill(moved(part, turn=-38), ink)


def _dumbbell(canvas: Canvas, turn: float) -> None:
    steel = Linear((0, -7), (0, 7), ("#f4f7fb", "#aab4c4", "#5b6678"))
    canvas.fill(moved(box(-36, -6, 36, 6, 3), turn=turn), steel)
    for ridge in range(-18, 19, 6):
        canvas.stroke(moved([(ridge - 2, -5), (ridge + 2, 5)], turn=turn), 1, "#4b5567", 0.7)
    for left, right, tall in ((-54, -30, 31), (30, 54, 31), (-68, -52, 23), (52, 68, 23)):
        plate = moved(box(left, -tall, right, tall, 6), turn=turn)
        top = moved([(0, -tall)], turn=turn)[0]
        bottom = moved([(0, tall)], turn=turn)[0]
        canvas.fill(plate, Linear(top, bottom, ("#5b677b", "#333d4e", "#191f2a")))
        shine = moved(box(left + 3, -tall + 4, left + 6.5, tall - 8, 1.7), turn=turn)
        canvas.fill(shine, "#a9b6ca", 0.75)
        if tall > _LARGE:
            ring = moved(box(right - 5, -tall + 1, right - 2.6, tall - 1, 1), turn=turn)
            canvas.fill(ring, LIME, 0.95)


def _shaker(canvas: Canvas) -> None:
    body = [(-25, -28), (25, -28), (20.5, 48), (17, 52), (-17, 52), (-20.5, 48)]
    canvas.fill(body, Linear((-25, 0), (25, 0), ("#f7fafd", "#d9e2ec", "#8c9bb0")))
    with canvas.within(body):
        wave = smooth([(-26, 2), (-10, -2), (8, 4), (26, 0)], closed=False)
        drink = Linear((-25, 0), (25, 0), ("#e9d9c6", "#d3b795", "#94714f"))
        canvas.fill([*wave, (26, 56), (-26, 56)], drink)
        for y in range(-18, 46, 9):
            canvas.stroke([(11, y), (22, y)], 1.3, "#3b4658", 0.6)
    canvas.fill([(-18, -22), (-13, -22), (-11, 46), (-15, 46)], "#ffffff", 0.55)
    canvas.fill(
        box(-28, -41, 28, -25, 4), Linear((-28, 0), (28, 0), ("#d9ff63", LIME, "#7c9f22"))
    )
    for x in range(-22, 24, 6):
        canvas.stroke([(x, -38), (x, -28)], 1.2, "#6f9120", 0.6)
    canvas.fill(
        box(-15, -52, 15, -40, 4), Linear((-15, 0), (15, 0), ("#3b4658", "#252d3a", "#10141c"))
    )
    canvas.fill(box(-9, -57, 9, -50, 3), Radial((-3, -56), 14, ("#5b677b", "#222a37")))
