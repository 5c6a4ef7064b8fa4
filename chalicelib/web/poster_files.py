"""A poster as a file: PDF for a printer, SVG for whoever wants to change it.

Both carry their font, so that Cyrillic is there on every machine (Inter, SIL Open Font
License). PDF by reportlab; SVG 1.1 with the fonts as data.
"""

import base64
import io
import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.colours import Colour
from chalicelib.web.poster_layout import FONTS, HEIGHT, SCALES, WIDTH, Box, Code, Line, Shape

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

POINTS_PER_MM: Final = 72 / 25.4
SIDE_PER_MODULE: Final = re.compile(r"M(\d+),(\d+)H(\d+)V(\d+)H\d+z")
LINE_MM: Final = 0.4


def pdf(shapes: Sequence[Shape], sheet: str, title: str) -> bytes:
    """Return a poster as one page of PDF."""
    from reportlab.pdfbase import pdfmetrics  # lazy: 116 ms, and no till prints
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    for weight, path in FONTS.items():
        pdfmetrics.registerFont(TTFont(f"Inter-{weight}", str(path)))
    scale = SCALES[sheet] * POINTS_PER_MM
    written = io.BytesIO()
    canvas = Canvas(
        written,
        pagesize=(WIDTH * scale, HEIGHT * scale),
        invariant=True,
        initialFontName="Inter-regular",
    )
    canvas.setTitle(title)
    canvas.scale(scale, scale)
    for shape in shapes:
        _draw(canvas, shape)
    canvas.showPage()
    canvas.save()
    return written.getvalue()


def svg(shapes: Sequence[Shape], sheet: str, title: str) -> bytes:
    """Return a poster as SVG."""
    scale = SCALES[sheet]
    drawn = "\n".join(_written(shape) for shape in shapes)
    text = (
        '<svg xmlns="http://www.w3.org/2000/svg"'
        f' width="{WIDTH * scale:g}mm" height="{HEIGHT * scale:g}mm"'
        f' viewBox="0 0 {WIDTH:g} {HEIGHT:g}">\n<title>{escape(title)}</title>\n'
        f"<defs><style>{_faces()}</style></defs>\n{drawn}\n</svg>\n"
    )
    return text.encode()


def _draw(canvas: "Canvas", shape: Shape) -> None:
    """Draw a shape; a PDF counts from below."""
    if isinstance(shape, Box):
        _fill(canvas, shape.fill)
        if shape.line:
            canvas.setStrokeColorRGB(*(part / 255 for part in shape.line))
            canvas.setLineWidth(LINE_MM)
        place = (shape.left, HEIGHT - shape.top - shape.height, shape.width, shape.height)
        is_lined = int(shape.line is not None)
        canvas.roundRect(*place, shape.radius, stroke=is_lined, fill=1)
        return
    if isinstance(shape, Line):
        _fill(canvas, shape.fill)
        canvas.setFont(f"Inter-{shape.weight}", shape.size)
        draw = canvas.drawCentredString if shape.is_centred else canvas.drawString
        draw(shape.left, HEIGHT - shape.baseline, shape.text)
        return
    _fill(canvas, (0, 0, 0))
    path, module = canvas.beginPath(), shape.side / shape.symbol.size
    for left, top, right, bottom in _runs(shape):
        width, height = (right - left) * module, (bottom - top) * module
        path.rect(
            shape.left + left * module,
            HEIGHT - shape.top - bottom * module,
            width,
            height,
        )
    canvas.drawPath(path, stroke=0, fill=1)


def _runs(code: Code) -> list[tuple[int, ...]]:
    """Return the dark rectangles of a symbol, in modules."""
    found = SIDE_PER_MODULE.findall(code.symbol.path)
    return [(int(x), int(y), int(right), int(bottom)) for x, y, right, bottom in found]


def _written(shape: Shape) -> str:
    if isinstance(shape, Box):
        colours = f'fill="{_hex(shape.fill)}"'
        if shape.line:
            colours += f' stroke="{_hex(shape.line)}" stroke-width="{LINE_MM}"'
        return (
            f'<rect x="{shape.left:g}" y="{shape.top:g}" width="{shape.width:g}"'
            f' height="{shape.height:g}" rx="{shape.radius:g}" {colours}/>'
        )
    if isinstance(shape, Line):
        anchor = ' text-anchor="middle"' if shape.is_centred else ""
        return (
            f'<text class="{shape.weight}" x="{shape.left:g}" y="{shape.baseline:g}"'
            f' font-size="{shape.size:.2f}" fill="{_hex(shape.fill)}"{anchor}>'
            f"{escape(shape.text)}</text>"
        )
    module = shape.side / shape.symbol.size
    return (
        f'<path transform="translate({shape.left:g} {shape.top:g}) scale({module:.5f})"'
        f' shape-rendering="crispEdges" d="{shape.symbol.path}"/>'
    )


def _faces() -> str:
    faces = [
        f"@font-face{{font-family:'Inter {weight}';src:url(data:font/ttf;base64,"
        f"{base64.b64encode(path.read_bytes()).decode()})}}"
        f".{weight}{{font-family:'Inter {weight}',Inter,Arial,sans-serif;"
        f"font-weight:{'bold' if weight == 'bold' else 'normal'}}}"
        for weight, path in FONTS.items()
    ]
    return "".join(faces)


def _fill(canvas: Any, colour: Colour) -> None:
    canvas.setFillColorRGB(*(part / 255 for part in colour))


def _hex(colour: Colour) -> str:
    return f"#{bytes(colour).hex()}"
