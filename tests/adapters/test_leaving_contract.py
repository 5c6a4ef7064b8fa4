"""Members who go: one contract for the fakes and the table."""

from dataclasses import replace

import pytest

from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.keys import profile_key
from chalicelib.domain.account import MemberStatus
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.members import DeviceRegistration, Leaving, NewPassCode, Profile
from chalicelib.domain.pass_holders import PassHolder
from chalicelib.ports import AlreadyRecorded, CommitConflict
from tests.adapters.ledger_values import operation
from tests.adapters.stores import (
    FULL_PROFILE,
    NOW,
    SHOP,
    Stores,
    dynamo_stores,
    next_entry,
    profile,
    register,
    stores_of,
)

ONE, TWO = profile("one"), profile("two")
PERSONAL = ("sealed", "due", "due_sk")


@pytest.fixture(params=["fake", "dynamo"])
def stores(request) -> Stores:
    found = stores_of(request)
    register(found, "one", phone="1")
    register(found, "two", phone="2")
    found.members.add_card(ONE, "card-1")
    return found


def leaving(heir: Profile | None = None) -> Leaving:
    """Return what it takes for the first member to go."""
    gone = replace(ONE, revision=2)  # a card was bound
    return Leaving(gone, ("1",), (ONE.code,), ("card-1",), heir=heir)


def change(stores: Stores, one: Leaving, key: str = "leave") -> LedgerChange:
    """Return the last entry of the first member."""
    account = stores.ledger.account(ONE.member)
    assert account is not None
    last = next_entry(account)
    assert last.account is not None
    status = MemberStatus.MERGED if one.heir else MemberStatus.ERASED
    into = one.heir.member.member_id if one.heir else None
    ended = replace(last.account, status=status, merged_into=into)
    return replace(last, operation=operation(key), account=ended, leaving=one)


def ways(stores: Stores) -> tuple[str | None, str | None, str | None]:
    """Return where the first member's phone, code and card lead."""
    members = stores.members
    return (
        members.id_by_phone(SHOP, "1"),
        members.id_by_code(SHOP, ONE.code),
        members.id_by_card(SHOP, "card-1"),
    )


def test_an_erased_member_is_found_by_nothing(stores: Stores) -> None:
    stores.ledger.commit(change(stores, leaving()))

    assert ways(stores) == (None, None, None)
    assert stores.members.profile(ONE.member) is None
    ended = stores.ledger.account(ONE.member)
    assert ended is not None
    assert ended.status is MemberStatus.ERASED


def test_others_keep_what_leads_to_them(stores: Stores) -> None:
    stores.ledger.commit(change(stores, leaving()))

    assert stores.members.id_by_phone(SHOP, "2") == TWO.member.member_id
    assert stores.members.profile(TWO.member) == TWO


def test_what_led_to_a_merged_member_leads_to_the_heir(stores: Stores) -> None:
    heir = replace(TWO, merged_phones=("+79161234567",), merged_codes=(ONE.code,))

    stores.ledger.commit(change(stores, leaving(heir)))

    assert ways(stores) == (TWO.member.member_id,) * 3
    assert stores.members.profile(TWO.member) == replace(heir, revision=2)
    ended = stores.ledger.account(ONE.member)
    assert ended is not None
    assert (ended.status, ended.merged_into) == (MemberStatus.MERGED, TWO.member.member_id)


def replaced_code(stores: Stores) -> Leaving:
    """Replace the first member's pass code; return what it takes to go then."""
    held = stores.ledger.account(ONE.member)
    assert held is not None
    again = replace(ONE, revision=2, code="L1new")
    new = NewPassCode(again, old=ONE.code)
    stores.ledger.commit(replace(next_entry(held), operation=operation("c"), pass_code=new))
    gone = replace(again, revision=3)
    return Leaving(gone, ("1",), ("L1new",), ("card-1",), (ONE.code,))


def test_a_replaced_code_is_forgotten_with_its_member(stores: Stores) -> None:
    stores.ledger.commit(change(stores, replaced_code(stores)))

    for is_replaced in (True, False):
        found = stores.members.id_by_code(SHOP, ONE.code, is_replaced=is_replaced)
        assert found is None


