"""What is answered where nothing is: a page to browsers, a problem document to programs.

API Gateway sends here whatever fits no other route (`{proxy+}`; without it, it would answer
403 "Missing Authentication Token" by itself). Only GET comes: that is what an address bar
asks. Chalice finds no parameter in `{proxy+}`, so the path is taken from the request.
"""

from typing import Any, Final

from chalice import Blueprint, Response

from chalicelib.api.endpoint import Endpoint, respond
from chalicelib.api.exchange import PUBLIC, Answer, Call
from chalicelib.api.parsing import BadRequest
from chalicelib.web.reading import page_language

missing_page = Blueprint(__name__)

OF_PROGRAMS: Final = frozenset({"v1", "static", "theme", "local"})  # no page lives under them
PART_CHARS_MAX: Final = 100
# What a page's first part says of where its reader wanted to go.
_OWN: Final = {"till": ("/till", "missing_to_till")}
_NAMED: Final = {"c": "missing_to_card", "j": "missing_to_join", "r": "missing_to_rules"}
_ENDPOINT: Final = Endpoint(
    name="get_missing",
    method="GET",
    path="/*",  # as the log calls it
    summary="A page that is not there.",
    tag="Pages",
    access=PUBLIC,
    body=None,
    text=None,
    query=None,
    answers={404: None},
    problems=("not_found",),
    is_keyed=False,
    is_fresh=False,
    is_documented=False,
)


@missing_page.route("/{proxy+}", methods=["GET"], content_types=["*/*"], name="get_missing")
def get_missing() -> Response:
    """Answer whatever no other route does."""
    return respond(_ENDPOINT, _missing, missing_page.current_request, {})


def way_back(parts: tuple[str, ...]) -> tuple[str, str]:
    """Return where somebody at an unknown address would go, and the word for it.

    >>> way_back(("till", "sale"))
    ('/till', 'missing_to_till')
    >>> way_back(("c", "k3-x9", "cupons"))
    ('/c/k3-x9', 'missing_to_card')
    >>> way_back(("c",))
    ('/', 'missing_to_start')
    """
    first = parts[0] if parts else ""
    if first in _OWN:
        return _OWN[first]
    if first in _NAMED and len(parts) > 1 and _is_plain(parts[1]):
        return f"/{first}/{parts[1]}", _NAMED[first]
    return "/", "missing_to_start"


def _missing(call: Call[None]) -> Answer:
    parts = _parts()
    accepted = call.headers.get("accept", "")
    if "text/html" not in accepted or parts[0] in OF_PROGRAMS:
        raise BadRequest("not_found", "nothing lives at this path")
    if parts[0] == "admin":
        from chalicelib.web.admin.frame import lost  # lazy: it draws the office

        return lost(call)
    from chalicelib.web.rendering import page, render  # lazy: Jinja

    path, word = way_back(parts)
    html = render("missing.html", {"path": path, "go": word}, page_language(call))
    return page(html, 404)


def _parts() -> tuple[str, ...]:
    found: Any = missing_page.current_request.uri_params or {}
    return tuple(str(found.get("proxy", "")).split("/"))


def _is_plain(part: str) -> bool:
    """Return whether it may stand in a link as it is."""
    signs = part.replace("-", "").replace("_", "").replace(".", "")
    return len(part) <= PART_CHARS_MAX and signs.isascii() and signs.isalnum()
