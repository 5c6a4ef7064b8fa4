"""Phones that hold a pass, and how they are told that it changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import DeviceRegistration


class PassDevices(Protocol):
    """Which phones hold which pass, and which passes have not been told yet."""

    def register(self, member: MemberRef, registration: DeviceRegistration) -> bool:
        """Store the registration and its push token; whether it is new."""

    def unregister(
        self, member: MemberRef, device_id: str, pass_type: str, serial: str
    ) -> None:
        """Forget it; nothing happens if it is gone."""

    def forget(self, member: MemberRef, registration: DeviceRegistration) -> None:
        """Forget a dead registration, unless the phone has sent another push token since."""

    def drop_tokens(self, member: MemberRef) -> None:
        """Forget where to push; the phones may still ask what changed.

        Raises StoreUnavailable.
        """

    def devices_of(self, member: MemberRef) -> tuple[DeviceRegistration, ...]:
        """Return the newest registrations of the member's pass (at most 20)."""

    def serials_on(self, device_id: str, pass_type: str) -> tuple[tuple[MemberRef, str], ...]:
        """Return (member, serial) of the passes on a device."""

    def dirty(self, limit: int = 100) -> tuple[MemberRef, ...]:
        """Return members whose passes have not been told of their latest version."""

    def dirty_of(self, merchant_id: str) -> tuple[MemberRef, ...]:
        """Return all those of one merchant, in any order. Raises StoreUnavailable."""

    def mark_pushed(self, member: MemberRef, version: int) -> bool:
        """Clear the marker if the account is still at `version`; whether it was."""

    def postpone(self, member: MemberRef, at: datetime, noted: int | None = None) -> None:
        """Let others go first: a dirty pass stays dirty, as if since `at`.

        `noted` is the version up to which the journal has the receipts, if it was brought up.
        """


class PushKind(StrEnum):
    """What became of a push."""

    ACCEPTED = "accepted"
    GONE = "gone"  # the token is dead since `gone_since`, or was never good
    RETRY = "retry"
    REFUSED = "refused"  # our own fault: alarm, keep the registration


@dataclass(frozen=True, slots=True)
class PushOutcome:
    """Apple's answer to one push."""

    kind: PushKind
    status: int  # HTTP status; 0: no answer
    reason: str = ""
    gone_since: datetime | None = None


class DevicePusher(Protocol):
    """Tells phones that a pass has changed."""

    def push_many(self, tokens: Sequence[str]) -> Mapping[str, PushOutcome]:
        """Push to every token; an outcome for each, never an exception."""
