"""The `PassDevices` port: registrations, twice: under the member and under the device.

The one under the member answers "whom to push", the one under the device "what has
changed on this phone", which names no merchant. Both are written in one transaction.
Source: WALLET §3, Apple's PassKit web service, read 2026-11: registering again stores
the push token anew.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.items import Item, MomentAttribute
from chalicelib.adapters.dynamo.ledger_items import AccountItem
from chalicelib.adapters.dynamo.reading import listed
from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import DeviceRegistration
from chalicelib.ports import CommitConflict, StoreUnavailable

DEVICES_MAX = 20  # that are pushed
DEVICES_READ_MAX = 200  # registrations one pass is looked through for the newest
DIRTY_PAGE = 1_000  # keys of the index in one round trip: some 300 KB
DIRTY_PAGES_MAX = 1_000  # of one shard
SERIALS_MAX = 100  # passes of one type on one device


class RegistrationItem(Item, discriminator="T"):
    """A phone that holds the member's pass."""

    device_id = UnicodeAttribute()
    pass_type = UnicodeAttribute()
    serial = UnicodeAttribute()
    push_token = UnicodeAttribute()
    registered_at = MomentAttribute()


class DevicePassItem(Item, discriminator="V"):
    """A pass on a phone."""

    merchant_id = UnicodeAttribute()
    member_id = UnicodeAttribute()


class DynamoPassDevices:
    """Registrations in the table, and the markers of passes that were not told."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def register(self, member: MemberRef, registration: DeviceRegistration) -> bool:
        if self._written(member, registration, only_if_new=True):
            return True
        self._written(member, registration, only_if_new=False)
        return False

    def unregister(
        self, member: MemberRef, device_id: str, pass_type: str, serial: str
    ) -> None:
        on_device = DevicePassItem(keys.device_pk(device_id, pass_type), serial)
        of_member = RegistrationItem(*keys.registration_key(member, device_id))
        write = Transaction(self._connection)
        write.delete("device", on_device)
        write.delete(
            "member",
            of_member,
            RegistrationItem.pk.does_not_exist() | (RegistrationItem.serial == serial),
        )
        try:
            write.commit()
        except Cancelled:  # the phone holds another pass of the member by now
            with store_errors():
                on_device.delete()

    def forget(self, member: MemberRef, registration: DeviceRegistration) -> None:
        on_device = DevicePassItem(
            keys.device_pk(registration.device_id, registration.pass_type), registration.serial
        )
        of_member = RegistrationItem(*keys.registration_key(member, registration.device_id))
        write = Transaction(self._connection)
        write.delete("device", on_device)
        is_same = RegistrationItem.push_token == registration.push_token
        write.delete("member", of_member, is_same)
        with suppress(Cancelled):  # gone already, or registered anew
            write.commit()

    def drop_tokens(self, member: MemberRef) -> None:
        """Delete the registrations under the member alone."""
        for item in _registrations(member):
            with store_errors():
                item.delete()

    def devices_of(self, member: MemberRef) -> tuple[DeviceRegistration, ...]:
        items = _registrations(member)
        items.sort(key=lambda item: item.registered_at, reverse=True)
        return tuple(_registration(item) for item in items[:DEVICES_MAX])

    def serials_on(self, device_id: str, pass_type: str) -> tuple[tuple[MemberRef, str], ...]:
        with store_errors():
            items = list(
                DevicePassItem.query(
                    keys.device_pk(device_id, pass_type),
                    consistent_read=True,
                    limit=SERIALS_MAX,
                )
            )
        return tuple((MemberRef(item.merchant_id, item.member_id), item.sk) for item in items)

    def dirty(self, limit: int = 100) -> tuple[MemberRef, ...]:
        """Return members in the order they became dirty: a round trip for each shard."""
        rows = [
            row
            for shard in range(keys.DIRTY_SHARDS)
            for row in listed("dirty", keys.dirty_passes(shard), None, limit)
        ]
        rows.sort(key=lambda row: row.index_sk)
        return tuple(keys.member_of(row.pk) for row in rows[:limit])

    def dirty_of(self, merchant_id: str) -> tuple[MemberRef, ...]:
        """Return all of a merchant's: the whole index is read, page by page."""
        found: dict[MemberRef, None] = {}
        for shard in range(keys.DIRTY_SHARDS):
            for member in _dirty_in(shard):
                if member.merchant_id == merchant_id:
                    found[member] = None
        return tuple(found)

    def mark_pushed(self, member: MemberRef, version: int) -> bool:
        actions: list[Action] = [
            AccountItem.dirty.remove(),
            AccountItem.dirty_sk.remove(),
            AccountItem.pushed.set(version),
        ]
        try:
            with store_errors():
                item = AccountItem(*keys.account_key(member))
                item.update(actions, AccountItem.version == version)
        except CommitConflict:
            return False
        return True

    def postpone(self, member: MemberRef, at: datetime, noted: int | None = None) -> None:
        item = AccountItem(*keys.account_key(member))
        place = keys.dirty_sk(at, member.merchant_id, member.member_id)
        actions: list[Action] = [AccountItem.dirty_sk.set(place)]
        if noted is not None:
            actions.append(AccountItem.noted.set(noted))
        with suppress(CommitConflict), store_errors():
            item.update(actions, AccountItem.dirty.exists())

    def _written(
        self, member: MemberRef, registration: DeviceRegistration, *, only_if_new: bool
    ) -> bool:
        on_device = DevicePassItem(
            keys.device_pk(registration.device_id, registration.pass_type),
            registration.serial,
            merchant_id=member.merchant_id,
            member_id=member.member_id,
        )
        of_member = RegistrationItem(
            *keys.registration_key(member, registration.device_id),
            device_id=registration.device_id,
            pass_type=registration.pass_type,
            serial=registration.serial,
            push_token=registration.push_token,
            registered_at=registration.registered_at,
        )
        write = Transaction(self._connection)
        is_new = DevicePassItem.pk.does_not_exist() if only_if_new else None
        write.put("device", on_device, is_new)
        write.put("member", of_member, None)
        try:
            write.commit()
        except Cancelled:
            return False
        return True


def _dirty_in(shard: int) -> Iterator[MemberRef]:
    """Yield a shard's members; one that was postponed meanwhile comes again at the end."""
    behind = None
    for _ in range(DIRTY_PAGES_MAX):
        rows = listed("dirty", keys.dirty_passes(shard), behind, DIRTY_PAGE)
        yield from (keys.member_of(row.pk) for row in rows)
        if len(rows) < DIRTY_PAGE:
            return
        behind = Item.dirty_sk > rows[-1].index_sk
    raise StoreUnavailable("more passes wait than can be looked through")


def _registrations(member: MemberRef) -> list[RegistrationItem]:
    with store_errors():
        return list(
            RegistrationItem.query(
                keys.member_pk(member),
                RegistrationItem.sk.startswith(keys.REGISTRATION_PREFIX),
                consistent_read=True,
                limit=DEVICES_READ_MAX,
            )
        )


def _registration(item: RegistrationItem) -> DeviceRegistration:
    return DeviceRegistration(
        device_id=item.device_id,
        pass_type=item.pass_type,
        serial=item.serial,
        push_token=item.push_token,
        registered_at=item.registered_at,
    )
