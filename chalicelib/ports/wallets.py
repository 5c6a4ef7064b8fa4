"""Phones that hold a pass, and how they are told that it changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.members import DeviceRegistration
from chalicelib.domain.pass_holders import PassHolder, PassState


class PassDevices(Protocol):
    """Which phones hold which pass, and which passes have not been told yet.

    A `day` is the business day that a pass's coming or going is counted on, in the same
    write; without one it is not counted.
    """

    def register(
        self, member: MemberRef, registration: DeviceRegistration, *, day: date | None = None
    ) -> bool:
        """Store the registration and its push token; whether it is new.

        Of more than 20 of one pass the oldest go. What it says of earlier pushes is dropped.

        Raises:
            CommitConflict: another call registers at this moment.
        """

    def unregister(
        self,
        member: MemberRef,
        device_id: str,
        pass_type: str,
        serial: str,
        *,
        day: date | None = None,
    ) -> None:
        """Forget it; nothing happens if it is gone.

        Raises:
            CommitConflict: another call is at it at this moment.
        """

    def forget(
        self, member: MemberRef, registration: DeviceRegistration, *, day: date | None = None
    ) -> None:
        """Forget a dead registration, unless the phone has sent another push token since."""

    def note(self, member: MemberRef, registration: DeviceRegistration) -> None:
        """Store `quiet_until` and `told`, unless the phone has sent another push token."""

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

    def mark(self, member: MemberRef, at: datetime) -> None:
        """Mark a pass as not told since `at`; its account's version does not move."""

    def mark_pushed(self, account: Account, at: datetime | None = None) -> bool:
        """Clear the marker if nothing has marked the pass since the account was read.

        `at` is when a phone was pushed, if any was. Returns whether it was cleared.
        """

    def postpone(
        self,
        member: MemberRef,
        at: datetime,
        noted: int | None = None,
        *,
        pushed_at: datetime | None = None,
    ) -> None:
        """Let others go first: a dirty pass stays dirty, as if since `at`.

        `noted` is the version up to which the journal has the receipts, if it was brought
        up; `pushed_at` when a phone was pushed nevertheless.
        """


class PassHolders(Protocol):
    """Every pass of a merchant's that is in a wallet, to go through page by page.

    A phone's is written and deleted with its registration.
    """

    shards: int

    def page(
        self, merchant_id: str, shard: int, after: str = "", limit: int = 1000
    ) -> tuple[tuple[PassHolder, ...], str]:
        """Return a page and where the next begins; "" at the shard's end.

        Raises:
            StoreUnavailable.
        """

    def count(self, merchant_id: str) -> int:
        """Return how many there are. Raises StoreUnavailable."""

    def note_google(self, member: MemberRef) -> None:
        """Remember that Google's wallet holds the member's pass."""

    def forget_google(self, member: MemberRef) -> None:
        """Forget that; nothing happens if it is forgotten."""


class PassStates(Protocol):
    """What phones ask first; strongly consistent, and as few round trips as can be."""

    def states_of(self, members: Collection[MemberRef]) -> dict[MemberRef, PassState]:
        """Return how the passes stand; members nobody knows are left out.

        Raises:
            StoreUnavailable.
        """


class WalletObjects(Protocol):
    """Passes that are kept elsewhere and must be sent there whole, as Google's."""

    def want(self, member: MemberRef, version: int) -> None:
        """Note that the member's object must come to be at least at this pass version.

        A member without an object is passed over; an older version than noted before
        changes nothing. Sent by somebody else, so that it holds up no phone.

        Raises:
            StoreUnavailable: perhaps it was noted.
        """


class PushKind(StrEnum):
    """What became of a push."""

    ACCEPTED = "accepted"
    GONE = "gone"  # the token is dead since `gone_since`, or was never good
    RETRY = "retry"
    REFUSED = "refused"  # our own fault: alarm, keep the registration
    UNSERVED = "unserved"  # its pass type has no certificate any more: nothing to be done


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


class DevicePushers(Protocol):
    """A pusher for each pass type: Apple asks for the certificate of that type."""

    def of(self, pass_type: str) -> DevicePusher:
        """Return what pushes passes of that type; it may answer that nothing can."""
