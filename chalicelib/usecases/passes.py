"""The member's pass: the phones that hold it, and what changed on them.

A serial names its merchant, as Apple's calls come without a credential. Of the secrets:
`card_tokens.py`.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import DeviceRegistration
from chalicelib.domain.pass_designs import Look, pass_version
from chalicelib.domain.pass_holders import PassState
from chalicelib.domain.pass_tags import changed_since, tag_of
from chalicelib.ports import (
    CommitConflict,
    Pacer,
    PassDesigns,
    PassDevices,
    PassStates,
)
from chalicelib.usecases.card_tokens import PassUnknown, serial_of
from chalicelib.usecases.funnel import FunnelDesk
from chalicelib.usecases.members import Directory, MemberView, view_member


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

    devices: PassDevices
    states: PassStates
    pacer: Pacer
    funnel: FunnelDesk


def register_device(
    member: MemberRef, registration: DeviceRegistration, *, desk: PhoneDesk
) -> bool:
    """Store a phone's registration, or its new push token; whether it is new.

    Raises:
        PassUnknown: the member is gone, and the phone is none of those that still learn it;
            or the pass was taken from a phone.
        CommitConflict, StoreUnavailable: the time for retries is used up.
    """
    state = pass_state(member, registration.pass_id, states=desk.states)
    if state.is_void:
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


def pass_state(member: MemberRef, pass_id: str, *, states: PassStates) -> PassState:
    """Return how a pass stands; one round trip.

    Raises:
        PassUnknown: there is no such member, or the pass was taken from a phone.
    """
    found = states.states_of([member]).get(member)
    if found is None or pass_id in found.removed_passes:
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
