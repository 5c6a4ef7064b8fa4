"""The `ApiKeys` port: one item per credential, found by the hash of its secret.

A till asks with every request, so a found key is kept for a minute; a revoked one works
until then. An unknown key is asked for each time: nobody can fill the memory with guesses.
"""

import time
from collections.abc import Callable

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import store_errors
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.reading import find
from chalicelib.adapters.keeping import Kept
from chalicelib.domain.members import ApiKey, Scope

KEPT_SECONDS = 60.0
KEPT_MAX = 1000


class ApiKeyItem(Item, discriminator="Y"):
    """A credential without its secret."""

    key_id = UnicodeAttribute()
    merchant_id = UnicodeAttribute()
    till_id = UnicodeAttribute()
    store_id = UnicodeAttribute()
    scopes = UnicodeAttribute()  # sorted, with commas
    is_revoked = BooleanAttribute(default=False)
    is_test = BooleanAttribute(default=False)


class DynamoApiKeys:
    """Keys in the table, the ones in use in memory."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._kept: Kept[str, ApiKey] = Kept(KEPT_SECONDS, KEPT_MAX, monotonic)

    def find(self, key_hash: str) -> ApiKey | None:
        """Return the key; from memory while it is fresh."""
        kept = self._kept.find(key_hash)
        if kept is not None:
            return kept
        item = find(ApiKeyItem, keys.api_key_key(key_hash))
        return None if item is None else self._kept.keep(key_hash, _api_key(item))

    def add(self, key_hash: str, api_key: ApiKey) -> None:
        """Store a new key. Raises CommitConflict if the hash is taken."""
        item = ApiKeyItem(
            *keys.api_key_key(key_hash),
            key_id=api_key.key_id,
            merchant_id=api_key.merchant_id,
            till_id=api_key.till_id,
            store_id=api_key.store_id,
            scopes=",".join(sorted(api_key.scopes)),
            is_revoked=api_key.is_revoked,
            is_test=api_key.is_test,
        )
        with store_errors():
            item.save(ApiKeyItem.pk.does_not_exist())
        self._kept.drop(key_hash)


def _api_key(item: ApiKeyItem) -> ApiKey:
    return ApiKey(
        key_id=item.key_id,
        merchant_id=item.merchant_id,
        till_id=item.till_id,
        store_id=item.store_id,
        scopes=frozenset(Scope(name) for name in item.scopes.split(",") if name),
        is_revoked=item.is_revoked,
        is_test=item.is_test,
    )
