"""The `PassDesigns` port: one item beside the merchant says what passes look like now.

| item | pk            | sk   |
|------|---------------|------|
| look | T#{merchant}  | LOOK |
"""

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import store_errors
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item
from chalicelib.adapters.dynamo.reading import find
from chalicelib.domain.pass_designs import Look


class LookItem(Item, discriminator="D"):
    """The published design, and its revision."""

    revision = IntegerAttribute()


class DynamoPassDesigns:
    """Looks in the table."""

    def look(self, merchant_id: str) -> Look:
        item = find(LookItem, look_key(merchant_id))
        return Look(revision=item.revision) if item else Look()

    def renew(self, merchant_id: str) -> int:
        item = LookItem(*look_key(merchant_id))
        with store_errors():
            item.update([LookItem.revision.add(1)])
        return item.revision


def look_key(merchant_id: str) -> keys.Key:
    """Return where a merchant's look lies."""
    return f"T#{keys.part(merchant_id)}", "LOOK"
