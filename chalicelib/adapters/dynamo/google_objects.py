"""The `GoogleObjects` port: rows of Google Wallet's objects and classes.

| item   | pk                    | sk       | index `dirty`                               |
|--------|-----------------------|----------|---------------------------------------------|
| object | that of its member    | GOOGLE   | GPASS#{shard}, {moment}#{merchant}#{member} |
| class  | T#{merchant}          | GCLASS   |                                             |
| nonce  | T#{merchant}#Y#{hash} | Y        |                                             |

An object stands in the index from the moment it may be sent: one that waits for Google to
recover stands in the future. Its place is kept while it is marked again.
"""

import hashlib
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.funnel_items import add_into_wallet, add_removed
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item, MomentAttribute
from chalicelib.adapters.dynamo.reading import epoch, find, listed
from chalicelib.domain.account import MemberRef
from chalicelib.domain.google_objects import GoogleObject, ObjectState, SentClass
from chalicelib.ports import CommitConflict

SHARDS = 4  # partitions of the index; never lowered on a live table
KEPT = timedelta(days=1)  # nonces, beyond their time
_OBJECT_SK, _CLASS_SK = "GOOGLE", "GCLASS"


class ObjectItem(Item, discriminator="h"):
    """A member's object; absent numbers are 0."""

    wanted = IntegerAttribute(null=True)
    asked = IntegerAttribute(null=True)
    sent = IntegerAttribute(null=True)
    shape = UnicodeAttribute(null=True)
    told = IntegerAttribute(null=True)
    notices = UnicodeAttribute(null=True)  # moments with spaces between
    attempts = IntegerAttribute(null=True)
    lease = IntegerAttribute(null=True)
    lease_until = MomentAttribute(null=True)
    state = UnicodeAttribute(null=True)
    event_at = MomentAttribute(null=True)


class ClassItem(Item, discriminator="g"):
    """A merchant's class."""

    revision = IntegerAttribute(null=True)
    fingerprint = UnicodeAttribute(null=True)
    lease_until = MomentAttribute(null=True)


class NonceItem(Item, discriminator="n"):
    """A callback that was taken."""


