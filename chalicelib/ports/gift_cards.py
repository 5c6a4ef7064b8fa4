"""Gift cards, by the keyed hash of their code. They are written by the ledger's `commit`."""

from typing import Protocol

from chalicelib.domain.gift_cards import GiftCard, GiftCardEntry


class GiftCards(Protocol):
    """Gift cards and their entries."""

    def find(self, merchant_id: str, code_hash: str) -> GiftCard | None:
        """Return the card (strongly consistent), or None. Raises StoreUnavailable."""

    def entries(
        self, merchant_id: str, code_hash: str, *, limit: int = 50
    ) -> tuple[GiftCardEntry, ...]:
        """Return a card's latest entries, newest first. Raises StoreUnavailable."""
