"""A local shop: fruit and greens of the season in a crate."""

from math import cos, radians, sin

from passes.templates.canvas import Canvas, Linear, Radial
from passes.templates.shapes import bezier, box, leaf, moved, oval, smooth

GROUND, INK = "#12402e", "#ffffff"


def strip(canvas: Canvas) -> None:
    """Paint the strip."""
    for radius, colour in (
        (152, "#174b36"),
        (124, "#1d5a40"),
        (96, "#26704e"),
        (66, "#33875f"),
    ):
        canvas.fill(oval(272, 74, radius), colour)
    for x, y, length, turn in (
        (222, 62, 50, -128),
        (240, 50, 44, -108),
        (322, 50, 48, -66),
        (338, 66, 46, -40),
    ):
        _green(canvas, x, y, length, turn)
    with canvas.placed(306, 46):
        _pear(canvas)
    with canvas.placed(236, 58):
        _apple(canvas, ("#ff9a7d", "#e2402f", "#98201f"))
    with canvas.placed(346, 72, 0.82):
        _apple(canvas, ("#e6f29a", "#9cc63d", "#5c8a1d"))
    with canvas.placed(271, 52):
        _orange(canvas)
    _crate(canvas)
    with canvas.placed(186, 103):
        _slice(canvas)


def mark(canvas: Canvas, ink: str) -> None:
    """Paint the mark: an apple with a leaf."""
    half = [
        *bezier((50, 36), (60, 26), (88, 24), (88, 54)),
        *bezier((88, 54), (88, 78), (68, 98), (50, 91)),
    ]
    canvas.fill([*half, *[(100 - x, y) for x, y in reversed(half)]], ink)
    canvas.stroke(bezier((50, 34), (49, 24), (46, 18), (43, 13)), 5, ink)
    canvas.fill(leaf(51, 25, 32, 17, -28), ink)


def _green(canvas: Canvas, x: float, y: float, length: float, turn: float) -> None:
    canvas.fill(leaf(x, y, length, length * 0.4, turn), "#79b84a")
    half = [(a, b) for a, b in leaf(0, 0, length, length * 0.4, 0) if b >= 0]
    canvas.fill(moved(half, x, y, turn), "#5a9a35")
    canvas.stroke(moved([(0, 0), (length * 0.86, 0)], x, y, turn), 1.1, "#cfe8a3")


def _apple(canvas: Canvas, colours: tuple[str, ...]) -> None:
    half = [
        *bezier((0, -18), (8, -26), (29, -25), (29, 0)),
        *bezier((29, 0), (29, 18), (14, 34), (0, 29)),
    ]
    body = [*half, *[(-x, y) for x, y in reversed(half)]]
    canvas.fill(body, Radial((-10, -12), 46, colours))
    canvas.fill(moved(oval(0, 0, 4.4, 8.4), -14, -7, 28), "#ffffff", 0.5)
    canvas.fill(oval(0, -18, 7.4, 2.8), "#5d2417", 0.45)
    canvas.stroke(bezier((0, -17), (0, -24), (2, -27), (4, -31)), 2.2, "#5b3a1e")
    canvas.fill(leaf(2, -25, 19, 9, -18), "#79b84a")


def _pear(canvas: Canvas) -> None:
    half = [(0, -35), (8, -33), (12, -18), (22, -2), (25, 14), (17, 30), (0, 34)]
    body = smooth([*half, *[(-x, y) for x, y in reversed(half[1:-1])]])
    canvas.fill(body, Radial((-8, 2), 44, ("#fff0a6", "#ebc447", "#b98a1c")))
    canvas.fill(moved(oval(0, 0, 4, 11), -10, -2, 14), "#ffffff", 0.5)
    canvas.stroke(bezier((0, -33), (0, -39), (3, -43), (6, -45)), 2.4, "#5b3a1e")


def _orange(canvas: Canvas) -> None:
    canvas.fill(oval(0, 0, 27), Radial((-9, -10), 46, ("#ffd08a", "#f78f1e", "#bd5a08")))
    canvas.fill(moved(oval(0, 0, 4.6, 8), -11, -11, 40), "#ffffff", 0.45)
    canvas.fill(star_of_stalk(), "#4f7d2c")


def star_of_stalk() -> list[tuple[float, float]]:
    """Return the green that is left of an orange's stalk."""
    turns = range(0, 360, 36)
    return [
        (
            (6 if n % 2 else 2.6) * cos(radians(turn)),
            -18 + (3.4 if n % 2 else 1.5) * sin(radians(turn)),
        )
        for n, turn in enumerate(turns)
    ]


def _slice(canvas: Canvas) -> None:
    canvas.fill(oval(1, 3, 20), "#0a2a1e", 0.4)
    canvas.fill(oval(0, 0, 20), "#f78f1e")
    canvas.fill(oval(0, 0, 17.6), "#fff1d6")
    for turn in range(0, 360, 45):
        wedge = [
            (2.4, 0),
            *[(15.6 * cos(radians(a)), 15.6 * sin(radians(a))) for a in range(-18, 19, 6)],
        ]
        canvas.fill(moved(wedge, turn=turn + 12), "#ffae3d")


def _crate(canvas: Canvas) -> None:
    wood = Linear((0, 84), (0, 126), ("#d9a566", "#b57c3d", "#8a5725"))
    for top in (80, 103):
        canvas.fill(box(206, top, 368, top + 20, 2.5), "#0a2a1e", 0.35)
        canvas.fill(box(204, top - 1, 366, top + 18, 2.5), wood)
        canvas.stroke([(207, top + 1.4), (363, top + 1.4)], 1.4, "#f0c88f", 0.8)
        for x, wide in ((228, 40), (300, 44)):
            canvas.stroke([(x, top + 9), (x + wide, top + 8.4)], 0.9, "#7a4a1c", 0.5)
    for left in (212, 349):
        canvas.fill(
            box(left, 76, left + 10, 126, 2),
            Linear((left, 0), (left + 10, 0), ("#c58c4b", "#8a5725")),
        )
        for y in (88, 111):
            canvas.fill(oval(left + 5, y, 1.5), "#5b3714")
