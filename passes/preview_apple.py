"""An Apple store card as an iPhone lays it out, drawn from its `pass.json` as an SVG.

What a phone would get is what is drawn: the same fields, colours, images and barcode. Labels
stand in capitals; a text too long for its place ends in an ellipsis. Secondary and auxiliary
fields of a store card share one row.

Source: Apple, "Human Interface Guidelines", "Wallet", and "Wallet Passes", "PassFields", read
2026-11. No phone was at hand: places are measured from Apple's drawings.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from chalicelib.domain.pass_designs import Symbology
from passes import preview_parts as parts
from passes.preview_parts import WIDTH, Letters
from passes.wording import Language, number_text

_HEADER_TALL: Final = 62
_STRIP_TALL: Final = 123
_ROW_TOP: Final = _HEADER_TALL + _STRIP_TALL
_ROW_TALL: Final = 58
_CODE_TOP: Final = _ROW_TOP + _ROW_TALL + 12
_HEIGHT: Final = _CODE_TOP + 210
_MARGIN: Final = 14
_LOGO_WIDE, _LOGO_TALL = 160, 50  # at most
_HEADER_WIDE: Final = 96  # of one field at the right
_GAP: Final = 10
_PRIMARY: Final = 47
_SYMBOLOGIES: Final = {
    "PKBarcodeFormatQR": Symbology.QR,
    "PKBarcodeFormatAztec": Symbology.AZTEC,
    "PKBarcodeFormatPDF417": Symbology.PDF417,
    "PKBarcodeFormatCode128": Symbology.CODE128,
}

Content = Mapping[str, Any]


def apple_preview(
    content: Content, images: Mapping[str, bytes], *, language: Language, title: str
) -> str:
    """Draw a pass: its `pass.json` and its images by file name."""
    page = _Page(content, language)
    body = (
        *page.header(images),
        *page.strip(images),
        *page.row(),
        *page.barcode(),
    )
    return parts.card_svg(
        height=_HEIGHT,
        title=title,
        about=". ".join(page.told()),
        name="apple",
        ground=page.ground,
        body="".join(body),
    )


class _Page:
    """One pass being drawn."""

    def __init__(self, content: Content, language: Language) -> None:
        self._content = content
        self._language = language
        self.ground = parts.in_words(content, "backgroundColor")
        self._ink = parts.in_words(content, "foregroundColor")
        self._label = parts.in_words(content, "labelColor")

    def header(self, images: Mapping[str, bytes]) -> Iterator[str]:
        """Draw logo and name at the left, the header fields at the right."""
        left: float = _MARGIN - 4
        logo = parts.largest(images, "logo")
        if logo:
            width, height = _within(parts.size_of(logo), (_LOGO_WIDE, _LOGO_TALL - 8))
            yield parts.image(logo, (left, (_HEADER_TALL - height) / 2, width, height))
            left += width + _GAP
        right = WIDTH - _MARGIN
        for field in reversed(self._fields("headerFields")):
            yield from self._field(field, right, 26, _HEADER_WIDE, anchor="end")
            right -= _HEADER_WIDE + _GAP
        name = parts.in_words(self._content, "logoText")
        letters = Letters(18, self._ink, 500)
        yield parts.text(name, left, _HEADER_TALL / 2 + 6.5, right - left, letters)

    def strip(self, images: Mapping[str, bytes]) -> Iterator[str]:
        """Draw the strip with what the card leads with."""
        strip = parts.largest(images, "strip")
        if strip:
            fill = 'preserveAspectRatio="xMidYMid slice"'
            yield parts.image(strip, (0, _HEADER_TALL, WIDTH, _STRIP_TALL), fill)
        for field in self._fields("primaryFields")[:1]:
            room = WIDTH - 2 * _MARGIN
            letters = Letters(_PRIMARY, self._ink, 300)
            yield parts.text(self._value(field), _MARGIN, _HEADER_TALL + 72, room, letters)
            small = Letters(14, self._ink, 500)
            label = parts.in_words(field, "label")
            yield parts.text(label, _MARGIN + 2, _HEADER_TALL + 97, room, small)

    def row(self) -> Iterator[str]:
        """Draw the fields under the strip; the last of several keeps to the right."""
        fields = [*self._fields("secondaryFields"), *self._fields("auxiliaryFields")]
        if not fields:
            return
        wide = (WIDTH - 2 * _MARGIN - _GAP * (len(fields) - 1)) / len(fields)
        for place, field in enumerate(fields):
            is_last = place == len(fields) - 1 and place > 0
            left = _MARGIN + place * (wide + _GAP)
            x, anchor = (left + wide, "end") if is_last else (left, "start")
            yield from self._field(field, x, _ROW_TOP + 22, wide, anchor=anchor)

    def barcode(self) -> Iterator[str]:
        """Draw the first barcode."""
        found = self._content.get("barcodes") or [self._content.get("barcode")]
        code = found[0]
        if not code:
            return
        symbology = _SYMBOLOGIES[code["format"]]
        shown = parts.in_words(code, "altText")
        block, tall = parts.code_block(code["message"], shown, symbology, 0)
        top = _CODE_TOP + (_HEIGHT - _CODE_TOP - 16 - tall) / 2
        yield f'<g transform="translate(0 {top:g})">{block}</g>'

    def told(self) -> Iterator[str]:
        """Say what the card shows, for whoever does not see it."""
        yield parts.in_words(self._content, "logoText")
        for row in ("primaryFields", "headerFields", "secondaryFields", "auxiliaryFields"):
            for field in self._fields(row):
                yield f"{parts.in_words(field, 'label')}: {self._value(field)}"

    def _field(
        self, field: Content, x: float, y: float, room: float, *, anchor: str
    ) -> Iterator[str]:
        label = parts.in_words(field, "label").upper()
        yield parts.text(label, x, y, room, Letters(10.5, self._label, 600, anchor, 0.3))
        yield parts.text(
            self._value(field), x, y + 20, room, Letters(17, self._ink, 400, anchor)
        )

    def _fields(self, row: str) -> list[Content]:
        return list(self._content["storeCard"].get(row, ()))

    def _value(self, field: Content) -> str:
        value = field["value"]
        return number_text(value, self._language) if isinstance(value, int) else str(value)


def _within(size: tuple[int, int], most: tuple[float, float]) -> tuple[float, float]:
    times = min(most[0] / size[0], most[1] / size[1])
    return size[0] * times, size[1] * times
