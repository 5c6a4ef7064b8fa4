"""The `ApiKeys` port in a dictionary."""

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
