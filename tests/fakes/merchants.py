"""The `Merchants` port in dictionaries."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.audit import AuditRecord
from chalicelib.domain.members import Merchant
from chalicelib.domain.program import Program, ProgramVersion
from chalicelib.domain.program_document import read_program
from chalicelib.ports import CommitConflict, Taken


class FakeMerchants:
    """Merchants and programs of a test."""

    def __init__(self) -> None:
        self.merchants: dict[str, Merchant] = {}
        self.documents: dict[str, list[str]] = {}  # JSON text, version 1 first
        self.moments: dict[str, list[datetime | None]] = {}
        self.drafts: dict[str, str] = {}
        self._programs: dict[tuple[str, int], Program] = {}

    def find(self, merchant_id: str) -> Merchant | None:
        return self.merchants.get(merchant_id)

    def program(self, merchant_id: str) -> Program | None:
        versions = self.documents.get(merchant_id)
        if not versions:
            return None
        key = (merchant_id, len(versions))
        if key not in self._programs:
            self._programs[key] = read_program(_document(versions[-1]), len(versions))
        return self._programs[key]

    def document(
        self, merchant_id: str, version: int | None = None
    ) -> Mapping[str, Any] | None:
        versions = self.documents.get(merchant_id, [])
        wanted = len(versions) if version is None else version
        return _document(versions[wanted - 1]) if 1 <= wanted <= len(versions) else None

    def versions(
        self, merchant_id: str, *, before: int | None = None, limit: int
    ) -> tuple[ProgramVersion, ...]:
        found = [
            ProgramVersion(number, _document(text).get("title"), moment)
            for number, (text, moment) in enumerate(
                zip(
                    self.documents.get(merchant_id, []),
                    self.moments.get(merchant_id, []),
                    strict=True,
                ),
                start=1,
            )
            if before is None or number < before
        ]
        return tuple(reversed(found))[:limit]

    def open(
        self, merchant: Merchant, document: Mapping[str, Any], *, at: datetime | None = None
    ) -> None:
        if merchant.merchant_id in self.merchants:
            raise Taken(merchant.merchant_id)
        self.merchants[merchant.merchant_id] = merchant
        self.documents[merchant.merchant_id] = [_text(document)]
        self.moments[merchant.merchant_id] = [at]

    def paint(self, merchant_id: str, accent: str) -> None:
        found = self.merchants.get(merchant_id)
        if found is not None:
            self.merchants[merchant_id] = replace(found, accent=accent)

    def tell_points(self, merchant_id: str, *, is_on: bool) -> None:
        found = self.merchants.get(merchant_id)
        if found is not None:
            self.merchants[merchant_id] = replace(found, tells_points=is_on)

    def save_draft(self, merchant_id: str, document: Mapping[str, Any]) -> None:
        self.drafts[merchant_id] = _text(document)

    def draft(self, merchant_id: str) -> Mapping[str, Any] | None:
        text = self.drafts.get(merchant_id)
        return _document(text) if text else None

    def publish(
        self,
        merchant_id: str,
        document: Mapping[str, Any],
        version: int,
        *,
        at: datetime | None = None,
        record: AuditRecord | None = None,
    ) -> None:
        versions = self.documents.get(merchant_id, [])
        if not versions or version != len(versions) + 1:
            raise CommitConflict(f"{version} is not the next version")
        draft = self.draft(merchant_id)
        if draft is not None and draft != _document(_text(document)):
            raise CommitConflict("the draft is another by now")
        versions.append(_text(document))
        self.moments[merchant_id].append(at)
        self.drafts.pop(merchant_id, None)

    def due_for_run(self, at: datetime, limit: int = 100) -> tuple[Merchant, ...]:
        come = [m for m in self.all_scheduled() if m.next_run_at and m.next_run_at <= at]
        return tuple(come[:limit])

    def all_scheduled(self, limit: int = 1000) -> tuple[Merchant, ...]:
        runs = [(m.next_run_at, m.merchant_id) for m in self.merchants.values()]
        ordered = sorted((at, name) for at, name in runs if at is not None)
        return tuple(self.merchants[name] for _, name in ordered[:limit])

    def claim_run(self, merchant: Merchant, next_run_at: datetime) -> bool:
        stored = self.merchants.get(merchant.merchant_id)
        if stored is None or stored.next_run_at != merchant.next_run_at:
            return False
        self.merchants[merchant.merchant_id] = replace(stored, next_run_at=next_run_at)
        return True


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, default=str)


def _document(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text, parse_float=str)
    return document
