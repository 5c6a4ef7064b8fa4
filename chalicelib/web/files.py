"""The files of the pages: scripts and styles, a merchant's colours and icon."""

from chalice import Blueprint

from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call
from chalicelib.api.parsing import BadRequest
from chalicelib.web.assets import KEPT_FOR_EVER, TYPES, asset_file, asset_path
from chalicelib.web.rendering import WORKER_POLICY
from chalicelib.web.theme import theme_file, theme_path, token

files = Blueprint(__name__)


@endpoint(
    files,
    "GET",
    "/static/{name}",
    summary="A file of the pages.",
    tag="Pages",
    answers={200: None},
    problems=("not_found",),
    is_documented=False,
)
def get_static(call: Call[None], name: str) -> Answer:  # noqa: ARG001  views take a call
    """Answer a file by its hashed name, `till.sale-<hash>.js` for `till/sale.js`."""
    found = asset_file(name)
    if found is None:
        raise BadRequest("not_found", "there is no such file")
    return kept_file(found.content, found.content_type)


@endpoint(
    files,
    "GET",
    "/theme/{name}",
    summary="A merchant's colours, or its icon.",
    tag="Pages",
    answers={200: None},
    problems=("not_found",),
    is_documented=False,
)
def get_theme(call: Call[None], name: str) -> Answer:  # noqa: ARG001  views take a call
    """Answer a stylesheet that its own name determines."""
    found = theme_file(name)
    if found is None:
        raise BadRequest("not_found", "there is no such theme")
    content, kind = found
    return kept_file(content.encode(), TYPES[f".{kind}"])


@endpoint(
    files,
    "GET",
    "/favicon.ico",
    summary="The icon that browsers ask for unasked.",
    tag="Pages",
    answers={200: None},
    is_documented=False,
)
def get_icon(call: Call[None]) -> Answer:  # noqa: ARG001  views take a call
    """Answer our own icon."""
    _, _, name = theme_path(token("accent"), "svg").rpartition("/")
    found = theme_file(name)
    assert found is not None, "our own name"
    return kept_file(found[0].encode(), TYPES[".svg"])


def kept_file(content: bytes, content_type: str) -> Answer:
    """Answer a file whose name changes with what is in it."""
    headers = {"Cache-Control": KEPT_FOR_EVER, "X-Content-Type-Options": "nosniff"}
    if content_type == TYPES[".js"]:  # a page may start it as a worker
        headers["Content-Security-Policy"] = WORKER_POLICY
    return Answer(body=content, content_type=content_type, headers=headers)


def worker_file(name: str, policy: str, **headers: str) -> Answer:
    """Answer a service worker under one name for ever: browsers ask for it again themselves."""
    found = asset_file(asset_path(name).removeprefix("/static/"))
    assert found is not None, "our own name"
    said = {"Cache-Control": "no-cache", "Content-Security-Policy": policy, **headers}
    return Answer(body=found.content, content_type=found.content_type, headers=said)
