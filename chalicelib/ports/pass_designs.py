"""What a merchant's passes look like."""

from typing import Protocol

from chalicelib.domain.pass_designs import Look


class PassDesigns(Protocol):
    """The published looks; never from memory, as a phone asks once and keeps what it got."""

    def look(self, merchant_id: str) -> Look:
        """Return the look (strongly consistent); the default if there is none.

        Raises:
            StoreUnavailable.
        """

    def renew(self, merchant_id: str) -> int:
        """Count a change that every pass shows, such as a new program; the new revision.

        Raises:
            StoreUnavailable: perhaps it was counted.
        """
