"""The `StaffRoom` port: stores, tills, people, and the audit log beside them."""

from contextlib import suppress
from typing import Any, TypeVar

from pynamodb.connection import Connection

from chalicelib.adapters.dynamo import staff_keys
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.reading import find
from chalicelib.adapters.dynamo.staff_items import (
    AuditItem,
    PersonItem,
    StoreItem,
    TillItem,
    audit_item,
    person_of,
    record_of,
    store_of,
    thing_item,
    till_of,
)
from chalicelib.domain.audit import AuditRecord
from chalicelib.domain.staff import (
    STAFF_MAX,
    STORES_MAX,
    TILLS_MAX,
    StaffMember,
    StaffThing,
    Store,
    Till,
    thing_id,
)
from chalicelib.ports.trouble import CommitConflict, Taken

I = TypeVar("I", bound=Item)  # noqa: E741


class DynamoStaffRoom:
    """Staff in the table; nothing is kept in memory, so that a change counts at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def stores(self, merchant_id: str) -> tuple[Store, ...]:
        """Return the merchant's stores."""
        found = _listed(StoreItem, merchant_id, staff_keys.STORE, STORES_MAX)
        return tuple(store_of(item) for item in found)

    def tills(self, merchant_id: str) -> tuple[Till, ...]:
        """Return the merchant's tills."""
        found = _listed(TillItem, merchant_id, staff_keys.TILL, TILLS_MAX)
        return tuple(till_of(item) for item in found)

    def people(self, merchant_id: str) -> tuple[StaffMember, ...]:
        """Return the merchant's people."""
        found = _listed(PersonItem, merchant_id, staff_keys.PERSON, STAFF_MAX)
        return tuple(person_of(item) for item in found)

    def till(self, merchant_id: str, till_id: str) -> Till | None:
        """Return one till."""
        item = find(TillItem, staff_keys.staff_key(merchant_id, staff_keys.TILL, till_id))
        return till_of(item) if item else None

    def person(self, merchant_id: str, staff_id: str) -> StaffMember | None:
        """Return one person."""
        item = find(PersonItem, staff_keys.staff_key(merchant_id, staff_keys.PERSON, staff_id))
        return person_of(item) if item else None

    def add(self, merchant_id: str, thing: StaffThing, record: AuditRecord) -> None:
        """Write thing and record, or neither."""
        write = Transaction(self._connection)
        add_thing(write, merchant_id, thing)
        write.put("audit", audit_item(record), None)
        try:
            write.commit()
        except Cancelled as error:
            raise Taken(thing_id(thing)) from error

    def change(self, merchant_id: str, thing: StaffThing, record: AuditRecord) -> None:
        """Rewrite the thing at the revision that was read."""
        write = Transaction(self._connection)
        item = thing_item(merchant_id, thing, thing.revision + 1)
        write.put("thing", item, StoreItem.revision == thing.revision)
        write.put("audit", audit_item(record), None)
        try:
            write.commit()
        except Cancelled as error:
            raise CommitConflict(thing_id(thing)) from error

    def note(self, record: AuditRecord) -> None:
        """Write the record alone, once."""
        with suppress(CommitConflict), store_errors():  # it is there
            audit_item(record).save(AuditItem.pk.does_not_exist())

    def audit(
        self, merchant_id: str, *, before: str | None = None, limit: int
    ) -> tuple[AuditRecord, ...]:
        """Return records, newest first; `before` is the place of the last one seen."""
        condition = AuditItem.sk < before if before else None
        with store_errors():
            found = AuditItem.query(
                staff_keys.audit_pk(merchant_id),
                condition,
                scan_index_forward=False,
                limit=limit,
                consistent_read=True,
            )
            return tuple(record_of(item) for item in found)


def add_thing(write: Transaction, merchant_id: str, thing: StaffThing) -> None:
    """Add to a transaction that a new store, till or person is written."""
    item = thing_item(merchant_id, thing, thing.revision)
    write.put(item.sk, item, Item.pk.does_not_exist())


def _listed(item_class: type[I], merchant_id: str, kind: str, limit: int) -> list[I]:
    condition: Any = item_class.sk.startswith(kind)
    with store_errors():
        found = item_class.query(
            staff_keys.staff_pk(merchant_id), condition, limit=limit, consistent_read=True
        )
        return list(found)
