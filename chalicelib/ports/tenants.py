"""Merchants, their programs and their keys."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.audit import AuditRecord
from chalicelib.domain.members import ApiKey, Merchant
from chalicelib.domain.program import Program, ProgramVersion


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

    def versions(
        self, merchant_id: str, *, before: int | None = None, limit: int
    ) -> tuple[ProgramVersion, ...]:
        """Return the published versions (below `before`), newest first."""

    def open(
        self, merchant: Merchant, document: Mapping[str, Any], *, at: datetime | None = None
    ) -> None:
        """Write a new merchant with version 1 of its program, as of `at`. Raises Taken."""

    def paint(self, merchant_id: str, accent: str) -> None:
        """Change the colour of a merchant's pages; nothing if there is no such merchant."""

    def tell_points(self, merchant_id: str, *, is_on: bool) -> None:
        """Switch notices of points by SMS on or off; nothing if there is no such merchant."""

    def save_draft(self, merchant_id: str, document: Mapping[str, Any]) -> None:
        """Replace the draft."""

    def draft(self, merchant_id: str) -> Mapping[str, Any] | None:
        """Return the draft, or None."""

    def publish(
        self,
        merchant_id: str,
        document: Mapping[str, Any],
        version: int,
        *,
        at: datetime | None = None,
        record: AuditRecord | None = None,
    ) -> None:
        """Publish the document as `version`, if that is the next, with the record of it.

        Raises CommitConflict.
        """

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
        """Store a new key. Raises CommitConflict if the hash is taken."""

    def of_merchant(self, merchant_id: str) -> tuple[ApiKey, ...]:
        """Return the merchant's keys, revoked or not, by id."""

    def revoke(self, merchant_id: str, key_id: str) -> ApiKey | None:
        """Revoke a key and return it; None: there is no such key of the merchant's."""
