"""The `Offers` port, and a counter's part in the ledger's transaction.

| part    | write                      | condition                                   |
|---------|----------------------------|---------------------------------------------|
| counter | update: add units          | stays within its maximum, if it has one     |

A counter that nothing was taken from does not exist. One of a day is of no use once the day
is over; it goes when no receipt of that day can be reported any more.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from pynamodb.connection import Connection

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import Transaction
from chalicelib.adapters.dynamo.promo_code_items import (
    BATCHES,
    COUNTERS,
    COUPONS,
    PROMO_CODES,
    batch_of,
    coupon_of,
    promo_code_of,
)
from chalicelib.adapters.dynamo.raw_items import RawItem
from chalicelib.adapters.dynamo.reading import batch_get, epoch
from chalicelib.domain.account import MemberRef
from chalicelib.domain.code_batches import read_body
from chalicelib.domain.limits import Counter, Take
from chalicelib.domain.promo_codes import counters_of
from chalicelib.ports.offers import OffersRead

DAY_KEPT = timedelta(days=62)
_ROOM = "attribute_not_exists(#units) OR #units<=:room"


class DynamoOffers:
    """Offers in the table; may be shared by threads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(
        self,
        merchant_id: str,
        *,
        member_id: str | None,
        codes: Sequence[str] = (),
        counters: Sequence[Counter] = (),
    ) -> OffersRead:
        counting = {one for code in codes for one in counters_of(code, member_id)}
        counter_keys = {
            keys.counter_key(merchant_id, one): one for one in counting.union(counters)
        }
        bodies = [body for code in codes if (body := read_body(code))]
        spelled = {*codes, *(body.code for body in bodies)}
        named_keys = {keys.promo_code_key(merchant_id, code): code for code in spelled}
        batch_ids = {body.batch_id for body in bodies}
        batch_keys = {keys.code_batch_key(merchant_id, one): one for one in batch_ids}
        coupon_keys: dict[keys.Key, str] = {}
        if member_id is not None:
            member = MemberRef(merchant_id, member_id)
            coupon_keys = {keys.coupon_key(member, code): code for code in codes}
        wanted = [*counter_keys, *named_keys, *batch_keys, *coupon_keys]
        if not wanted:
            return OffersRead()
        found = batch_get(self._connection, wanted)

        def of(wanted: Mapping[keys.Key, Any]) -> dict[Any, RawItem]:
            return {name: found[key] for key, name in wanted.items() if key in found}

        return OffersRead(
            used={one: COUNTERS.read(raw).units for one, raw in of(counter_keys).items()},
            named={
                code: promo_code_of(PROMO_CODES.read(raw))
                for code, raw in of(named_keys).items()
            },
            batches={one: batch_of(BATCHES.read(raw)) for one, raw in of(batch_keys).items()},
            coupons={
                code: coupon_of(COUPONS.read(raw)) for code, raw in of(coupon_keys).items()
            },
        )


def add_takes(write: Transaction, merchant_id: str, takes: Sequence[Take]) -> None:
    """Add to a transaction that counters move, each within its maximum."""
    for take in takes:
        counter = take.counter
        raw = COUNTERS.write(keys.counter_key(merchant_id, counter), {"units": take.units})
        names = {"#units": "units", "#kind": "kind"}
        values = {":units": raw["units"], ":kind": raw["kind"]}
        update = "SET #kind=:kind"
        if counter.day is not None:
            ends = datetime.combine(counter.day, time(), UTC) + DAY_KEPT
            names["#ttl"], values[":ttl"] = "ttl", {"N": str(epoch(ends))}
            update += ",#ttl=:ttl"
        wanted: dict[str, Any] = {
            "Key": {"pk": raw["pk"], "sk": raw["sk"]},
            "UpdateExpression": f"{update} ADD #units :units",
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
        if take.maximum is not None and take.units > 0:
            wanted["ConditionExpression"] = _ROOM
            values[":room"] = {"N": str(take.maximum - take.units)}
        write.update_raw(f"take {'/'.join(keys.counter_key('', counter))}", wanted)
