"""The `PassDevices` port: which phones hold which pass, and which were not told.

Source: WALLET §3, Apple's PassKit web service, read 2026-11: registering again stores the
push token anew. The items are in `device_items.py`, the markers in `pass_markers.py`.
"""

from contextlib import suppress
from datetime import date

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.device_items import (
    DevicePassItem,
    PassOnDevice,
    RegistrationItem,
    add_deletes,
    add_puts,
    add_silencing,
    registration_of,
)
from chalicelib.adapters.dynamo.funnel_items import add_into_wallet, add_removed
from chalicelib.adapters.dynamo.pass_markers import PassMarkers
from chalicelib.adapters.dynamo.reading import find
from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import DeviceRegistration
from chalicelib.ports import CommitConflict

DEVICES_MAX = 20  # that hold one pass
DEVICES_READ_MAX = 200  # registrations one pass is looked through for the newest
DROPPED_MAX = 30  # of one registration: its transaction has at most 100 parts
SERIALS_MAX = 2_000  # passes of one type on one device: some 500 KB


class DynamoPassDevices(PassMarkers):
    """Registrations in the table, and the markers of passes that were not told."""

    def register(
        self, member: MemberRef, registration: DeviceRegistration, *, day: date | None = None
    ) -> bool:
        known = self._registered(member)
        own = [one for one in known if one.device_id == registration.device_id]
        is_new = registration.serial not in [one.serial for one in own]
        others = [one for one in known if one not in own]
        write = Transaction(self._connection)
        add_puts(write, member, registration, is_new=is_new)
        if is_new and day is not None:
            add_into_wallet(write, member, day, "added_to_apple")
        for oldest in others[DEVICES_MAX - 1 :][-DROPPED_MAX:]:
            is_same = RegistrationItem.registered_at == oldest.registered_at
            condition = RegistrationItem.pk.does_not_exist() | is_same
            add_deletes(write, member, PassOnDevice.of(oldest), condition)
        try:
            write.commit()
        except Cancelled as error:  # another call has registered the phone, or one to drop
            raise CommitConflict("registration") from error
        return is_new

    def unregister(
        self,
        member: MemberRef,
        device_id: str,
        pass_type: str,
        serial: str,
        *,
        day: date | None = None,
    ) -> None:
        # Read first: only what was there is counted as gone, and a repeat finds nothing.
        held = find(RegistrationItem, keys.registration_key(member, device_id))
        if held is not None and held.serial != serial:  # it holds another pass of the member
            with store_errors():
                DevicePassItem(keys.device_pk(device_id, pass_type), serial).delete()
            return
        write = Transaction(self._connection)
        is_as_read: Condition = RegistrationItem.pk.does_not_exist()
        if held is not None:
            is_as_read = RegistrationItem.serial == serial
            if day is not None:
                add_removed(write, member, day)
        add_deletes(write, member, PassOnDevice(device_id, pass_type, serial), is_as_read)
        try:
            write.commit()
        except Cancelled as error:
            raise CommitConflict("registration") from error

    def forget(
        self, member: MemberRef, registration: DeviceRegistration, *, day: date | None = None
    ) -> None:
        write = Transaction(self._connection)
        is_same = RegistrationItem.push_token == registration.push_token
        add_deletes(write, member, PassOnDevice.of(registration), is_same)
        if day is not None:
            add_removed(write, member, day)
        # Gone already or registered anew; or another transaction was at it: dead as it is,
        # the next push finds it again.
        with suppress(Cancelled, CommitConflict):
            write.commit()

    def note(self, member: MemberRef, registration: DeviceRegistration) -> None:
        item = RegistrationItem(*keys.registration_key(member, registration.device_id))
        until, told = registration.quiet_until, registration.told
        actions: list[Action] = [
            RegistrationItem.told.set(told) if told else RegistrationItem.told.remove(),
            RegistrationItem.quiet_until.set(until)
            if until
            else RegistrationItem.quiet_until.remove(),
        ]
        with suppress(CommitConflict), store_errors():
            item.update(actions, RegistrationItem.push_token == registration.push_token)

    def drop_tokens(self, member: MemberRef) -> None:
        for one in self._registered(member):
            write = Transaction(self._connection)
            is_same = RegistrationItem.push_token == one.push_token
            add_silencing(write, member, one.device_id, is_same)
            with suppress(Cancelled):  # forgotten meanwhile, by the phone or after a push
                write.commit()

    def devices_of(self, member: MemberRef) -> tuple[DeviceRegistration, ...]:
        return tuple(self._registered(member)[:DEVICES_MAX])

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

    def _registered(self, member: MemberRef) -> list[DeviceRegistration]:
        """Return the registrations, newest first."""
        with store_errors():
            items = list(
                RegistrationItem.query(
                    keys.member_pk(member),
                    RegistrationItem.sk.startswith(keys.REGISTRATION_PREFIX),
                    consistent_read=True,
                    limit=DEVICES_READ_MAX,
                )
            )
        items.sort(key=lambda item: item.registered_at, reverse=True)
        return [registration_of(item) for item in items]
