"""What promo codes and batches of them share as JSON: pages, days, the ports they need."""

from typing import Any

from chalicelib.api.book import book
from chalicelib.api.exchange import Answer, Call
from chalicelib.api.parsing import BadRequest
from chalicelib.domain.promo_codes import CodeBatch, PromoCode
from chalicelib.usecases.promo_codes import CodeDesk
from chalicelib.wiring import services

_CURSOR_PREFIX = "c"


def code_desk() -> CodeDesk:
    """Return the ports promo codes are managed with."""
    ports = services()
    return CodeDesk(book=book(), codes=ports.promo_codes, keyring=ports.keyring)


def after_of(call: Call[Any]) -> str | None:
    """Return what the page begins behind. Raises BadRequest."""
    cursor: str | None = call.query.cursor
    if cursor is None:
        return None
    if not cursor.startswith(_CURSOR_PREFIX) or len(cursor) == len(_CURSOR_PREFIX):
        errors = [{"pointer": "/cursor", "detail": "send back `next_cursor` as it was"}]
        raise BadRequest("bad_input", "the cursor is none of ours", errors)
    return cursor.removeprefix(_CURSOR_PREFIX)


def page_of(items: list[dict[str, Any]], last: str | None) -> Answer:
    """Return a page; `last` is its last item's name if there may be more."""
    cursor = f"{_CURSOR_PREFIX}{last}" if last is not None else None
    return Answer(body={"items": items, "next_cursor": cursor})


def days_json(stored: PromoCode | CodeBatch) -> tuple[str | None, str | None]:
    """Return the first and the last day of a code."""
    first, last = stored.first, stored.last
    return first.isoformat() if first else None, last.isoformat() if last else None
