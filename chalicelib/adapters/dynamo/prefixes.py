"""The `PrefixMonitor` port: one item per merchant and prefix, under its revision."""

import json
from datetime import datetime, timedelta

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import store_errors
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item
from chalicelib.adapters.dynamo.reading import epoch, find
from chalicelib.domain.members import PrefixRecord, SentCode
from chalicelib.domain.sign_ups import CONVERSION_DAYS

# Without a code a prefix is forgotten; until the item goes, its codes are not judged.
KEPT_AFTER = timedelta(days=CONVERSION_DAYS)


class PrefixItem(Item, discriminator="X"):
    """The latest codes of a prefix, oldest first."""

    codes = UnicodeAttribute()  # JSON [[sign-up id, moment, verified], …]
    revision = IntegerAttribute()


class DynamoPrefixMonitor:
    """Prefixes in the table."""

    def find(self, merchant_id: str, prefix: str) -> PrefixRecord:
        item = find(PrefixItem, keys.prefix_key(merchant_id, prefix))
        if item is None:
            return PrefixRecord(merchant_id, prefix)
        codes = tuple(
            SentCode(sign_up_id, datetime.fromisoformat(at), is_verified)
            for sign_up_id, at, is_verified in json.loads(item.codes)
        )
        return PrefixRecord(merchant_id, prefix, codes, item.revision)

    def save(self, record: PrefixRecord) -> None:
        codes = [
            [code.sign_up_id, code.at.isoformat(), code.is_verified] for code in record.codes
        ]
        latest = max((code.at for code in record.codes), default=None)
        item = PrefixItem(
            *keys.prefix_key(record.merchant_id, record.prefix),
            codes=json.dumps(codes, separators=(",", ":")),
            revision=record.revision + 1,
            ttl=epoch(latest + KEPT_AFTER) if latest else None,
        )
        is_unmoved = (
            PrefixItem.revision == record.revision
            if record.revision
            else PrefixItem.pk.does_not_exist()
        )
        with store_errors():
            item.save(is_unmoved)
