"""Merchants, their programs and their keys."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

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
    ) -> None:
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
