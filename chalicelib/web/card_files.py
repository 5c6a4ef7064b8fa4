"""What makes a card a thing on the home screen: its manifest, its worker, its icons.

Source: W3C "Web Application Manifest" and "Service Workers", read 2026-11.
"""

import json

from chalice import Blueprint

from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call
from chalicelib.api.parsing import BadRequest
from chalicelib.web.card_frame import GONE, shown_to, visit_of
from chalicelib.web.files import kept_file, worker_file
from chalicelib.web.home_icon import SIZES, icon_file, icon_path
from chalicelib.web.theme import ground_of

card_files = Blueprint(__name__)

WORKER = "card_worker.js"
# The worker asks for the pages and files of the card's own origin, and runs nothing else.
WORKER_POLICY = "default-src 'none'; connect-src 'self'"
NAME_CHARS_MAX = 30  # of what stands under an icon; phones cut it shorter


@endpoint(
    card_files,
    "GET",
    "/c/{token}/manifest.webmanifest",
    summary="What a phone needs to put the card on its home screen.",
    tag="Pages",
    answers={200: None, 404: None},
    problems=("not_found",),
    is_documented=False,
)
def get_card_manifest(call: Call[None], token: str) -> Answer:
    """Name the card after its merchant, in the merchant's colours."""
    try:
        view = shown_to(call, visit_of(call, token))
    except GONE as error:
        raise BadRequest("not_found", "there is no such card") from error
    from chalicelib.web.card_page import monogram  # lazy: it brings Babel

    merchant, path = view.merchant, f"/c/{token}"
    ground = ground_of(merchant.accent)
    letter = monogram(merchant.name)
    document = {
        "id": path,
        "start_url": path,
        "scope": path,
        "name": merchant.name,
        "short_name": merchant.name[:NAME_CHARS_MAX],
        "lang": view.profile.language,
        "display": "standalone",
        "orientation": "portrait",
        "theme_color": ground,
        "background_color": ground,
        "icons": [
            {
                "src": icon_path(merchant.accent, letter, size),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size in SIZES[1:]
            for purpose in ("any", "maskable")
        ],
    }
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Answer(
        body=content.encode(),
        content_type="application/manifest+json",
        headers={"Referrer-Policy": "no-referrer"},
    )


@endpoint(
    card_files,
    "GET",
    "/card-worker.js",
    summary="The worker that keeps cards for when there is no network.",
    tag="Pages",
    answers={200: None},
    is_documented=False,
)
def get_card_worker(call: Call[None]) -> Answer:  # noqa: ARG001  views take a call
    """Answer the worker."""
    return worker_file(WORKER, WORKER_POLICY)


@endpoint(
    card_files,
    "GET",
    "/icons/{name}",
    summary="A merchant's icon for a home screen.",
    tag="Pages",
    answers={200: None},
    problems=("not_found",),
    is_documented=False,
)
def get_home_icon(call: Call[None], name: str) -> Answer:  # noqa: ARG001  views take a call
    """Draw an icon; its name says everything."""
    content = icon_file(name)
    if content is None:
        raise BadRequest("not_found", "there is no such icon")
    return kept_file(content, "image/png")
