"""Stores, tills, people and records of the audit log as items, to and from the domain."""

import json

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo import staff_keys
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item, MomentAttribute
from chalicelib.adapters.dynamo.reading import epoch
from chalicelib.domain.audit import KEPT_FOR, AuditRecord, Deed
from chalicelib.domain.staff import Role, StaffMember, StaffThing, Store, Till


class StoreItem(Item, discriminator="ss"):
    """A store."""

    thing_id = UnicodeAttribute()
    name = UnicodeAttribute()
    address = UnicodeAttribute(null=True)
    revision = IntegerAttribute()


class TillItem(Item, discriminator="st"):
    """A till."""

    thing_id = UnicodeAttribute()
    store_id = UnicodeAttribute()
    name = UnicodeAttribute()
    is_active = BooleanAttribute()
    revision = IntegerAttribute()


class PersonItem(Item, discriminator="sp"):
    """A person who works for the merchant."""

    thing_id = UnicodeAttribute()
    role = UnicodeAttribute()
    name = UnicodeAttribute()
    is_active = BooleanAttribute()
    pin_hash = UnicodeAttribute(null=True)
    pin_salt = UnicodeAttribute(null=True)
    member_id = UnicodeAttribute(null=True)
    revision = IntegerAttribute()


class AuditItem(Item, discriminator="sa"):
    """One record of the audit log; written once."""

    audit_id = UnicodeAttribute()
    merchant_id = UnicodeAttribute()
    at = MomentAttribute()
    actor = UnicodeAttribute()
    deed = UnicodeAttribute()
    subject = UnicodeAttribute(null=True)
    facts = UnicodeAttribute(null=True)


def thing_item(merchant_id: str, thing: StaffThing, revision: int) -> Item:
    """Return the item of a store, till or person, at a revision."""
    if isinstance(thing, Store):
        return StoreItem(
            *staff_keys.staff_key(merchant_id, staff_keys.STORE, thing.store_id),
            thing_id=thing.store_id,
            name=thing.name,
            address=thing.address or None,
            revision=revision,
        )
    if isinstance(thing, Till):
        return TillItem(
            *staff_keys.staff_key(merchant_id, staff_keys.TILL, thing.till_id),
            thing_id=thing.till_id,
            store_id=thing.store_id,
            name=thing.name,
            is_active=thing.is_active,
            revision=revision,
        )
    return PersonItem(
        *staff_keys.staff_key(merchant_id, staff_keys.PERSON, thing.staff_id),
        thing_id=thing.staff_id,
        role=thing.role.value,
        name=thing.name,
        is_active=thing.is_active,
        pin_hash=thing.pin_hash or None,
        pin_salt=thing.pin_salt or None,
        member_id=thing.member_id,
        revision=revision,
    )


def store_of(item: StoreItem) -> Store:
    """Return the store of an item."""
    return Store(
        store_id=item.thing_id,
        name=item.name,
        address=item.address or "",
        revision=item.revision,
    )


def till_of(item: TillItem) -> Till:
    """Return the till of an item."""
    return Till(
        till_id=item.thing_id,
        store_id=item.store_id,
        name=item.name,
        is_active=item.is_active,
        revision=item.revision,
    )


def person_of(item: PersonItem) -> StaffMember:
    """Return the person of an item."""
    return StaffMember(
        staff_id=item.thing_id,
        role=Role(item.role),
        name=item.name,
        is_active=item.is_active,
        pin_hash=item.pin_hash or "",
        pin_salt=item.pin_salt or "",
        member_id=item.member_id,
        revision=item.revision,
    )


def audit_item(record: AuditRecord) -> AuditItem:
    """Return the item of a record; it goes when its time has come."""
    return AuditItem(
        staff_keys.audit_pk(record.merchant_id),
        record.place,
        audit_id=record.audit_id,
        merchant_id=record.merchant_id,
        at=record.at,
        actor=record.actor,
        deed=record.deed.value,
        subject=record.subject or None,
        facts=json.dumps(dict(record.facts), ensure_ascii=False) if record.facts else None,
        ttl=epoch(record.at + KEPT_FOR),
    )


def record_of(item: AuditItem) -> AuditRecord:
    """Return the record of an item."""
    return AuditRecord(
        audit_id=item.audit_id,
        merchant_id=item.merchant_id,
        at=item.at,
        actor=item.actor,
        deed=Deed(item.deed),
        subject=item.subject or "",
        facts=json.loads(item.facts) if item.facts else {},
    )
