"""The `Funnel` port, and the stores that count in it: one contract, the fake and the table."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.adapters.dynamo.connection import bind
from chalicelib.adapters.dynamo.devices import DynamoPassDevices
from chalicelib.adapters.dynamo.funnel import DynamoFunnel
from chalicelib.adapters.dynamo.items import Item
from chalicelib.domain.account import MemberRef
from chalicelib.domain.funnel import FunnelCounts, FunnelDay
from chalicelib.domain.google_objects import ObjectState
from chalicelib.domain.members import DeviceRegistration
from chalicelib.ports import CommitConflict, Taken
from tests.adapters.stores import NOW, SHOP, Stores, dynamo_stores, profile, register, stores_of

ANN = profile().member
TODAY, TOMORROW = NOW.date(), NOW.date() + timedelta(days=1)
PHONE = DeviceRegistration("device-1", "pass.app.test", "serial-1", "aa" * 32, NOW)
WATCH = replace(PHONE, device_id="watch")


@pytest.fixture(params=["fake", "dynamo"])
def stores(request) -> Stores:
    return stores_of(request)


def counted(stores: Stores, day: date = TODAY) -> FunnelCounts:
    found = stores.funnel.days(SHOP, day, day)
    return found[0].counts if found else FunnelCounts()


def take_away(stores: Stores, day: date = TODAY) -> None:
    stores.devices.unregister(ANN, "device-1", "pass.app.test", "serial-1", day=day)


def test_nothing_is_counted_at_first(stores: Stores) -> None:
    assert stores.funnel.days(SHOP, date(2020, 1, 1), date(2030, 1, 1)) == ()


def test_a_new_member_is_a_card_created(stores: Stores) -> None:
    register(stores)

    assert counted(stores) == FunnelCounts(created=1)


def test_a_member_who_was_not_registered_is_not_counted(stores: Stores) -> None:
    register(stores, phone="same")

    with pytest.raises(Taken):
        register(stores, "two", phone="same")

    assert counted(stores) == FunnelCounts(created=1)


def test_a_pass_on_a_phone_is_counted_once_however_often_it_registers(stores: Stores) -> None:
    register(stores)

    for token in ("aa", "aa", "bb"):
        stores.devices.register(ANN, replace(PHONE, push_token=token), day=TODAY)

    assert counted(stores) == FunnelCounts(created=1, walleted=1, added_to_apple=1)


def test_a_card_on_two_phones_is_added_twice_and_walleted_once(stores: Stores) -> None:
    register(stores)

    stores.devices.register(ANN, PHONE, day=TODAY)
    stores.devices.register(ANN, WATCH, day=TODAY)

    assert counted(stores) == FunnelCounts(created=1, walleted=1, added_to_apple=2)


def test_a_card_added_later_counts_for_both_days(stores: Stores) -> None:
    register(stores)

    stores.devices.register(ANN, PHONE, day=TOMORROW)

    assert stores.funnel.days(SHOP, TODAY, TOMORROW) == (
        FunnelDay(TODAY, FunnelCounts(created=1, walleted=1)),
        FunnelDay(TOMORROW, FunnelCounts(added_to_apple=1)),
    )


def test_a_pass_is_removed_once(stores: Stores) -> None:
    register(stores)
    stores.devices.register(ANN, PHONE, day=TODAY)

    take_away(stores, TOMORROW)
    take_away(stores, TOMORROW)

    assert counted(stores, TOMORROW) == FunnelCounts(removed=1)


def test_a_pass_added_again_is_walleted_no_second_time(stores: Stores) -> None:
    register(stores)
    stores.devices.register(ANN, PHONE, day=TODAY)
    take_away(stores)

    stores.devices.register(ANN, PHONE, day=TODAY)

    assert counted(stores) == FunnelCounts(created=1, walleted=1, added_to_apple=2, removed=1)


def test_a_dead_registration_is_removed_and_one_that_came_anew_is_not(stores: Stores) -> None:
    register(stores)
    stores.devices.register(ANN, PHONE, day=TODAY)

    stores.devices.forget(ANN, replace(PHONE, push_token="bb" * 32), day=TODAY)
    before = counted(stores).removed
    stores.devices.forget(ANN, PHONE, day=TODAY)
    stores.devices.forget(ANN, PHONE, day=TODAY)

    assert (before, counted(stores).removed) == (0, 1)


def test_google_counts_changes_of_state_alone(stores: Stores) -> None:
    register(stores)
    stores.google.begin(ANN, 1, NOW)
    told = (ObjectState.SAVED, ObjectState.SAVED, ObjectState.REMOVED, ObjectState.REMOVED)

    for minute, state in enumerate(told):
        stores.google.note_event(ANN, state, NOW + timedelta(minutes=minute), day=TODAY)

    assert counted(stores) == FunnelCounts(created=1, walleted=1, added_to_google=1, removed=1)


def test_a_late_callback_is_not_counted(stores: Stores) -> None:
    stores.google.begin(ANN, 1, NOW)
    stores.google.note_event(ANN, ObjectState.REMOVED, NOW + timedelta(minutes=1), day=TODAY)

    stores.google.note_event(ANN, ObjectState.SAVED, NOW, day=TODAY)

    assert counted(stores) == FunnelCounts()


def test_a_card_in_both_wallets_is_walleted_once(stores: Stores) -> None:
    register(stores)
    stores.google.begin(ANN, 1, NOW)

    stores.google.note_event(ANN, ObjectState.SAVED, NOW, day=TODAY)
    stores.devices.register(ANN, PHONE, day=TODAY)

    expected = FunnelCounts(created=1, walleted=1, added_to_apple=1, added_to_google=1)
    assert counted(stores) == expected


def test_a_card_older_than_the_funnel_is_added_but_never_walleted(stores: Stores) -> None:
    stores.devices.register(ANN, PHONE, day=TODAY)

    assert counted(stores) == FunnelCounts(added_to_apple=1)


def test_pushes_add_up_and_leave_the_rest_alone(stores: Stores) -> None:
    register(stores)

    stores.funnel.add_pushes(SHOP, TODAY, FunnelCounts(pushes_delivered=3, created=9))
    stores.funnel.add_pushes(SHOP, TODAY, FunnelCounts(pushes_delivered=1, pushes_dead=1))

    assert counted(stores) == FunnelCounts(created=1, pushes_delivered=4, pushes_dead=1)


def test_merchants_are_counted_apart(stores: Stores) -> None:
    stores.funnel.add_pushes("bakery", TODAY, FunnelCounts(pushes_failed=1))

    assert counted(stores) == FunnelCounts()


def test_days_outside_the_stretch_are_left_out(stores: Stores) -> None:
    for day in range(-1, 3):
        counts = FunnelCounts(pushes_failed=1)
        stores.funnel.add_pushes(SHOP, TODAY + timedelta(days=day), counts)

    found = stores.funnel.days(SHOP, TODAY, TOMORROW)

    assert [one.day for one in found] == [TODAY, TOMORROW]


def test_many_members_of_a_day_add_up_whatever_their_shard(stores: Stores) -> None:
    for number in range(20):
        register(stores, f"m{number}", phone=None)

    assert counted(stores) == FunnelCounts(created=20)


def test_a_registration_overtaken_by_another_wallet_is_written_again(connection) -> None:
    stores = dynamo_stores(connection)
    register(stores)
    stores.google.begin(ANN, 1, NOW)
    is_overtaken = []

    def overtake(**_: object) -> None:
        if not is_overtaken:
            is_overtaken.append(True)
            stores.google.note_event(ANN, ObjectState.SAVED, NOW, day=TODAY)

    events = connection.client.meta.events
    events.register("before-call.dynamodb.TransactWriteItems", overtake)
    with pytest.raises(CommitConflict):
        stores.devices.register(ANN, PHONE, day=TODAY)
    events.unregister("before-call.dynamodb.TransactWriteItems", overtake)

    stores.devices.register(ANN, PHONE, day=TODAY)

    expected = FunnelCounts(created=1, walleted=1, added_to_apple=1, added_to_google=1)
    assert counted(stores) == expected


def test_a_quarter_is_one_round_trip_and_an_added_pass_two_more_units(
    connection, engine_endpoint
) -> None:
    stores = dynamo_stores(connection)
    register(stores)
    calls: list[tuple[str, object]] = []
    watched = bind(
        Item.Meta.table_name,
        "eu-central-1",
        engine_endpoint,
        on_call=lambda name, answer: calls.append((name, answer["ConsumedCapacity"])),
    )

    DynamoFunnel().days(SHOP, TODAY, TODAY + timedelta(days=91))
    read = [name for name, _ in calls]
    calls.clear()
    DynamoPassDevices(watched).register(ANN, PHONE, day=TODAY)
    first = calls[-1]
    DynamoPassDevices(watched).register(MemberRef(SHOP, "old"), WATCH, day=TODAY)

    assert read == ["Query"]
    assert [name for name, _ in calls] == ["Query", "GetItem", "TransactWriteItems"] * 2
    assert _written(first) == 10  # three items, the counts and the card's days
    assert _written(calls[-1]) == 8


def _written(call: tuple[str, object]) -> float:
    (consumed,) = call[1]  # type: ignore[misc]
    return float(consumed["Table"]["WriteCapacityUnits"])