class DynamoGoogleObjects:
    """Rows in the table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, member: MemberRef, told_version: int, at: datetime) -> GoogleObject:
        item = ObjectItem(*_object_key(member), told=told_version, asked=1)
        item.dirty, item.dirty_sk = _marker(member, at)
        try:
            with store_errors():
                item.save(ObjectItem.pk.does_not_exist())
        except CommitConflict:  # the member came back
            found = self.find(member)
            assert found is not None, "rows do not go"
            return found
        return _object(item)

    def find(self, member: MemberRef) -> GoogleObject | None:
        item = find(ObjectItem, _object_key(member))
        return _object(item) if item else None

    def want(self, member: MemberRef, version: int, at: datetime) -> bool:
        # Read first: most members have no object, and a refused write costs what a write does.
        if find(ObjectItem, _object_key(member)) is None:
            return False
        marked = _marked(member, at)
        is_higher = ObjectItem.wanted.does_not_exist() | (ObjectItem.wanted < version)
        try:
            with store_errors():
                item = ObjectItem(*_object_key(member))
                item.update([*marked, ObjectItem.wanted.set(version)], is_higher)
        except CommitConflict:
            with store_errors():
                item.update(marked, ObjectItem.pk.exists())
        return True

    def claim(self, member: MemberRef, at: datetime, until: datetime) -> GoogleObject | None:
        item = ObjectItem(*_object_key(member))
        actions: list[Action] = [ObjectItem.lease.add(1), ObjectItem.lease_until.set(until)]
        is_free = ObjectItem.lease_until.does_not_exist() | (ObjectItem.lease_until <= at)
        try:
            with store_errors():
                item.update(actions, ObjectItem.pk.exists() & is_free)
        except CommitConflict:
            return None
        return _object(item)

    def settle(self, claimed: GoogleObject, after: GoogleObject, at: datetime) -> bool:
        item = ObjectItem(*_object_key(claimed.member))
        is_ours = ObjectItem.lease == claimed.lease
        nothing_new = is_ours & (ObjectItem.asked == claimed.asked)
        unmarked: list[Action] = [ObjectItem.dirty.remove(), ObjectItem.dirty_sk.remove()]
        # More was asked for: whatever the version says, the next one is sent. It may be a
        # worker whose request came after ours that asks.
        place = ObjectItem.dirty_sk.set(_marker(claimed.member, at)[1])
        again = [*_kept(replace(after, shape="")), place]
        for actions, condition in (([*_kept(after), *unmarked], nothing_new), (again, is_ours)):
            with suppress(CommitConflict), store_errors():
                item.update(actions, condition)
                return True
        with store_errors():
            anew = [*_marked(claimed.member, at), ObjectItem.shape.set("")]
            item.update(anew, ObjectItem.pk.exists())
        return False

    def postpone(self, claimed: GoogleObject, until: datetime) -> None:
        marker, place = _marker(claimed.member, until)
        actions: list[Action] = [
            ObjectItem.attempts.set(claimed.attempts + 1),
            ObjectItem.lease_until.remove(),
            ObjectItem.dirty.set(marker),
            ObjectItem.dirty_sk.set(place),
        ]
        with suppress(CommitConflict), store_errors():
            item = ObjectItem(*_object_key(claimed.member))
            item.update(actions, ObjectItem.lease == claimed.lease)

    def waiting(self, at: datetime, limit: int) -> tuple[MemberRef, ...]:
        """Return them in the order they were marked: a round trip for each shard."""
        now = Item.dirty_sk < keys.moment(at) + keys.AFTER
        rows = [
            row
            for shard in range(SHARDS)
            for row in listed("dirty", f"GPASS#{shard}", now, limit)
        ]
        rows.sort(key=lambda row: row.index_sk)
        return tuple(keys.member_of(row.pk) for row in rows[:limit])

    def note_event(
        self,
        member: MemberRef,
        state: ObjectState,
        event_at: datetime,
        *,
        day: date | None = None,
    ) -> bool:
        item = find(ObjectItem, _object_key(member))
        if item is None or (item.event_at is not None and item.event_at > event_at):
            return False
        before = ObjectState(item.state or ObjectState.MADE)
        write = Transaction(self._connection)
        actions: list[Action] = [
            ObjectItem.state.set(state.value),
            ObjectItem.event_at.set(event_at),
        ]
        write.update("object", ObjectItem(*_object_key(member)), actions, _is_as_read(item))
        if day is not None and before is not state:
            if state is ObjectState.SAVED:
                add_into_wallet(write, member, day, "added_to_google")
            elif before is ObjectState.SAVED:
                add_removed(write, member, day)
        try:
            write.commit()
        except Cancelled as error:
            raise CommitConflict("callback") from error
        return True

    def is_first(self, merchant_id: str, nonce: str, until: datetime) -> bool:
        hashed = hashlib.sha256(nonce.encode()).hexdigest()  # a nonce may be of any length
        item = NonceItem(f"T#{keys.part(merchant_id)}#Y#{hashed}", "Y")
        item.ttl = epoch(until + KEPT)
        try:
            with store_errors():
                item.save(NonceItem.pk.does_not_exist())
        except CommitConflict:
            return False
        return True

    def sent_class(self, merchant_id: str) -> SentClass | None:
        item = find(ClassItem, _class_key(merchant_id))
        if item is None or item.fingerprint is None:
            return None
        return SentClass(item.revision or 0, item.fingerprint)

    def claim_class(self, merchant_id: str, at: datetime, until: datetime) -> bool:
        is_free = ClassItem.lease_until.does_not_exist() | (ClassItem.lease_until <= at)
        try:
            with store_errors():
                item = ClassItem(*_class_key(merchant_id))
                # An update that creates writes no kind by itself.
                kind = ClassItem.kind.set(ClassItem)
                item.update([ClassItem.lease_until.set(until), kind], is_free)
        except CommitConflict:
            return False
        return True

    def settle_class(self, merchant_id: str, sent: SentClass | None) -> None:
        actions: list[Action] = [ClassItem.lease_until.remove()]
        if sent is not None:
            actions.append(ClassItem.revision.set(sent.revision))
            actions.append(ClassItem.fingerprint.set(sent.fingerprint))
        with store_errors():
            ClassItem(*_class_key(merchant_id)).update(actions)


def _object(item: ObjectItem) -> GoogleObject:
    moments = (item.notices or "").split()
    return GoogleObject(
        member=keys.member_of(item.pk),
        wanted_version=item.wanted or 0,
        asked=item.asked or 0,
        sent_version=item.sent or 0,
        shape=item.shape or "",
        told_version=item.told or 0,
        notices=tuple(datetime.fromisoformat(moment) for moment in moments),
        attempts=item.attempts or 0,
        lease=item.lease or 0,
        lease_until=item.lease_until,
        is_waiting=item.dirty is not None,
        state=ObjectState(item.state or ObjectState.MADE),
    )


def _is_as_read(item: ObjectItem) -> Condition:
    """Return that no callback has been noted since."""
    is_same: Condition = ObjectItem.pk.exists()
    for attribute, read in (
        (ObjectItem.state, item.state),
        (ObjectItem.event_at, item.event_at),
    ):
        is_same &= attribute.does_not_exist() if read is None else attribute == read
    return is_same


def _kept(after: GoogleObject) -> list[Action]:
    return [
        ObjectItem.sent.set(after.sent_version),
        ObjectItem.shape.set(after.shape),
        ObjectItem.told.set(after.told_version),
        ObjectItem.notices.set(" ".join(map(keys.moment, after.notices))),
        ObjectItem.attempts.set(0),
        ObjectItem.lease_until.remove(),
    ]


def _marked(member: MemberRef, at: datetime) -> list[Action]:
    marker, place = _marker(member, at)
    return [
        ObjectItem.asked.add(1),
        ObjectItem.dirty.set(marker),
        ObjectItem.dirty_sk.set(ObjectItem.dirty_sk | place),
    ]


def _marker(member: MemberRef, at: datetime) -> tuple[str, str]:
    shard = keys.shard_of(member.member_id, SHARDS)
    return f"GPASS#{shard}", keys.dirty_sk(at, member.merchant_id, member.member_id)


def _object_key(member: MemberRef) -> keys.Key:
    return keys.member_pk(member), _OBJECT_SK


def _class_key(merchant_id: str) -> keys.Key:
    return f"T#{keys.part(merchant_id)}", _CLASS_SK
