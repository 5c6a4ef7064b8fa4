"""A page in place of a problem document, for somebody whose page could not be made.

Pages have words of their own for what they expect. Left are bugs, and requests that no page
has seen: no form, or an address that cannot be read. Programs, our scripts among them, do
not ask for `text/html` and keep the document.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

from chalice import Response
from chalice.app import Request

from chalicelib.api.errors import CONTENT_TYPE
from chalicelib.api.exchange import first_language
from chalicelib.api.request_log import log_bug
from chalicelib.web.admin.pages import page_of
from chalicelib.web.missing_page import OF_PROGRAMS

BUG: Final = 500


def show_failure(request: Request, answer: Callable[[Request], Any]) -> Any:
    """Answer a request; a problem that somebody would see becomes a page (middleware)."""
    found = answer(request)
    if not _is_problem(found) or "text/html" not in str(request.headers.get("accept", "")):
        return found
    try:
        path = address_of(request.path, request.uri_params or {})
        return found if path.split("/")[1] in OF_PROGRAMS else _page(found, request, path)
    except Exception as error:  # noqa: BLE001  what is broken may be the pages themselves
        log_bug(error, request_id=str(request.context.get("requestId", "")), route=request.path)
        return found


def _is_problem(found: Any) -> bool:
    return isinstance(found, Response) and found.headers.get("Content-Type") == CONTENT_TYPE


def address_of(template: str, parts: Mapping[str, str]) -> str:
    """Return the address that was asked for, as a link to it is written.

    Two strokes at its beginning would make it another site's.

    >>> address_of("/c/{token}", {"token": "a?b"})
    '/c/a%3Fb'
    >>> address_of("/{proxy+}", {"proxy": "/example.org"})
    '/example.org'
    """
    found = template.replace("+}", "}").format_map(parts)
    return f"/{quote(found.lstrip('/'))}"


def _page(found: Response, request: Request, path: str) -> Response:
    from chalicelib.web.rendering import page, render  # lazy: Jinja

    language = first_language(str(request.headers.get("accept-language", ""))) or "en"
    back = path if request.method == "GET" else page_of(path)
    what = _named(found.status_code, request.method)
    view = {"what": what, "path": "/" if what == "failed_address" else back}
    made = page(render("failed.html", view, language), found.status_code)
    headers = {**found.headers, **made.headers, "Content-Type": made.content_type}
    return Response(made.body, headers=headers, status_code=made.status)


def _named(status: int, method: str) -> str:
    """Return which words say it."""
    if status < BUG:
        return "failed_address" if method == "GET" else "failed_form"
    return "failed_page" if method == "GET" else "failed_deed"
