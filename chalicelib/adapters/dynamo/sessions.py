"""The `Sessions` port: one item per session, found by the hash of its cookie.

A session is read with every call that comes by cookie, and never kept in memory: one that
was ended is over with the next call.
"""

from datetime import datetime

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.connection import Connection

from chalicelib.adapters.dynamo import staff_keys
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.items import Item, MomentAttribute
from chalicelib.adapters.dynamo.reading import epoch, find
from chalicelib.adapters.dynamo.staff_items import PersonItem
from chalicelib.domain.sessions import SESSIONS_MAX, Face, Session
from chalicelib.domain.staff import Role, StaffMember
from chalicelib.ports.trouble import CommitConflict


class SessionItem(Item, discriminator="se"):
    """A session without its secret."""

    merchant_id = UnicodeAttribute()
    face = UnicodeAttribute()
    till_id = UnicodeAttribute()
    store_id = UnicodeAttribute()
    created_at = MomentAttribute()
    seen_at = MomentAttribute()
    expires_at = MomentAttribute()
    device = UnicodeAttribute(null=True)
    device_id = UnicodeAttribute(null=True)
    staff_id = UnicodeAttribute(null=True)
    role = UnicodeAttribute(null=True)
    signed_in_at = MomentAttribute(null=True)
    owner_id = UnicodeAttribute(null=True)
    own_member_id = UnicodeAttribute(null=True)
    is_pending = BooleanAttribute(null=True)
    fresh_until = MomentAttribute(null=True)


class DynamoSessions:
    """Sessions in the table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, merchant_id: str, session_id: str) -> Session | None:
        """Return the session as it was written last."""
        item = find(SessionItem, staff_keys.session_key(merchant_id, session_id))
        return _session_of(item) if item else None

    def open(self, session: Session) -> None:
        """Write a new session."""
        with store_errors():
            session_item(session).save(SessionItem.pk.does_not_exist())

    def succeed(
        self, session: Session, left: Session, person: StaffMember | None = None
    ) -> None:
        """Write both sessions, while the person is as they were read."""
        write = Transaction(self._connection)
        write.put("new", session_item(session), SessionItem.pk.does_not_exist())
        write.put("left", session_item(left), SessionItem.pk.exists())
        if person is not None:
            place = staff_keys.staff_key(
                session.merchant_id, staff_keys.PERSON, person.staff_id
            )
            same = PersonItem.revision == person.revision
            write.check("person", PersonItem(*place), same)
        try:
            write.commit()
        except Cancelled as error:
            raise CommitConflict("the session or the person changed meanwhile") from error

    def save(self, session: Session) -> None:
        """Rewrite a session that is still there."""
        with store_errors():
            session_item(session).save(SessionItem.pk.exists())

    def seen(self, session: Session, at: datetime) -> None:
        """Move the moment it was used last."""
        key = staff_keys.session_key(session.merchant_id, session.session_id)
        try:
            with store_errors():
                SessionItem(*key).update([SessionItem.seen_at.set(at)], SessionItem.pk.exists())
        except CommitConflict:  # it was ended; its next call finds that out
            return

    def end(self, merchant_id: str, session_id: str) -> None:
        """Delete the session."""
        with store_errors():
            SessionItem(*staff_keys.session_key(merchant_id, session_id)).delete()

    def of_merchant(self, merchant_id: str) -> tuple[Session, ...]:
        """Return every session of the merchant."""
        pk, _ = staff_keys.session_key(merchant_id, "")
        with store_errors():
            found = SessionItem.query(pk, limit=SESSIONS_MAX, consistent_read=True)
            return tuple(_session_of(item) for item in found)


def session_item(session: Session) -> SessionItem:
    """Return the item of a session."""
    return SessionItem(
        *staff_keys.session_key(session.merchant_id, session.session_id),
        merchant_id=session.merchant_id,
        face=session.face.value,
        till_id=session.till_id,
        store_id=session.store_id,
        created_at=session.created_at,
        seen_at=session.seen_at,
        expires_at=session.expires_at,
        device=session.device or None,
        device_id=session.device_id or None,
        staff_id=session.staff_id,
        role=session.role.value if session.role else None,
        signed_in_at=session.signed_in_at,
        owner_id=session.owner_id,
        own_member_id=session.own_member_id,
        is_pending=session.is_pending or None,
        fresh_until=session.fresh_until,
        ttl=epoch(session.expires_at),
    )


def _session_of(item: SessionItem) -> Session:
    return Session(
        session_id=item.sk,  # a hash: nothing in it is encoded
        merchant_id=item.merchant_id,
        face=Face(item.face),
        till_id=item.till_id,
        store_id=item.store_id,
        created_at=item.created_at,
        seen_at=item.seen_at,
        expires_at=item.expires_at,
        device=item.device or "",
        device_id=item.device_id or "",
        staff_id=item.staff_id,
        role=Role(item.role) if item.role else None,
        signed_in_at=item.signed_in_at,
        owner_id=item.owner_id,
        own_member_id=item.own_member_id,
        is_pending=bool(item.is_pending),
        fresh_until=item.fresh_until,
    )
