"""What the use cases need from the outside world, as small Protocols.

Each has a real adapter in `chalicelib/adapters/` and a fake in `tests/fakes/`;
`tests/adapters/` runs one contract against both. No SDK exception crosses a port.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.entries import LedgerChange, LedgerEntry, Operation, Recorded
from chalicelib.domain.events import Event
from chalicelib.domain.members import (
    ApiKey,
    DeviceRegistration,
    LimitCharge,
    Merchant,
    OutgoingSms,
    PrefixRecord,
    Profile,
    SignUp,
)
from chalicelib.domain.program import Program
from chalicelib.domain.receipts import Receipt, ReceiptKey


class Trouble(Exception):
    """Something outside failed; nobody asked for anything wrong."""


class CommitConflict(Trouble):
    """The account or receipt moved since it was read: read again and decide again."""


class StoreUnavailable(Trouble):
    """The store timed out, throttled or failed: the outcome is unknown; ask again."""


class AlreadyRecorded(Exception):
    """The operation was written before, with this or another content."""

    def __init__(self, recorded: Recorded) -> None:
        super().__init__("already recorded")
        self.recorded = recorded


class ReceiptExists(Exception):
    """The receipt number was written by another operation."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__("receipt exists")
        self.receipt = receipt


class LimitReached(Exception):
    """A counter is full; nothing was written."""

    def __init__(self, charge: LimitCharge) -> None:
        super().__init__(charge.name)
        self.charge = charge


class Taken(Exception):
    """A unique thing (phone, card number, merchant id) belongs to another already."""

    def __init__(self, member_id: str) -> None:
        super().__init__("taken")
        self.member_id = member_id


class Clock(Protocol):
    """Time, read once at each entry point."""

    def now(self) -> datetime:
        """Return the moment, aware, UTC."""


class Pacer(Protocol):
    """How often and how long a lost race is run again."""

    def attempts(self) -> Iterator[int]:
        """Yield 0, 1, 2 … with full jitter between them, until the time is used up."""


class TaskQueue(Protocol):
    """Work for later."""

    def enqueue(self, queue: str, payloads: Sequence[Mapping[str, Any]]) -> None:
        """Add one message per payload to `queue` ("sms" or "schedule").

        Raises:
            StoreUnavailable: perhaps not all were added.
        """


class Keyring(Protocol):
    """Randomness and keyed hashes. Secrets never leave it."""

    def new_id(self, prefix: str) -> str:
        """Return a new opaque id such as `mem_…` (≥ 100 random bits)."""

    def new_digits(self) -> str:
        """Return six random digits."""

    def new_pass_code(self) -> str:
        """Return a new pass code: L1 and 12 Crockford base32 symbols (60 random bits)."""

    def new_api_key(self) -> tuple[str, str]:
        """Return a new API key and its hash; only the hash may be stored."""

    def api_key_hash(self, api_key: str) -> str | None:
        """Return the hash to look a presented key up by; None if its checksum is wrong."""

    def fingerprint(self, purpose: str, *parts: str) -> str:
        """Return a keyed hash (HMAC-SHA256, hex) of the parts, for that purpose only."""

    def token(self, purpose: str, subject: str) -> str:
        """Return the secret derived for a subject; the same each time."""

    def is_token(self, purpose: str, subject: str, token: str) -> bool:
        """Return whether the token is the subject's, in constant time."""


class Ledger(Protocol):
    """Accounts, their entries, and receipts."""

    def account(self, member: MemberRef) -> Account | None:
        """Return the account (strongly consistent), or None. Raises StoreUnavailable."""

    def receipt(self, key: ReceiptKey) -> Receipt | None:
        """Return the receipt (strongly consistent), or None. Raises StoreUnavailable."""

    def account_and_receipt(
        self, member: MemberRef, key: ReceiptKey
    ) -> tuple[Account | None, Receipt | None]:
        """Return both in one round trip (strongly consistent). Raises StoreUnavailable."""

    def recorded(self, operation: Operation) -> Recorded | None:
        """Return what the client and key wrote, or None. Raises StoreUnavailable."""

    def commit(self, change: LedgerChange) -> None:
        """Write account, entry, receipt and idempotency record in one transaction.

        Conditions: the account is at `version_read`; entry, new receipt and record do
        not exist; a changed receipt is at the revision that was read. The idempotency
        record wins over every other reason.

        Raises:
            AlreadyRecorded: client and key were used before (whatever the content).
            ReceiptExists: the new receipt's key is taken.
            CommitConflict: the account or the changed receipt moved.
            StoreUnavailable: the outcome is unknown.
        """

    def reschedule(self, account: Account) -> None:
        """Store `account.due` alone: the job looked and there was nothing to write.

        Raises:
            CommitConflict: the account is no longer at `account.version`.
        """

    def entries(
        self, member: MemberRef, *, before: int | None = None, limit: int = 50
    ) -> tuple[LedgerEntry, ...]:
        """Return entries newest first, versions below `before`. Raises StoreUnavailable."""

    def receipts_of(self, member: MemberRef, *, limit: int = 10) -> tuple[Receipt, ...]:
        """Return the member's latest receipts, newest first. Raises StoreUnavailable."""


