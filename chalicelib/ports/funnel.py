"""The counts of cards on their way into wallets.

What must be exact is counted by whoever writes the fact, in the same transaction: `Members`
a card, `PassDevices` and `GoogleObjects` its way in and out. Pushes are counted here.
"""

from datetime import date
from typing import Protocol

from chalicelib.domain.funnel import FunnelCounts, FunnelDay


class Funnel(Protocol):
    """The counts by merchant and business day."""

    def add_pushes(self, merchant_id: str, day: date, counts: FunnelCounts) -> None:
        """Add what became of pushes; nothing else of `counts` is added.

        Raises:
            CommitConflict, StoreUnavailable: perhaps it was not added.
        """

    def days(self, merchant_id: str, first: date, last: date) -> tuple[FunnelDay, ...]:
        """Return the days on which anything was counted, in order. Raises StoreUnavailable."""
