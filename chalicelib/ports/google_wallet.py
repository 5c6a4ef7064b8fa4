"""Google Wallet: what it was sent, what it answers, what it calls back with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from chalicelib.domain.account import MemberRef
from chalicelib.domain.google_objects import GoogleObject, ObjectState, SentClass

Body = Mapping[str, Any]


class GoogleObjects(Protocol):
    """The rows of members' objects and merchants' classes. All raise StoreUnavailable."""

    def begin(self, member: MemberRef, told_version: int, at: datetime) -> GoogleObject:
        """Return the member's row; a new one waits to be sent."""

    def find(self, member: MemberRef) -> GoogleObject | None:
        """Return the row (strongly consistent), or None: the member wants no object."""

    def want(self, member: MemberRef, version: int, at: datetime) -> bool:
        """Mark the object: the pass has changed, to that version at least; whether it exists.

        One that waits already keeps its place.
        """

    def claim(self, member: MemberRef, at: datetime, until: datetime) -> GoogleObject | None:
        """Take the row for a while; None: somebody else has it, or there is none."""

    def settle(self, claimed: GoogleObject, after: GoogleObject, at: datetime) -> bool:
        """Keep what was sent, and let the row go; whether it was still ours.

        The marker goes unless more was asked for since the claim. If the row was taken
        away meanwhile it is marked again. In both cases the shape is forgotten, so that
        the newest goes out once more, even if it is the version that was noted.
        """

    def postpone(self, claimed: GoogleObject, until: datetime) -> None:
        """Let the row go, marked, not to be looked at before `until`; an attempt more."""

    def waiting(self, at: datetime, limit: int) -> tuple[MemberRef, ...]:
        """Return whose objects wait to be sent, longest first."""

    def note_event(
        self,
        member: MemberRef,
        state: ObjectState,
        event_at: datetime,
        *,
        day: date | None = None,
    ) -> bool:
        """Keep what a callback said, unless a later one was kept; whether it was news.

        A change of state is counted on that business day, in the same write.

        Raises:
            CommitConflict: another call is at it at this moment.
        """

    def is_first(self, merchant_id: str, nonce: str, until: datetime) -> bool:
        """Return whether the nonce comes for the first time; it is kept beyond `until`."""

    def sent_class(self, merchant_id: str) -> SentClass | None:
        """Return what Google was sent last of the class (strongly consistent)."""

    def claim_class(self, merchant_id: str, at: datetime, until: datetime) -> bool:
        """Take the class for a while; False: somebody else has it."""

    def settle_class(self, merchant_id: str, sent: SentClass | None) -> None:
        """Keep what was sent, None if it was not, and let the class go."""


class GoogleRates(Protocol):
    """How many requests a second all processes together may send."""

    def take(self, maximum: int) -> bool:
        """Take one of this second's; False: they are used up. Raises StoreUnavailable."""


class AnswerKind(StrEnum):
    """What became of a request to Google."""

    DONE = "done"
    RETRY = "retry"  # no answer, too many, or Google's own trouble
    REFUSED = "refused"  # our body is wrong: never again as it is, alarm
    FORBIDDEN = "forbidden"  # our account may not: alarm, later again
    MISSING = "missing"  # the class the object names is unknown
    NO_QUOTA = "no_quota"  # the object has rung often enough


@dataclass(frozen=True, slots=True)
class GoogleAnswer:
    """Google's answer to one request."""

    kind: AnswerKind
    status: int = 0  # HTTP status; 0: no answer
    reason: str = ""  # in Google's words


class GoogleApi(Protocol):
    """Google Wallet's REST interface; an answer for each call, never an exception."""

    def put_class(self, body: Body, *, is_new: bool) -> GoogleAnswer:
        """Make the class as it is given, whether it exists or not; `is_new`: it may not."""

    def put_object(self, body: Body, *, is_new: bool, is_whole: bool) -> GoogleAnswer:
        """Make or change the object, whether it exists or not; `is_new` says what is likely.

        A change leaves what the body does not name; with `is_whole` that goes as well.
        """

    def add_message(self, object_id: str, message: Body) -> GoogleAnswer:
        """Add a message to an object."""


@dataclass(frozen=True, slots=True)
class SaidByGoogle:
    """A callback whose signature is right."""

    object_id: str
    is_saved: bool  # else it was removed
    nonce: str
    expires_at: datetime


class CallbackForged(Exception):
    """The callback is not Google's, not for us, or too old."""


class GoogleCallbacks(Protocol):
    """Reads what Google calls back with."""

    def read(self, callback: Body, at: datetime) -> SaidByGoogle:
        """Return what it says.

        Raises:
            CallbackForged: see there.
            StoreUnavailable: Google's keys cannot be had now.
        """
