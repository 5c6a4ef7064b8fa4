"""The `PromoCodes` port. New codes, batches and coupons are the ledger's to write.

Named codes of a merchant share a partition, and so do its batches: a list is one query.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from pynamodb.connection import Connection

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import store_errors
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.promo_code_items import (
    CodeBatchItem,
    CounterItem,
    CouponItem,
    PromoCodeItem,
    batch_of,
    coupon_of,
    promo_code_of,
    raw_promo_code,
)
from chalicelib.adapters.dynamo.reading import find, find_all
from chalicelib.domain.account import MemberRef
from chalicelib.domain.limits import Counter
from chalicelib.domain.promo_codes import CodeBatch, MemberCoupon, PromoCode

PAGE_MAX = 200  # of one answer; an item is under 200 bytes, a query's page 1 MB
COUPONS_MAX = 2_000  # of one member, read for a list

I = TypeVar("I", bound=Item)  # noqa: E741


class DynamoPromoCodes:
    """Promo codes in the table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def code(self, merchant_id: str, code: str) -> PromoCode | None:
        item = find(PromoCodeItem, keys.promo_code_key(merchant_id, code))
        return promo_code_of(item) if item else None

    def codes(
        self, merchant_id: str, *, after: str | None = None, limit: int = 50
    ) -> tuple[PromoCode, ...]:
        pk, _ = keys.promo_code_key(merchant_id, "")
        return tuple(promo_code_of(one) for one in _page(PromoCodeItem, pk, after, limit))

    def stop(self, merchant_id: str, code: PromoCode) -> None:
        raw = raw_promo_code(merchant_id, code)
        raw["is_stopped"] = {"BOOL": True}
        wanted = {"TableName": Item.Meta.table_name, "Item": raw}
        with store_errors():  # unconditional: a stop is for ever, whoever comes first
            self._connection.dispatch("PutItem", wanted)

    def batch(self, merchant_id: str, batch_id: str) -> CodeBatch | None:
        item = find(CodeBatchItem, keys.code_batch_key(merchant_id, batch_id))
        return batch_of(item) if item else None

    def batches(
        self, merchant_id: str, *, after: str | None = None, limit: int = 50
    ) -> tuple[CodeBatch, ...]:
        pk, _ = keys.code_batch_key(merchant_id, "")
        return tuple(batch_of(one) for one in _page(CodeBatchItem, pk, after, limit))

    def stop_batch(self, merchant_id: str, batch_id: str) -> None:
        item = CodeBatchItem(*keys.code_batch_key(merchant_id, batch_id))
        with store_errors():
            item.update([CodeBatchItem.is_stopped.set(True)], CodeBatchItem.pk.exists())

    def coupons(self, member: MemberRef) -> tuple[MemberCoupon, ...]:
        own = CouponItem.sk.startswith(keys.COUPON_PREFIX)
        with store_errors():
            items = CouponItem.query(
                keys.member_pk(member), own, consistent_read=True, limit=COUPONS_MAX
            )
            return tuple(coupon_of(item) for item in items)

    def used(self, merchant_id: str, counters: Sequence[Counter]) -> Mapping[Counter, int]:
        by_key = {keys.counter_key(merchant_id, counter): counter for counter in counters}
        found = find_all(CounterItem, by_key) if by_key else []
        return {by_key[item.pk, item.sk]: item.units for item in found}


def _page(model: type[I], pk: str, after: str | None, limit: int) -> list[I]:
    behind = model.sk > keys.part(after) if after else None
    with store_errors():
        return list(model.query(pk, behind, consistent_read=True, limit=min(limit, PAGE_MAX)))