def test_a_replaced_code_of_who_was_merged_stays_replaced(stores: Stores) -> None:
    stores.ledger.commit(change(stores, replace(replaced_code(stores), heir=TWO)))

    assert stores.members.id_by_code(SHOP, ONE.code) is None
    found = stores.members.id_by_code(SHOP, ONE.code, is_replaced=True)
    assert found == TWO.member.member_id
    assert stores.members.id_by_code(SHOP, "L1new") == TWO.member.member_id


@pytest.mark.parametrize("moved", ["gone", "heir"])
def test_a_profile_that_has_moved_stops_it_and_nothing_is_written(
    stores: Stores, moved: str
) -> None:
    stale = leaving(TWO)
    if moved == "gone":
        stores.members.save_profile(replace(ONE, revision=2, name="Anna"))
    else:
        stores.members.save_profile(replace(TWO, name="Boris"))

    with pytest.raises(CommitConflict):
        stores.ledger.commit(change(stores, stale))

    assert ways(stores) == (ONE.member.member_id,) * 3
    account = stores.ledger.account(ONE.member)
    assert account is not None
    assert (account.version, account.status) == (1, MemberStatus.ACTIVE)


def test_a_repeat_tells_what_was_written_first(stores: Stores) -> None:
    first = change(stores, leaving())
    stores.ledger.commit(first)

    with pytest.raises(AlreadyRecorded) as repeated:
        stores.ledger.commit(change(stores, leaving()))

    assert repeated.value.recorded.entry == first.entry


def test_nobody_writes_the_profile_of_who_has_gone(stores: Stores) -> None:
    stores.ledger.commit(change(stores, leaving()))

    with pytest.raises(CommitConflict):
        stores.members.save_profile(replace(ONE, revision=2, name="Anna"))
    with pytest.raises(CommitConflict):
        stores.members.add_card(replace(ONE, revision=2), "card-2")
    assert stores.members.profile(ONE.member) is None


def all_holders(stores: Stores) -> list[PassHolder]:
    """Return whose phones a push of all passes reaches."""
    shards = range(stores.holders.shards)
    return [one for shard in shards for one in stores.holders.page(SHOP, shard)[0]]


def test_dropped_tokens_are_not_pushed_but_the_phone_may_still_ask(stores: Stores) -> None:
    phone = DeviceRegistration("d1", "pass.test", "s1", "aa" * 32, NOW)
    other = replace(phone, device_id="d2", push_token="bb" * 32)
    stores.devices.register(ONE.member, phone)
    stores.devices.register(ONE.member, other)
    stores.devices.register(TWO.member, replace(phone, serial="s2"))

    stores.devices.drop_tokens(ONE.member)

    assert stores.devices.devices_of(ONE.member) == ()
    assert len(stores.devices.devices_of(TWO.member)) == 1
    assert {one.member for one in all_holders(stores)} == {TWO.member}
    held = stores.devices.serials_on("d1", "pass.test")
    assert held == ((ONE.member, "s1"), (TWO.member, "s2"))
    stores.devices.unregister(ONE.member, "d1", "pass.test", "s1")
    assert stores.devices.serials_on("d1", "pass.test") == ((TWO.member, "s2"),)


def test_nothing_personal_is_left_in_the_table(connection, table_client) -> None:
    stores = dynamo_stores(connection)
    register(stores, "one", phone="1")
    stores.members.save_profile(replace(FULL_PROFILE, member=ONE.member, revision=1))
    gone = replace(leaving(), card_hashes=())

    stores.ledger.commit(change(stores, gone))

    items = table_client.scan(TableName=Item.Meta.table_name)["Items"]
    pk, sk = profile_key(ONE.member)
    (left,) = [one for one in items if (one["pk"]["S"], one["sk"]["S"]) == (pk, sk)]
    assert not set(left) & set(PERSONAL)
    assert left["revision"] == {"N": "3"}, "a pass's version counts it and must not fall"
    kinds = sorted(one["kind"]["S"] for one in items)
    # account, entries, tombstone, record; of the funnel a day's counts and the card's days
    assert kinds == ["A", "E", "E", "F", "I", "f", "fc"]
