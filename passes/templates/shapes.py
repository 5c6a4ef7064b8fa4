"""Outlines to draw with: smooth curves as lists of corners, in points, y downward.

An outline is closed unless a stroke is made of it. Angles are in degrees, clockwise as y
grows downward.
"""

from collections.abc import Iterable
from math import cos, pi, radians, sin
from typing import Final

Point = tuple[float, float]
Outline = list[Point]

_STEPS: Final = 12  # of a smooth curve between two of its points
_ROUND_STEPS: Final = 96


def oval(x: float, y: float, a: float, b: float | None = None) -> Outline:
    """Return an ellipse; a circle without `b`."""
    return arc(x, y, a, 0, 360, b)


def arc(  # noqa: PLR0917  six numbers, in the order of a drawing
    x: float, y: float, a: float, start: float, end: float, b: float | None = None
) -> Outline:
    """Return a part of an ellipse, open."""
    tall = a if b is None else b
    steps = max(8, round(_ROUND_STEPS * abs(end - start) / 360))
    turns = [radians(start + (end - start) * n / steps) for n in range(steps + 1)]
    return [(x + a * cos(turn), y + tall * sin(turn)) for turn in turns]


def box(left: float, top: float, right: float, bottom: float, radius: float = 0) -> Outline:
    """Return a rectangle with round corners."""
    if not radius:
        return [(left, top), (right, top), (right, bottom), (left, bottom)]
    corners = (
        (right - radius, top + radius, -90),
        (right - radius, bottom - radius, 0),
        (left + radius, bottom - radius, 90),
        (left + radius, top + radius, 180),
    )
    return [p for x, y, start in corners for p in arc(x, y, radius, start, start + 90)]


def smooth(points: Iterable[Point], *, closed: bool = True) -> Outline:
    """Return a curve through all points (Catmull-Rom)."""
    given = list(points)
    if not closed:
        given = [given[0], *given, given[-1]]
    count = len(given)
    spans = range(count) if closed else range(1, count - 2)
    made = []
    for n in spans:
        four = [given[(n + k - 1) % count] for k in range(4)]
        made += [_between(four, step / _STEPS) for step in range(_STEPS)]
    return made if closed else [*made, given[-1]]


def bezier(start: Point, first: Point, second: Point, end: Point) -> Outline:
    """Return a cubic curve, open."""
    made = []
    for n in range(2 * _STEPS + 1):
        t = n / (2 * _STEPS)
        parts = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        ends = (start, first, second, end)
        x, y = (sum(k * p[axis] for k, p in zip(parts, ends, strict=True)) for axis in (0, 1))
        made.append((x, y))
    return made


def leaf(x: float, y: float, length: float, width: float, turn: float) -> Outline:
    """Return a leaf whose stalk is at (x, y) and whose tip points at `turn`."""
    half = [(length * n / 16, width / 2 * sin(pi * (n / 16) ** 0.8)) for n in range(17)]
    both = half + [(a, -b) for a, b in reversed(half)]
    return moved(both, x, y, turn)


def moved(
    outline: Iterable[Point], x: float = 0, y: float = 0, turn: float = 0, size: float = 1
) -> Outline:
    """Return it scaled, turned about (0, 0), then moved."""
    c, s = cos(radians(turn)) * size, sin(radians(turn)) * size
    return [(x + px * c - py * s, y + px * s + py * c) for px, py in outline]


def star(x: float, y: float, outer: float, inner: float, rays: int = 5) -> Outline:
    """Return a star, one ray upward."""
    made = []
    for n in range(2 * rays):
        radius, turn = (inner if n % 2 else outer), radians(180 * n / rays - 90)
        made.append((x + radius * cos(turn), y + radius * sin(turn)))
    return made


def _between(four: list[Point], t: float) -> Point:
    parts = (
        -t / 2 + t * t - t**3 / 2,
        1 - 2.5 * t * t + 1.5 * t**3,
        t / 2 + 2 * t * t - 1.5 * t**3,
        t**3 / 2 - t * t / 2,
    )
    x, y = (sum(k * p[axis] for k, p in zip(parts, four, strict=True)) for axis in (0, 1))
    return x, y
