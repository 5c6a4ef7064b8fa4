"""What promotions, coupons and promo codes look at; written by the ledger's `commit`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from chalicelib.domain.limits import Counter
from chalicelib.domain.promo_codes import CodeBatch, MemberCoupon, PromoCode


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersRead:
    """What was found; what does not exist is absent."""

    used: Mapping[Counter, int] = field(default_factory=dict)
    named: Mapping[str, PromoCode] = field(default_factory=dict)  # by code
    coupons: Mapping[str, MemberCoupon] = field(default_factory=dict)  # the member's, by code
    batches: Mapping[str, CodeBatch] = field(default_factory=dict)  # by batch id


class Offers(Protocol):
    """Counters, and what codes stand for."""

    def read(
        self,
        merchant_id: str,
        *,
        member_id: str | None,
        codes: Sequence[str] = (),
        counters: Sequence[Counter] = (),
    ) -> OffersRead:
        """Return it all in one round trip (strongly consistent).

        For each folded code: the named code, the member's own coupon, the batch it may be
        of, and the counters that may count it. At most `CODES_MAX` codes. Raises
        StoreUnavailable.
        """
