"""The official buttons of Apple's and Google's wallets, where a deployment has put them.

Neither vendor lets anybody redraw, recolour or pass on its button, so none is shipped: the
operator downloads them into `static/wallet/`, named by wallet and language
(`apple.ru.svg`, `google.en.svg`). Without one the card has a button in words. A file must be
a drawing and nothing else: it is refused if it could run or load anything.

Source: Apple, "Add to Apple Wallet guidelines"; Google Wallet, "Brand guidelines", read
2026-11.
"""

import logging
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal
from xml.etree import ElementTree

from chalicelib.web.assets import FOLDER, asset_path
from passes.wording import Language

HEIGHT: Final = 48  # CSS pixels: Google's least, and a finger's
BYTES_MAX: Final = 100_000
RATIO_MAX: Final = 12  # of width to height
FALLBACK: Final[Language] = "en"  # what both vendors ask for where a language is missing
_SVG: Final = "{http://www.w3.org/2000/svg}"
_DRAWN: Final = frozenset(
    {
        *("svg", "g", "defs", "symbol", "use", "title", "desc", "metadata", "style"),
        *("path", "rect", "circle", "ellipse", "line", "polygon", "polyline"),
        *("clipPath", "mask", "linearGradient", "radialGradient", "stop"),
    }
)
_LOADS: Final = re.compile(r"@import|url\(\s*['\"]?(?!#)|javascript:|expression\(", re.I)
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")

Platform = Literal["apple", "google"]

log = logging.getLogger(__name__)


class BadgeRefused(ValueError):
    """The file is no drawing, or more than one."""


@dataclass(frozen=True, slots=True)
class Badge:
    """A button to be shown; its own shape and colours, whatever the page's."""

    src: str
    width: int
    height: int = HEIGHT


def badge_of(platform: Platform, language: Language) -> Badge | None:
    """Return the official button in a language, or in English; None: there is none."""
    return _found(platform, language) or _found(platform, FALLBACK)


def width_of(content: bytes) -> int:
    """Return how wide a drawing is at `HEIGHT`.

    Raises:
        BadgeRefused: it is none, or could run or load something.
    """
    if len(content) > BYTES_MAX or b"<!" in re.sub(rb"<!--.*?-->", b"", content, flags=re.S):
        raise BadgeRefused("too large, or it has a document type")  # and with it entities
    try:
        root = ElementTree.fromstring(content)  # without entities: it stays as small
    except ElementTree.ParseError as error:
        raise BadgeRefused("no XML") from error
    if root.tag != f"{_SVG}svg":
        raise BadgeRefused("no SVG")
    for part in root.iter():
        _check(part)
    return _width(root)


@cache
def _found(platform: Platform, language: Language) -> Badge | None:
    name = f"wallet/{platform}.{language}.svg"
    path = FOLDER / name
    if not path.is_file():
        return None
    return _read(path, name)


def _read(path: Path, name: str) -> Badge | None:
    try:
        width = width_of(path.read_bytes())
    except BadgeRefused as error:
        log.warning("a wallet's button was left aside", extra={"file": name, "why": str(error)})
        return None
    return Badge(asset_path(name), width)


def _check(part: ElementTree.Element) -> None:
    if part.tag.removeprefix(_SVG) not in _DRAWN:
        raise BadgeRefused("it has more than shapes")
    texts = [part.text or "", *part.attrib.values()]
    if any(_LOADS.search(text) for text in texts):
        raise BadgeRefused("it loads something")
    for key, value in part.attrib.items():
        name = key.rpartition("}")[2].lower()
        if name.startswith("on") or (name == "href" and not value.startswith("#")):
            raise BadgeRefused("it leads or does something")


def _width(root: ElementTree.Element) -> int:
    """Return the width at our height by the drawing's own proportions."""
    box = [float(one) for one in _NUMBER.findall(root.get("viewBox", ""))][2:]
    sides = box or [
        float(found[0])
        for side in ("width", "height")
        if (found := _NUMBER.match(root.get(side, "")))
    ]
    match sides:
        case [wide, tall] if tall > 0 and 1 <= wide / tall <= RATIO_MAX:
            return round(HEIGHT * wide / tall)
    raise BadgeRefused("it has no size, or is no button")
