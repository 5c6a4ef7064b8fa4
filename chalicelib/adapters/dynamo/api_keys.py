"""The `ApiKeys` port: one item per credential, found by the hash of its secret; and beside the
merchant's staff one that leads there, so that its owner can list and revoke it.

A till asks with every request, so a found key is kept for a minute; a revoked one works
until then. An unknown key is asked for each time: nobody can fill the memory with guesses.
The day it was last used is written once a day, with the read that fills the memory.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from operator import attrgetter
from typing import Final

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo import keys, staff_keys
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.items import DateAttribute, Item, MomentAttribute
from chalicelib.adapters.dynamo.reading import find, find_all
from chalicelib.adapters.keeping import Kept
from chalicelib.domain.members import ApiKey, Scope
from chalicelib.ports.trouble import CommitConflict, Trouble

KEPT_SECONDS = 60.0
KEPT_MAX = 1000
LISTED_MAX: Final = 1000  # of a merchant, revoked ones too


class ApiKeyItem(Item, discriminator="Y"):
    """A credential without its secret."""

    key_id = UnicodeAttribute()
    merchant_id = UnicodeAttribute()
    till_id = UnicodeAttribute()
    store_id = UnicodeAttribute()
    scopes = UnicodeAttribute()  # sorted, with commas
    is_revoked = BooleanAttribute(default=False)
    is_test = BooleanAttribute(default=False)
    name = UnicodeAttribute(null=True)
    created_at = MomentAttribute(null=True)
    last_used_on = DateAttribute(null=True)


class ApiKeyPlaceItem(Item, discriminator="sk"):
    """Where a merchant's key lies."""

    key_hash = UnicodeAttribute()


class DynamoApiKeys:
    """Keys in the table, the ones in use in memory."""

    def __init__(
        self,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        today: Callable[[], date] | None = None,
    ) -> None:
        self._kept: Kept[str, ApiKey] = Kept(KEPT_SECONDS, KEPT_MAX, monotonic)
        self._today = today

    def find(self, key_hash: str) -> ApiKey | None:
        """Return the key; from memory while it is fresh."""
        kept = self._kept.find(key_hash)
        if kept is not None:
            return kept
        item = find(ApiKeyItem, keys.api_key_key(key_hash))
        if item is None:
            return None
        self._note_use(item)
        return self._kept.keep(key_hash, _api_key(item))

    def add(self, key_hash: str, api_key: ApiKey) -> None:
        """Store a new key and where it lies. Raises CommitConflict if the hash is taken."""
        item = ApiKeyItem(
            *keys.api_key_key(key_hash),
            key_id=api_key.key_id,
            merchant_id=api_key.merchant_id,
            till_id=api_key.till_id,
            store_id=api_key.store_id,
            scopes=",".join(sorted(api_key.scopes)),
            is_revoked=api_key.is_revoked,
            is_test=api_key.is_test,
            name=api_key.name or None,
            created_at=api_key.created_at,
            last_used_on=api_key.last_used_on,
        )
        place = _place(api_key.merchant_id, api_key.key_id)
        write = Transaction(Item._get_connection().connection)
        write.put("key", item, ApiKeyItem.pk.does_not_exist())
        write.put("place", ApiKeyPlaceItem(*place, key_hash=key_hash), None)
        try:
            write.commit()
        except Cancelled as error:
            raise CommitConflict("the hash is taken") from error
        self._kept.drop(key_hash)

    def of_merchant(self, merchant_id: str) -> tuple[ApiKey, ...]:
        """Return the merchant's keys."""
        begins = ApiKeyPlaceItem.sk.startswith(staff_keys.API_KEY)
        pk = staff_keys.staff_pk(merchant_id)
        with store_errors():
            places = list(ApiKeyPlaceItem.query(pk, begins, limit=LISTED_MAX))
        items = find_all(ApiKeyItem, [keys.api_key_key(one.key_hash) for one in places])
        return tuple(sorted((_api_key(item) for item in items), key=attrgetter("key_id")))

    def revoke(self, merchant_id: str, key_id: str) -> ApiKey | None:
        """Revoke a key; it works for a minute more where it is in memory."""
        place = find(ApiKeyPlaceItem, _place(merchant_id, key_id))
        if place is None:
            return None
        item = ApiKeyItem(*keys.api_key_key(place.key_hash))
        with store_errors():
            item.update([ApiKeyItem.is_revoked.set(True)], ApiKeyItem.pk.exists())
        self._kept.drop(place.key_hash)
        return _api_key(item)

    def _note_use(self, item: ApiKeyItem) -> None:
        """Write the day; that it fails keeps nobody out."""
        today = self._today() if self._today else None
        if today is None or item.last_used_on == today or item.is_revoked:
            return
        with suppress(Trouble), store_errors():
            item.update([ApiKeyItem.last_used_on.set(today)], ApiKeyItem.pk.exists())


def _place(merchant_id: str, key_id: str) -> keys.Key:
    return staff_keys.staff_key(merchant_id, staff_keys.API_KEY, key_id)


def _api_key(item: ApiKeyItem) -> ApiKey:
    return ApiKey(
        key_id=item.key_id,
        merchant_id=item.merchant_id,
        till_id=item.till_id,
        store_id=item.store_id,
        scopes=frozenset(Scope(name) for name in item.scopes.split(",") if name),
        is_revoked=item.is_revoked,
        is_test=item.is_test,
        name=item.name or "",
        created_at=item.created_at,
        last_used_on=item.last_used_on,
    )