class Members(Protocol):
    """Profiles, and the ways to find a member."""

    def register(
        self,
        profile: Profile,
        change: LedgerChange,
        *,
        phone_hash: str | None,
        sign_up: SignUp | None,
    ) -> None:
        """Write profile, phone index, pass code index, first entry and used sign-up at once.

        Raises:
            Taken: the phone is a member already (its id is in the error).
            CommitConflict: the sign-up was used meanwhile.
            StoreUnavailable: the outcome is unknown.
        """

    def profile(self, member: MemberRef) -> Profile | None:
        """Return the profile, opened; None if unknown or erased."""

    def save_profile(self, profile: Profile) -> None:
        """Replace the profile if its revision has not moved; `revision` is stored plus one.

        Raises:
            CommitConflict: it has moved.
        """

    def id_by_phone(self, merchant_id: str, phone_hash: str) -> str | None:
        """Return the member with that phone."""

    def id_by_code(self, merchant_id: str, code: str) -> str | None:
        """Return the member whose pass shows that code."""

    def id_by_card(self, merchant_id: str, card_hash: str) -> str | None:
        """Return the member with that plastic card."""

    def add_card(self, profile: Profile, card_hash: str) -> None:
        """Bind a card number and save the profile that lists it, in one transaction.

        Raises:
            Taken: another member's (or the same member's) already.
            CommitConflict: the profile has moved.
        """


class SignUps(Protocol):
    """Phones being proven, their limits, and the messages that carry the codes."""

    def open(self, sign_up: SignUp, sms: OutgoingSms, charges: Sequence[LimitCharge]) -> None:
        """Write sign-up and message and take every charge, in one transaction.

        Raises:
            LimitReached: the first full limit, in the order of `charges`; nothing written.
            StoreUnavailable: the outcome is unknown.
        """

    def find(self, merchant_id: str, sign_up_id: str) -> SignUp | None:
        """Return the sign-up (strongly consistent), or None."""

    def count_guess(
        self, sign_up: SignUp, *, guesses_max: int, failures: LimitCharge, at: datetime
    ) -> SignUp | None:
        """Count a guess before it is compared; the sign-up as counted, None if none is left.

        One transaction: sign-up guesses + 1 while below the maximum, failures of the
        phone + 1.

        Raises:
            LimitReached: the phone has too many failures across codes.
        """

    def forgive_guess(self, failures: LimitCharge) -> None:
        """Take one failure of the phone back: the guess was right."""

    def use(self, sign_up: SignUp) -> None:
        """Store the sign-up as used by a member known before.

        Raises:
            CommitConflict: it was used meanwhile.
        """

    def charge(self, charges: Sequence[LimitCharge]) -> None:
        """Take charges on their own. Raises LimitReached."""


class SmsOutbox(Protocol):
    """Messages that have been promised and not yet left."""

    def find(self, merchant_id: str, message_id: str) -> OutgoingSms | None:
        """Return the message, opened; None if unknown or its time is over."""

    def save(self, sms: OutgoingSms) -> None:
        """Store state, route and attempts; a message no longer waiting leaves the outbox."""

    def find_taken(self, route: str, operator_id: str) -> OutgoingSms | None:
        """Return the message an operator took under that id of its own, or None."""

    def waiting(self, limit: int = 100) -> tuple[tuple[str, str], ...]:
        """Return (merchant_id, message_id) of messages that have not left, oldest first."""


