"""Promo codes, batches, members' coupons and counters as items, to and from the domain."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.items import (
    DateAttribute,
    IntegerAttribute,
    Item,
    MomentAttribute,
)
from chalicelib.adapters.dynamo.raw_items import RawFormat, RawItem
from chalicelib.domain.account import MemberRef
from chalicelib.domain.promo_codes import CodeBatch, MemberCoupon, PromoCode


class PromoCodeItem(Item, discriminator="N"):
    """A named code."""

    code = UnicodeAttribute()
    coupon = UnicodeAttribute()
    max_uses = IntegerAttribute(null=True)
    max_uses_per_member = IntegerAttribute(null=True)
    first = DateAttribute(null=True)
    last = DateAttribute(null=True)
    is_stopped = BooleanAttribute(null=True)


class CodeBatchItem(Item, discriminator="B"):
    """A batch of codes."""

    batch_id = UnicodeAttribute()
    coupon = UnicodeAttribute()
    codes = IntegerAttribute()
    created_at = MomentAttribute()
    prefix = UnicodeAttribute(null=True)
    max_uses = IntegerAttribute(null=True)
    first = DateAttribute(null=True)
    last = DateAttribute(null=True)
    is_stopped = BooleanAttribute(null=True)


class CouponItem(Item, discriminator="Q"):
    """A member's coupon; whether it was used, its counter tells."""

    code = UnicodeAttribute()
    coupon = UnicodeAttribute()
    given_at = MomentAttribute()
    last = DateAttribute(null=True)
    points = IntegerAttribute(null=True)


class CounterItem(Item, discriminator="U"):
    """Units taken from a counter."""

    units = IntegerAttribute()


PROMO_CODES = RawFormat(PromoCodeItem)
BATCHES = RawFormat(CodeBatchItem)
COUPONS = RawFormat(CouponItem)
COUNTERS = RawFormat(CounterItem)


def promo_code_of(item: PromoCodeItem) -> PromoCode:
    """Return the named code of an item."""
    return PromoCode(
        code=item.code,
        coupon_id=item.coupon,
        max_uses=item.max_uses,
        max_uses_per_member=item.max_uses_per_member,
        first=item.first,
        last=item.last,
        is_stopped=bool(item.is_stopped),
    )


def raw_promo_code(merchant_id: str, code: PromoCode) -> RawItem:
    """Return the JSON of a named code's item."""
    values = {
        "code": code.code,
        "coupon": code.coupon_id,
        "max_uses": code.max_uses,
        "max_uses_per_member": code.max_uses_per_member,
        "first": code.first,
        "last": code.last,
        "is_stopped": code.is_stopped or None,
    }
    return PROMO_CODES.write(keys.promo_code_key(merchant_id, code.code), values)


def batch_of(item: CodeBatchItem) -> CodeBatch:
    """Return the batch of an item."""
    return CodeBatch(
        batch_id=item.batch_id,
        coupon_id=item.coupon,
        count=item.codes,
        created_at=item.created_at,
        prefix=item.prefix or "",
        max_uses=item.max_uses,
        first=item.first,
        last=item.last,
        is_stopped=bool(item.is_stopped),
    )


def raw_batch(merchant_id: str, batch: CodeBatch) -> RawItem:
    """Return the JSON of a batch's item."""
    values = {
        "batch_id": batch.batch_id,
        "coupon": batch.coupon_id,
        "codes": batch.count,
        "created_at": batch.created_at,
        "prefix": batch.prefix or None,
        "max_uses": batch.max_uses,
        "first": batch.first,
        "last": batch.last,
        "is_stopped": batch.is_stopped or None,
    }
    return BATCHES.write(keys.code_batch_key(merchant_id, batch.batch_id), values)


def coupon_of(item: CouponItem) -> MemberCoupon:
    """Return the member's coupon of an item."""
    return MemberCoupon(
        code=item.code,
        member_id=keys.member_of(item.pk).member_id,
        coupon_id=item.coupon,
        given_at=item.given_at,
        last=item.last,
        points=item.points or 0,
    )


def raw_coupon(merchant_id: str, coupon: MemberCoupon) -> RawItem:
    """Return the JSON of a coupon's item."""
    values = {
        "code": coupon.code,
        "coupon": coupon.coupon_id,
        "given_at": coupon.given_at,
        "last": coupon.last,
        "points": coupon.points or None,
    }
    member = MemberRef(merchant_id, coupon.member_id)
    return COUPONS.write(keys.coupon_key(member, coupon.code), values)
