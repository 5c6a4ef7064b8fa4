"""A merchant's colours as a stylesheet, corrected until they can be read.

The name of the file says the accent and a hash of the content, so that a browser may keep
it for ever and the server needs to look nothing up. The pass keeps the merchant's own
colour; text and buttons in it are darkened (or, at night, lightened) to a contrast of
4.5 : 1 against every surface (WCAG 2.2, 1.4.3, read 2026-11).
"""

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from chalicelib.domain.colours import CONTRAST_MIN, Colour, contrast

TOKENS: Final = Path(__file__).with_name("static") / "tokens.css"
STEPS_MAX: Final = 64  # from a colour to black or white
THEMES_CACHED_MAX: Final = 256
HASH_CHARS: Final = 8
DARK_BEGINS: Final = "@media (prefers-color-scheme: dark)"

_ACCENT: Final = re.compile(r"#[0-9a-fA-F]{6}")
_NAME: Final = re.compile(rf"([0-9a-f]{{6}})-[0-9a-f]{{{HASH_CHARS}}}\.(css|svg)")
_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)


def theme_path(accent: str, kind: str = "css") -> str:
    """Return the address of an accent's stylesheet, or of its icon (`svg`)."""
    colour = accent if _ACCENT.fullmatch(accent) else token("accent")
    content = _content(_read(colour), kind)
    digest = hashlib.sha256(content.encode()).hexdigest()[:HASH_CHARS]
    return f"/theme/{colour[1:].lower()}-{digest}.{kind}"


def theme_file(name: str) -> tuple[str, str] | None:
    """Return the content and the kind of a theme's file; None if the name is none."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    return _content(_read(f"#{found[1]}"), found[2]), found[2]


def pass_colours(accent: str) -> tuple[Colour, Colour]:
    """Return a card's ground and what is written on it, as the stylesheet has them.

    >>> pass_colours("no colour")  # becomes our own
    ((56, 80, 107), (255, 255, 255))
    """
    colour = _read(accent if _ACCENT.fullmatch(accent) else token("accent"))
    return colour, _on_pass(colour)


def ground_of(accent: str) -> str:
    """Return the colour of a card's ground, for what the browser itself draws.

    >>> ground_of("no colour") == token("accent")
    True
    """
    return _written(pass_colours(accent)[0])


def token(name: str, *, is_dark: bool = False) -> str:
    """Return a colour of the token file; at night the light one where no other is given."""
    light, _, dark = TOKENS.read_text(encoding="utf-8").partition(DARK_BEGINS)
    for part in (dark, light) if is_dark else (light,):
        found = re.search(rf"--{name}: (#[0-9a-f]{{6}});", part)
        if found:
            return found[1]
    raise KeyError(name)


@lru_cache(maxsize=THEMES_CACHED_MAX)
def _content(accent: Colour, kind: str) -> str:
    on_pass = _on_pass(accent)
    if kind == "svg":
        return _ICON.format(ground=_written(accent), ink=_written(on_pass))
    light = _readable(accent, towards=_BLACK, is_dark=False)
    dark = _readable(accent, towards=_WHITE, is_dark=True)
    night = _read(token("surface-0", is_dark=True))
    return _SHEET.format(
        accent=_written(light),
        on_accent=_written(_WHITE),
        dark_accent=_written(dark),
        on_dark_accent=_written(night),
        ground=_written(accent),
        on_pass=_written(on_pass),
    )


def _on_pass(accent: Colour) -> Colour:
    return max(_BLACK, _WHITE, key=lambda ink: contrast(ink, accent))


def _readable(colour: Colour, *, towards: Colour, is_dark: bool) -> Colour:
    """Mix in as little of `towards` as it takes to be read on every surface."""
    surfaces = [_read(token(f"surface-{n}", is_dark=is_dark)) for n in range(3)]
    if not is_dark:
        surfaces.append(_WHITE)  # also the text on a button of this colour
    for step in range(STEPS_MAX):
        mixed = _mixed(colour, towards, step)
        if all(contrast(mixed, surface) >= CONTRAST_MIN for surface in surfaces):
            return mixed
    return towards


def _mixed(colour: Colour, towards: Colour, step: int) -> Colour:
    red, green, blue = (
        (a * (STEPS_MAX - step) + b * step) // STEPS_MAX
        for a, b in zip(colour, towards, strict=True)
    )
    return red, green, blue


def _read(text: str) -> Colour:
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def _written(colour: Colour) -> str:
    return f"#{bytes(colour).hex()}"


_SHEET: Final = """\
:root {{
  --accent: {accent};
  --on-accent: {on_accent};
  --pass: {ground};
  --on-pass: {on_pass};
}}
@media (prefers-color-scheme: dark) {{
  :root {{
    --accent: {dark_accent};
    --on-accent: {on_dark_accent};
  }}
}}
"""
_ICON: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">\
<rect width="32" height="32" rx="8" fill="{ground}"/>\
<path d="M10 8v16M22 8 12 16l10 8" fill="none" stroke="{ink}" stroke-width="4"/></svg>
"""
