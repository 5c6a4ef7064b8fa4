"""Read the day-book: what was done on a day, and what a till's shift comes to.

What the outbox has not noted yet is noted first, so that a sale is there as soon as it is
done; while a store is in trouble the answer says that something may be missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.day_book import DayRow, Place
from chalicelib.domain.shifts import Shift, shift_of
from chalicelib.ports import Attention, DayBook, Journal, PassDevices, StoreUnavailable
from chalicelib.usecases.journal import note_latest
from chalicelib.usecases.write_once import Book, program_of

ROWS_PAGE = 500  # read at once
PAGES_MAX = 40  # of one answer: 20 000 rows, more than a till can do in a day

HasTime = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayDesk:
    """The ports the day-book is read with."""

    day_book: DayBook
    journal: Journal
    attention: Attention
    devices: PassDevices  # their markers say whose doings may be missing
    book: Book


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWish:
    """Which rows of a merchant are asked for."""

    merchant_id: str
    on: date | None = None  # None: today
    till_id: str | None = None
    staff_id: str | None = None


@dataclass(frozen=True, slots=True)
class DayPage:
    """Some rows, newest first."""

    on: date
    rows: tuple[DayRow, ...]
    next: Place | None  # go on before it; None: there are no more


def list_day(
    wish: DayWish,
    *,
    at: datetime,
    desk: DayDesk,
    has_time: HasTime,
    before: Place | None = None,
    limit: int = 50,
) -> DayPage:
    """Return rows of a day; a page that goes on may have fewer than `limit`, even none.

    Raises MerchantNotFound, StoreUnavailable.
    """
    on = wish.on or today(wish.merchant_id, at, desk)
    if before is None:
        bring_up(wish.merchant_id, desk, has_time)
    found: list[DayRow] = []
    for _ in range(PAGES_MAX):
        size = ROWS_PAGE  # a read gives no more
        if wish.staff_id is None:
            size = min(limit + 1, ROWS_PAGE)
        rows = desk.day_book.latest(
            wish.merchant_id, on, till_id=wish.till_id, before=before, limit=size
        )
        found += [row for row in rows if wish.staff_id in (None, row.staff_id)]
        if len(found) > limit:
            return DayPage(on, tuple(found[:limit]), found[limit - 1].place)
        if len(rows) < size:
            return DayPage(on, tuple(found), None)
        before = rows[-1].place
        if not has_time():
            break
    return DayPage(on, tuple(found), before)


def find_shift(
    merchant_id: str,
    till_id: str,
    on: date | None,
    *,
    at: datetime,
    desk: DayDesk,
    has_time: HasTime,
) -> Shift:
    """Return what a till's day comes to; today's if no day is named.

    Raises MerchantNotFound, StoreUnavailable.
    """
    day = on or today(merchant_id, at, desk)
    is_complete = bring_up(merchant_id, desk, has_time)
    rows: list[DayRow] = []
    before: Place | None = None
    for _ in range(PAGES_MAX):
        page = desk.day_book.latest(
            merchant_id, day, till_id=till_id, before=before, limit=ROWS_PAGE
        )
        rows += page
        if len(page) < ROWS_PAGE:
            return shift_of(till_id, day, rows, is_complete=is_complete)
        before = page[-1].place
    return shift_of(till_id, day, rows, is_complete=False)


def today(merchant_id: str, at: datetime, desk: DayDesk) -> date:
    """Return the merchant's business day. Raises MerchantNotFound."""
    return program_of(merchant_id, desk.book.merchants).local_date(at)


def bring_up(merchant_id: str, desk: DayDesk, has_time: HasTime) -> bool:
    """Note what the outbox has not; whether all of it is noted."""
    try:
        return note_latest(
            merchant_id,
            ledger=desk.book.ledger,
            journal=desk.journal,
            day_book=desk.day_book,
            attention=desk.attention,
            devices=desk.devices,
            has_time=has_time,
        )
    except StoreUnavailable:  # the outbox comes to it: what is there can be shown
        return False
