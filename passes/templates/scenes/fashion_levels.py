"""A clothes shop: a dress of silk on a golden hanger, silk flowing behind it."""

from passes.templates.canvas import Canvas, Linear
from passes.templates.shapes import Outline, arc, bezier, smooth

GROUND, INK = "#241726", "#fff7f2"

GOLD = ("#fbe6b4", "#d9a95b", "#a87432")
_FOLDS = (  # where each begins at the top, where it ends at the bottom, its colours
    (150, 214, ("#3a2338", "#4d2c45")),
    (182, 236, ("#6b3a55", "#4a2a43")),
    (206, 268, ("#a45a6f", "#6b3a55")),
    (242, 300, ("#d98f8f", "#a9606f")),
    (282, 322, ("#f0b9a8", "#cf8488")),
    (318, 360, ("#d98f8f", "#9c5568")),
    (352, 392, ("#f4c9b4", "#c77c83")),
)


def strip(canvas: Canvas) -> None:
    """Paint the strip."""
    for top, bottom, colours in _FOLDS:
        canvas.fill(_fold(top, bottom), Linear((top, 0), (bottom, 123), colours))
        shine = [(x + 7, y) for x, y in _edge(top, bottom)]
        canvas.stroke(shine, 1.6, "#ffffff", 0.16)
    with canvas.placed(280, 10):
        _dress(canvas)
        _hanger(canvas)


def mark(canvas: Canvas, ink: str) -> None:
    """Paint the mark: a hanger."""
    canvas.stroke(
        [*arc(50, 24, 11, 170, 380), *bezier((59, 31), (54, 38), (50, 38), (50, 48))], 6, ink
    )
    frame = [*bezier((50, 47), (60, 54), (78, 64), (91, 72)), *arc(89, 77, 5, -60, 90)]
    other = [(100 - x, y) for x, y in frame]
    canvas.stroke(frame, 6, ink)
    canvas.stroke(other, 6, ink)
    canvas.stroke([(11, 82), (89, 82)], 6, ink)


def _edge(top: float, bottom: float) -> Outline:
    return bezier((top, -1), (top + 44, 40), (bottom - 52, 76), (bottom, 124))


def _fold(top: float, bottom: float) -> Outline:
    return [*_edge(top, bottom), (400, 124), (400, -1)]


def _hanger(canvas: Canvas) -> None:
    paint = Linear((-50, 0), (50, 30), GOLD)
    canvas.stroke(
        [*arc(0, 2, 6, 170, 370), *bezier((5.6, 4), (3, 8), (0, 9), (0, 14))], 2.6, paint
    )
    for side in (-1, 1):
        arm = bezier((0, 13), (side * 12, 17), (side * 32, 24), (side * 45, 31))
        canvas.stroke(arm, 3.4, paint)


def _dress(canvas: Canvas) -> None:
    half = [
        *bezier((4, 31), (10, 27), (12, 22), (18, 19)),
        *bezier((27, 21), (27, 34), (29, 38), (31, 44)),
        *bezier((31, 44), (22, 52), (19, 58), (18, 66)),
        *bezier((20, 68), (30, 84), (43, 102), (49, 122)),
    ]
    body = [*half, *[(-x, y) for x, y in reversed(half)]]
    canvas.fill(body, Linear((-40, 0), (44, 0), ("#fffaf4", "#fbe9dd", "#dfb4a6")))
    with canvas.within(body):
        for x, lean in ((-13, -26), (-5, -10), (5, 8), (13, 26)):
            fold = bezier((x * 0.8, 67), (x, 84), (x + lean * 0.5, 100), (x + lean, 124))
            canvas.stroke(fold, 2, "#c98e86", 0.55)
        for side in (-1, 1):
            canvas.stroke(
                bezier((side * 20, 40), (side * 14, 48), (side * 8, 56), (side * 4, 64)),
                1.4,
                "#c98e86",
                0.5,
            )
    sash = [(-18.4, 62), (18.4, 62), (18.8, 69), (-18.8, 69)]
    canvas.fill(sash, Linear((-19, 0), (19, 0), GOLD))
    bow = smooth([(6, 66), (14, 60), (17, 66), (14, 72)])
    canvas.fill(bow, "#e8c079")
    canvas.stroke(bezier((8, 67), (12, 76), (12, 82), (16, 90)), 2.6, "#d9a95b")
