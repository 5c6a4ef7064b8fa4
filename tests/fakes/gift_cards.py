"""The `GiftCards` port over the fake ledger, which writes the cards."""

from chalicelib.domain.gift_cards import GiftCard, GiftCardEntry
from tests.fakes.ledger import FakeLedger


class FakeGiftCards:
    """Gift cards of a test."""

    def __init__(self, ledger: FakeLedger) -> None:
        self._ledger = ledger

    def find(self, merchant_id: str, code_hash: str) -> GiftCard | None:
        return self._ledger.gift_cards.get((merchant_id, code_hash))

    def entries(
        self, merchant_id: str, code_hash: str, *, limit: int = 50
    ) -> tuple[GiftCardEntry, ...]:
        written = self._ledger.gift_card_entries.get((merchant_id, code_hash), [])
        return tuple(reversed(written))[:limit]
