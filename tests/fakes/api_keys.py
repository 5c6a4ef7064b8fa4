"""The `ApiKeys` port in a dictionary."""

from dataclasses import replace

from chalicelib.domain.members import ApiKey
from chalicelib.ports import CommitConflict


class FakeApiKeys:
    """Keys of a test, by hash."""

    def __init__(self) -> None:
        self.keys: dict[str, ApiKey] = {}

    def find(self, key_hash: str) -> ApiKey | None:
        return self.keys.get(key_hash)

    def add(self, key_hash: str, api_key: ApiKey) -> None:
        if key_hash in self.keys:
            raise CommitConflict("key")
        self.keys[key_hash] = api_key

    def of_merchant(self, merchant_id: str) -> tuple[ApiKey, ...]:
        found = [one for one in self.keys.values() if one.merchant_id == merchant_id]
        return tuple(sorted(found, key=lambda one: one.key_id))

    def revoke(self, merchant_id: str, key_id: str) -> ApiKey | None:
        for key_hash, one in self.keys.items():
            if (one.merchant_id, one.key_id) == (merchant_id, key_id):
                self.keys[key_hash] = replace(one, is_revoked=True)
                return self.keys[key_hash]
        return None
