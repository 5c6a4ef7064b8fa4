"""A store that is away is trouble of the ports' own kind; and what asking it costs."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo.connection import bind
from chalicelib.adapters.dynamo.items import Item
from chalicelib.domain.account import Account
from chalicelib.domain.members import ApiKey, DeviceRegistration, Merchant
from chalicelib.ports import StoreUnavailable
from tests.adapters.stores import (
    NOW,
    SHOP,
    Stores,
    charge,
    dynamo_stores,
    join,
    profile,
    sign_up,
    sms,
    used,
)

WHO = profile()
KEY = ApiKey("key_1", SHOP, "till-1", "store-1", frozenset())
MERCHANT = Merchant(SHOP, "Roastery", "RU", ("RU",), "ru", next_run_at=NOW)
DOCUMENT = {"type": "points", "title": "Roastery", "currency": "RUB"}
PHONE = DeviceRegistration("device", "pass.app.test", "serial", "aa" * 32, NOW)

# What each method costs on the way that works, in round trips, one after the other.
CALLS: dict[str, tuple[Callable[[Stores], object], int]] = {
    "register": (
        lambda s: s.members.register(
            profile("new"),
            join(profile("new").member, key="new"),
            phone_hash="new",
            sign_up=used(sign_up("waiting"), "mem_new"),
        ),
        1,
    ),
    "profile": (lambda s: s.members.profile(WHO.member), 1),
    "save_profile": (lambda s: s.members.save_profile(WHO), 1),
    "id_by_phone": (lambda s: s.members.id_by_phone(SHOP, "hash"), 1),
    "id_by_code": (lambda s: s.members.id_by_code(SHOP, WHO.code), 1),
    "id_by_card": (lambda s: s.members.id_by_card(SHOP, "card"), 1),
    "add_card": (lambda s: s.members.add_card(replace(WHO, revision=2), "card"), 1),
    "open sign-up": (
        lambda s: s.sign_ups.open(sign_up("new"), sms("new"), [charge("a"), charge("b")]),
        1,
    ),
    "find sign-up": (lambda s: s.sign_ups.find(SHOP, "sup_waiting"), 1),
    "count_guess": (
        lambda s: s.sign_ups.count_guess(
            sign_up("waiting"), guesses_max=5, failures=charge(), at=NOW
        ),
        1,
    ),
    "forgive_guess": (lambda s: s.sign_ups.forgive_guess(sign_up("waiting"), charge()), 1),
    "use": (lambda s: s.sign_ups.use(used(sign_up("other"))), 1),
    "find sms": (lambda s: s.sms_outbox.find(SHOP, "sms_waiting"), 1),
    "save sms": (lambda s: s.sms_outbox.save(sms("waiting", attempts=1)), 1),
    "waiting": (lambda s: s.sms_outbox.waiting(), 1),
    "merchant and program": (
        lambda s: (s.merchants.find(SHOP), s.merchants.program(SHOP)),
        1,
    ),
    "publish": (lambda s: s.merchants.publish(SHOP, DOCUMENT, 2), 1),
    "draft": (lambda s: s.merchants.draft(SHOP), 1),
    "save_draft": (lambda s: s.merchants.save_draft(SHOP, DOCUMENT), 1),
    "due_for_run": (lambda s: s.merchants.due_for_run(NOW), 2),
    "all_scheduled": (lambda s: s.merchants.all_scheduled(), 2),
    "claim_run": (lambda s: s.merchants.claim_run(MERCHANT, NOW + timedelta(days=1)), 1),
    "find key": (lambda s: s.api_keys.find("hash"), 1),
    "add key": (lambda s: s.api_keys.add("new", KEY), 1),
    "due_members": (lambda s: s.due_work.due_members(SHOP, 0, NOW.date()), 1),
    "due_anniversaries": (lambda s: s.due_work.due_anniversaries(SHOP, 0, NOW.date()), 1),
    "save a shown profile": (
        lambda s: s.members.save_profile(replace(WHO, revision=3), marks_at=NOW),
        1,
    ),
    "register device": (lambda s: s.devices.register(WHO.member, PHONE), 2),
    "note a push": (lambda s: s.devices.note(WHO.member, PHONE), 1),
    "unregister device": (
        lambda s: s.devices.unregister(WHO.member, "device", "pass.app.test", "serial"),
        2,  # what was there is counted
    ),
    "devices_of": (lambda s: s.devices.devices_of(WHO.member), 1),
    "serials_on": (lambda s: s.devices.serials_on("device", "pass.app.test"), 1),
    "dirty": (lambda s: s.devices.dirty(), 4),  # a shard each
    "mark": (lambda s: s.devices.mark(WHO.member, NOW), 1),
    "mark_pushed": (lambda s: s.devices.mark_pushed(Account(WHO.member, version=1)), 1),
}


def _prepare(stores: Stores) -> None:
    stores.members.register(WHO, join(WHO.member), phone_hash="hash", sign_up=None)
    for name in ("waiting", "other"):
        stores.sign_ups.open(sign_up(name), sms(name), [charge()])
    stores.merchants.open(MERCHANT, DOCUMENT)
    stores.api_keys.add("hash", KEY)


@pytest.mark.parametrize("name", CALLS)
def test_a_store_that_is_away_is_store_unavailable(name: str) -> None:
    stores = dynamo_stores(bind("nothing", "eu-central-1", "http://127.0.0.1:1"))
    call, _ = CALLS[name]

    with pytest.raises(StoreUnavailable):
        call(stores)


def test_every_method_makes_the_round_trips_it_needs(connection, engine_endpoint: str) -> None:
    _prepare(dynamo_stores(connection))
    stores, seen = _counted(engine_endpoint)

    made = {}
    for name, (call, _) in CALLS.items():
        seen.clear()
        call(stores)
        made[name] = seen.total()

    assert made == {name: round_trips for name, (_, round_trips) in CALLS.items()}


def test_what_is_in_use_is_not_asked_for_again(connection, engine_endpoint: str) -> None:
    _prepare(dynamo_stores(connection))
    stores, seen = _counted(engine_endpoint)

    for _ in range(5):
        stores.merchants.find(SHOP)
        stores.merchants.program(SHOP)
        stores.merchants.document(SHOP)
        stores.api_keys.find("hash")

    assert seen == {"BatchGetItem": 1, "GetItem": 1}


def _counted(endpoint: str) -> tuple[Stores, Counter[str]]:
    """Return the stores of the same table, anew, and a count of their requests."""
    seen: Counter[str] = Counter()
    connection = bind(
        Item.Meta.table_name,
        "eu-central-1",
        endpoint,
        read_seconds=10,
        on_call=lambda operation, _: seen.update([operation]),
    )
    return dynamo_stores(connection), seen
