"""A discount that only grows: a young tree on hills, the evening sun behind."""

from passes.templates.canvas import Canvas, Linear
from passes.templates.shapes import bezier, leaf, moved, oval, smooth

GROUND, INK = "#0c3f4a", "#ffffff"

_HILLS = (
    ("#145862", ((142, 124), (190, 84), (236, 88), (290, 62), (340, 76), (380, 56))),
    ("#1d7a78", ((136, 124), (184, 102), (230, 104), (284, 84), (336, 96), (380, 82))),
    ("#2f9a83", ((128, 126), (178, 115), (226, 118), (282, 102), (340, 110), (380, 102))),
)


def strip(canvas: Canvas) -> None:
    """Paint the strip."""
    for radius, colour in (
        (132, "#124a55"),
        (104, "#1a5a62"),
        (78, "#2a7071"),
        (54, "#f2b563"),
        (42, "#fbd38c"),
    ):
        canvas.fill(oval(284, 62, radius), colour)
    for x, y, wide in ((214, 30, 30), (334, 22, 24), (196, 48, 18)):
        canvas.fill(
            smooth(
                [
                    (x - wide, y),
                    (x - wide * 0.3, y - 6),
                    (x + wide * 0.3, y - 5),
                    (x + wide, y),
                    (x, y + 1.6),
                ]
            ),
            "#d9f2ea",
            0.3,
        )
    for colour, ridge in _HILLS:
        line = smooth(ridge, closed=False)
        canvas.fill([*line, (380, 126), (128, 126)], colour, 0.9)
    with canvas.placed(284, 106):
        _tree(canvas)
    for x, y, size in ((206, 117, 0.5), (232, 119, 0.34), (340, 112, 0.56), (360, 110, 0.36)):
        with canvas.placed(x, y, size):
            _sprout(canvas, "#bfe8a0", "#79c266")


def mark(canvas: Canvas, ink: str) -> None:
    """Paint the mark: a plant of four leaves."""
    canvas.stroke(bezier((50, 94), (50, 74), (50, 54), (50, 40)), 6, ink)
    for x, y, length, turn in (
        (50, 88, 44, -152),
        (50, 78, 46, -26),
        (50, 60, 38, -148),
        (50, 52, 38, -32),
        (50, 42, 38, -90),
    ):
        canvas.fill(leaf(x, y, length, length * 0.44, turn), ink)


def _tree(canvas: Canvas) -> None:
    canvas.fill(oval(2, 2, 40, 5), "#0c3f4a", 0.35)
    trunk = [
        *bezier((-5, 2), (-2, -18), (-3, -38), (-2, -60)),
        *bezier((2, -60), (3, -38), (3, -18), (7, 2)),
    ]
    canvas.fill(trunk, Linear((-5, 0), (7, 0), ("#9a6a3d", "#5e3b1f")))
    leaves = (
        (0, -26, 40, -158), (1, -24, 42, -20), (0, -40, 42, -144), (1, -38, 44, -34),
        (0, -54, 38, -126), (0, -52, 40, -54), (0, -58, 40, -90),
    )  # fmt: skip
    for number, (x, y, length, turn) in enumerate(leaves):
        light, dark = (("#a8dc86", "#6cbb5c"), ("#8fd07a", "#4fa552"))[number % 2]
        outline = leaf(0, 0, length, length * 0.46, 0)
        canvas.fill(moved(outline, x, y + 1.4, turn), "#0c3f4a", 0.3)
        canvas.fill(moved(outline, x, y, turn), light)
        canvas.fill(moved([p for p in outline if p[1] >= 0], x, y, turn), dark)
        canvas.stroke(moved([(2, 0), (length * 0.82, 0)], x, y, turn), 0.9, "#e6f7d2", 0.9)


def _sprout(canvas: Canvas, light: str, dark: str) -> None:
    canvas.stroke([(0, 0), (0, -22)], 3, dark)
    canvas.fill(leaf(0, -20, 28, 14, -148), light)
    canvas.fill(leaf(0, -20, 28, 14, -32), dark)
