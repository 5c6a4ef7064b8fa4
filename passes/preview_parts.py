"""What previews of both wallets are drawn of: texts, images and symbols as parts of an SVG.

Lengths are points of a phone. A phone's letters differ from those of whoever looks at the
preview, so widths are estimated from a table, and a text that all but fills its room is told
to take no more. Every text is a merchant's or a member's: it is escaped here, and only here.

Source: SVG 2, W3C, "Text" and "Embedded content", read 2026-11.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from chalicelib.domain.pass_designs import Symbology
from passes.symbols import Symbol, symbol

WIDTH: Final = 375  # of a card
FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"
TEXT_CHARS_MAX: Final = 200  # more never fits; cut before it is measured

_ELLIPSIS: Final = "…"
_TIGHT: Final = 0.8  # of its room: from here on a text is told its width
_NARROW: Final = frozenset("iljtfrI1.,:;'|!()[]` \u00a0\u202f-·")
_WIDE: Final = frozenset("mwMW@%&шщжыюфмШЩЖЫЮФМДдQOОGСC—…")
_NARROW_EM, _WIDE_EM, _PLAIN_EM, _CAPITAL_EM, _FULL_EM = 0.32, 0.84, 0.565, 0.68, 1.0
_FULL_FROM: Final = "\u1100"  # from here on: East Asian signs and emoji
_BOLD: Final = 1.06
_SQUARE_SIDE: Final = 136
_BARS_WIDE, _BARS_TALL = 300, 64


Frame = tuple[float, float, float, float]  # left, top, width, height


@dataclass(frozen=True, slots=True)
class Letters:
    """How a text looks."""

    size: float
    colour: str
    weight: int = 400
    anchor: str = "start"  # or middle, or end
    spacing: float = 0


def text(words: str, x: float, y: float, room: float, letters: Letters) -> str:
    """Write one line, cut as phones cut it; `y` is its baseline."""
    shown = fitted(words, room, letters)
    if not shown:
        return ""
    width = measured(shown, letters)
    guard = (
        f' textLength="{min(width, room):.1f}" lengthAdjust="spacingAndGlyphs"'
        if width > room * _TIGHT
        else ""
    )
    spacing = f' letter-spacing="{letters.spacing:g}"' if letters.spacing else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{letters.size:g}" font-weight="{letters.weight}"'
        f' fill="{escape(letters.colour)}" text-anchor="{letters.anchor}"{spacing}{guard}>'
        f"{escaped(shown)}</text>"
    )


def fitted(words: str, room: float, letters: Letters) -> str:
    """Return the words, or as many of them as fit before an ellipsis.

    >>> fitted("Константин Константинопольский", 90, Letters(16, "#000"))
    'Констант…'
    """
    line = re.sub(r"[ \t\r\n]+", " ", words[:TEXT_CHARS_MAX]).strip()
    if measured(line, letters) <= room:
        return line
    while line and measured(line + _ELLIPSIS, letters) > room:
        line = line[:-1]
    return line.rstrip() + _ELLIPSIS if line else ""


def measured(line: str, letters: Letters) -> float:
    """Estimate how wide a line is; rather too wide than too narrow."""
    bold = _BOLD if letters.weight > 500 else 1  # noqa: PLR2004  CSS: medium
    return sum(_em(sign) * letters.size * bold + letters.spacing for sign in line)


def escaped(words: str) -> str:
    """Return words as XML has them; what XML cannot hold at all is left out."""
    return escape("".join(sign for sign in words if _is_xml(sign)))


def image(png: bytes, frame: Frame, extra: str = "") -> str:
    """Place a PNG, which travels within the SVG."""
    source = b64encode(png).decode("ascii")
    return f'<image {_framed(frame)} {extra} href="data:image/png;base64,{source}"/>'


def box(frame: Frame, fill: str, radius: float = 0) -> str:
    """Fill a rectangle."""
    corners = f' rx="{radius:g}"' if radius else ""
    return f'<rect {_framed(frame)} fill="{escape(fill)}"{corners}/>'


def code_block(code: str, shown: str, symbology: Symbology, top: float) -> tuple[str, float]:
    """Draw a code on white, its text under it; how tall the white is."""
    made = symbol(code, symbology)
    width, height, margin = _code_size(made)
    wide, tall = width + 2 * margin, height + margin + (26 if shown else margin)
    left = (WIDTH - wide) / 2
    unit = width / made.width
    stretch = height / made.height
    parts = [
        box((left, top, wide, tall), "#ffffff", 8),
        f'<g transform="translate({left + margin:g} {top + margin:g})'
        f' scale({unit:.4f} {stretch:.4f})">'
        f'<path d="{made.path}" fill="#000000" shape-rendering="crispEdges"/></g>',
    ]
    letters = Letters(12, "#1d1d1f", anchor="middle")
    parts.append(text(shown, WIDTH / 2, top + tall - 9, wide - 16, letters))
    return "".join(parts), tall


def card_svg(
    *, height: float, title: str, about: str, name: str, ground: str, body: str
) -> str:
    """Wrap a card's parts: `name` keeps the ids of two cards on one page apart."""
    clip = f"{name}-card"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}"'
        f' width="{WIDTH}" height="{height:g}" role="img"'
        f' aria-labelledby="{name}-title {name}-about" font-family="{escape(FONT)}">'
        f'<title id="{name}-title">{escaped(title)}</title>'
        f'<desc id="{name}-about">{escaped(about)}</desc>'
        f'<clipPath id="{clip}"><rect width="{WIDTH}" height="{height:g}" rx="14"/></clipPath>'
        f'<g clip-path="url(#{clip})">{box((0, 0, WIDTH, height), ground)}{body}</g></svg>'
    )


def size_of(png: bytes) -> tuple[int, int]:
    """Return a PNG's width and height in pixels."""
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


def largest(images: Mapping[str, bytes], kind: str) -> bytes | None:
    """Return the PNG of a kind with the most pixels, None if there is none."""
    names = (f"{kind}@3x.png", f"{kind}@2x.png", f"{kind}.png")
    return next((images[name] for name in names if name in images), None)


def in_words(content: Mapping[str, Any], key: str) -> str:
    """Return a value of a body as text; empty if it is not there."""
    value = content.get(key)
    return "" if value is None else str(value)


def _code_size(made: Symbol) -> tuple[float, float, float]:
    """Return the size of a symbol in points, and the white around it: its quiet zone."""
    if made.is_square:
        return _SQUARE_SIDE, _SQUARE_SIDE, 4 * _SQUARE_SIDE / made.width * 0.75 + 6
    return _BARS_WIDE, _BARS_TALL, 12 * _BARS_WIDE / made.width * 0.6 + 6


def _framed(frame: Frame) -> str:
    x, y, width, height = frame
    return f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'


def _em(sign: str) -> float:
    if sign in _NARROW:
        return _NARROW_EM
    if sign in _WIDE:
        return _WIDE_EM
    if sign >= _FULL_FROM and sign not in "\u2009\u202f\u2011\u2013\u2212":
        return _FULL_EM
    return _CAPITAL_EM if sign.isupper() else _PLAIN_EM


def _is_xml(sign: str) -> bool:
    """Say whether XML 1.0 has the character."""
    return sign in "\t\n\r" or (
        sign >= " " and not "\ud800" <= sign <= "\udfff" and sign not in "\ufffe\uffff"
    )
