"""The `PassStates` port: one contract for the fake and the table, and what asking costs."""

from dataclasses import replace

import pytest

from chalicelib.adapters.dynamo.connection import watch
from chalicelib.domain.account import MemberRef, MemberStatus
from chalicelib.domain.members import DeviceRegistration
from chalicelib.domain.pass_holders import PassState
from chalicelib.usecases.passes import changed_passes
from tests.adapters.stores import (
    NOW,
    SHOP,
    Stores,
    dynamo_stores,
    join,
    next_entry,
    profile,
    stores_of,
)

MEMBER = profile().member
PASS_TYPE = "pass.app.test"


@pytest.fixture(params=["fake", "dynamo"])
def stores(request) -> Stores:
    return stores_of(request)


def joined(stores: Stores, member: MemberRef) -> None:
    who = replace(profile(), member=member, code=f"L1{member.member_id}")
    stores.members.register(who, join(member), phone_hash=None, sign_up=None)


def state(stores: Stores) -> PassState:
    return stores.states.states_of([MEMBER])[MEMBER]


def test_a_pass_begins_with_the_versions_of_account_and_profile(stores: Stores) -> None:
    joined(stores, MEMBER)

    assert state(stores) == PassState(version=1 + 1)


def test_passes_taken_from_phones_are_told_with_the_versions(stores: Stores) -> None:
    joined(stores, MEMBER)
    who = stores.members.profile(MEMBER)
    assert who is not None

    stores.members.save_profile(replace(who, removed_passes=("lost", "stolen")))

    assert state(stores).removed_passes == {"lost", "stolen"}


def test_each_of_the_three_counters_moves_the_version_by_itself(stores: Stores) -> None:
    joined(stores, MEMBER)
    account, who = stores.ledger.account(MEMBER), stores.members.profile(MEMBER)
    assert account is not None
    assert who is not None
    versions = [state(stores).version]

    stores.ledger.commit(next_entry(account, pass_version=2))
    versions.append(state(stores).version)
    stores.members.save_profile(replace(who, name="Anna"), marks_at=NOW)
    versions.append(state(stores).version)
    stores.designs.renew(SHOP)
    versions.append(state(stores).version)

    assert versions == [2, 3, 4, 5]


def test_another_merchants_look_moves_nothing(stores: Stores) -> None:
    joined(stores, MEMBER)
    before = state(stores)

    stores.designs.renew("bakery")

    assert state(stores) == before


def test_the_pass_of_an_erased_member_is_void(stores: Stores) -> None:
    joined(stores, MEMBER)
    account = stores.ledger.account(MEMBER)
    assert account is not None

    stores.ledger.commit(next_entry(account, status=MemberStatus.ERASED, pass_version=9))

    assert state(stores) == PassState(version=10, is_void=True)


def test_members_nobody_knows_are_left_out(stores: Stores) -> None:
    joined(stores, MEMBER)

    found = stores.states.states_of([MEMBER, MEMBER, MemberRef(SHOP, "mem_nobody")])

    assert list(found) == [MEMBER]
    assert stores.states.states_of([]) == {}


@pytest.mark.parametrize(("passes", "round_trips"), [(1, 2), (49, 2), (50, 3), (1_000, 22)])
def test_a_list_costs_by_the_passes_on_the_phone_alone(
    connection, passes: int, round_trips: int
) -> None:
    stores = dynamo_stores(connection)
    members = [MemberRef(SHOP, f"mem_{number}") for number in range(passes)]
    for member in members:
        joined(stores, member)
        serial = f"{SHOP}.{member.member_id}"
        one = DeviceRegistration("device-1", PASS_TYPE, serial, "aa", NOW)
        stores.devices.register(member, one)
    for number in range(20):  # of the same merchant, on other phones
        other = MemberRef(SHOP, f"mem_other{number}")
        one = DeviceRegistration(f"device-{number}b", PASS_TYPE, f"{SHOP}.{number}", "aa", NOW)
        stores.devices.register(other, one)
    calls: list[str] = []
    stop = watch(connection, lambda name, _: calls.append(name))

    changed = changed_passes(
        "device-1", PASS_TYPE, "", devices=stores.devices, states=stores.states
    )

    stop()
    assert changed is not None
    assert len(changed.serials) == passes
    assert calls == ["Query", *["BatchGetItem"] * (round_trips - 1)]


def test_an_unknown_phone_costs_one_round_trip(connection) -> None:
    stores = dynamo_stores(connection)
    calls: list[str] = []
    stop = watch(connection, lambda name, _: calls.append(name))

    changed = changed_passes(
        "nobody", PASS_TYPE, "1", devices=stores.devices, states=stores.states
    )

    stop()
    assert changed is None
    assert calls == ["Query"]
