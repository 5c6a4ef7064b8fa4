"""Time, chance and work for later: what a use case may not take from the machine itself."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.events import Event


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

    def derived_pass_code(self, *parts: str) -> str:
        """Return the pass code that follows from the parts; nobody else can tell it."""

    def referral_code(self, pass_code: str) -> str:
        """Return what its member invites friends by: R1 and 12 symbols that open nothing."""

    def pass_code_of(self, referral_code: str) -> str | None:
        """Return the pass code behind a referral code as it was typed; None: it is none."""

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


class Events(Protocol):
    """Where committed facts go for other consumers: versioned, named, at least once."""

    def publish(self, events: Sequence[Event]) -> None:
        """Hand the events over. Raises StoreUnavailable."""
