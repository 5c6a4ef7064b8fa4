"""How a pass stands, and who holds one in a wallet."""

from dataclasses import dataclass

from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import DeviceRegistration


@dataclass(frozen=True, slots=True)
class PassState:
    """What a phone asks first: whether its pass is the newest, and whether it is still good."""

    version: int  # as `pass_designs.pass_version`
    is_void: bool = False  # its member was erased or merged: nothing personal is shown
    removed_passes: frozenset[str] = frozenset()  # taken from phones: not to be answered


@dataclass(frozen=True, slots=True)
class PassHolder:
    """A pass in a wallet: on a phone of Apple's, or (no registration) in Google's."""

    member: MemberRef
    registration: DeviceRegistration | None = None
