"""What waits for somebody at the shop to look at it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.domain.attention import Debt, OfflineConflict, PhoneWait


class Attention(Protocol):
    """Offline conflicts, debts and changes of phones of each merchant.

    The outbox notes debts and pauses from the ledger's entries; what is noted again, or late,
    changes nothing. All of it raises StoreUnavailable.
    """

    def keep(self, conflict: OfflineConflict) -> bool:
        """Write a conflict once; one that is there stays as it is.

        False: the merchant has too many of this day already, and it was not written.
        """

    def find(self, merchant_id: str, conflict_id: str) -> OfflineConflict | None:
        """Return the conflict (strongly consistent), or None."""

    def settle(self, conflict: OfflineConflict) -> bool:
        """Write how a conflict was dealt with; False: somebody has done so before."""

    def conflicts(
        self,
        merchant_id: str,
        *,
        is_settled: bool = False,
        before: str | None = None,
        limit: int = 50,
    ) -> tuple[OfflineConflict, ...]:
        """Return conflicts, the latest sale first, those before an id if it is given."""

    def note_debt(self, debt: Debt) -> None:
        """Keep what a member owes, unless something later is noted already."""

    def debts(
        self, merchant_id: str, *, after: str | None = None, limit: int = 50
    ) -> tuple[Debt, ...]:
        """Return who owes points, by member, those after a member if one is given."""

    def note_waits(self, waits: Sequence[PhoneWait]) -> None:
        """Keep pauses; the change that waited for a manager waits no more."""

    def waits(
        self, merchant_id: str, *, at: datetime, limit: int = 50
    ) -> tuple[PhoneWait, ...]:
        """Return changes of phones whose time is not over."""

    def count(self, merchant_id: str, *, at: datetime) -> int:
        """Return how much waits for somebody, in one round trip."""
