"""The member's pass: its secrets, the phones that hold it, and what changed on them.

Nothing secret is stored: every token is derived from the keyring, so a stolen table opens
no card. A serial names its merchant, as Apple's calls come without a credential.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.account import MemberRef, MemberStatus
from chalicelib.domain.errors import DomainError
from chalicelib.domain.members import DeviceRegistration
from chalicelib.ports import Keyring, Ledger, PassDevices


class PassUnknown(DomainError):
    """Unknown serial or wrong token: one answer for both, so that nothing can be probed."""

    code = "pass_unknown"


@dataclass(frozen=True, slots=True)
class ChangedPasses:
    """The passes on a device that changed, and the tag to ask with next time."""

    serials: tuple[str, ...]
    tag: int  # the greatest version among them


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
    member: MemberRef, registration: DeviceRegistration, *, ledger: Ledger, devices: PassDevices
) -> bool:
    """Store a phone's registration, or its new push token; whether it is new.

    Raises:
        PassUnknown: the member is gone.
    """
    account = ledger.account(member)
    if account is None or account.status is not MemberStatus.ACTIVE:
        raise PassUnknown("there is no such pass")
    return devices.register(member, registration)


def changed_passes(
    device_id: str,
    pass_type: str,
    since: int | None,
    *,
    ledger: Ledger,
    devices: PassDevices,
) -> ChangedPasses | None:
    """Return every pass on the device with a version above `since`; None if there is none.

    Accounts are read strongly consistent, one by one: a device holds few passes, and an
    index would be late.
    """
    versions = dict(_versions(devices.serials_on(device_id, pass_type), ledger))
    changed = {s: v for s, v in versions.items() if since is None or v > since}
    if not changed:
        return None
    return ChangedPasses(tuple(sorted(changed)), max(changed.values()))


def _versions(
    passes: Iterable[tuple[MemberRef, str]], ledger: Ledger
) -> Iterable[tuple[str, int]]:
    for member, serial in passes:
        account = ledger.account(member)
        if account is not None:
            yield serial, account.pass_version
