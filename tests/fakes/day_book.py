"""The `DayBook` port over the fake ledger, which writes rows of its own."""

from collections.abc import Sequence
from datetime import date

from chalicelib.domain.day_book import DayRow, Place
from chalicelib.ports import StoreUnavailable
from tests.fakes.ledger import FakeLedger

ROWS_MAX = 500


class FakeDayBook:
    """Rows of a test."""

    def __init__(self, ledger: FakeLedger) -> None:
        self._ledger = ledger
        self.is_down = False

    @property
    def rows(self) -> list[DayRow]:
        """Return all rows of all merchants, oldest first."""
        return sorted(self._ledger.day_rows.values(), key=lambda row: row.place)

    def note(self, rows: Sequence[DayRow]) -> None:
        """Keep the rows."""
        if self.is_down:
            raise StoreUnavailable("day-book")
        for row in rows:
            self._ledger.day_rows[row.merchant_id, row.on, row.place] = row

    def latest(
        self,
        merchant_id: str,
        on: date,
        *,
        till_id: str | None = None,
        before: Place | None = None,
        limit: int = 50,
    ) -> tuple[DayRow, ...]:
        """Return a page of a day, newest first."""
        found = [
            row
            for row in reversed(self.rows)
            if (row.merchant_id, row.on) == (merchant_id, on)
            and till_id in (None, row.till_id)
            and (before is None or row.place < before)
        ]
        return tuple(found[: min(limit, ROWS_MAX)])
