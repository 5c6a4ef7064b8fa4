"""Find out what a sale's promo codes are, and what counters say of its promotions.

One round trip, and none at all for a sale without codes under a program without limits.
"""

from collections.abc import Callable, Mapping

from chalicelib.domain.basket import NOTHING_PRESENTED, Presented, Scene
from chalicelib.domain.code_batches import BatchCode
from chalicelib.domain.limits import Counter
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.promo_codes import PromoCode, PromoCodeRefused, refusal_of
from chalicelib.domain.rules.coupons import coupons_of
from chalicelib.domain.sales import Sale
from chalicelib.domain.takes import counters_of, has_limits
from chalicelib.ports import Keyring, Offers, OffersRead
from chalicelib.usecases.code_batches import batch_code, code_in


def presented_at(
    sale: Sale,
    scene_at: Callable[[], Scene],
    occasion: Occasion,
    *,
    offers: Offers,
    keyring: Keyring,
) -> Presented:
    """Return the codes of a sale, each good to be used, and what counters say.

    `scene_at` makes the scene the sale is priced at, its codes not known yet.

    Raises:
        PromoCodeRefused: one of the codes is not.
    """
    program, texts = occasion.program, sale.promo_codes
    counters: tuple[Counter, ...] = ()
    if has_limits(program):
        counters = counters_of(program, scene_at(), has_codes=bool(texts))
    if not counters and not texts:
        return NOTHING_PRESENTED
    merchant_id = sale.key.merchant_id
    found = offers.read(merchant_id, member_id=sale.member_id, codes=texts, counters=counters)
    coupons, on = coupons_of(program), program.local_date(sale.sold_at)
    codes = []
    for place, text in enumerate(texts):
        code = _code_of(text, found, batch_code(merchant_id, text, keyring))
        reason: str | None = "unknown"
        if code is not None and code.coupon_id in coupons:
            reason = refusal_of(code, found.used, on=on, member_id=sale.member_id)
        if code is None or reason is not None:
            raise PromoCodeRefused(text, reason or "unknown", place)
        codes.append(code)
    return Presented(tuple(codes), found.used)


def used_of(
    merchant_id: str, scene: Scene, occasion: Occasion, offers: Offers
) -> Mapping[Counter, int]:
    """Return what counters say where a receipt is priced anew for a member."""
    counters = counters_of(occasion.program, scene, has_codes=bool(scene.codes))
    if not counters:
        return {}
    member_id = scene.buyer.member_id
    return offers.read(merchant_id, member_id=member_id, counters=counters).used


def _code_of(text: str, found: OffersRead, body: BatchCode | None) -> PromoCode | None:
    """Return what a text stands for: a named code first, then the member's, then a batch's.

    A code of a batch that was stopped by itself is a named one, however it is spelled.
    """
    for spelling in (text, body.code if body else text):
        if spelling in found.named:
            return found.named[spelling]
    if text in found.coupons:
        return found.coupons[text].promo_code
    batch = found.batches.get(body.batch_id) if body else None
    return code_in(batch, body) if batch and body else None
