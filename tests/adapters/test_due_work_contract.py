"""The `DueWork` port: one contract for the fake and the table."""

from datetime import date, timedelta

import pytest

from chalicelib.adapters.dynamo.keys import shard_of
from chalicelib.domain.account import MemberRef
from tests.adapters.stores import (
    DUE_SHARDS,
    SHOP,
    Stores,
    join,
    next_entry,
    profile,
    stores_of,
)

TODAY = date(2026, 6, 1)
PAGE = 25


@pytest.fixture(params=["fake", "dynamo"])
def stores(request) -> Stores:
    return stores_of(request)


def _names(count: int, shard: int = 0) -> list[str]:
    """Return ids of members of one shard."""
    names = (f"{number:04d}" for number in range(10_000))
    fitting = (name for name in names if shard_of(f"mem_{name}", DUE_SHARDS) == shard)
    return [name for name, _ in zip(fitting, range(count), strict=False)]


def _join(stores: Stores, name: str, due: date | None, anniversary: date | None = None) -> None:
    who = profile(name, anniversary_due=anniversary)
    stores.members.register(who, join(who.member, due=due), phone_hash=None, sign_up=None)


def _everyone(find, shard: int = 0, through: date = TODAY) -> list[str]:
    """Return the ids of every page."""
    found: list[str] = []
    after = None
    for _ in range(10):
        page, after = find(SHOP, shard, through, after=after)
        assert len(page) <= PAGE
        found += [member.member_id for member in page]
        if after is None:
            return found
    raise AssertionError("pages without an end")


def test_members_due_come_earliest_first_and_nobody_else(stores: Stores) -> None:
    today, past, tomorrow, never = _names(4)
    _join(stores, today, TODAY)
    _join(stores, past, TODAY - timedelta(days=40))
    _join(stores, tomorrow, TODAY + timedelta(days=1))
    _join(stores, never, None)

    found = _everyone(stores.due_work.due_members)

    assert found == [f"mem_{past}", f"mem_{today}"]


def test_a_shard_lists_its_own_members(stores: Stores) -> None:
    (zero,), (one,) = _names(1, shard=0), _names(1, shard=1)
    _join(stores, zero, TODAY)
    _join(stores, one, TODAY)

    assert _everyone(stores.due_work.due_members, shard=0) == [f"mem_{zero}"]
    assert _everyone(stores.due_work.due_members, shard=1) == [f"mem_{one}"]


def test_another_merchants_members_are_not_listed(stores: Stores) -> None:
    (name,) = _names(1)
    _join(stores, name, TODAY)

    assert stores.due_work.due_members("bakery", 0, TODAY) == ((), None)


@pytest.mark.parametrize("count", [0, 24, 25, 26, 60])
def test_pages_list_everybody_once(stores: Stores, count: int) -> None:
    names = _names(count)
    for number, name in enumerate(names):
        _join(stores, name, TODAY - timedelta(days=number % 3))

    found = _everyone(stores.due_work.due_members)

    assert sorted(found) == [f"mem_{name}" for name in names]


def test_a_cursor_goes_on_after_those_worked_have_left(stores: Stores) -> None:
    names = _names(30)
    for name in names:
        _join(stores, name, TODAY)
    first, cursor = stores.due_work.due_members(SHOP, 0, TODAY)
    for member in first:
        account = stores.ledger.account(member)
        assert account is not None
        stores.ledger.commit(next_entry(account, due=None))

    rest, end = stores.due_work.due_members(SHOP, 0, TODAY, after=cursor)

    assert [member.member_id for member in rest] == [f"mem_{name}" for name in names[25:]]
    assert end is None
    assert _everyone(stores.due_work.due_members) == [member.member_id for member in rest]


def test_a_cursor_past_the_day_finds_nothing(stores: Stores) -> None:
    (name,) = _names(1)
    _join(stores, name, TODAY)

    assert stores.due_work.due_members(SHOP, 0, TODAY, after="2026-06-02#mem_1") == ((), None)


def test_anniversaries_are_a_list_of_their_own(stores: Stores) -> None:
    birthday, expiry = _names(2)
    _join(stores, birthday, None, anniversary=TODAY)
    _join(stores, expiry, TODAY)

    assert _everyone(stores.due_work.due_anniversaries) == [f"mem_{birthday}"]
    assert _everyone(stores.due_work.due_members) == [f"mem_{expiry}"]


def test_an_anniversary_moves_on_with_its_profile(stores: Stores) -> None:
    (name,) = _names(1)
    _join(stores, name, None, anniversary=TODAY)
    next_year = TODAY + timedelta(days=365)

    stores.members.save_profile(profile(name, anniversary_due=next_year))

    assert _everyone(stores.due_work.due_anniversaries) == []
    assert _everyone(stores.due_work.due_anniversaries, through=next_year) == [f"mem_{name}"]


def test_a_profile_without_an_anniversary_leaves_the_list(stores: Stores) -> None:
    (name,) = _names(1)
    _join(stores, name, None, anniversary=TODAY)

    stores.members.save_profile(profile(name, anniversary_due=None))

    assert _everyone(stores.due_work.due_anniversaries) == []
    assert stores.members.profile(MemberRef(SHOP, f"mem_{name}")) == profile(name, revision=2)
