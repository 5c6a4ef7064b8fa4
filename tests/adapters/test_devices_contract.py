"""The `PassDevices` port: one contract for the fake and the table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import DeviceRegistration
from chalicelib.domain.pass_holders import PassHolder
from chalicelib.ports import CommitConflict
from tests.adapters.stores import NOW, SHOP, Stores, dynamo_stores, profile, stores_of

MEMBER = profile().member
OTHER = MemberRef("bakery", "mem_two")
REGISTRATION = DeviceRegistration("device/1#%", "pass.app.test", "serial-1", "aa" * 32, NOW)


@pytest.fixture(params=["fake", "dynamo"])
def stores(request) -> Stores:
    return stores_of(request)


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


def test_a_registration_says_which_pass_it_holds(stores: Stores) -> None:
    known = replace(REGISTRATION, pass_id="0123456789abcdef")

    stores.devices.register(MEMBER, known)

    assert stores.devices.devices_of(MEMBER) == (known,)


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


def test_a_pass_is_on_its_twenty_newest_phones_and_the_older_ones_do_not_list_it(
    stores: Stores,
) -> None:
    for number in range(23):
        stores.devices.register(MEMBER, numbered(number))

    found = stores.devices.devices_of(MEMBER)

    newest_first = [NOW + timedelta(seconds=number) for number in range(22, 2, -1)]
    assert [device.registered_at for device in found] == newest_first
    for number in range(23):
        listed = stores.devices.serials_on(f"device-{(number * 7) % 23}", "pass.app.test")
        assert bool(listed) == (number > 2)
    assert all_holders(stores) == {PassHolder(MEMBER, device) for device in found}


def test_a_phone_that_registers_again_drops_no_other(stores: Stores) -> None:
    for number in range(20):
        stores.devices.register(MEMBER, numbered(number))

    is_new = stores.devices.register(MEMBER, replace(numbered(0), push_token="bb" * 32))

    assert not is_new
    assert len(stores.devices.devices_of(MEMBER)) == 20


def test_a_thousand_passes_on_one_phone_are_all_listed(stores: Stores) -> None:
    members = [MemberRef(SHOP, f"mem_{number}") for number in range(1_000)]
    for member in members:
        one = replace(REGISTRATION, serial=f"serial-{member.member_id}")
        stores.devices.register(member, one)

    found = stores.devices.serials_on("device/1#%", "pass.app.test")

    assert {member for member, _ in found} == set(members)


def test_what_earlier_pushes_came_to_is_kept_until_the_phone_registers_again(
    stores: Stores,
) -> None:
    noted = replace(REGISTRATION, quiet_until=NOW + timedelta(minutes=5), told="3.1")
    stores.devices.register(MEMBER, REGISTRATION)

    stores.devices.note(MEMBER, noted)

    assert stores.devices.devices_of(MEMBER) == (noted,)
    stores.devices.note(MEMBER, REGISTRATION)
    assert stores.devices.devices_of(MEMBER) == (REGISTRATION,)
    stores.devices.note(MEMBER, noted)
    stores.devices.register(MEMBER, REGISTRATION)
    assert stores.devices.devices_of(MEMBER) == (REGISTRATION,)


def test_nothing_is_noted_of_a_phone_with_another_token_or_none(stores: Stores) -> None:
    again = replace(REGISTRATION, push_token="bb" * 32)
    stores.devices.note(MEMBER, replace(REGISTRATION, told="3.1"))
    stores.devices.register(MEMBER, again)

    stores.devices.note(MEMBER, replace(REGISTRATION, told="3.1"))

    assert stores.devices.devices_of(MEMBER) == (again,)


def test_a_phone_that_another_call_registers_at_this_moment_is_asked_for_again(
    connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores = dynamo_stores(connection)
    read = stores.devices._registered

    def overtaken(member: MemberRef) -> list[DeviceRegistration]:
        found = read(member)
        monkeypatch.setattr(stores.devices, "_registered", read)
        stores.devices.register(member, REGISTRATION)
        return found

    monkeypatch.setattr(stores.devices, "_registered", overtaken)
    with pytest.raises(CommitConflict):
        stores.devices.register(MEMBER, REGISTRATION)

    assert not stores.devices.register(MEMBER, REGISTRATION)


def test_every_pass_in_a_wallet_is_held_once_page_by_page(stores: Stores) -> None:
    for number in range(7):
        member = MemberRef(SHOP, f"mem_{number}")
        stores.devices.register(member, replace(REGISTRATION, serial=f"serial-{number}"))
    stores.holders.note_google(MEMBER)
    stores.holders.note_google(MEMBER)
    stores.devices.register(OTHER, replace(REGISTRATION, serial="serial-of-other"))

    held = all_holders(stores, limit=2)

    assert len(held) == stores.holders.count(SHOP) == 8
    assert {one.member for one in held if one.registration is None} == {MEMBER}
    assert all_holders(stores) == held
    assert stores.holders.count("bakery") == 1


def test_who_holds_a_pass_no_more_is_left_out(stores: Stores) -> None:
    stores.devices.register(MEMBER, REGISTRATION)
    stores.devices.register(OTHER, replace(REGISTRATION, serial="serial-2"))
    stores.holders.note_google(MEMBER)

    stores.devices.unregister(MEMBER, "device/1#%", "pass.app.test", "serial-1")
    stores.devices.forget(OTHER, replace(REGISTRATION, serial="serial-2"))
    for _ in range(2):
        stores.holders.forget_google(MEMBER)

    assert stores.holders.count(SHOP) == stores.holders.count("bakery") == 0


def numbered(number: int) -> DeviceRegistration:
    """Return the registration of one phone of many, a second after the one before."""
    return replace(
        REGISTRATION,
        device_id=f"device-{(number * 7) % 23}",
        registered_at=NOW + timedelta(seconds=number),
    )


def all_holders(stores: Stores, limit: int = 1_000) -> set[PassHolder]:
    """Return the shop's holders, none of them twice."""
    found: list[PassHolder] = []
    for shard in range(stores.holders.shards):
        after = ""
        while True:
            page, after = stores.holders.page(SHOP, shard, after, limit)
            found += page
            if not after:
                break
    assert len(found) == len(set(found))
    return set(found)


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
