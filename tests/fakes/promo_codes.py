"""The `PromoCodes` port over what a fake ledger has written."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.domain.account import MemberRef
from chalicelib.domain.limits import Counter
from chalicelib.domain.promo_codes import CodeBatch, MemberCoupon, PromoCode
from chalicelib.ports import CommitConflict
from tests.fakes.ledger import FakeLedger


class FakePromoCodes:
    """Codes, batches and coupons of a test."""

    def __init__(self, ledger: FakeLedger) -> None:
        self._ledger = ledger

    def code(self, merchant_id: str, code: str) -> PromoCode | None:
        return self._ledger.promo_codes.get((merchant_id, code))

    def codes(
        self, merchant_id: str, *, after: str | None = None, limit: int = 50
    ) -> tuple[PromoCode, ...]:
        known = sorted(self._ledger.promo_codes.items())
        own = [code for (shop, _), code in known if shop == merchant_id]
        return tuple(code for code in own if code.code > (after or ""))[:limit]

    def stop(self, merchant_id: str, code: PromoCode) -> None:
        self._ledger.promo_codes[merchant_id, code.code] = replace(code, is_stopped=True)

    def batch(self, merchant_id: str, batch_id: str) -> CodeBatch | None:
        return self._ledger.code_batches.get((merchant_id, batch_id))

    def batches(
        self, merchant_id: str, *, after: str | None = None, limit: int = 50
    ) -> tuple[CodeBatch, ...]:
        known = sorted(self._ledger.code_batches.items())
        own = [batch for (shop, _), batch in known if shop == merchant_id]
        return tuple(batch for batch in own if batch.batch_id > (after or ""))[:limit]

    def stop_batch(self, merchant_id: str, batch_id: str) -> None:
        batch = self.batch(merchant_id, batch_id)
        if batch is None:
            raise CommitConflict("there is no such batch")
        self._ledger.code_batches[merchant_id, batch_id] = replace(batch, is_stopped=True)

    def coupons(self, member: MemberRef) -> tuple[MemberCoupon, ...]:
        return tuple(one for (whose, _), one in self._ledger.coupons.items() if whose == member)

    def used(self, merchant_id: str, counters: Sequence[Counter]) -> Mapping[Counter, int]:
        known = self._ledger.counters
        return {one: known[merchant_id, one] for one in counters if (merchant_id, one) in known}
