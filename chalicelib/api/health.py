"""What describes the service itself: its health, its OpenAPI document, its problems."""

import html

from chalice import Blueprint

from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call
from chalicelib.api.models.programs import HealthAnswer
from chalicelib.api.parsing import BadRequest
from chalicelib.api.problems import PROBLEMS
from chalicelib.domain.account import MemberRef
from chalicelib.ports import StoreUnavailable
from chalicelib.wiring import services

health = Blueprint(__name__)

_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
_PROBE_MERCHANT = "healthz"  # need not exist: an answer is what counts


@endpoint(
    health,
    "GET",
    "/healthz",
    summary="Tell whether the service can answer: 503 when the table does not.",
    tag="Service",
    answers={200: HealthAnswer},
)
def get_health(_call: Call[None]) -> Answer:
    """Read the table once."""
    try:
        services().ledger.account(MemberRef(_PROBE_MERCHANT, _PROBE_MERCHANT))
    except StoreUnavailable:
        return Answer(
            body={"status": "failing", "table": "failing"},
            status=503,
            headers={"Retry-After": "1"},
            metric="Failed",
        )
    return Answer(body={"status": "ok", "table": "ok"})


@endpoint(
    health,
    "GET",
    "/v1/openapi.json",
    summary="The OpenAPI 3.1 document of this API.",
    tag="Service",
    answers={200: None},
    is_documented=False,
)
def get_openapi(_call: Call[None]) -> Answer:
    """Build the document once and send it."""
    from chalicelib.api.openapi import document  # lazy: no till needs it

    return Answer(body=document(), headers={"Cache-Control": "public, max-age=300"})


@endpoint(
    health,
    "GET",
    "/problems/{code}",
    summary="What a problem means: its cause and its cure.",
    tag="Service",
    answers={200: None},
    is_documented=False,
)
def get_problem(_call: Call[None], code: str) -> Answer:
    """Show the page that a problem's `type` points at."""
    found = PROBLEMS.get(code)
    if found is None:
        raise BadRequest("not_found", "there is no such problem")
    retry = "Yes, with the same Idempotency-Key." if found.is_retryable else "Not as it is."
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(found.title)}</title><main>"
        f"<h1>{html.escape(found.title)}</h1>"
        f"<p><code>{html.escape(code)}</code>, HTTP {found.status}</p>"
        f"<h2>Cause</h2><p>{html.escape(found.cause)}</p>"
        f"<h2>Cure</h2><p>{html.escape(found.cure)}</p>"
        f"<h2>Send it again?</h2><p>{retry}</p></main></html>"
    )
    return Answer(
        body=page.encode(),
        content_type="text/html; charset=utf-8",
        headers={**_PAGE_HEADERS, "Cache-Control": "public, max-age=300"},
    )
