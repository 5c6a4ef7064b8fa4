"""The `DayBook` port: one contract for the fake and the table."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamo.day_book import ROWS_MAX, DynamoDayBook
from chalicelib.adapters.dynamo.items import Item
from chalicelib.domain.day_book import DAY_BOOK_DAYS, DayKind, DayRow
from chalicelib.ports import DayBook
from tests.builders import NOON, SHOP, receipt_key
from tests.fakes.day_book import FakeDayBook
from tests.fakes.ledger import FakeLedger

DAY = date(2026, 6, 1)


@pytest.fixture(params=["fake", "engine"])
def day_book(request: pytest.FixtureRequest) -> DayBook:
    if request.param == "fake":
        return FakeDayBook(FakeLedger())
    return DynamoDayBook(request.getfixturevalue("connection"))


def row(number: int, till: str = "till-1", **fields: Any) -> DayRow:
    base: dict[str, Any] = {
        "merchant_id": SHOP,
        "on": DAY,
        "at": NOON + timedelta(seconds=number),
        "kind": DayKind.PURCHASE,
        "name": f"purchase-{number:03}",
        "till_id": till,
    }
    return DayRow(**(base | fields))


FULL = row(
    1,
    store_id="store-1",
    staff_id="st_ann",
    member_id="mem_1",
    receipt=receipt_key("r#1"),
    amount_minor=10_000,
    points_minor=2_000,
    gift_card_minor=3_000,
    points=-40,
    redeemed=20,
)


def test_a_row_comes_back_as_it_was_noted(day_book: DayBook) -> None:
    bare = row(2, till="", member_id="mem_2", kind=DayKind.GRANT)
    day_book.note([FULL, bare])

    assert day_book.latest(SHOP, DAY) == (bare, FULL)


def test_a_row_noted_again_is_there_once_as_it_was_noted_last(day_book: DayBook) -> None:
    day_book.note([row(1), row(1)])
    day_book.note([row(1, member_id="mem_1")])

    assert day_book.latest(SHOP, DAY) == (row(1, member_id="mem_1"),)


def test_the_rows_of_all_tills_stand_together_newest_first(day_book: DayBook) -> None:
    rows = [row(n, till=f"till-{n % 5}") for n in range(20)]
    day_book.note(rows)

    assert day_book.latest(SHOP, DAY) == tuple(reversed(rows))


def test_a_till_sees_its_own_alone(day_book: DayBook) -> None:
    day_book.note([row(n, till=f"till-{n % 20}") for n in range(40)])

    found = day_book.latest(SHOP, DAY, till_id="till-3")

    assert found == (row(23, till="till-3"), row(3, till="till-3"))


def test_a_page_goes_on_before_the_last_row_of_the_one_before(day_book: DayBook) -> None:
    rows = [row(n, till=f"till-{n % 5}") for n in range(10)]
    day_book.note(rows)

    first = day_book.latest(SHOP, DAY, limit=4)
    second = day_book.latest(SHOP, DAY, limit=4, before=first[-1].place)
    third = day_book.latest(SHOP, DAY, limit=4, before=second[-1].place)

    assert (*first, *second, *third) == tuple(reversed(rows))


def test_two_rows_of_one_moment_are_two(day_book: DayBook) -> None:
    twins = [row(1, name="purchase-a"), row(1, name="purchase-b")]
    day_book.note(twins)

    newest, oldest = day_book.latest(SHOP, DAY)
    before = day_book.latest(SHOP, DAY, before=newest.place)

    assert {newest, oldest} == set(twins)
    assert before == (oldest,)


def test_each_merchant_and_each_day_has_its_own(day_book: DayBook) -> None:
    day_book.note([row(1), row(1, merchant_id="bakery"), row(1, on=date(2026, 6, 2))])

    assert day_book.latest(SHOP, DAY) == (row(1),)


def test_a_long_day_is_read_a_page_at_a_time(day_book: DayBook) -> None:
    rows = [row(n) for n in range(ROWS_MAX + 1)]
    day_book.note(rows)

    page = day_book.latest(SHOP, DAY, till_id="till-1", limit=10_000)
    rest = day_book.latest(SHOP, DAY, till_id="till-1", before=page[-1].place)

    assert len(page) == ROWS_MAX
    assert rest == (rows[0],)


def test_nothing_noted_is_nothing_to_read(day_book: DayBook) -> None:
    day_book.note([])

    assert day_book.latest(SHOP, DAY) == ()


def test_a_row_goes_with_time_counted_from_its_own_day(connection, table_client) -> None:
    DynamoDayBook(connection).note([FULL])

    (item,) = table_client.scan(TableName=Item.Meta.table_name)["Items"]

    gone = datetime.fromtimestamp(int(item["ttl"]["N"]), tz=UTC).date()
    assert gone - DAY == timedelta(days=DAY_BOOK_DAYS)
