"""What only one machine has under `/local/`: its clock, its jobs, its merchants, its phone.

Nothing here asks for a credential: the process listens on 127.0.0.1 only, and none of
`local/` ships. Shapes: API.md, "Local only".
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import wraps
from http import HTTPStatus
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib.domain.errors import DomainError
from chalicelib.domain.program_document import InvalidProgram
from chalicelib.ports import Trouble
from local.phone_page import STYLE, phone_page
from local.product import Product
from local.workers import Workers

OUTBOX_LIMIT_MAX = 1000
OUTBOX_LIMIT = 50
ADVANCE_SECONDS_MAX = 100 * 365 * 86_400
YEARS = range(1990, 2200)  # a clock outside breaks time zones and certificates, not us
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)

View = Callable[..., Response]


class BadInput(Exception):
    """The request cannot be read; the message says why."""


def local_routes(product: Product, workers: Workers) -> Blueprint:
    """Return the routes, to be registered on the application."""
    routes = Blueprint(__name__)

    def body() -> dict[str, Any]:
        try:
            found = json.loads(routes.current_request.raw_body or b"{}")
        except ValueError as error:
            raise BadInput("the body is not JSON") from error
        if not isinstance(found, dict):
            raise BadInput("the body is not an object")
        return found

    @routes.route("/local/clock", methods=["POST"], content_types=[])
    @_answering
    def move_clock() -> Response:
        _move(product, body())
        return _json({"now": product.clock.now().isoformat()})

    @routes.route("/local/jobs/run", methods=["POST"], content_types=[])
    @_answering
    def run_jobs() -> Response:
        return _json(workers.run_due())

    @routes.route("/local/outbox", methods=["GET"])
    @_answering
    def read_outbox() -> Response:
        query: Mapping[str, str] = routes.current_request.query_params or {}
        items = product.outbox.items(query.get("phone"), _limit(query.get("limit")))
        return _json({"items": [_item(item) for item in items]})

    _add_page(routes, product)

    @routes.route("/local/merchants", methods=["POST"], content_types=[])
    @_answering
    def open_merchant() -> Response:
        return _opened(product.open_by_wish(body(), None))

    @routes.route("/local/keys", methods=["POST"], content_types=[])
    @_answering
    def add_till() -> Response:
        return _opened(product.add_till(body(), None))

    @routes.route("/local/till-activations", methods=["POST"], content_types=[])
    @_answering
    def invite_till() -> Response:
        return _json(product.invite_till(body()), status=HTTPStatus.CREATED)

    return routes


def _add_page(routes: Blueprint, product: Product) -> None:
    """Add the page that shows what would have left, and its style."""

    @routes.route("/local/phone", methods=["GET"])
    @_answering
    def show_phone() -> Response:
        items = [_item(item) for item in product.outbox.items(limit=OUTBOX_LIMIT)]
        headers: dict[str, str | list[str]] = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": PAGE_POLICY,
            "Cache-Control": "no-store",
        }
        return Response(phone_page(items, product.clock.now()).encode(), headers)

    @routes.route("/local/phone.css", methods=["GET"])
    @_answering
    def style_phone() -> Response:
        return Response(STYLE.encode(), {"Content-Type": "text/css; charset=utf-8"})


def _answering(view: View) -> View:
    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Response:
        try:
            return view(*args, **kwargs)
        except BadInput as error:
            return _problem(400, "bad_input", str(error))
        except InvalidProgram as error:
            errors = [{"pointer": path, "detail": words} for path, words in error.faults]
            return _problem(422, error.code, str(error), errors)
        except DomainError as error:
            return _problem(422, error.code, str(error))
        except Trouble as error:
            return _problem(503, "try_again", str(error))

    return answered


def _opened(answer: Mapping[str, Any]) -> Response:
    """Return what one of the operator's functions came to."""
    found = dict(answer)
    status = found.pop("status")
    if status == HTTPStatus.CREATED:
        return _json(found, status=status)
    return _problem(status, found["code"], found["detail"], found.get("errors", ()))


def _move(product: Product, body: dict[str, Any]) -> None:
    if not body:
        product.clock.reset()
        return
    if set(body) == {"at"}:
        product.clock.set(_moment(body["at"]))
        return
    seconds = body.get("advance_seconds")
    if set(body) != {"advance_seconds"} or not isinstance(seconds, int | float):
        raise BadInput('send {"at": …} or {"advance_seconds": …} or {}')
    if not 0 <= seconds <= ADVANCE_SECONDS_MAX:
        raise BadInput(f"advance_seconds: 0 to {ADVANCE_SECONDS_MAX}")
    product.clock.advance(seconds)


def _moment(text: object) -> datetime:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise BadInput("at: a moment such as 2026-06-15T09:00:00Z") from error
    if at.tzinfo is None or at.year not in YEARS:
        raise BadInput(f"at: with its time zone, between {YEARS[0]} and {YEARS[-1]}")
    return at.astimezone(UTC)


def _limit(text: str | None) -> int:
    if text is None:
        return OUTBOX_LIMIT
    if not text.isdecimal() or not text.isascii() or not 1 <= int(text[:9]) <= OUTBOX_LIMIT_MAX:
        raise BadInput(f"limit: 1 to {OUTBOX_LIMIT_MAX}")
    return int(text)


def _item(item: Any) -> dict[str, str]:
    return {
        "kind": item.kind,
        "to": item.to,
        "text": item.text,
        "at": item.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }


def _json(document: object, status: int = 200) -> Response:
    return Response(
        json.dumps(document, ensure_ascii=False).encode(),
        {"Content-Type": "application/json"},
        status,
    )


def _problem(
    status: int, code: str, detail: str, errors: Sequence[Mapping[str, str]] = ()
) -> Response:
    document = {
        "type": f"/problems/{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        "retryable": status == 503,  # noqa: PLR2004
        "errors": list(errors),
    }
    return Response(
        json.dumps(document).encode(), {"Content-Type": "application/problem+json"}, status
    )
