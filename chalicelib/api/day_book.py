"""Operations of a day, newest first, and what a till's shift comes to."""

import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from chalice import Blueprint

from chalicelib.api.book import book, day_desk
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.ids import purchase_id
from chalicelib.api.models.day_book import (
    CASHIERS_MAX,
    OPERATIONS_MAX,
    OperationsAnswer,
    OperationsQuery,
    ShiftAnswer,
    ShiftQuery,
)
from chalicelib.api.parsing import BadRequest
from chalicelib.api.shapes import write_moment
from chalicelib.domain.day_book import DayKind, DayRow, Place
from chalicelib.domain.members import Scope
from chalicelib.domain.shifts import Flag, Shift
from chalicelib.usecases.day_book import DayPage, DayWish, HasTime, find_shift, list_day
from chalicelib.usecases.write_once import program_of

day_book = Blueprint(__name__)

SECONDS_MAX = 1.5  # then what the outbox has not noted is left to it
_TAG = "Operations"
_GIFT_CARDS = {kind for kind in DayKind if kind.startswith("gift_card")}
_SEPARATOR = "~"  # of a cursor: neither a moment nor the name of a row has one


@endpoint(
    day_book,
    "GET",
    "/v1/operations",
    summary="What was done on a day at all tills, newest first.",
    tag=_TAG,
    access=scoped(Scope.MANAGER, Scope.PROGRAM),
    query=OperationsQuery,
    answers={200: OperationsAnswer},
)
def get_operations(call: Call[None]) -> Answer:
    """Return one page; one that goes on may be short, as it was looked for a cashier."""
    query = call.query
    wish = DayWish(
        merchant_id=call.merchant_id,
        on=query.on,
        till_id=query.till_id,
        staff_id=query.staff_id,
    )
    before = _place_of(query.cursor) if query.cursor else None
    page = list_day(
        wish,
        at=call.at,
        desk=day_desk(),
        has_time=_budget(),
        before=before,
        limit=query.limit,
    )
    return Answer(body=_page_json(page))


@endpoint(
    day_book,
    "GET",
    "/v1/till/operations",
    summary="The last things done at this till today.",
    tag=_TAG,
    access=scoped(Scope.TILL),
    answers={200: OperationsAnswer},
)
def get_till_operations(call: Call[None]) -> Answer:
    """Return at most 50, newest first."""
    wish = DayWish(merchant_id=call.merchant_id, till_id=call.api_key.till_id)
    page = list_day(wish, at=call.at, desk=day_desk(), has_time=_budget(), limit=OPERATIONS_MAX)
    return Answer(body={**_page_json(page), "next_cursor": None})


@endpoint(
    day_book,
    "GET",
    "/v1/till/shift",
    summary="What this till's day comes to, in all and by cashier.",
    tag=_TAG,
    access=scoped(Scope.TILL),
    query=ShiftQuery,
    answers={200: ShiftAnswer},
)
def get_shift(call: Call[None]) -> Answer:
    """Return the totals, and what a manager should look at."""
    shift = find_shift(
        call.merchant_id,
        call.api_key.till_id,
        call.query.on,
        at=call.at,
        desk=day_desk(),
        has_time=_budget(),
    )
    currency = program_of(call.merchant_id, book().merchants).currency
    return Answer(body=_shift_json(shift, currency, call.at))


def _budget() -> HasTime:
    until = time.monotonic() + SECONDS_MAX
    return lambda: time.monotonic() < until


def _page_json(page: DayPage) -> dict[str, Any]:
    return {
        "on": page.on.isoformat(),
        "items": [operation_json(row) for row in page.rows],
        "next_cursor": _cursor_of(page.next) if page.next else None,
    }


def operation_json(row: DayRow) -> dict[str, Any]:
    """Return a row; the receipt of a gift card is the till's own number, no purchase."""
    receipt = row.receipt
    is_purchase = receipt is not None and row.kind not in _GIFT_CARDS
    return {
        "id": f"op_{_cursor_of(row.place)}",
        "object": "operation",
        "kind": row.kind.value,
        "at": write_moment(row.at),
        "till_id": row.till_id or None,
        "store_id": row.store_id or None,
        "staff_id": row.staff_id or None,
        "member_id": row.member_id or None,
        "purchase_id": purchase_id(receipt) if receipt and is_purchase else None,
        "receipt_id": receipt.receipt_id if receipt else None,
        "amount_minor": row.amount_minor,
        "paid_by_points_minor": row.points_minor,
        "paid_by_gift_card_minor": row.gift_card_minor,
        "money_minor": row.money_minor,
        "points_given": row.points,
        "points_redeemed": row.redeemed,
    }


def _shift_json(shift: Shift, currency: str, at: datetime) -> dict[str, Any]:
    cashiers = shift.by_staff[:CASHIERS_MAX]
    return {
        "object": "shift",
        "on": shift.on.isoformat(),
        "till_id": shift.till_id,
        "currency": currency,
        "as_of": write_moment(at),
        "is_complete": shift.is_complete,
        "total": asdict(shift.total),
        "cashiers": [{"staff_id": who or None, **asdict(sums)} for who, sums in cashiers],
        "flags": [_flag_json(flag) for flag in shift.flags],
    }


def _flag_json(flag: Flag) -> dict[str, Any]:
    return {
        "kind": flag.kind.value,
        "staff_id": flag.staff_id or None,
        "member_id": flag.member_id or None,
        "count": flag.count,
    }


def _cursor_of(place: Place) -> str:
    at, name = place
    return f"{at.strftime('%Y%m%dT%H%M%S.%fZ')}{_SEPARATOR}{name}"


def _place_of(cursor: str) -> Place:
    moment, _, name = cursor.partition(_SEPARATOR)
    try:
        at = datetime.strptime(moment, "%Y%m%dT%H%M%S.%f%z").astimezone(UTC)
    except (ValueError, OverflowError) as error:
        errors = [{"pointer": "/cursor", "detail": "send back `next_cursor` as it was"}]
        raise BadRequest("bad_input", "the cursor is none of ours", errors) from error
    return at, name
