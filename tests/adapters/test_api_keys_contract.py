"""The `ApiKeys` port: one contract for the fake and the table, then the table's memory."""

from dataclasses import replace

import pytest

from chalicelib.adapters.dynamo.api_keys import KEPT_SECONDS, DynamoApiKeys
from chalicelib.adapters.dynamo.connection import watch
from chalicelib.adapters.dynamo.items import Item
from chalicelib.domain.members import ApiKey, Scope
from chalicelib.ports import CommitConflict
from tests.adapters.stores import NOW, SHOP, Stores, dynamo_stores, stores_of
from tests.fakes.clock import FakeClock

HASH = "ab" * 32
KEY = ApiKey("key_1", SHOP, "till-1", "store-1", frozenset({Scope.TILL, Scope.GRANTS}))


@pytest.fixture(params=["fake", "dynamo"])
def stores(request) -> Stores:
    return stores_of(request)


@pytest.fixture
def engine(connection) -> Stores:
    return dynamo_stores(connection)


@pytest.mark.parametrize(
    "key",
    [
        KEY,
        ApiKey("key_2", "bakery", "till-9", "store-9", frozenset()),
        ApiKey("key_3", SHOP, "t", "s", frozenset(Scope), is_revoked=True, is_test=True),
    ],
    ids=["usual", "without scopes", "revoked"],
)
def test_a_key_comes_back_as_it_was_added(stores: Stores, key: ApiKey) -> None:
    stores.api_keys.add(HASH, key)

    assert stores.api_keys.find(HASH) == key


def test_an_unknown_hash_is_nobodys(stores: Stores) -> None:
    stores.api_keys.add(HASH, KEY)

    assert stores.api_keys.find("cd" * 32) is None


def test_a_hash_is_never_given_to_another_key(stores: Stores) -> None:
    stores.api_keys.add(HASH, KEY)

    with pytest.raises(CommitConflict):
        stores.api_keys.add(HASH, ApiKey("key_2", "bakery", "t", "s", frozenset(Scope)))

    assert stores.api_keys.find(HASH) == KEY


def test_a_key_asked_for_before_it_was_added_is_found_at_once(stores: Stores) -> None:
    assert stores.api_keys.find(HASH) is None

    stores.api_keys.add(HASH, KEY)

    assert stores.api_keys.find(HASH) == KEY


def test_a_revoked_key_works_for_a_minute_at_most(engine: Stores, table_client) -> None:
    engine.api_keys.add(HASH, KEY)
    engine.api_keys.find(HASH)
    table_client.update_item(
        TableName=Item.Meta.table_name,
        Key={"pk": {"S": f"K#{HASH}"}, "sk": {"S": "K"}},
        UpdateExpression="SET is_revoked = :yes",
        ExpressionAttributeValues={":yes": {"BOOL": True}},
    )

    engine.clock.advance(seconds=KEPT_SECONDS - 1)
    before = engine.api_keys.find(HASH)
    engine.clock.advance(seconds=1)
    after = engine.api_keys.find(HASH)

    assert before == KEY
    assert after is not None
    assert after.is_revoked


def test_a_merchants_keys_are_listed_by_id(stores: Stores) -> None:
    second = replace(KEY, key_id="key_0", name="Shop", created_at=NOW)
    stores.api_keys.add(HASH, KEY)
    stores.api_keys.add("cd" * 32, second)
    stores.api_keys.add("ef" * 32, replace(KEY, key_id="key_9", merchant_id="bakery"))

    assert stores.api_keys.of_merchant(SHOP) == (second, KEY)
    assert stores.api_keys.of_merchant("nobody") == ()


def test_a_revoked_key_is_listed_as_such_and_refused_at_once_here(stores: Stores) -> None:
    stores.api_keys.add(HASH, KEY)
    stores.api_keys.find(HASH)

    revoked = stores.api_keys.revoke(SHOP, "key_1")

    assert revoked == replace(KEY, is_revoked=True)
    assert stores.api_keys.find(HASH) == revoked
    assert stores.api_keys.of_merchant(SHOP) == (revoked,)


def test_nobody_revokes_another_merchants_key(stores: Stores) -> None:
    stores.api_keys.add(HASH, KEY)

    assert stores.api_keys.revoke("bakery", "key_1") is None
    assert stores.api_keys.revoke(SHOP, "key_2") is None
    assert stores.api_keys.find(HASH) == KEY


def test_the_day_a_key_was_used_last_is_noted_once_a_day(connection) -> None:
    clock = FakeClock(NOW)
    calls: list[str] = []
    watch(connection, lambda name, _: calls.append(name))
    api_keys = DynamoApiKeys(monotonic=clock.monotonic, today=lambda: clock.now().date())
    api_keys.add(HASH, KEY)

    for seconds in (0, KEPT_SECONDS, KEPT_SECONDS, 86_400):
        clock.advance(seconds=seconds)
        found = api_keys.find(HASH)

    assert found is not None
    assert found.last_used_on == clock.now().date()
    assert calls.count("UpdateItem") == 2
    assert calls.count("GetItem") == 4
