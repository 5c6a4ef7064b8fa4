"""Text messages: promised, sent, reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from chalicelib.domain.members import LimitCharge, OutgoingSms
from chalicelib.ports.trouble import Trouble


class SmsOutbox(Protocol):
    """Messages that have been promised and not yet left."""

    def find(self, merchant_id: str, message_id: str) -> OutgoingSms | None:
        """Return the message, opened; None if unknown or its time is over."""

    def claim(self, sms: OutgoingSms) -> OutgoingSms | None:
        """Count an attempt; the message as counted, None if another worker has it."""

    def save(self, sms: OutgoingSms) -> None:
        """Store state, route and attempts; a message no longer waiting leaves the outbox."""

    def find_taken(self, route: str, operator_id: str) -> OutgoingSms | None:
        """Return the message an operator took under that id of its own, or None."""

    def waiting(self, limit: int = 100) -> tuple[tuple[str, str], ...]:
        """Return (merchant_id, message_id) of messages that have not left, oldest first."""


class NoticeBook(Protocol):
    """Messages that tell members of what happened to their points."""

    def promise(self, sms: OutgoingSms, charges: Sequence[LimitCharge]) -> None:
        """Write a message and what it takes from the limits; nothing if it is there already.

        Raises:
            LimitReached: one has no room; nothing was written.
            CommitConflict: a counter was written at this moment; call again.
        """


@dataclass(frozen=True, slots=True)
class Sms:
    """A text message."""

    message_id: str
    to: str  # E.164
    text: str


@dataclass(frozen=True, slots=True)
class SmsReceipt:
    """Who took a message."""

    route: str
    operator_id: str


class SmsRejected(Trouble):
    """The operator will never take this message; `code` says why."""

    def __init__(self, code: str, *, is_number_at_fault: bool) -> None:
        super().__init__(code)
        self.code = code
        self.is_number_at_fault = is_number_at_fault


class SmsUnavailable(Trouble):
    """Timed out or failed: the outcome is unknown; may be tried again or elsewhere."""


class SmsSender(Protocol):
    """Sends text messages."""

    def send(self, sms: Sms, *, after: str | None = None) -> SmsReceipt:
        """Hand the message to an operator; to the route following `after` if given.

        Raises:
            SmsRejected: it will never be taken.
            SmsUnavailable: no route took it.
        """


class DeliveryState(StrEnum):
    """What became of a message a route has taken."""

    PENDING = "pending"
    EXPIRED = "expired"
    FAILED = "failed"
    DELIVERED = "delivered"


# A phone that showed the message has shown it, whatever another report says.
_RANKS = {
    DeliveryState.PENDING: 0,
    DeliveryState.EXPIRED: 1,
    DeliveryState.FAILED: 1,
    DeliveryState.DELIVERED: 2,
}


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """An operator's word on one message; `operator_id` is the receipt's."""

    operator_id: str
    state: DeliveryState
    at: datetime

    def is_news(self, known: DeliveryState) -> bool:
        """Return whether it changes what is known: reports repeat and overtake each other."""
        return _RANKS[self.state] > _RANKS[known]


class ReportUnreadable(Exception):
    """The form is not a delivery report in its operator's format."""


class ReportForged(Exception):
    """The form does not carry its operator's signature."""


class SmsReports(Protocol):
    """Reads an operator's delivery reports."""

    @property
    def answer(self) -> str:
        """Return the body the operator wants back, or it reports again."""

    def read(self, fields: Mapping[str, str], *, at: datetime) -> tuple[DeliveryReport, ...]:
        """Return the reports of one call. Raises ReportForged, ReportUnreadable."""
