"""The `Merchants` port: merchants, published programs and drafts, kept for a minute."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynamodb.connection import Connection

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.catalogue_items import (
    CatalogueItem,
    Shelf,
    catalogue_key,
    shelf_of,
)
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.merchant_items import (
    MerchantItem,
    ProgramItem,
    document_of,
    document_text,
    merchant_item,
    merchant_of,
    program_items,
    version_of,
)
from chalicelib.adapters.dynamo.pass_designs import add_renewal
from chalicelib.adapters.dynamo.reading import Listed, find, find_all, listed
from chalicelib.adapters.dynamo.staff_items import audit_item
from chalicelib.adapters.keeping import Kept
from chalicelib.domain.audit import AuditRecord
from chalicelib.domain.members import Merchant
from chalicelib.domain.program import Program, ProgramVersion
from chalicelib.domain.program_document import read_program
from chalicelib.ports import CommitConflict, Taken

KEPT_SECONDS = 60.0
KEPT_MAX = 1000  # merchants
_FIRST_VERSION = 1
VERSION_MAX = 999_999


@dataclass(frozen=True, slots=True)
class _Known:
    merchant: Merchant
    version: int
    document: str
    program: Program
    shelf: Shelf | None  # of the catalogue


class DynamoMerchants:
    """Merchants in the table, the ones in use in memory.

    What another process publishes is seen here after `KEPT_SECONDS` at the latest.
    """

    def __init__(
        self, connection: Connection, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._connection = connection
        self._kept: Kept[str, _Known] = Kept(KEPT_SECONDS, KEPT_MAX, monotonic)

    def find(self, merchant_id: str) -> Merchant | None:
        """Return the merchant; from memory while it is fresh."""
        known = self._known(merchant_id)
        return known.merchant if known else None

    def program(self, merchant_id: str) -> Program | None:
        """Return the published program; from memory while it is fresh."""
        known = self._known(merchant_id)
        return known.program if known else None

    def document(
        self, merchant_id: str, version: int | None = None
    ) -> Mapping[str, Any] | None:
        """Return a program's document; a version that is not the latest is read anew."""
        if version is None:
            known = self._known(merchant_id)
            return document_of(known.document) if known else None
        item = find(ProgramItem, keys.program_key(merchant_id, version))
        return document_of(item.document) if item else None

    def shelf(self, merchant_id: str) -> Shelf | None:
        """Return where the merchant's catalogue lies; from memory while it is fresh."""
        known = self._known(merchant_id)
        return known.shelf if known else None

    def forget(self, merchant_id: str) -> None:
        """Read the merchant anew when it is next asked for."""
        self._kept.drop(merchant_id)

    def catch_up(self, merchant_id: str, version: int) -> None:
        """Read the merchant anew if the program in memory is older than that version."""
        kept = self._kept.find(merchant_id)
        if kept is not None and kept.version < version:
            self._kept.drop(merchant_id)
            self._known(merchant_id)  # now: what a slower reader brings then is too old

    def versions(
        self, merchant_id: str, *, before: int | None = None, limit: int
    ) -> tuple[ProgramVersion, ...]:
        """Return the published versions, newest first."""
        last = VERSION_MAX if before is None else before - 1
        if last < _FIRST_VERSION:
            return ()
        pk, lowest = keys.program_key(merchant_id, _FIRST_VERSION)
        _, highest = keys.program_key(merchant_id, last)
        between = ProgramItem.sk.between(lowest, highest)
        with store_errors():
            items = ProgramItem.query(pk, between, scan_index_forward=False, limit=limit)
            return tuple(version_of(item) for item in items)

    def open(
        self, merchant: Merchant, document: Mapping[str, Any], *, at: datetime | None = None
    ) -> None:
        """Write merchant and first program in one transaction."""
        transaction = Transaction(self._connection)
        absent = MerchantItem.pk.does_not_exist()
        transaction.put("merchant", merchant_item(merchant), absent)
        for item in program_items(merchant.merchant_id, document, _FIRST_VERSION, at):
            transaction.put(item.sk, item, ProgramItem.pk.does_not_exist())
        try:
            transaction.commit()
        except Cancelled as error:
            raise Taken(merchant.merchant_id) from error
        self._kept.drop(merchant.merchant_id)

    def paint(self, merchant_id: str, accent: str) -> None:
        """Change one attribute; a merchant that is not there stays so."""
        item = MerchantItem(*keys.merchant_key(merchant_id))
        with suppress(CommitConflict), store_errors():
            item.update([MerchantItem.accent.set(accent)], MerchantItem.pk.exists())
        self._kept.drop(merchant_id)

    def tell_points(self, merchant_id: str, *, is_on: bool) -> None:
        """Change one attribute; a merchant that is not there stays so."""
        item = MerchantItem(*keys.merchant_key(merchant_id))
        with suppress(CommitConflict), store_errors():
            item.update([MerchantItem.tells_points.set(is_on)], MerchantItem.pk.exists())
        self._kept.drop(merchant_id)

    def save_draft(self, merchant_id: str, document: Mapping[str, Any]) -> None:
        """Replace the draft."""
        text = document_text(document_of(document_text(document)))  # what `publish` compares
        item = ProgramItem(*keys.draft_key(merchant_id), version=0, document=text)
        with store_errors():
            item.save()

    def draft(self, merchant_id: str) -> Mapping[str, Any] | None:
        """Return the draft, never from memory."""
        item = find(ProgramItem, keys.draft_key(merchant_id))
        return document_of(item.document) if item else None

    def publish(
        self,
        merchant_id: str,
        document: Mapping[str, Any],
        version: int,
        *,
        at: datetime | None = None,
        record: AuditRecord | None = None,
    ) -> None:
        """Write the version, make it the latest and end the draft, in one transaction.

        Passes show the program: their look moves with it.
        """
        numbered, latest = program_items(merchant_id, document, version, at)
        transaction = Transaction(self._connection)
        transaction.put("version", numbered, ProgramItem.pk.does_not_exist())
        transaction.put("latest", latest, ProgramItem.version == version - 1)
        draft = ProgramItem(*keys.draft_key(merchant_id))
        is_same = ProgramItem.document == document_text(document)  # nobody saved another
        transaction.delete("draft", draft, ProgramItem.pk.does_not_exist() | is_same)
        add_renewal(transaction, merchant_id, version, at)
        if record is not None:
            transaction.put("audit", audit_item(record), None)
        try:
            transaction.commit()
        except Cancelled as error:
            raise CommitConflict(f"{version} is not the next version of the draft") from error
        finally:  # also when the outcome is unknown
            self._kept.drop(merchant_id)

    def due_for_run(self, at: datetime, limit: int = 100) -> tuple[Merchant, ...]:
        """Return merchants whose run has come: two round trips for 100."""
        come = Item.due_sk <= keys.moment(at) + keys.AFTER
        found = _merchants(listed("due", keys.RUN, come, limit))
        return tuple(m for m in found if m.next_run_at is not None and m.next_run_at <= at)

    def all_scheduled(self, limit: int = 1000) -> tuple[Merchant, ...]:
        """Return all merchants with a run to come."""
        return _merchants(listed("due", keys.RUN, None, limit))

    def claim_run(self, merchant: Merchant, next_run_at: datetime) -> bool:
        """Move the run; False if somebody else has moved it."""
        read = merchant.next_run_at
        field = MerchantItem.next_run_at
        try:
            with store_errors():
                MerchantItem(*keys.merchant_key(merchant.merchant_id)).update(
                    [
                        field.set(next_run_at),
                        MerchantItem.due.set(keys.RUN),
                        MerchantItem.due_sk.set(
                            keys.due_run_sk(next_run_at, merchant.merchant_id)
                        ),
                    ],
                    MerchantItem.pk.exists()
                    & (field.does_not_exist() if read is None else field == read),
                )
        except CommitConflict:
            return False
        finally:
            self._kept.drop(merchant.merchant_id)
        return True

    def _known(self, merchant_id: str) -> _Known | None:
        kept = self._kept.find(merchant_id)
        if kept is not None:
            return kept
        wanted = [
            keys.merchant_key(merchant_id),
            keys.program_key(merchant_id),
            catalogue_key(merchant_id),
        ]
        found = {type(item): item for item in find_all(Item, wanted)}
        merchant, program = found.get(MerchantItem), found.get(ProgramItem)
        catalogue = found.get(CatalogueItem)
        if not isinstance(merchant, MerchantItem) or not isinstance(program, ProgramItem):
            return None
        known = _Known(
            merchant=merchant_of(merchant),
            version=program.version,
            document=program.document,
            program=read_program(document_of(program.document), program.version),
            shelf=shelf_of(catalogue) if isinstance(catalogue, CatalogueItem) else None,
        )
        return self._kept.keep(
            merchant_id, known, unless=lambda kept: kept.version > known.version
        )


def _merchants(rows: Sequence[Listed]) -> tuple[Merchant, ...]:
    """Return the listed merchants in the index's order."""
    items = find_all(MerchantItem, [(row.pk, "MERCHANT") for row in rows])
    by_pk = {item.pk: merchant_of(item) for item in items}
    return tuple(by_pk[row.pk] for row in rows if row.pk in by_pk)
