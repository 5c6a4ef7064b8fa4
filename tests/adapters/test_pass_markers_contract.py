"""The markers of the `PassDevices` port: one contract for the fake and the table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo import pass_markers
from chalicelib.domain.account import Account, MemberRef
from chalicelib.ports import CommitConflict
from tests.adapters.stores import NOW, SHOP, Stores, join, next_entry, profile, stores_of

MEMBER = profile().member
OTHER = MemberRef("bakery", "mem_two")


@pytest.fixture(params=["fake", "dynamo"])
def stores(request) -> Stores:
    return stores_of(request)


def _join(stores: Stores, member: MemberRef, *, is_dirty: bool = True) -> None:
    who = replace(profile(), member=member, code=f"L1{member.member_id}")
    change = join(member, is_dirty=is_dirty)
    stores.members.register(who, change, phone_hash=None, sign_up=None)


def test_members_whose_passes_were_not_told_are_listed(stores: Stores) -> None:
    _join(stores, MEMBER)
    _join(stores, OTHER)
    _join(stores, MemberRef(SHOP, "mem_clean"), is_dirty=False)

    assert set(stores.devices.dirty()) == {MEMBER, OTHER}
    assert len(stores.devices.dirty(limit=1)) == 1


def test_all_of_a_merchant_that_were_not_told_are_listed_page_by_page(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pass_markers, "DIRTY_PAGE", 2)
    members = [MemberRef(SHOP, f"mem_{number}") for number in range(12)]
    for member in (*members, OTHER):
        _join(stores, member)
    _join(stores, MemberRef(SHOP, "mem_clean"), is_dirty=False)

    listed = stores.devices.dirty_of(SHOP)

    assert sorted(listed, key=lambda one: one.member_id) == sorted(
        members, key=lambda one: one.member_id
    )
    assert stores.devices.dirty_of("nobody") == ()


def test_a_pass_told_of_the_latest_version_is_clean(stores: Stores) -> None:
    _join(stores, MEMBER)

    was_marked = stores.devices.mark_pushed(read(stores))

    assert was_marked
    assert stores.devices.dirty() == ()
    account = read(stores)
    assert not account.is_dirty


def test_a_pass_told_of_an_older_version_stays_dirty(stores: Stores) -> None:
    _join(stores, MEMBER)
    account = read(stores)
    stores.ledger.commit(next_entry(account))

    was_marked = stores.devices.mark_pushed(account)

    assert not was_marked
    assert stores.devices.dirty() == (MEMBER,)


def test_a_clean_pass_becomes_dirty_again_with_the_next_entry(stores: Stores) -> None:
    _join(stores, MEMBER)
    stores.devices.mark_pushed(read(stores))
    account = read(stores)

    stores.ledger.commit(next_entry(account))

    assert stores.devices.dirty() == (MEMBER,)
    assert stores.devices.mark_pushed(read(stores))


def test_an_account_knows_the_version_that_was_told_last(stores: Stores) -> None:
    _join(stores, MEMBER)
    before = read(stores)
    stores.devices.mark_pushed(read(stores))
    told = read(stores)

    stores.ledger.commit(next_entry(before))  # decided on what was read before the push

    after = read(stores)
    assert (before.told_version, told.told_version, after.told_version) == (0, 1, 1)


def test_nobodys_pass_is_never_marked(stores: Stores) -> None:
    assert not stores.devices.mark_pushed(Account(MEMBER, version=1))
    stores.devices.mark(MEMBER, NOW)
    stores.devices.postpone(MEMBER, NOW)
    assert stores.ledger.account(MEMBER) is None


def test_a_postponed_pass_stays_dirty_and_lets_the_others_go_first(stores: Stores) -> None:
    _join(stores, MEMBER)
    _join(stores, OTHER)

    stores.devices.postpone(MEMBER, NOW + timedelta(days=1))

    assert stores.devices.dirty() == (OTHER, MEMBER)


def test_a_postponed_pass_may_say_how_far_the_journal_is(stores: Stores) -> None:
    _join(stores, MEMBER)

    stores.devices.postpone(MEMBER, NOW, noted=1)
    stores.devices.postpone(MEMBER, NOW)  # says nothing of it
    noted = read(stores)
    stores.ledger.commit(next_entry(noted))

    after = read(stores)
    assert (noted.noted_version, noted.told_version, after.noted_version) == (1, 0, 1)


def test_postponing_a_clean_pass_does_not_make_it_dirty(stores: Stores) -> None:
    _join(stores, MEMBER, is_dirty=False)

    stores.devices.postpone(MEMBER, NOW)

    assert stores.devices.dirty() == ()


def read(stores: Stores) -> Account:
    account = stores.ledger.account(MEMBER)
    assert account is not None
    return account


def test_a_marked_pass_is_dirty_at_the_same_version(stores: Stores) -> None:
    _join(stores, MEMBER, is_dirty=False)
    before = read(stores)

    stores.devices.mark(MEMBER, NOW)

    after = read(stores)
    assert stores.devices.dirty() == (MEMBER,)
    assert (after.version, after.pass_version) == (before.version, before.pass_version)
    assert after.marker != before.marker


def test_a_marker_set_since_the_account_was_read_stays_even_at_the_same_moment(
    stores: Stores,
) -> None:
    _join(stores, MEMBER)
    account = read(stores)
    stores.devices.mark(MEMBER, NOW)

    was_cleared = stores.devices.mark_pushed(account)

    assert not was_cleared
    assert stores.devices.dirty() == (MEMBER,)
    assert stores.devices.mark_pushed(read(stores))
    assert stores.devices.dirty() == ()


def test_a_profile_that_shows_something_else_marks_the_pass_with_it(stores: Stores) -> None:
    _join(stores, MEMBER)
    stores.devices.mark_pushed(read(stores))
    who = stores.members.profile(MEMBER)
    assert who is not None

    stores.members.save_profile(replace(who, name="Anna"), marks_at=NOW)

    found = stores.members.profile(MEMBER)
    assert found is not None
    assert (found.name, found.revision) == ("Anna", who.revision + 1)
    assert stores.devices.dirty() == (MEMBER,)


def test_a_profile_that_moved_marks_nothing(stores: Stores) -> None:
    _join(stores, MEMBER)
    stores.devices.mark_pushed(read(stores))
    who = stores.members.profile(MEMBER)
    assert who is not None
    stores.members.save_profile(who)

    with pytest.raises(CommitConflict):
        stores.members.save_profile(replace(who, name="Anna"), marks_at=NOW)

    assert stores.devices.dirty() == ()


def test_an_entry_keeps_the_marks_and_when_a_phone_was_pushed(stores: Stores) -> None:
    _join(stores, MEMBER)
    stores.devices.mark(MEMBER, NOW)
    before = read(stores)
    stores.devices.mark_pushed(before, NOW)

    stores.ledger.commit(next_entry(before))

    after = read(stores)
    assert (after.marks, after.pushed_at) == (1, NOW)


def test_a_postponed_pass_may_say_that_a_phone_was_pushed(stores: Stores) -> None:
    _join(stores, MEMBER)

    stores.devices.postpone(MEMBER, NOW, pushed_at=NOW)
    stores.devices.postpone(MEMBER, NOW)  # says nothing of it

    assert read(stores).pushed_at == NOW
    assert stores.devices.dirty() == (MEMBER,)
