"""The member's pass: its secrets, the phones that hold it, and what changed on them.

Nothing secret is stored: every token is derived from the keyring, so a stolen table opens
no card. A serial names its merchant, as Apple's calls come without a credential.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.account import MemberRef, MemberStatus
from chalicelib.domain.errors import DomainError
from chalicelib.domain.members import DeviceRegistration
from chalicelib.domain.pass_designs import Look, pass_version
from chalicelib.domain.pass_holders import PassState
from chalicelib.domain.pass_tags import changed_since, tag_of
from chalicelib.ports import (
    CommitConflict,
    Keyring,
    Ledger,
    Pacer,
    PassDesigns,
    PassDevices,
    PassStates,
)
from chalicelib.usecases.funnel import FunnelDesk
from chalicelib.usecases.members import Directory, MemberView, view_member


class PassUnknown(DomainError):
    """Unknown serial or wrong token: one answer for both, so that nothing can be probed."""

    code = "pass_unknown"


@dataclass(frozen=True, slots=True)
class ChangedPasses:
    """The passes on a device that changed, and the tag to ask with next time."""

    serials: tuple[str, ...]
    tag: str  # to the phone a text like any other; see `pass_tags`


@dataclass(frozen=True, slots=True)
class PassView:
    """Everything a pass shows, as of one moment."""

    member: MemberView
    look: Look

    @property
    def version(self) -> int:
        """Return the version of what was read."""
        view = self.member
        return pass_version(
            view.account.pass_version, view.profile.revision, self.look.revision
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneDesk:
    """The ports that phones register with."""

    ledger: Ledger
    devices: PassDevices
    pacer: Pacer
    funnel: FunnelDesk


def serial_of(member: MemberRef) -> str:
    """Return the pass serial.

    >>> serial_of(MemberRef("bakery", "mem_1"))
    'bakery.mem_1'
    """
    return f"{member.merchant_id}.{member.member_id}"


def member_of_serial(serial: str) -> MemberRef | None:
    """Return whose pass has that serial; None if it cannot be one."""
    merchant_id, dot, member_id = serial.partition(".")
    return MemberRef(merchant_id, member_id) if dot and merchant_id and member_id else None


def apple_token(member: MemberRef, *, keyring: Keyring) -> str:
    """Return the pass's authenticationToken; the same for the life of the pass."""
    return keyring.token("apple-pass", serial_of(member))


def member_token(member: MemberRef, *, keyring: Keyring) -> str:
    """Return the shopper's own bearer token."""
    return f"mt_{serial_of(member)}.{keyring.token('member', serial_of(member))}"


def card_token(member: MemberRef, *, keyring: Keyring) -> str:
    """Return the secret part of the address of the in-browser card."""
    return f"{serial_of(member)}.{keyring.token('card', serial_of(member))}"


def is_member_token(member: MemberRef, secret: str, *, keyring: Keyring) -> bool:
    """Return whether the last part of a bearer token is the member's."""
    return keyring.is_token("member", serial_of(member), secret)


def member_of_card_token(token: str, *, keyring: Keyring) -> MemberRef:
    """Return whose card an address shows.

    Raises:
        PassUnknown: nobody's.
    """
    serial, _, secret = token.rpartition(".")
    member = member_of_serial(serial)
    if member is None or not keyring.is_token("card", serial, secret):
        raise PassUnknown("there is no such card")
    return member


def member_of_pass(serial: str, token: str, *, keyring: Keyring) -> MemberRef:
    """Return whose pass a phone speaks for.

    Raises:
        PassUnknown: the serial is nobody's or the token is not its own.
    """
    member = member_of_serial(serial)
    if member is None or not keyring.is_token("apple-pass", serial, token):
        raise PassUnknown("there is no such pass, or the token is not its own")
    return member


def register_device(
    member: MemberRef, registration: DeviceRegistration, *, desk: PhoneDesk
) -> bool:
    """Store a phone's registration, or its new push token; whether it is new.

    Raises:
        PassUnknown: the member is gone, and the phone is none of those that still learn it.
        CommitConflict, StoreUnavailable: the time for retries is used up.
    """
    account = desk.ledger.account(member)
    if account is None:
        raise PassUnknown("there is no such pass")
    if account.status is not MemberStatus.ACTIVE:
        _refuse_new(member, registration, desk.devices)
    day = desk.funnel.day(member.merchant_id, registration.registered_at)
    trouble: Exception = CommitConflict("no attempt was made")
    for _ in desk.pacer.attempts():
        try:
            return desk.devices.register(member, registration, day=day)
        except CommitConflict as error:
            trouble = error
    raise trouble


def unregister_device(
    member: MemberRef, device_id: str, pass_type: str, *, at: datetime, desk: PhoneDesk
) -> None:
    """Forget that a phone holds the member's pass; also when it is forgotten already.

    Raises:
        CommitConflict, StoreUnavailable: the time for retries is used up.
    """
    day = desk.funnel.day(member.merchant_id, at)
    trouble: Exception = CommitConflict("no attempt was made")
    for _ in desk.pacer.attempts():
        try:
            desk.devices.unregister(member, device_id, pass_type, serial_of(member), day=day)
        except CommitConflict as error:
            trouble = error
            continue
        return
    raise trouble


def view_pass(
    member: MemberRef, *, at: datetime, directory: Directory, designs: PassDesigns
) -> PassView:
    """Return what a pass shows, and a version that is not newer than what was read for it.

    The look comes first: it sees to it that the program is none that is older.

    Raises:
        MemberNotFound: unknown, another merchant's, or erased.
    """
    look = designs.look(member.merchant_id)
    return PassView(view_member(member, at=at, directory=directory), look)


def pass_state(member: MemberRef, *, states: PassStates) -> PassState:
    """Return how a pass stands; one round trip.

    Raises:
        PassUnknown: there is no such member.
    """
    found = states.states_of([member]).get(member)
    if found is None:
        raise PassUnknown("there is no such pass")
    return found


def changed_passes(
    device_id: str, pass_type: str, since: str, *, devices: PassDevices, states: PassStates
) -> ChangedPasses | None:
    """Return every pass on the device that the tag does not know; None if there is none.

    Read strongly consistent, as an index would be late; the cost is that of the passes on
    the device, whatever their merchants have.
    """
    on_device = devices.serials_on(device_id, pass_type)
    if not on_device:
        return None
    found = states.states_of([member for member, _ in on_device])
    versions = {
        serial: found[member].version for member, serial in on_device if member in found
    }
    changed = changed_since(since, versions)
    return ChangedPasses(changed, tag_of(versions)) if changed else None


def _refuse_new(
    member: MemberRef, registration: DeviceRegistration, devices: PassDevices
) -> None:
    known = {(one.device_id, one.serial) for one in devices.devices_of(member)}
    if (registration.device_id, registration.serial) not in known:
        raise PassUnknown("there is no such pass")
