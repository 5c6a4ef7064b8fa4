"""A Google loyalty card as a phone lays it out, drawn from its class and object as an SVG.

From the top: logo in a circle and issuer, the program's name, the two kinds of points side by
side, the barcode on white, the hero image at the bottom. Text is white or near black, as the
phone chooses by the card's colour; Google has no other.

Source: Google Wallet, "Loyalty cards", "Pass template" and "Brand guidelines", read 2026-11.
No phone was at hand: places are measured from Google's drawings.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from chalicelib.domain.colours import luminance, read_colour
from chalicelib.domain.pass_designs import Symbology
from passes import preview_parts as parts
from passes.preview_parts import WIDTH, Letters
from passes.wording import Language, number_text

_MARGIN: Final = 20
_LOGO: Final = 40
_TOP: Final = 34  # the middle of the first line
_LINE: Final = 68
_NAME: Final = 106
_ROW: Final = 136
_CODE_TOP: Final = 184
_CODE_TALL: Final = 186
_HERO_RATIO: Final = 1032 / 336
_LIGHT, _DARK = "#ffffff", "#202124"
_SPLIT: Final = 0.36  # luminance of a ground above which text is dark
_TOTP_SAMPLE: Final = "000000"  # a phone puts its own digits there
_SYMBOLOGIES: Final = {
    "QR_CODE": Symbology.QR,
    "AZTEC": Symbology.AZTEC,
    "PDF_417": Symbology.PDF417,
    "CODE_128": Symbology.CODE128,
}

Content = Mapping[str, Any]


def google_preview(
    of_class: Content,
    of_object: Content,
    *,
    logo: bytes | None,
    hero: bytes | None,
    language: Language,
    title: str,
) -> str:
    """Draw a pass: its class and object as they are sent, and the images they name."""
    page = _Page(of_class, of_object, language)
    body = [*page.top(logo), *page.points()]
    code, bottom = page.barcode()
    body.append(code)
    if hero:
        tall = WIDTH / _HERO_RATIO
        fill = 'preserveAspectRatio="xMidYMid slice"'
        body.append(parts.image(hero, (0, bottom, WIDTH, tall), fill))
        bottom += tall
    return parts.card_svg(
        height=round(bottom),
        title=title,
        about=". ".join(page.told()),
        name="google",
        ground=page.ground,
        body="".join(body),
    )


class _Page:
    """One pass being drawn."""

    def __init__(self, of_class: Content, of_object: Content, language: Language) -> None:
        self._class = of_class
        self._object = of_object
        self._language = language
        self.ground = parts.in_words(of_class, "hexBackgroundColor") or _DARK
        colour = read_colour(self.ground)
        is_light = colour is not None and luminance(colour) > _SPLIT
        self._ink = _DARK if is_light else _LIGHT

    def top(self, logo: bytes | None) -> Iterator[str]:
        """Draw the circle, the issuer and the program."""
        left: float = _MARGIN
        if logo:
            radius = _LOGO / 2
            yield (
                f'<clipPath id="google-logo"><circle cx="{left + radius:g}" cy="{_TOP}"'
                f' r="{radius:g}"/></clipPath>'
            )
            clip = 'clip-path="url(#google-logo)"'
            yield parts.image(logo, (left, _TOP - radius, _LOGO, _LOGO), clip)
            yield (
                f'<circle cx="{left + radius:g}" cy="{_TOP}" r="{radius:g}" fill="none"'
                f' stroke="{self._ink}" stroke-opacity="0.25"/>'
            )
            left += _LOGO + 12
        room = WIDTH - _MARGIN - left
        issuer, program = (
            parts.in_words(self._class, key) for key in ("issuerName", "programName")
        )
        yield parts.text(issuer, left, 39.5, room, Letters(16, self._ink))
        yield (f'<path d="M0 {_LINE}h{WIDTH}" stroke="{self._ink}" stroke-opacity="0.25"/>')
        name = Letters(24, self._ink)
        yield parts.text(program, _MARGIN, _NAME, WIDTH - 2 * _MARGIN, name)

    def points(self) -> Iterator[str]:
        """Draw both kinds of points, the second at the right."""
        found = self._points()
        wide = (WIDTH - 2 * _MARGIN - 16) / 2
        for place, (label, value) in enumerate(found):
            anchor = "end" if place else "start"
            x = WIDTH - _MARGIN if place else _MARGIN
            yield parts.text(label, x, _ROW, wide, Letters(12.5, self._ink, 500, anchor))
            yield parts.text(value, x, _ROW + 24, wide, Letters(19, self._ink, 400, anchor))

    def barcode(self) -> tuple[str, float]:
        """Draw the barcode; and where what follows it begins."""
        code = self._object.get("rotatingBarcode") or self._object.get("barcode")
        if not code:
            return "", _CODE_TOP
        value = code.get("value") or code["valuePattern"].replace(
            "{totp_value_0}", _TOTP_SAMPLE
        )
        shown = parts.in_words(code, "alternateText")
        block, tall = parts.code_block(value, shown, _SYMBOLOGIES[code["type"]], 0)
        top = _CODE_TOP + max(0, (_CODE_TALL - tall) / 2)
        return f'<g transform="translate(0 {top:g})">{block}</g>', _CODE_TOP + _CODE_TALL + 20

    def told(self) -> Iterator[str]:
        """Say what the card shows, for whoever does not see it."""
        yield parts.in_words(self._class, "issuerName")
        yield parts.in_words(self._class, "programName")
        for label, value in self._points():
            yield f"{label}: {value}"

    def _points(self) -> list[tuple[str, str]]:
        made = []
        for key in ("loyaltyPoints", "secondaryLoyaltyPoints"):
            points = self._object.get(key)
            if points:
                value = next(iter(points["balance"].values()))
                words = number_text(value, self._language) if isinstance(value, int) else value
                made.append((parts.in_words(points, "label"), str(words)))
        return made
