"""The journal of receipts, by merchant and shard of members."""

from collections.abc import Sequence
from typing import Protocol

from chalicelib.domain.journal import JournalRow


class Journal(Protocol):
    """Rows that name members' receipts; written by the outbox alone.

    The rows of one member stand together, in the order of their days; those of one day in
    no order that means anything. A shard is that of the due index (`due_shards` of them).
    A row goes `JOURNAL_DAYS` after its day or some days later: readers look at the day.
    """

    def note(self, rows: Sequence[JournalRow]) -> None:
        """Write the rows; one that is there already stays as it is.

        Raises:
            StoreUnavailable: perhaps not all were written; note them again.
        """

    def count(self, merchant_id: str, shard: int) -> int:
        """Return how many rows a shard has. Raises StoreUnavailable."""

    def page(
        self, merchant_id: str, shard: int, *, after: JournalRow | None = None
    ) -> tuple[tuple[JournalRow, ...], JournalRow | None]:
        """Return up to 500 rows that follow `after`, and the row to go on after.

        None says that the shard has no more. Raises StoreUnavailable.
        """
