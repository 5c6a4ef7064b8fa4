"""The day-book: what was done at a merchant's tills, by business day."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from chalicelib.domain.day_book import DayRow, Place


class DayBook(Protocol):
    """Rows of each day, newest first.

    The outbox notes what has a ledger entry; the ledger writes the rest with its own
    transaction. A row goes `DAY_BOOK_DAYS` after its day or some days later.
    """

    def note(self, rows: Sequence[DayRow]) -> None:
        """Write the rows; one that is there already is replaced.

        Raises:
            StoreUnavailable: perhaps not all were written; note them again.
        """

    def latest(
        self,
        merchant_id: str,
        on: date,
        *,
        till_id: str | None = None,
        before: Place | None = None,
        limit: int = 50,
    ) -> tuple[DayRow, ...]:
        """Return rows of a day, at most `limit` (500), those before a place if it is given.

        With a till only its own. Fewer than `limit`: there are no more.
        Raises StoreUnavailable.
        """
