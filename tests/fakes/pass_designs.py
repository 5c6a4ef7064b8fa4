"""The `PassDesigns` port in dictionaries, and a re-push that remembers whose passes."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.audit import AuditRecord
from chalicelib.domain.design_document import read_design
from chalicelib.domain.pass_designs import DesignVersion, Look
from chalicelib.domain.pass_images import ImageUse
from chalicelib.ports import CommitConflict
from tests.fakes.merchants import FakeMerchants
from tests.fakes.pass_images import FakePassImages


class FakePassDesigns:
    """Looks of a test; with merchants, each program they publish renews theirs."""

    def __init__(
        self, merchants: FakeMerchants | None = None, images: FakePassImages | None = None
    ) -> None:
        self.looks: dict[str, Look] = {}
        self.documents: dict[str, list[tuple[str, datetime]]] = {}  # version 1 first
        self.drafts: dict[str, str] = {}
        self.told: dict[str, int] = {}  # of how many publications
        self._merchants = merchants or FakeMerchants()
        self._images = images

    def look(self, merchant_id: str) -> Look:
        found = self.looks.get(merchant_id, Look())
        programs = len(self._merchants.documents.get(merchant_id, ()))
        return replace(found, revision=found.revision + max(0, programs - 1))

    def renew(self, merchant_id: str) -> int:
        before = self.looks.get(merchant_id, Look())
        self.looks[merchant_id] = replace(before, revision=before.revision + 1)
        return self.look(merchant_id).revision

    def untold(self, limit: int = 100) -> tuple[str, ...]:
        published = {*self.documents, *self._merchants.documents}
        told = self.told
        waiting = [m for m in published if self._published(m) > told.get(m, 0)]
        return tuple(waiting[:limit])

    def mark_told(self, merchant_id: str, revision: int) -> None:
        if revision == self.look(merchant_id).revision:
            self.told[merchant_id] = self._published(merchant_id)

    def _published(self, merchant_id: str) -> int:
        programs = len(self._merchants.documents.get(merchant_id, ()))
        return max(0, programs - 1) + len(self.documents.get(merchant_id, ()))

    def document(
        self, merchant_id: str, version: int | None = None
    ) -> Mapping[str, Any] | None:
        versions = self.documents.get(merchant_id, [])
        wanted = len(versions) if version is None else version
        return json.loads(versions[wanted - 1][0]) if 1 <= wanted <= len(versions) else None

    def versions(
        self, merchant_id: str, *, before: int | None = None, limit: int
    ) -> tuple[DesignVersion, ...]:
        published = enumerate(self.documents.get(merchant_id, []), start=1)
        found = [DesignVersion(number, at) for number, (_, at) in published]
        return tuple(v for v in reversed(found) if before is None or v.version < before)[:limit]

    def save_draft(self, merchant_id: str, document: Mapping[str, Any]) -> None:
        self.drafts[merchant_id] = json.dumps(document)

    def draft(self, merchant_id: str) -> Mapping[str, Any] | None:
        text = self.drafts.get(merchant_id)
        return json.loads(text) if text else None

    def publish(
        self,
        merchant_id: str,
        document: Mapping[str, Any],
        version: int,
        *,
        at: datetime,
        record: AuditRecord | None = None,
    ) -> None:
        versions = self.documents.setdefault(merchant_id, [])
        draft, text = self.draft(merchant_id), json.dumps(document)
        shown = [document[use] for use in ImageUse if document.get(use)]
        if version != len(versions) + 1 or draft not in (None, json.loads(text)):
            raise CommitConflict(f"{version} is not the next version of the draft")
        if any(self._images is None or not self._images.files(merchant_id, i) for i in shown):
            raise CommitConflict("an image is gone")
        versions.append((text, at))
        self.drafts.pop(merchant_id, None)
        before = self.looks.get(merchant_id, Look())
        design = read_design(json.loads(text), version)
        self.looks[merchant_id] = Look(design, before.revision + 1)


class FakeRepush:
    """Whose passes were pushed again, in order; or trouble, while there is some."""

    def __init__(self) -> None:
        self.merchants: list[str] = []
        self.trouble: Exception | None = None

    def __call__(self, merchant_id: str) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.merchants.append(merchant_id)
