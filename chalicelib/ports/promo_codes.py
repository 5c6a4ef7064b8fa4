"""Promo codes, batches of them and members' coupons. The ledger writes new ones."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from chalicelib.domain.account import MemberRef
from chalicelib.domain.limits import Counter
from chalicelib.domain.promo_codes import CodeBatch, MemberCoupon, PromoCode


class PromoCodes(Protocol):
    """What a code unlocks, and how often it was used. Reads are strongly consistent."""

    def code(self, merchant_id: str, code: str) -> PromoCode | None:
        """Return the named code, folded; None if there is none."""

    def codes(
        self, merchant_id: str, *, after: str | None = None, limit: int = 50
    ) -> tuple[PromoCode, ...]:
        """Return named codes in the order of their text, those behind `after`."""

    def stop(self, merchant_id: str, code: PromoCode) -> None:
        """Store a code as stopped; one of a batch becomes a named one by that."""

    def batch(self, merchant_id: str, batch_id: str) -> CodeBatch | None:
        """Return the batch; None if there is none."""

    def batches(
        self, merchant_id: str, *, after: str | None = None, limit: int = 50
    ) -> tuple[CodeBatch, ...]:
        """Return batches in the order of their ids, those behind `after`."""

    def stop_batch(self, merchant_id: str, batch_id: str) -> None:
        """Store a batch as stopped. Raises CommitConflict if there is none."""

    def coupons(self, member: MemberRef) -> tuple[MemberCoupon, ...]:
        """Return a member's coupons, in no order; used and expired ones too."""

    def used(self, merchant_id: str, counters: Sequence[Counter]) -> Mapping[Counter, int]:
        """Return how much was taken from each counter; those untouched are left out."""
