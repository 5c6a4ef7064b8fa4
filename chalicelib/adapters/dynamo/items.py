"""What every item of the table has, its two sparse indexes, and attributes of our own.

Every class of the table derives from `Item` with a `discriminator` of its own; it is
short because each item carries it. Taken: A account, E entry, I operation, R receipt
(`ledger_items.py`), W gift card, w its entry (`gift_cards.py`), N named code, B batch,
Q coupon, U counter (`promo_code_items.py`), C confirmation, c accepted step
(`confirmations.py`), Z catalogue, z its page (`catalogue_items.py`), T registration,
V pass on a device, H holder (`device_items.py`), D look, d pass design
(`pass_designs.py`), i image, il their list (`pass_image_items.py`), f counts of the funnel,
fc days of a card (`funnel_items.py`),
y row of the day-book (`day_book.py`), ac conflict, ad debt, aw wait, an how many conflicts
(`attention_items.py`).
"""

from datetime import date, datetime

from pynamodb.attributes import Attribute, DiscriminatorAttribute, UnicodeAttribute
from pynamodb.constants import BINARY, NUMBER, STRING
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.adapters.dynamo import keys


class IntegerAttribute(Attribute[int]):
    """A whole number. pynamodb's `NumberAttribute` would let a float in."""

    attr_type = NUMBER

    def serialize(self, value: int) -> str:
        return f"{value:d}"

    def deserialize(self, value: str) -> int:
        return int(value)


class DateAttribute(Attribute[date]):
    """A business day, as `YYYY-MM-DD`."""

    attr_type = STRING

    def serialize(self, value: date) -> str:
        return value.isoformat()

    def deserialize(self, value: str) -> date:
        return date.fromisoformat(value)


class MomentAttribute(Attribute[datetime]):
    """An aware moment, as fixed-width UTC text: text order is time order."""

    attr_type = STRING

    def serialize(self, value: datetime) -> str:
        return keys.moment(value)

    def deserialize(self, value: str) -> datetime:
        return datetime.fromisoformat(value)


class HashAttribute(Attribute[str]):
    """A hash in hexadecimal digits, stored as its bytes."""

    attr_type = BINARY

    def serialize(self, value: str) -> bytes:
        return bytes.fromhex(value)

    def deserialize(self, value: bytes) -> str:
        return value.hex()


class DueIndex(GlobalSecondaryIndex["Item"]):
    """What the scheduled jobs must look at; only keys, sparse."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due = UnicodeAttribute(hash_key=True)
    due_sk = UnicodeAttribute(range_key=True)


class DirtyIndex(GlobalSecondaryIndex["Item"]):
    """What the outside has not been told yet; only keys, sparse."""

    class Meta:
        index_name = "dirty"
        projection = KeysOnlyProjection()

    dirty = UnicodeAttribute(hash_key=True)
    dirty_sk = UnicodeAttribute(range_key=True)


class Item(Model):
    """What every item of the table has; `connection.bind` names the table."""

    class Meta:
        table_name = ""
        region = ""
        host: str | None = None
        connect_timeout_seconds = 1.0
        read_timeout_seconds = 2.0
        max_retry_attempts = 0
        max_pool_connections = 16
        aws_access_key_id: str | None = None
        aws_secret_access_key: str | None = None

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    kind = DiscriminatorAttribute()
    due = UnicodeAttribute(null=True)
    due_sk = UnicodeAttribute(null=True)
    dirty = UnicodeAttribute(null=True)
    dirty_sk = UnicodeAttribute(null=True)
    ttl = IntegerAttribute(null=True)  # epoch seconds; deletion is days late: filter on read

    due_index = DueIndex()
    dirty_index = DirtyIndex()
