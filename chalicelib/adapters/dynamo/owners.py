"""The `Owners` port: one item per owner; what is personal in it is sealed by the vault."""

import json
from datetime import datetime
from typing import TYPE_CHECKING

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute
from pynamodb.connection import Connection

from chalicelib.adapters.dynamo import staff_keys
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item, MomentAttribute
from chalicelib.adapters.dynamo.reading import find
from chalicelib.adapters.dynamo.sms_limits import NOBODYS, add_charges, refuse_if_full
from chalicelib.adapters.dynamo.sms_outbox import sms_item
from chalicelib.adapters.dynamo.staff import add_thing
from chalicelib.adapters.dynamo.staff_items import audit_item
from chalicelib.domain.audit import AuditRecord
from chalicelib.domain.members import LimitCharge, OutgoingSms
from chalicelib.domain.owners import Owner
from chalicelib.domain.staff import StaffThing
from chalicelib.ports.trouble import CommitConflict, Taken

if TYPE_CHECKING:
    from chalicelib.adapters.vault import Vault

_OWNER = "owner"


class OwnerItem(Item, discriminator="so"):
    """An owner."""

    merchant_id = UnicodeAttribute()
    staff_id = UnicodeAttribute()
    created_at = MomentAttribute()
    password_hash = UnicodeAttribute()
    sealed = BinaryAttribute(legacy_encoding=False)  # e-mail and secret
    is_totp_on = BooleanAttribute()
    totp_step = IntegerAttribute()
    recovery = UnicodeAttribute(null=True)  # hashes, with commas
    revision = IntegerAttribute()


class DynamoOwners:
    """Owners in the table."""

    def __init__(self, connection: Connection, vault: "Vault") -> None:
        self._connection = connection
        self._vault = vault

    def find(self, email_hash: str) -> Owner | None:
        """Return the owner, opened."""
        item = find(OwnerItem, staff_keys.owner_key(email_hash))
        return self._owner_of(email_hash, item) if item else None

    def password_hash(self, email_hash: str) -> str:
        """Return the hash; nothing is opened for it, which would take time."""
        item = find(OwnerItem, staff_keys.owner_key(email_hash))
        return item.password_hash if item else ""

    def limit(
        self, charges: tuple[LimitCharge, ...], letter: OutgoingSms | None = None
    ) -> None:
        """Take the charges and write the letter, all or none."""
        write = Transaction(self._connection)
        add_charges(write, NOBODYS, charges)
        if letter is not None:
            write.put("letter", sms_item(letter, self._vault), Item.pk.does_not_exist())
        try:
            write.commit()
        except Cancelled as error:
            refuse_if_full(error, charges)
            raise

    def open(self, owner: Owner, things: tuple[StaffThing, ...], record: AuditRecord) -> None:
        """Write owner, things and record, or nothing."""
        write = Transaction(self._connection)
        write.put(_OWNER, self._item(owner, owner.revision), OwnerItem.pk.does_not_exist())
        for thing in things:
            add_thing(write, owner.merchant_id, thing)
        write.put("audit", audit_item(record), None)
        try:
            write.commit()
        except Cancelled as error:
            raise Taken(owner.staff_id) from error

    def save(self, owner: Owner, record: AuditRecord | None = None) -> None:
        """Rewrite the owner at the revision that was read."""
        write = Transaction(self._connection)
        item = self._item(owner, owner.revision + 1)
        write.put(_OWNER, item, OwnerItem.revision == owner.revision)
        if record is not None:
            write.put("audit", audit_item(record), None)
        try:
            write.commit()
        except Cancelled as error:
            raise CommitConflict("the owner changed meanwhile") from error

    def _item(self, owner: Owner, revision: int) -> OwnerItem:
        plain = {
            "email": owner.email,
            "totp": owner.totp_secret.hex(),
            "new": owner.new_secret.hex(),
            "new_until": owner.new_until.isoformat() if owner.new_until else "",
        }
        return OwnerItem(
            *staff_keys.owner_key(owner.email_hash),
            merchant_id=owner.merchant_id,
            staff_id=owner.staff_id,
            created_at=owner.created_at,
            password_hash=owner.password_hash,
            sealed=self._vault.seal(_context(owner.email_hash), json.dumps(plain).encode()),
            is_totp_on=owner.is_totp_on,
            totp_step=owner.totp_step,
            recovery=",".join(owner.recovery_hashes) or None,
            revision=revision,
        )

    def _owner_of(self, email_hash: str, item: OwnerItem) -> Owner:
        plain = json.loads(self._vault.open(_context(email_hash), item.sealed))
        return Owner(
            email=plain["email"],
            email_hash=email_hash,
            merchant_id=item.merchant_id,
            staff_id=item.staff_id,
            created_at=item.created_at,
            password_hash=item.password_hash,
            totp_secret=bytes.fromhex(plain["totp"]),
            new_secret=bytes.fromhex(plain["new"]),
            new_until=_moment(plain.get("new_until", "")),
            is_totp_on=item.is_totp_on,
            totp_step=item.totp_step,
            recovery_hashes=tuple(item.recovery.split(",")) if item.recovery else (),
            revision=item.revision,
        )


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _context(email_hash: str) -> str:
    return f"owner:{email_hash}"
