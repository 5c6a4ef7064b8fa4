"""What every store of draws promises, run against the fake and against the engine."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib.adapters.dynamo.draws import WINNERS_OF_ITEM_MAX, DynamoDraws
from chalicelib.adapters.dynamo.items import Item
from chalicelib.domain.account import MemberRef
from chalicelib.domain.draw_picks import PART_MEMBERS_MAX, Entrant, Part, Winner
from chalicelib.domain.draws import (
    PRIZE_KINDS_MAX,
    Draw,
    DrawState,
    EntryList,
    EntryRule,
    Per,
    Prize,
    Total,
)
from chalicelib.domain.journal import JournalRow
from chalicelib.ports import CommitConflict, Draws, Stretch
from tests.fakes.draws import FakeDraws

SHOP = "roastery"
NOON = datetime(2026, 6, 1, 12, 0, 0, 5, tzinfo=UTC)
DRAW = Draw(
    merchant_id=SHOP,
    draw_id="drw_1",
    title="Июнь",
    opens=date(2026, 6, 1),
    closes=date(2026, 6, 30),
    prizes=(Prize("Велосипед", 1), Prize("Points", 2, 50, 30)),
    rule=EntryRule(Per.AMOUNT, 100, 500, 7),
    created_at=NOON,
    commitment="ab" * 32,
    fingerprint="cd" * 32,
)
DRAWN = replace(
    DRAW,
    state=DrawState.DRAWN,
    entry_list=EntryList("ef" * 32, 9, 4, ("0000-0000-0000", "7777-7777-7777"), NOON),
    public_text='a "text"',
    drawn_at=NOON,
    seed="12" * 32,
    winners=3,
    granted=2,
)
ROW = JournalRow(MemberRef(SHOP, "mem_2"), date(2026, 6, 2), "till-1", "r-1")
STRETCH = Stretch((("mem_1", Total(100, 5)),), ("mem_2", Total(-1, 0)), ROW)
ITEM_BYTES_MAX = 300 * 1024


@pytest.fixture(params=["fake", "engine"])
def draws(request: pytest.FixtureRequest) -> Draws:
    if request.param == "fake":
        return FakeDraws()
    request.getfixturevalue("connection")
    return DynamoDraws()


class TestDraws:
    @pytest.mark.parametrize("draw", [DRAW, DRAWN])
    def test_a_draw_comes_back_as_it_was(self, draws: Draws, draw: Draw) -> None:
        draws.add(draw)

        assert draws.find(SHOP, "drw_1") == draw
        assert draws.all_of(SHOP) == (draw,)

    def test_what_was_never_added_is_not_there(self, draws: Draws) -> None:
        draws.add(DRAW)

        assert draws.find(SHOP, "drw_2") is None
        assert draws.find("bakery", "drw_1") is None
        assert draws.all_of("bakery") == ()

    def test_a_draw_is_added_once(self, draws: Draws) -> None:
        draws.add(DRAW)

        with pytest.raises(CommitConflict):
            draws.add(replace(DRAW, title="July"))

        assert draws.find(SHOP, "drw_1") == DRAW

    def test_a_draw_that_moved_is_not_replaced(self, draws: Draws) -> None:
        draws.add(DRAW)
        moved = draws.save(replace(DRAW, state=DrawState.CLOSING))

        with pytest.raises(CommitConflict):
            draws.save(replace(DRAW, title="July"))

        assert moved == replace(DRAW, state=DrawState.CLOSING, revision=2)
        assert draws.find(SHOP, "drw_1") == moved

    def test_other_items_of_a_draw_are_no_draws(self, draws: Draws) -> None:
        draws.add(DRAW)
        draws.add_stretch(DRAW, 0, 0, STRETCH)
        draws.put_parts(DRAW, [Part(1, (Entrant("a", 1, "mem_1"),))])
        draws.put_winners(DRAW, [Winner(1, 1, "a", "mem_1")])

        assert draws.all_of(SHOP) == (DRAW,)


class TestTallies:
    @pytest.mark.parametrize("found", [STRETCH, Stretch((), None, None)])
    def test_a_slice_comes_back_as_it_was(self, draws: Draws, found: Stretch) -> None:
        assert draws.stretch_of(DRAW, 3, 12) is None

        stored = draws.add_stretch(DRAW, 3, 12, found)

        assert stored == draws.stretch_of(DRAW, 3, 12) == found
        assert draws.stretch_of(DRAW, 3, 1) is None
        assert draws.stretch_of(replace(DRAW, draw_id="drw_12"), 3, 12) is None

    def test_the_first_stretch_of_a_number_stays(self, draws: Draws) -> None:
        draws.add_stretch(DRAW, 0, 0, STRETCH)

        late = draws.add_stretch(DRAW, 0, 0, Stretch((), None, None))

        assert late == draws.stretch_of(DRAW, 0, 0) == STRETCH


class TestListsAndWinners:
    def test_parts_come_back_by_their_number(self, draws: Draws) -> None:
        one = Part(1, (Entrant("0000-0000-0000", 2, "mem_1"),))
        two = Part(3, (Entrant("7777-7777-7777", 1, "mem_2"), Entrant("8", 1, "mem_3")))

        draws.put_parts(DRAW, [one, two])
        draws.put_parts(DRAW, [one, two])

        assert [draws.part(DRAW, n) for n in range(3)] == [one, two, None]

    def test_winners_come_back_in_the_order_of_places(self, draws: Draws) -> None:
        count = 2 * WINNERS_OF_ITEM_MAX + 1
        winners = [Winner(n, 3 * n, f"{n:04d}", f"mem_{n}") for n in range(1, count + 1)]

        draws.put_winners(DRAW, winners)
        draws.put_winners(replace(DRAW, draw_id="drw_12"), winners[:1])

        assert draws.winners(DRAW) == tuple(winners)
        assert draws.winners(replace(DRAW, draw_id="drw_2")) == ()


def test_no_item_is_too_large_for_the_table(connection, table_client) -> None:
    draws, longest = DynamoDraws(), "mem_" + "x" * 22
    people = tuple(Entrant("0000-0000-0000", 1_000, longest) for _ in range(PART_MEMBERS_MAX))
    total = (longest, Total(10**12, 10**9))
    draws.add(
        replace(DRAWN, prizes=(Prize("п" * 64, 10_000, 10**9, 36_600),) * PRIZE_KINDS_MAX)
    )
    draws.put_parts(DRAW, [Part(1, people)])
    draws.put_winners(
        DRAW, [Winner(10_000, 10**6, "0000-0000-0000", longest)] * WINNERS_OF_ITEM_MAX
    )
    draws.add_stretch(DRAW, 0, 0, Stretch((total,) * 2_500, total, ROW))

    items = table_client.scan(TableName=Item.Meta.table_name)["Items"]

    sizes = {item["kind"]["S"]: len(item["text"]["S"].encode()) for item in items}
    assert sorted(sizes) == ["DE", "DR", "DT", "DW"]
    assert max(sizes.values()) < ITEM_BYTES_MAX