class Merchants(Protocol):
    """Merchants and the versions of their programs (cached for at most 60 s)."""

    def find(self, merchant_id: str) -> Merchant | None:
        """Return the merchant, or None."""

    def program(self, merchant_id: str) -> Program | None:
        """Return the published program, or None."""

    def document(
        self, merchant_id: str, version: int | None = None
    ) -> Mapping[str, Any] | None:
        """Return a published program as its JSON document; the latest without a version."""

    def open(self, merchant: Merchant, document: Mapping[str, Any]) -> None:
        """Write a new merchant with version 1 of its program. Raises Taken."""

    def save_draft(self, merchant_id: str, document: Mapping[str, Any]) -> None:
        """Replace the draft."""

    def draft(self, merchant_id: str) -> Mapping[str, Any] | None:
        """Return the draft, or None."""

    def publish(self, merchant_id: str, document: Mapping[str, Any], version: int) -> None:
        """Publish the document as `version`, if that is the next. Raises CommitConflict."""

    def due_for_run(self, at: datetime, limit: int = 100) -> tuple[Merchant, ...]:
        """Return merchants whose `next_run_at` has come, earliest first."""

    def all_scheduled(self, limit: int = 1000) -> tuple[Merchant, ...]:
        """Return merchants in order of `next_run_at`, come or not."""

    def claim_run(self, merchant: Merchant, next_run_at: datetime) -> bool:
        """Move `next_run_at` if it is still the one read; whether we won."""


class ApiKeys(Protocol):
    """Credentials of tills and shops, by hash (cached for at most 60 s)."""

    def find(self, key_hash: str) -> ApiKey | None:
        """Return the key, revoked or not; None if unknown."""

    def add(self, key_hash: str, api_key: ApiKey) -> None:
        """Store a new key."""


class DueWork(Protocol):
    """What the scheduled jobs must look at: sparse index, never a scan."""

    def due_members(
        self, merchant_id: str, shard: int, through: date, *, after: str | None = None
    ) -> tuple[tuple[MemberRef, ...], str | None]:
        """Return up to 25 accounts due on or before a day, earliest first, and a cursor."""

    def due_anniversaries(
        self, merchant_id: str, shard: int, through: date, *, after: str | None = None
    ) -> tuple[tuple[MemberRef, ...], str | None]:
        """Return up to 25 profiles with an anniversary due, earliest first, and a cursor."""


class PassDevices(Protocol):
    """Which phones hold which pass, and which passes have not been told yet."""

    def register(self, member: MemberRef, registration: DeviceRegistration) -> bool:
        """Store the registration and its push token; whether it is new."""

    def unregister(
        self, member: MemberRef, device_id: str, pass_type: str, serial: str
    ) -> None:
        """Forget it; nothing happens if it is gone."""

    def devices_of(self, member: MemberRef) -> tuple[DeviceRegistration, ...]:
        """Return the newest registrations of the member's pass (at most 20)."""

    def serials_on(self, device_id: str, pass_type: str) -> tuple[tuple[MemberRef, str], ...]:
        """Return (member, serial) of the passes on a device."""

    def dirty(self, limit: int = 100) -> tuple[MemberRef, ...]:
        """Return members whose passes have not been told of their latest version."""

    def mark_pushed(self, member: MemberRef, version: int) -> bool:
        """Clear the marker if the account is still at `version`; whether it was."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What one record of the table's stream says: an entry, a promised message, or neither."""

    entry: LedgerEntry | None = None
    message: tuple[str, str] | None = None  # merchant id, message id


class ChangeStream(Protocol):
    """Reads what the table's stream carries."""

    def read(self, image: Mapping[str, Any]) -> Committed:
        """Return what a new item (DynamoDB JSON) stands for."""


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
    """What an operator reports of a message."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """One report of one message."""

    operator_id: str
    state: DeliveryState
    at: datetime


class ReportRefused(Exception):
    """The report is not the operator's, or cannot be read."""


class SmsReports(Protocol):
    """Reads an operator's delivery reports."""

    answer: str  # what the operator wants to hear

    def read(self, fields: Mapping[str, str], *, at: datetime) -> tuple[DeliveryReport, ...]:
        """Return the reports of one call. Raises ReportRefused."""


class PrefixMonitor(Protocol):
    """What became of the latest codes sent to one prefix of phone numbers."""

    def find(self, merchant_id: str, prefix: str) -> PrefixRecord:
        """Return the record; an empty one if no code was ever sent there."""

    def save(self, record: PrefixRecord) -> None:
        """Store it if its revision has not moved. Raises CommitConflict."""


class Events(Protocol):
    """Where committed facts go for other consumers: versioned, named, at least once."""

    def publish(self, events: Sequence[Event]) -> None:
        """Hand the events over. Raises StoreUnavailable."""
