"""The `Offers` port over the fake ledger, which moves the counters."""

from collections.abc import Sequence

from chalicelib.domain.account import MemberRef
from chalicelib.domain.code_batches import read_body
from chalicelib.domain.limits import Counter
from chalicelib.domain.promo_codes import counters_of
from chalicelib.ports import OffersRead
from tests.fakes.ledger import FakeLedger


class FakeOffers:
    """Counters, codes, batches and coupons that the ledger has; a test may put in more."""

    def __init__(self, ledger: FakeLedger) -> None:
        self._ledger = ledger
        self.named = ledger.promo_codes  # by merchant and code
        self.batches = ledger.code_batches  # by merchant and batch id
        self.reads = 0

    def read(
        self,
        merchant_id: str,
        *,
        member_id: str | None,
        codes: Sequence[str] = (),
        counters: Sequence[Counter] = (),
    ) -> OffersRead:
        self.reads += 1
        counting = {one for code in codes for one in counters_of(code, member_id)}
        used = {one: self._units(merchant_id, one) for one in counting.union(counters)}
        own = {}
        if member_id is not None:
            member = MemberRef(merchant_id, member_id)
            own = {code: self._ledger.coupons.get((member, code)) for code in codes}
        bodies = [body for code in codes if (body := read_body(code))]
        spelled = {*codes, *(body.code for body in bodies)}
        named = {code: self.named.get((merchant_id, code)) for code in spelled}
        ids = {body.batch_id for body in bodies}
        batches = {one: self.batches.get((merchant_id, one)) for one in ids}
        return OffersRead(
            used={one: units for one, units in used.items() if units is not None},
            named={code: one for code, one in named.items() if one},
            coupons={code: one for code, one in own.items() if one},
            batches={name: one for name, one in batches.items() if one},
        )

    def _units(self, merchant_id: str, counter: Counter) -> int | None:
        return self._ledger.counters.get((merchant_id, counter))
