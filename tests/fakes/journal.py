"""The `Journal` port in a list."""

from bisect import bisect_right
from collections.abc import Sequence

from chalicelib.adapters.dynamo.journal_keys import journal_sk
from chalicelib.adapters.dynamo.keys import shard_of
from chalicelib.domain.journal import JournalRow
from chalicelib.ports import StoreUnavailable

PAGE_MAX = 500


class FakeJournal:
    """Rows of a test."""

    def __init__(self, shards: int = 4) -> None:
        self.rows: set[JournalRow] = set()
        self.is_down = False
        self._shards = shards

    def note(self, rows: Sequence[JournalRow]) -> None:
        """Keep the rows."""
        if self.is_down:
            raise StoreUnavailable("journal")
        self.rows.update(rows)

    def count(self, merchant_id: str, shard: int) -> int:
        """Return how many there are."""
        return len(self._of(merchant_id, shard))

    def page(
        self, merchant_id: str, shard: int, *, after: JournalRow | None = None
    ) -> tuple[tuple[JournalRow, ...], JournalRow | None]:
        """Return a page and where to go on."""
        rows = self._of(merchant_id, shard)
        start = bisect_right(rows, journal_sk(after), key=journal_sk) if after else 0
        rows = rows[start : start + PAGE_MAX]
        return tuple(rows), rows[-1] if len(rows) == PAGE_MAX else None

    def _of(self, merchant_id: str, shard: int) -> list[JournalRow]:
        found = [
            row
            for row in self.rows
            if row.member.merchant_id == merchant_id
            and shard_of(row.member.member_id, self._shards) == shard
        ]
        return sorted(found, key=journal_sk)
