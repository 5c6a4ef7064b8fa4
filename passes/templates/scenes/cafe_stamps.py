"""A café: a cup with a heart of milk, steam above it and beans around."""

from passes.templates.canvas import Canvas, Linear, Radial
from passes.templates.shapes import Outline, bezier, moved, oval, smooth

GROUND, INK = "#2b1a12", "#fff6ea"

_BEANS = (
    (176, 104, 20, 0.8), (206, 22, -35, 0.62), (346, 100, -50, 1.0), (362, 40, 28, 0.8),
    (188, 62, 64, 0.5), (330, 18, -20, 0.6), (222, 112, -70, 0.66),
)  # fmt: skip


def strip(canvas: Canvas) -> None:
    """Paint the strip."""
    for radius, colour in (
        (148, "#38231a"),
        (120, "#4a2e20"),
        (92, "#60402b"),
        (66, "#7a5236"),
    ):
        canvas.fill(oval(270, 66, radius), colour)
    for x, y, turn, size in _BEANS:
        with canvas.placed(x, y, size):
            _bean(canvas, turn)
    with canvas.placed(268, 72):
        _cup(canvas)


def mark(canvas: Canvas, ink: str) -> None:
    """Paint the mark: a cup with steam."""
    body = _body(20, 42, 66, 86)
    canvas.fill(oval(68, 58, 16, 14), ink, holes=[oval(68, 58, 9.5, 7.5)])
    canvas.fill(body, ink)
    canvas.fill(smooth([(10, 90), (43, 87), (78, 90), (43, 95)]), ink)
    for x in (31, 43, 55):
        canvas.stroke(bezier((x, 34), (x - 7, 26), (x + 7, 19), (x, 10)), 4.2, ink)


def _body(left: float, top: float, right: float, bottom: float) -> Outline:
    middle, deep = (left + right) / 2, bottom - top
    return [
        *bezier((left, top), (left, top + deep * 0.75), (left + 10, bottom), (middle, bottom)),
        *bezier(
            (middle, bottom), (right - 10, bottom), (right, top + deep * 0.75), (right, top)
        ),
    ]


def _cup(canvas: Canvas) -> None:
    canvas.fill(oval(0, 44, 82, 9), "#160c07", 0.5, blur=3)
    canvas.fill(oval(0, 37, 76, 11), Linear((0, 28), (0, 50), ("#fff8ec", "#cfae88")))
    canvas.fill(oval(0, 35, 50, 6.5), "#b98f64", 0.55)
    canvas.fill(
        oval(54, -2, 21, 18),
        Linear((34, 0), (76, 0), ("#f6e7d1", "#c59d72")),
        holes=[oval(54, -2, 12.5, 10)],
    )
    body = _body(-52, -26, 52, 39)
    canvas.fill(body, Linear((-52, 0), (52, 0), ("#fffaf1", "#f8ead6", "#c9a37a")))
    canvas.fill(oval(0, -26, 52, 15), "#fffaf2")
    canvas.fill(
        oval(0, -25, 47.5, 12.4), Radial((0, -25), 48, ("#b5743c", "#8d5327", "#53290f"))
    )
    heart = [
        *bezier((0, -16.5), (-13, -19), (-26, -27), (-17, -32)),
        *bezier((-17, -32), (-9, -35.4), (-1, -32), (0, -29.5)),
        *bezier((0, -29.5), (1, -32), (9, -35.4), (17, -32)),
        *bezier((17, -32), (26, -27), (13, -19), (0, -16.5)),
    ]
    canvas.fill(heart, "#fdf0da")
    canvas.stroke(
        bezier((-27, -24), (-22, -18.5), (-13, -16), (-6, -15.2)), 1.4, "#f0d6b0", 0.8
    )
    canvas.stroke(bezier((27, -24), (22, -18.5), (13, -16), (6, -15.2)), 1.4, "#f0d6b0", 0.8)
    canvas.stroke(bezier((-43, -6), (-41, 12), (-34, 24), (-26, 30)), 3, "#ffffff", 0.75)
    for x, tall in ((-18, 26), (2, 34), (22, 26)):
        wave = bezier(
            (x, -46), (x - 12, -46 - tall / 3), (x + 12, -46 - tall * 0.7), (x, -46 - tall)
        )
        canvas.stroke(wave, 3.4, "#fff3df", 0.34, blur=0.9)


def _bean(canvas: Canvas, turn: float) -> None:
    canvas.fill(moved(oval(1.5, 2.5, 17, 12), turn=turn), "#120905", 0.4)
    canvas.fill(
        moved(oval(0, 0, 17, 12), turn=turn),
        Radial((-5, -6), 24, ("#a9673a", "#6f3d1f", "#3d1f0f")),
    )
    slit = bezier((-16, 1), (-6, -7), (5, 7), (16, -1))
    canvas.stroke(moved(slit, turn=turn), 2.2, "#2a140a")
