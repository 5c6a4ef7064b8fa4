"""Stores, tills and people; the sessions they open, and what is counted and written of it."""

from datetime import datetime
from typing import Protocol

from chalicelib.domain.activations import Activation, Approval
from chalicelib.domain.attempts import Attempts
from chalicelib.domain.audit import AuditRecord
from chalicelib.domain.sessions import Session
from chalicelib.domain.staff import StaffMember, StaffThing, Store, Till


class StaffRoom(Protocol):
    """Stores, tills and people of merchants, and the audit log of what is done to them."""

    def stores(self, merchant_id: str) -> tuple[Store, ...]:
        """Return the merchant's stores, by id."""

    def tills(self, merchant_id: str) -> tuple[Till, ...]:
        """Return the merchant's tills, by id."""

    def people(self, merchant_id: str) -> tuple[StaffMember, ...]:
        """Return everybody who works or worked there, by id."""

    def till(self, merchant_id: str, till_id: str) -> Till | None:
        """Return one till, or None."""

    def person(self, merchant_id: str, staff_id: str) -> StaffMember | None:
        """Return one person, or None."""

    def add(self, merchant_id: str, thing: StaffThing, record: AuditRecord) -> None:
        """Write a new thing and the record of it. Raises Taken if the id is in use."""

    def change(self, merchant_id: str, thing: StaffThing, record: AuditRecord) -> None:
        """Rewrite a thing, with the record, at the revision that was read.

        Raises:
            CommitConflict: somebody else changed it meanwhile.
        """

    def note(self, record: AuditRecord) -> None:
        """Write a record of what is done elsewhere; what is written stays as it is."""

    def audit(
        self, merchant_id: str, *, before: str | None = None, limit: int
    ) -> tuple[AuditRecord, ...]:
        """Return records, newest first, those that stand below the place `before`."""


class Sessions(Protocol):
    """Sessions by the hash of their cookie; reads see what was written last."""

    def find(self, merchant_id: str, session_id: str) -> Session | None:
        """Return the session, over or not; None: there is none."""

    def open(self, session: Session) -> None:
        """Write a new session."""

    def succeed(
        self, session: Session, left: Session, person: StaffMember | None = None
    ) -> None:
        """Write a new session and what is left of the one before it, together.

        Raises:
            CommitConflict: the old one was ended meanwhile, or the person was changed.
        """

    def save(self, session: Session) -> None:
        """Rewrite a session that is still there. Raises CommitConflict if it was ended."""

    def seen(self, session: Session, at: datetime) -> None:
        """Note that a session was used; nothing if it was ended."""

    def end(self, merchant_id: str, session_id: str) -> None:
        """Delete a session; nothing if it is gone."""

    def of_merchant(self, merchant_id: str) -> tuple[Session, ...]:
        """Return every session of a merchant, over or not (at most `SESSIONS_MAX`)."""


class Guesses(Protocol):
    """Counts guesses before they are compared."""

    def read(self, subject: str) -> Attempts:
        """Return what was guessed at a subject so far."""

    def count(self, subject: str, before: Attempts, after: Attempts) -> None:
        """Write one more guess. Raises CommitConflict if another came in between."""

    def forgive(self, subject: str) -> None:
        """Forget the guesses: the secret was right."""


class DeviceCodes(Protocol):
    """Activation codes and approvals: each is used once, however many ask at once."""

    def invite(self, activation: Activation, record: AuditRecord) -> None:
        """Write a new activation code. Raises Taken if it stands for another."""

    def redeem(self, code_hash: str, at: datetime) -> Activation | None:
        """Take a code away and return it; None: unknown, used, or too old."""

    def approve(self, approval: Approval) -> None:
        """Write a new approval."""

    def approval(self, merchant_id: str, approval_id: str) -> Approval | None:
        """Return an approval, or None."""

    def use(self, approval: Approval, operation: str, record: AuditRecord) -> bool:
        """Use an approval for an operation, with the record; False: it was used before."""
