"""A poster as shapes and lines of text, for whichever format they are drawn in.

Lengths are millimetres of an A4 sheet from its top left corner, also for A6, which is the
same sheet at half the size; a line's place is its baseline. Type is measured with the font
that is embedded, so that what fits here fits on paper.
"""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from chalicelib.domain.colours import Colour
from chalicelib.web.qr import Symbol

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT = 210.0, 297.0
SCALES: Final = {"a4": 1.0, "a6": 0.5}
FONTS: Final = {
    "regular": Path(__file__).with_name("lettering") / "Inter-Regular.ttf",
    "bold": Path(__file__).with_name("lettering") / "Inter-Bold.ttf",
}
MARGIN: Final = 20.0
BAND: Final = 120.0  # of the merchant's colour
SHEET: Final = 124.0  # the white one around the code
QUIET: Final = 14.0  # around the symbol: four modules and more (ISO/IEC 18004, 6.3.8)
ROOM: Final = WIDTH - 2 * MARGIN
WORDS_MAX: Final = 60
_MEASURED_AT: Final = 1_000  # pixels to the em
_SHRINK: Final = 0.92
_SHRINKS_MAX: Final = 8
_WHITE: Final[Colour] = (255, 255, 255)
_INK: Final[Colour] = (20, 23, 28)
_INK_2: Final[Colour] = (80, 88, 102)
_LINE: Final[Colour] = (213, 218, 225)

Weight = Literal["regular", "bold"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, its corners rounded, with a thin line around it if it has a colour."""

    left: float
    top: float
    width: float
    height: float
    fill: Colour
    radius: float = 0.0
    line: Colour | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text."""

    text: str
    left: float
    baseline: float
    size: float  # of the em
    weight: Weight
    fill: Colour
    is_centred: bool = False  # then `left` is its middle


@dataclass(frozen=True, slots=True)
class Code:
    """The symbol, in black."""

    symbol: Symbol
    left: float
    top: float
    side: float


@dataclass(frozen=True, slots=True)
class Type:
    """How text is set."""

    size: float
    weight: Weight
    fill: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class PosterText:
    """What a poster says."""

    merchant: str
    benefit: str
    others: tuple[str, ...]
    call: str
    steps: str
    address: str
    store: str


Shape = Box | Line | Code


def poster(text: PosterText, symbol: Symbol, colours: tuple[Colour, Colour]) -> list[Shape]:
    """Return the shapes in the order they are drawn."""
    ground, ink = colours
    left = (WIDTH - SHEET) / 2
    top = BAND - 30
    side = SHEET - 2 * QUIET
    shapes: list[Shape] = [Box(0, 0, WIDTH, HEIGHT, _WHITE), Box(0, 0, WIDTH, BAND, ground)]
    shapes += _block(text.merchant, 29, Type(9, "regular", ink), lines_max=1)
    shapes += _block(text.benefit, 51, Type(19, "bold", ink), lines_max=2)
    shapes.append(Box(left, top, SHEET, SHEET, _WHITE, 8, _LINE))
    shapes.append(Code(symbol, left + QUIET, top + QUIET, side))
    below = top + SHEET
    lines = [
        (text.call, below + 17, Type(10, "bold", _INK)),
        (text.steps, below + 27, Type(6, "regular", _INK_2)),
        (text.address, HEIGHT - 20, Type(6, "bold", _INK)),
        (text.store, HEIGHT - 12, Type(4.6, "regular", _INK_2)),
    ]
    for place, other in enumerate(text.others):
        lines.append((other, below + 40 + 8.5 * place, Type(6, "regular", _INK)))
    shapes += [_centred(said, baseline, style) for said, baseline, style in lines if said]
    return shapes


def _block(text: str, baseline: float, style: Type, *, lines_max: int) -> list[Shape]:
    """Return text from the left margin on, smaller until it fits in so many lines."""
    for _ in range(_SHRINKS_MAX):
        lines = _wrapped(text, style)
        if len(lines) <= lines_max and all(_width(one, style) <= ROOM for one in lines):
            break
        style = replace(style, size=style.size * _SHRINK)
    return [
        Line(
            _cut(one, style),
            MARGIN,
            baseline + place * style.size * 1.2,
            style.size,
            style.weight,
            style.fill,
        )
        for place, one in enumerate(lines[:lines_max])
    ]


def _centred(text: str, baseline: float, style: Type) -> Line:
    """Return one line, smaller until it fits."""
    for _ in range(_SHRINKS_MAX):
        if _width(text, style) <= ROOM:
            break
        style = replace(style, size=style.size * _SHRINK)
    return Line(
        _cut(text, style),
        WIDTH / 2,
        baseline,
        style.size,
        style.weight,
        style.fill,
        is_centred=True,
    )


def _cut(text: str, style: Type) -> str:
    """Return as much as there is room for."""
    if _width(text, style) <= ROOM:
        return text
    for length in range(len(text), 0, -1):
        if _width(f"{text[:length]}…", style) <= ROOM:
            return f"{text[:length]}…"
    return ""


def _wrapped(text: str, style: Type) -> list[str]:
    lines = [""]
    for word in text.split(" ")[:WORDS_MAX]:
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _width(longer, style) > ROOM:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _width(text: str, style: Type) -> float:
    return float(_font(style.weight).getlength(text)) * style.size / _MEASURED_AT


@cache
def _font(weight: Weight) -> "FreeTypeFont":
    from PIL import ImageFont  # lazy: no till draws posters

    return ImageFont.truetype(FONTS[weight], _MEASURED_AT)
