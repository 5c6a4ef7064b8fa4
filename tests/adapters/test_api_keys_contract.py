"""The `ApiKeys` port: one contract for the fake and the table, then the table's memory."""

import pytest

from chalicelib.adapters.dynamo.api_keys import KEPT_SECONDS
from chalicelib.adapters.dynamo.items import Item
from chalicelib.domain.members import ApiKey, Scope
from chalicelib.ports import CommitConflict
from tests.adapters.stores import SHOP, Stores, dynamo_stores, stores_of

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
