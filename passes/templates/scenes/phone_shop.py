"""A phone shop: two phones with glowing screens and the case of a pair of earphones."""

from passes.templates.canvas import Canvas, Linear, Radial
from passes.templates.shapes import arc, box, moved, oval, smooth

GROUND, INK = "#11142b", "#ffffff"

_DOTS = (
    (196, 30, 5, "#ff7ac6"), (356, 24, 7, "#45d6ff"), (188, 84, 3, "#45d6ff"),
    (362, 96, 4, "#ffd166"), (222, 112, 3.4, "#ffd166"),
)  # fmt: skip


def strip(canvas: Canvas) -> None:
    """Paint the strip."""
    for radius, colour in (
        (150, "#171b3a"),
        (120, "#1f2450"),
        (90, "#2a2f68"),
        (62, "#373d84"),
    ):
        canvas.fill(oval(280, 64, radius), colour)
    for x, y, size, ink in _DOTS:
        canvas.fill(oval(x, y, size), ink)
    with canvas.placed(308, 74):
        _phone(canvas, 14, ("#45d6ff", "#5b7bff", "#7d4dff"), is_back=True)
    with canvas.placed(252, 72):
        _phone(canvas, -12, ("#ffd166", "#ff7a9e", "#8a4dff"), is_back=False)
    with canvas.placed(205, 96):
        _case(canvas)


def mark(canvas: Canvas, ink: str) -> None:
    """Paint the mark: a phone that is heard."""
    canvas.fill(box(17, 6, 63, 94, 11), ink, holes=[box(23.5, 15, 56.5, 79, 3)])
    canvas.fill(box(33, 8.6, 47, 11.8, 1.6), ink)
    for radius in (13, 24):
        canvas.stroke(arc(63, 47, radius, -42, 42), 6.4, ink)


def _phone(canvas: Canvas, turn: float, glow: tuple[str, ...], *, is_back: bool) -> None:
    shadow = moved(box(-29, -56, 33, 62, 11), turn=turn)
    canvas.fill(shadow, "#070818", 0.4)
    canvas.fill(
        moved(box(-31, -60, 31, 60, 11), turn=turn),
        Linear((-31, 0), (31, 0), ("#8d95c9", "#4b5288", "#262b57")),
    )
    if is_back:
        canvas.fill(
            moved(box(-29.4, -58.4, 29.4, 58.4, 9.6), turn=turn),
            Linear((-20, -56), (24, 56), glow),
        )
        canvas.fill(moved(box(-24, -53, 3, -25, 8), turn=turn), "#1b1f45", 0.55)
        for x, y in ((-16, -45.5), (-5, -38.5), (-16, -32)):
            lens = moved([(x, y)], turn=turn)[0]
            canvas.fill(oval(*lens, 5), "#0b0d20")
            canvas.fill(oval(lens[0] - 1.4, lens[1] - 1.4, 1.7), "#8fb6ff")
        return
    screen = moved(box(-28, -57, 28, 57, 8.5), turn=turn)
    canvas.fill(screen, Linear((-16, -56), (20, 56), glow))
    with canvas.within(screen):
        hill = [(-30, 18), (-12, 4), (6, 20), (18, 10), (32, 22), (32, 60), (-30, 60)]
        canvas.fill(moved(smooth(hill), turn=turn), "#5c2fb8", 0.55)
        hill = [(-30, 36), (-6, 24), (14, 38), (32, 30), (32, 62), (-30, 62)]
        canvas.fill(moved(smooth(hill), turn=turn), "#3a1d86", 0.75)
        canvas.fill(moved(oval(8, -4, 9), turn=turn), "#fff1cf", 0.95)
        gleam = [(-40, -60), (-14, -60), (-40, 20)]
        canvas.fill(moved(gleam, turn=turn), "#ffffff", 0.16)
    canvas.fill(moved(box(-9, -53, 9, -48.4, 2.3), turn=turn), "#0b0d20")
    canvas.fill(moved(box(-10, 51, 10, 52.8, 0.9), turn=turn), "#ffffff", 0.85)
    for y, wide in ((-38, 30), (-30, 18)):
        canvas.fill(moved(box(-wide / 2, y, wide / 2, y + 4.4, 2.2), turn=turn), "#ffffff", 0.8)


def _case(canvas: Canvas) -> None:
    canvas.fill(oval(0, 21, 26, 4), "#070818", 0.5)
    canvas.fill(
        box(-22, -17, 22, 20, 15), Linear((-22, 0), (22, 0), ("#ffffff", "#e8ebf8", "#a6acd0"))
    )
    canvas.stroke([(-21.4, -3), (21.4, -3)], 1.1, "#8b91b8")
    canvas.fill(box(-6, -5.4, 6, -0.8, 2.2), Radial((0, -4), 8, ("#d6daee", "#9aa1c6")))
    canvas.fill(oval(0, 6, 1.5), "#3ddc97")
    canvas.stroke(arc(-7, -3, 10, 190, 262), 2.2, "#ffffff", 0.9)
