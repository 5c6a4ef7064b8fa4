"""The `Journal` port: one contract for the fake and the table."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.journal import DynamoJournal
from chalicelib.adapters.dynamo.keys import shard_of
from chalicelib.domain.account import MemberRef
from chalicelib.domain.journal import JOURNAL_DAYS, JournalRow
from chalicelib.ports import Journal
from tests.fakes.journal import FakeJournal

SHOP = "roastery"
DAY = date(2026, 6, 1)
SHARDS = 4


@pytest.fixture(params=["fake", "engine"])
def journal(request: pytest.FixtureRequest) -> Journal:
    if request.param == "fake":
        return FakeJournal(SHARDS)
    return DynamoJournal(request.getfixturevalue("connection"), due_shards=SHARDS)


def row(member: str, day: date, receipt: str = "r-1", shop: str = SHOP) -> JournalRow:
    return JournalRow(MemberRef(shop, member), day, "till-1", receipt)


def shard(member: str) -> int:
    return shard_of(member, SHARDS)


def all_of(journal: Journal, of: int) -> list[JournalRow]:
    found: list[JournalRow] = []
    rows, after = journal.page(SHOP, of)
    found.extend(rows)
    while after is not None:
        rows, after = journal.page(SHOP, of, after=after)
        found.extend(rows)
    return found


def neighbours(count: int) -> list[str]:
    """Return members of one shard."""
    names = (f"mem_{n}" for n in range(100))
    return [name for name in names if shard(name) == shard("mem_0")][:count]


def test_a_members_rows_stand_together_in_the_order_of_their_days(journal: Journal) -> None:
    ann, bob = neighbours(2)
    days = [DAY + timedelta(days=n) for n in (3, 0, 30)]
    journal.note([row(who, day) for day in days for who in (bob, ann)])

    found = all_of(journal, shard(ann))

    assert [(one.member.member_id, one.on) for one in found] == [
        (who, day) for who in sorted((ann, bob)) for day in sorted(days)
    ]


def test_a_row_noted_again_is_there_once(journal: Journal) -> None:
    journal.note([row("mem_1", DAY), row("mem_1", DAY)])
    journal.note([row("mem_1", DAY)])

    assert all_of(journal, shard("mem_1")) == [row("mem_1", DAY)]
    assert journal.count(SHOP, shard("mem_1")) == 1


def test_each_merchant_and_each_shard_has_its_own(journal: Journal) -> None:
    journal.note([row("mem_1", DAY), row("mem_1", DAY, shop="bakery")])

    counts = [journal.count(SHOP, n) for n in range(SHARDS)]

    assert counts[shard("mem_1")] == sum(counts) == 1


def test_nothing_noted_is_nothing_to_read(journal: Journal) -> None:
    journal.note([])

    assert journal.page(SHOP, 0) == ((), None)
    assert journal.count(SHOP, 0) == 0


def test_a_long_shard_is_read_page_by_page_and_counted_whole(journal: Journal) -> None:
    many = [row("mem_1", DAY, f"r-{n:04}") for n in range(501)]
    journal.note(many)

    first, after = journal.page(SHOP, shard("mem_1"))

    assert (len(first), after) == (500, many[499])
    assert all_of(journal, shard("mem_1")) == many
    assert journal.count(SHOP, shard("mem_1")) == 501


def test_what_divides_keys_may_stand_in_a_name(journal: Journal) -> None:
    odd = JournalRow(MemberRef(SHOP, "mem#1"), DAY, "till%23", "#1")
    journal.note([odd])

    assert all_of(journal, shard("mem#1")) == [odd]


def test_a_row_goes_with_time_counted_from_its_own_day(connection, table_client) -> None:
    DynamoJournal(connection, due_shards=SHARDS).note([row("mem_1", DAY)])

    (item,) = table_client.scan(TableName=Item.Meta.table_name)["Items"]

    gone = datetime.fromtimestamp(int(item["ttl"]["N"]), tz=UTC).date()
    assert gone - DAY == timedelta(days=JOURNAL_DAYS)
