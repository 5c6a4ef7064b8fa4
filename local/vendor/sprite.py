"""The icons as one SVG file, each a `<symbol>` that pages name: `icons.svg#gift`.

Tabler draws its outlines on a grid of 24 with a stroke of 2 in the text's colour.
"""

import re
from collections.abc import Mapping

_ATTRIBUTES = (
    'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
    ' stroke-linecap="round" stroke-linejoin="round"'
)
_BOUNDS = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>')


def sprite(pictures: Mapping[str, str], origin: str) -> str:
    """Return the sprite of the pictures, name → SVG as Tabler writes it."""
    symbols = "\n".join(
        f'<symbol id="{name}" {_ATTRIBUTES}>{_strokes(svg)}</symbol>'
        for name, svg in sorted(pictures.items())
    )
    return (
        f"<!-- Tabler Icons, MIT: vendor/{origin}/LICENSE. Made by `python -m local.vendor`."
        f' -->\n<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
    )


def _strokes(svg: str) -> str:
    """Return what is drawn, without the invisible square around it."""
    assert 'viewBox="0 0 24 24"' in svg, "an icon on another grid"
    inside = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    return re.sub(r"\s*\n\s*", "", _BOUNDS.sub("", inside)).replace(" />", "/>")
