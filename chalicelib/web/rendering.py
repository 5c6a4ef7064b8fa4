"""Templates to answers: one Jinja environment, and the headers every page carries.

The policy lets in nothing but our own files; there is no inline script or style to allow.
The card's address holds its secret: no referrer ever leaves.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chalicelib.api.exchange import Answer
from chalicelib.web.assets import asset_path
from chalicelib.web.theme import ground_of, theme_path, token
from chalicelib.web.wording import LANGUAGE_NAMES, WORDS
from passes.wording import Language

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES: Final = Path(__file__).with_name("templates")
HTML: Final = "text/html; charset=utf-8"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
# The till and the office have a font of their own; the scanner's reader is WebAssembly.
OFFICE_POLICY: Final = f"{POLICY}; font-src 'self'"
TILL_POLICY: Final = f"{OFFICE_POLICY}; worker-src 'self'".replace(
    "script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"
)
# A worker's policy is its own, not that of the page that starts it.
WORKER_POLICY: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
)
PAGE_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
TAG_CHARS: Final = 16


def render(
    template: str, view: dict[str, Any], language: Language, *, accent: str | None = None
) -> str:
    """Return a page's HTML; `accent` is the merchant's, None on pages of our own."""
    return (
        environment()
        .get_template(template)
        .render(
            **view,
            words=WORDS[language],
            language=language,
            languages=LANGUAGE_NAMES,
            theme=theme_path(accent) if accent else None,
            ground=ground_of(accent) if accent else None,
            favicon=theme_path(accent or token("accent"), "svg"),
        )
    )


def page(html: str, status: int = 200, **headers: str) -> Answer:
    """Return HTML as an answer with every header a page needs."""
    return Answer(
        body=html.encode(),
        status=status,
        content_type=HTML,
        headers={**PAGE_HEADERS, **headers},
    )


def tag_of(*parts: object) -> str:
    """Return an entity tag that changes with any of the parts, and with the templates."""
    text = repr((_templates_digest(), parts))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:TAG_CHARS]}"'


@cache
def environment() -> "Environment":
    """Return what templates are drawn with."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # lazy: 100 ms

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["asset"] = asset_path
    return made


@cache
def _templates_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(TEMPLATES.rglob("*.html")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
