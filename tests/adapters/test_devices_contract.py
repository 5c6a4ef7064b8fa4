"""The `PassDevices` port: one contract for the fake and the table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo import devices
from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import DeviceRegistration
from tests.adapters.stores import NOW, SHOP, Stores, join, next_entry, profile, stores_of

MEMBER = profile().member
OTHER = MemberRef("bakery", "mem_two")
REGISTRATION = DeviceRegistration("device/1#%", "pass.app.test", "serial-1", "aa" * 32, NOW)


@pytest.fixture(params=["fake", "dynamo"])
def stores(request) -> Stores:
    return stores_of(request)


def _join(stores: Stores, member: MemberRef, *, is_dirty: bool = True) -> None:
    who = replace(profile(), member=member, code=f"L1{member.member_id}")
    change = join(member, is_dirty=is_dirty)
    stores.members.register(who, change, phone_hash=None, sign_up=None)


def test_a_registration_is_new_once(stores: Stores) -> None:
    assert stores.devices.register(MEMBER, REGISTRATION)
    assert not stores.devices.register(MEMBER, REGISTRATION)


def test_a_registration_is_found_from_both_sides(stores: Stores) -> None:
    stores.devices.register(MEMBER, REGISTRATION)

    assert stores.devices.devices_of(MEMBER) == (REGISTRATION,)
    assert stores.devices.serials_on("device/1#%", "pass.app.test") == ((MEMBER, "serial-1"),)


def test_registering_again_stores_the_new_push_token(stores: Stores) -> None:
    again = replace(REGISTRATION, push_token="bb" * 32, registered_at=NOW + timedelta(days=1))
    stores.devices.register(MEMBER, REGISTRATION)

    stores.devices.register(MEMBER, again)

    assert stores.devices.devices_of(MEMBER) == (again,)


def test_a_device_holds_passes_of_several_merchants(stores: Stores) -> None:
    stores.devices.register(MEMBER, REGISTRATION)
    stores.devices.register(OTHER, replace(REGISTRATION, serial="serial-2"))

    found = stores.devices.serials_on("device/1#%", "pass.app.test")

    assert found == ((MEMBER, "serial-1"), (OTHER, "serial-2"))
    assert stores.devices.devices_of(MEMBER) == (REGISTRATION,)


def test_an_unknown_device_or_pass_type_holds_nothing(stores: Stores) -> None:
    stores.devices.register(MEMBER, REGISTRATION)

    assert stores.devices.serials_on("device/1", "pass.app.test") == ()
    assert stores.devices.serials_on("device/1#%", "pass.app.other") == ()
    assert stores.devices.devices_of(OTHER) == ()


def test_unregistering_forgets_and_may_be_repeated(stores: Stores) -> None:
    stores.devices.register(MEMBER, REGISTRATION)

    for _ in range(2):
        stores.devices.unregister(MEMBER, "device/1#%", "pass.app.test", "serial-1")

    assert stores.devices.devices_of(MEMBER) == ()
    assert stores.devices.serials_on("device/1#%", "pass.app.test") == ()
    assert stores.devices.register(MEMBER, REGISTRATION)


def test_unregistering_one_pass_leaves_the_others(stores: Stores) -> None:
    stores.devices.register(MEMBER, REGISTRATION)
    stores.devices.register(OTHER, replace(REGISTRATION, serial="serial-2"))
    stores.devices.register(MEMBER, replace(REGISTRATION, device_id="device-2"))

    stores.devices.unregister(MEMBER, "device/1#%", "pass.app.test", "serial-1")

    assert stores.devices.serials_on("device/1#%", "pass.app.test") == ((OTHER, "serial-2"),)
    assert [device.device_id for device in stores.devices.devices_of(MEMBER)] == ["device-2"]


def test_the_newest_twenty_devices_are_told(stores: Stores) -> None:
    for number in range(23):
        stores.devices.register(
            MEMBER,
            replace(
                REGISTRATION,
                device_id=f"device-{(number * 7) % 23}",
                registered_at=NOW + timedelta(seconds=number),
            ),
        )

    found = stores.devices.devices_of(MEMBER)

    newest_first = [NOW + timedelta(seconds=number) for number in range(22, 2, -1)]
    assert [device.registered_at for device in found] == newest_first


def test_members_whose_passes_were_not_told_are_listed(stores: Stores) -> None:
    _join(stores, MEMBER)
    _join(stores, OTHER)
    _join(stores, MemberRef(SHOP, "mem_clean"), is_dirty=False)

    assert set(stores.devices.dirty()) == {MEMBER, OTHER}
    assert len(stores.devices.dirty(limit=1)) == 1


def test_all_of_a_merchant_that_were_not_told_are_listed_page_by_page(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "DIRTY_PAGE", 2)
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

    was_marked = stores.devices.mark_pushed(MEMBER, 1)

    assert was_marked
    assert stores.devices.dirty() == ()
    account = stores.ledger.account(MEMBER)
    assert account is not None
    assert not account.is_dirty


def test_a_pass_told_of_an_older_version_stays_dirty(stores: Stores) -> None:
    _join(stores, MEMBER)
    account = stores.ledger.account(MEMBER)
    assert account is not None
    stores.ledger.commit(next_entry(account))

    was_marked = stores.devices.mark_pushed(MEMBER, 1)

    assert not was_marked
    assert stores.devices.dirty() == (MEMBER,)


def test_a_clean_pass_becomes_dirty_again_with_the_next_entry(stores: Stores) -> None:
    _join(stores, MEMBER)
    stores.devices.mark_pushed(MEMBER, 1)
    account = stores.ledger.account(MEMBER)
    assert account is not None

    stores.ledger.commit(next_entry(account))

    assert stores.devices.dirty() == (MEMBER,)
    assert stores.devices.mark_pushed(MEMBER, 2)


def test_an_account_knows_the_version_that_was_told_last(stores: Stores) -> None:
    _join(stores, MEMBER)
    before = stores.ledger.account(MEMBER)
    assert before is not None
    stores.devices.mark_pushed(MEMBER, 1)
    told = stores.ledger.account(MEMBER)
    assert told is not None

    stores.ledger.commit(next_entry(before))  # decided on what was read before the push

    after = stores.ledger.account(MEMBER)
    assert after is not None
    assert (before.told_version, told.told_version, after.told_version) == (0, 1, 1)


def test_nobodys_pass_is_never_marked(stores: Stores) -> None:
    assert not stores.devices.mark_pushed(MEMBER, 1)
    assert stores.ledger.account(MEMBER) is None


def test_a_dead_registration_is_forgotten_on_both_sides(stores: Stores) -> None:
    stores.devices.register(MEMBER, REGISTRATION)

    stores.devices.forget(MEMBER, REGISTRATION)
    stores.devices.forget(MEMBER, REGISTRATION)

    assert stores.devices.devices_of(MEMBER) == ()
    assert stores.devices.serials_on("device/1#%", "pass.app.test") == ()


def test_a_phone_that_sent_a_new_token_since_is_not_forgotten(stores: Stores) -> None:
    again = replace(REGISTRATION, push_token="bb" * 32)
    stores.devices.register(MEMBER, REGISTRATION)
    stores.devices.register(MEMBER, again)

    stores.devices.forget(MEMBER, REGISTRATION)

    assert stores.devices.devices_of(MEMBER) == (again,)
    assert stores.devices.serials_on("device/1#%", "pass.app.test") == ((MEMBER, "serial-1"),)


def test_a_postponed_pass_stays_dirty_and_lets_the_others_go_first(stores: Stores) -> None:
    _join(stores, MEMBER)
    _join(stores, OTHER)

    stores.devices.postpone(MEMBER, NOW + timedelta(days=1))

    assert stores.devices.dirty() == (OTHER, MEMBER)


def test_a_postponed_pass_may_say_how_far_the_journal_is(stores: Stores) -> None:
    _join(stores, MEMBER)

    stores.devices.postpone(MEMBER, NOW, noted=1)
    stores.devices.postpone(MEMBER, NOW)  # says nothing of it
    noted = stores.ledger.account(MEMBER)
    assert noted is not None
    stores.ledger.commit(next_entry(noted))

    after = stores.ledger.account(MEMBER)
    assert after is not None
    assert (noted.noted_version, noted.told_version, after.noted_version) == (1, 0, 1)


def test_postponing_a_clean_pass_does_not_make_it_dirty(stores: Stores) -> None:
    _join(stores, MEMBER, is_dirty=False)

    stores.devices.postpone(MEMBER, NOW)

    assert stores.devices.dirty() == ()
