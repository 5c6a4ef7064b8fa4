"""The `PassDevices` port in a dictionary, over the fake ledger."""

from dataclasses import replace
from datetime import UTC, date, datetime

from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.members import DeviceRegistration
from tests.fakes.funnel import FakeFunnel
from tests.fakes.ledger import FakeLedger

DEVICES_MAX = 20
_FIRST = datetime.min.replace(tzinfo=UTC)
PassOnDevice = tuple[str, str, str]  # device, pass type, serial


class FakePassDevices:
    """Registrations of a test."""

    def __init__(self, ledger: FakeLedger, funnel: FakeFunnel | None = None) -> None:
        self._funnel = funnel or FakeFunnel()
        self.registrations: dict[PassOnDevice, tuple[MemberRef, DeviceRegistration]] = {}
        self.pushed: dict[MemberRef, int] = {}
        self.postponed: dict[MemberRef, datetime] = {}
        self.silent: set[PassOnDevice] = set()  # their tokens were dropped
        self._ledger = ledger

    def register(
        self, member: MemberRef, registration: DeviceRegistration, *, day: date | None = None
    ) -> bool:
        key = (registration.device_id, registration.pass_type, registration.serial)
        is_new = key not in self.registrations
        self.registrations[key] = (member, registration)
        self.silent.discard(key)
        if is_new and day:
            self._funnel.into_wallet(member, day, "added_to_apple")
        others = [one for one in self._registered(member) if one != registration]
        for oldest in others[DEVICES_MAX - 1 :]:
            self.unregister(member, oldest.device_id, oldest.pass_type, oldest.serial)
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
        if self.registrations.pop((device_id, pass_type, serial), None) and day:
            self._funnel.count(member, day, "removed")

    def forget(
        self, member: MemberRef, registration: DeviceRegistration, *, day: date | None = None
    ) -> None:
        key = (registration.device_id, registration.pass_type, registration.serial)
        stored = self.registrations.get(key)
        if stored and stored[1].push_token == registration.push_token:
            del self.registrations[key]
            if day:
                self._funnel.count(member, day, "removed")

    def note(self, member: MemberRef, registration: DeviceRegistration) -> None:
        key = (registration.device_id, registration.pass_type, registration.serial)
        stored = self.registrations.get(key)
        if stored and stored[1].push_token == registration.push_token:
            self.registrations[key] = (member, registration)

    def drop_tokens(self, member: MemberRef) -> None:
        found = self.registrations.items()
        self.silent |= {key for key, (owner, _) in found if owner == member}

    def devices_of(self, member: MemberRef) -> tuple[DeviceRegistration, ...]:
        return tuple(self._registered(member)[:DEVICES_MAX])

    def _registered(self, member: MemberRef) -> list[DeviceRegistration]:
        found = [
            device
            for key, (owner, device) in self.registrations.items()
            if owner == member and key not in self.silent
        ]
        found.sort(key=lambda device: device.registered_at, reverse=True)
        return found

    def serials_on(self, device_id: str, pass_type: str) -> tuple[tuple[MemberRef, str], ...]:
        return tuple(
            (member, serial)
            for (device, kind, serial), (member, _) in sorted(self.registrations.items())
            if (device, kind) == (device_id, pass_type)
        )

    def dirty(self, limit: int = 100) -> tuple[MemberRef, ...]:
        accounts = self._ledger.accounts.values()
        members = [account.member for account in accounts if account.is_dirty]
        members.sort(key=lambda member: self.postponed.get(member, _FIRST))
        return tuple(members)[:limit]

    def dirty_of(self, merchant_id: str) -> tuple[MemberRef, ...]:
        accounts = self._ledger.accounts.values()
        dirty = (account.member for account in accounts if account.is_dirty)
        return tuple(member for member in dirty if member.merchant_id == merchant_id)

    def postpone(
        self,
        member: MemberRef,
        at: datetime,
        noted: int | None = None,
        *,
        pushed_at: datetime | None = None,
    ) -> None:
        self.postponed[member] = at
        account = self._ledger.accounts.get(member)
        if account is not None and account.is_dirty:
            self._ledger.accounts[member] = replace(
                account,
                noted_version=account.noted_version if noted is None else noted,
                pushed_at=pushed_at or account.pushed_at,
            )

    def mark(self, member: MemberRef, at: datetime) -> None:
        self._ledger.mark(member)

    def mark_pushed(self, account: Account, at: datetime | None = None) -> bool:
        stored = self._ledger.accounts.get(account.member)
        if stored is None or stored.marker != account.marker:
            return False
        self._ledger.accounts[account.member] = replace(
            stored,
            is_dirty=False,
            told_version=account.version,
            pushed_at=at or stored.pushed_at,
        )
        self.pushed[account.member] = account.version
        return True
