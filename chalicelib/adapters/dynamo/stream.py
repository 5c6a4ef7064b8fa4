"""The `ChangeStream` port: what a new item in the table's stream stands for.

Images come as Lambda hands them over: DynamoDB JSON with binaries in base64.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.ledger_items import EntryItem, entry_of
from chalicelib.domain.entries import LedgerEntry
from chalicelib.ports import Committed

_SMS = "O"  # the discriminator of `sms_outbox.SmsItem`, which needs no import here


class DynamoChangeStream:
    """Reads ledger entries and promised messages; everything else is neither."""

    def read(self, image: Mapping[str, Any]) -> Committed:
        """Return what the item is."""
        if image.get("kind", {}).get("S") == _SMS and "dirty_sk" in image:
            return Committed(message=keys.last_parts(image["dirty_sk"]["S"]))
        return Committed(entry=entry_of_image(image))


def entry_of_image(image: Mapping[str, Any]) -> LedgerEntry | None:
    """Return the entry of a stream record's image as Lambda hands it over, if it is one.

    Binaries are base64 text there. Other items of the table give None.
    """
    if image.get("kind", {}).get("S") != "E":
        return None
    item = EntryItem()
    item.from_dynamodb_dict({name: dict(value) for name, value in image.items()})
    return entry_of(item)
