"""Owners, found by the hash of their e-mail; and what hashes passwords."""

from typing import Protocol

from chalicelib.domain.audit import AuditRecord
from chalicelib.domain.members import LimitCharge, OutgoingSms
from chalicelib.domain.owners import Owner
from chalicelib.domain.staff import StaffThing


class Owners(Protocol):
    """Owners of merchants."""

    def find(self, email_hash: str) -> Owner | None:
        """Return the owner with that e-mail, as they were written last."""

    def password_hash(self, email_hash: str) -> str:
        """Return an owner's hash, empty if there is none: as quick either way."""

    def limit(
        self, charges: tuple[LimitCharge, ...], letter: OutgoingSms | None = None
    ) -> None:
        """Take charges and promise the letter, if there is one. Raises LimitReached."""

    def open(self, owner: Owner, things: tuple[StaffThing, ...], record: AuditRecord) -> None:
        """Write an owner with their first store, till and person. Raises Taken."""

    def save(self, owner: Owner, record: AuditRecord | None = None) -> None:
        """Rewrite the owner at the revision that was read, with the record if there is one.

        Raises:
            CommitConflict: somebody else changed it meanwhile.
        """


class Passwords(Protocol):
    """A slow hash of passwords."""

    def hashed(self, password: str) -> str:
        """Return the hash to store, its parameters and salt included."""

    def matches(self, password_hash: str, password: str) -> bool:
        """Return whether it is the password; an empty hash takes as long, and never is."""
