"""The operations of a day, newest first, as the day-book has them."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from chalicelib.api.book import day_desk
from chalicelib.api.exchange import Answer
from chalicelib.domain.day_book import DayKind, DayRow, Place
from chalicelib.domain.program import Program
from chalicelib.domain.staff import OFFICE
from chalicelib.usecases.day_book import DayPage, DayWish, list_day
from chalicelib.usecases.write_once import program_of
from chalicelib.web import formats
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.shop import desk
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from chalicelib.wiring import services

ROWS_SHOWN: Final = 50
BUDGET_SECONDS: Final = 5.0
_BACK: Final = {
    DayKind.RETURN,
    DayKind.VOID,
    DayKind.GIFT_CARD_VOID,
    DayKind.GIFT_CARD_TOP_UP_VOID,
}


def show(visit: Visit) -> Answer:
    """Show a day; today unless another is asked for."""
    program = program_of(visit.merchant_id, services().merchants)
    today = program.local_date(visit.at)
    on = _asked_day(visit.asked("on"), today)
    found = day_page(visit, on, before=_place(visit.asked("before")), limit=ROWS_SHOWN)
    view = {
        "on": on.isoformat(),
        "today": today.isoformat(),
        "day": formats.day(on, today, visit.language),
        "earlier": (on - timedelta(days=1)).isoformat(),
        "later": (on + timedelta(days=1)).isoformat() if on < today else "",
        "rows": rows_view(visit, found.rows, program),
        "next": _written(found.next) if found.next else "",
    }
    return page(visit, "operations", view, at="operations")


def day_page(
    visit: Visit, on: date, *, before: Place | None = None, limit: int = ROWS_SHOWN
) -> DayPage:
    """Return rows of a day."""
    wish = DayWish(merchant_id=visit.merchant_id, on=on)
    return list_day(
        wish, at=visit.at, desk=day_desk(), has_time=budget(), before=before, limit=limit
    )


def budget() -> Callable[[], bool]:
    """Return what says whether there is still time: a page should not wait for ever."""
    ends = time.monotonic() + BUDGET_SECONDS
    return lambda: time.monotonic() < ends


def rows_view(visit: Visit, rows: tuple[DayRow, ...], program: Program) -> list[dict[str, Any]]:
    """Return rows as people read them."""
    words, room = words_of(visit.language), desk().room
    tills = {one.till_id: one.name for one in room.tills(visit.merchant_id)}
    tills[OFFICE] = str(words["office_place"])
    people = {one.staff_id: one.name for one in room.people(visit.merchant_id)}
    return [_row(visit, row, program, tills, people) for row in rows]


def _row(
    visit: Visit,
    row: DayRow,
    program: Program,
    tills: dict[str, str],
    people: dict[str, str],
) -> dict[str, Any]:
    words = words_of(visit.language)
    amount = -row.amount_minor if row.kind in _BACK else row.amount_minor
    points = [
        {"text": formats.signed(row.points, visit.language), "tone": _tone(row.points)},
        {"text": formats.signed(-row.redeemed, visit.language), "tone": "redeemed"},
    ]
    shown = [one for one, has in zip(points, (row.points, row.redeemed), strict=True) if has]
    member = f"/admin/members/{row.member_id}" if row.member_id else ""
    return {
        "at": f"{row.at.astimezone(program.zone):%H:%M}",
        "kind": str(words[f"kind_{row.kind}"]),
        "is_back": row.kind in _BACK,
        "receipt": row.receipt.receipt_id if row.receipt else "",
        "member": member,
        "place": tills.get(row.till_id, row.till_id),
        "amount": formats.money(amount, program.currency, visit.language) if amount else "",
        "points": shown,
        "who": people.get(row.staff_id, ""),
    }


def _tone(points: int) -> str:
    return "earned" if points > 0 else "debt"


def _asked_day(text: str, today: date) -> date:
    """Return the day that is asked for; today for none, and for one with none before it."""
    try:
        on = min(date.fromisoformat(text), today) if text else today
    except ValueError:
        return today
    return on if on > date.min else today


def _place(text: str) -> Place | None:
    """Return where to go on; None: at the beginning."""
    moment, _, name = text.partition("~")
    try:
        at = datetime.fromisoformat(moment)
        return (at.astimezone(UTC), name) if name and at.tzinfo else None
    except (ValueError, OverflowError):  # none, or one that is in no year of UTC
        return None


def _written(place: Place) -> str:
    return f"{place[0].isoformat()}~{place[1]}"
