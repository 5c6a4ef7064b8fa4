"""Where a member's card is, as the member sees it; and how it is taken from a lost phone.

A browser and the passes downloaded with it share one name, as they are on one phone: what is
removed is both. With them goes the pass code, which was shown there and may be kept: the same
write ends the browser's tokens, the passes' tokens and the code, and every other pass is
pushed, as with any change of the code. A pass that was copied from the lost phone to another
goes with it: Apple's phones name the pass when they fetch it, not themselves. So does every
pass that was downloaded by the link on a pass, as nobody knows on which phone that was.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.account import MemberRef
from chalicelib.domain.browsers import with_removed
from chalicelib.domain.entries import Operation
from chalicelib.domain.errors import DomainError
from chalicelib.domain.google_objects import GoogleObject, ObjectState
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.domain.members import DeviceRegistration, Profile
from chalicelib.usecases.card_tokens import LINK_PREFIX, link_id
from chalicelib.usecases.identifiers import replace_pass_code
from chalicelib.usecases.members import Directory
from chalicelib.usecases.passes import PhoneDesk, unregister_device
from chalicelib.usecases.write_once import Book

GOOGLE_ID = "google_wallet"
APPLE_PREFIX = "apple-"
APPLE_SYMBOLS = 16
REMOVER = "devices"  # the client of a pass code replaced with a device


class DeviceNotFound(DomainError):
    """The member has no such device, or has it no more."""

    code = "device_not_found"


class DeviceNotRemovable(DomainError):
    """Google keeps the pass with the member's account there, on whichever phone that is."""

    code = "device_not_removable"


class DeviceKind(StrEnum):
    """What holds a card."""

    BROWSER = "browser"
    APPLE = "apple_wallet"
    GOOGLE = "google_wallet"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDevice:
    """One place where the member's card is."""

    device_id: str
    kind: DeviceKind
    label: str = ""  # of a browser, or of the one a pass was downloaded with
    browser_id: str = ""  # of a pass: the browser it was downloaded with, if that is listed
    created_at: datetime | None = None
    seen_on: date | None = None
    is_this: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceDesk:
    """The ports that devices are listed and removed with. `google` answers a member's row."""

    book: Book
    directory: Directory
    phones: PhoneDesk
    google: Callable[[MemberRef], GoogleObject | None]


def own_devices(
    member: MemberRef, this_browser: str, desk: DeviceDesk
) -> tuple[OwnDevice, ...]:
    """Return the browsers signed in, the phones with the pass, and Google's wallet.

    Raises:
        MemberNotFound.
    """
    profile = _profile(member, desk)
    browsers = tuple(
        OwnDevice(
            device_id=one.browser_id,
            kind=DeviceKind.BROWSER,
            label=one.label,
            created_at=one.created_at,
            seen_on=one.seen_on,
            is_this=one.browser_id == this_browser,
        )
        for one in profile.browsers
    )
    labels = {one.browser_id: one.label for one in profile.browsers}
    phones = tuple(
        OwnDevice(
            device_id=_apple_id(member, one, desk),
            kind=DeviceKind.APPLE,
            label=labels.get(one.pass_id, ""),
            browser_id=one.pass_id if one.pass_id in labels else "",
            created_at=one.registered_at,
            is_this=one.pass_id == this_browser,
        )
        for one in desk.phones.devices.devices_of(member)
    )
    row = desk.google(member)
    is_saved = row is not None and row.state is ObjectState.SAVED
    google = (OwnDevice(device_id=GOOGLE_ID, kind=DeviceKind.GOOGLE),) if is_saved else ()
    return (*browsers, *phones, *google)


def remove_device(member: MemberRef, device_id: str, *, at: datetime, desk: DeviceDesk) -> None:
    """Take the card from a browser or phone: what is there opens nothing any more.

    Raises:
        MemberNotFound, DeviceNotFound, DeviceNotRemovable.
    """
    if device_id == GOOGLE_ID:
        raise DeviceNotRemovable("sign that phone out of its Google account")
    profile = _profile(member, desk)
    known = desk.phones.devices.devices_of(member)
    for browser in profile.browsers:
        if browser.browser_id == device_id:
            key = f"{device_id}:{browser.created_at.isoformat()}"
            _remove({device_id}, key, known, member, at=at, desk=desk)
            return
    for phone in known:
        if _apple_id(member, phone, desk) == device_id:
            key = f"{device_id}:{phone.registered_at.isoformat()}"
            _remove({phone.pass_id}, key, known, member, at=at, desk=desk)
            return
    raise DeviceNotFound("there is no such device of this member")


def sign_out_others(
    member: MemberRef, this_browser: str, *, at: datetime, desk: DeviceDesk
) -> None:
    """Take the card from every browser and phone but the one that asks.

    Raises:
        MemberNotFound.
    """
    known = desk.phones.devices.devices_of(member)
    ids = {one.browser_id for one in _profile(member, desk).browsers}
    others = (ids | {one.pass_id for one in known}) - {this_browser}
    key = f"others:{this_browser}:{at.isoformat()}"
    _remove(others, key, known, member, at=at, desk=desk)


def _remove(
    ids: Collection[str],
    key: str,
    known: tuple[DeviceRegistration, ...],
    member: MemberRef,
    *,
    at: datetime,
    desk: DeviceDesk,
) -> None:
    """End the tokens and the code in one write, then forget the phones.

    Had the second part failed, they are listed still, and the same call does the rest.
    """

    def without_them(profile: Profile) -> Profile:
        removed = profile.removed_passes
        for one in (*_links(profile, desk), *sorted(ids)):
            removed = with_removed(removed, one) if one else removed
        kept = tuple(one for one in profile.browsers if one.browser_id not in ids)
        return replace(profile, browsers=kept, removed_passes=removed)

    operation = Operation(member.merchant_id, REMOVER, f"{member.member_id}:{key}", "")
    replace_pass_code(
        member, operation, at=at, book=desk.book, directory=desk.directory, edit=without_them
    )
    for phone in known:
        if phone.pass_id in ids or phone.pass_id.startswith(LINK_PREFIX):
            unregister_device(member, phone.device_id, phone.pass_type, at=at, desk=desk.phones)


def _links(profile: Profile, desk: DeviceDesk) -> tuple[str, ...]:
    """Return the ids of the links on passes, by every code the member has had."""
    codes = (*profile.replaced_codes, profile.code)
    return tuple(link_id(profile.member, one, desk.directory.keyring) for one in codes)


def _apple_id(member: MemberRef, phone: DeviceRegistration, desk: DeviceDesk) -> str:
    """Return what a phone is called outside: its own id lets anybody list its passes."""
    made = desk.directory.keyring.fingerprint(
        "own-device", member.merchant_id, member.member_id, phone.device_id
    )
    return APPLE_PREFIX + made[:APPLE_SYMBOLS]


def _profile(member: MemberRef, desk: DeviceDesk) -> Profile:
    profile = desk.directory.members.profile(member)
    if profile is None:
        raise MemberNotFound("there is no such member")
    return profile
