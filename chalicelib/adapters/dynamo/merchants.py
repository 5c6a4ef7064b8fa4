"""The `Merchants` port: merchants, published programs and drafts, kept for a minute.

A program is stored as its JSON text, whole, under its version and once more as the
latest. Numbers that are not whole come back as decimal strings, which a program
document may hold just as well: no float is ever made of them.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection import Connection

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.catalogue_items import (
    CatalogueItem,
    Shelf,
    catalogue_key,
    shelf_of,
)
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item, MomentAttribute
from chalicelib.adapters.dynamo.reading import Listed, find, find_all, listed
from chalicelib.adapters.keeping import Kept
from chalicelib.domain.members import Merchant
from chalicelib.domain.program import Program, ProgramVersion
from chalicelib.domain.program_document import read_program
from chalicelib.ports import CommitConflict, Taken

KEPT_SECONDS = 60.0
KEPT_MAX = 1000  # merchants
_FIRST_VERSION = 1
VERSION_MAX = 999_999


class MerchantItem(Item, discriminator="M"):
    """A merchant; in the index of runs while it has one to come."""

    merchant_id = UnicodeAttribute()
    name = UnicodeAttribute()
    country = UnicodeAttribute()
    phone_countries = UnicodeAttribute()  # with commas
    language = UnicodeAttribute()
    accent = UnicodeAttribute()
    next_run_at = MomentAttribute(null=True)


class ProgramItem(Item, discriminator="G"):
    """A program's document: a version, the latest, or the draft (version 0)."""

    version = IntegerAttribute()
    document = UnicodeAttribute()
    published_at = MomentAttribute(null=True)


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
            return _document(known.document) if known else None
        item = find(ProgramItem, keys.program_key(merchant_id, version))
        return _document(item.document) if item else None

    def shelf(self, merchant_id: str) -> Shelf | None:
        """Return where the merchant's catalogue lies; from memory while it is fresh."""
        known = self._known(merchant_id)
        return known.shelf if known else None

    def forget(self, merchant_id: str) -> None:
        """Read the merchant anew when it is next asked for."""
        self._kept.drop(merchant_id)

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
            return tuple(_version(item) for item in items)

    def open(
        self, merchant: Merchant, document: Mapping[str, Any], *, at: datetime | None = None
    ) -> None:
        """Write merchant and first program in one transaction."""
        transaction = Transaction(self._connection)
        absent = MerchantItem.pk.does_not_exist()
        transaction.put("merchant", _merchant_item(merchant), absent)
        for item in _program_items(merchant.merchant_id, document, _FIRST_VERSION, at):
            transaction.put(item.sk, item, ProgramItem.pk.does_not_exist())
        try:
            transaction.commit()
        except Cancelled as error:
            raise Taken(merchant.merchant_id) from error
        self._kept.drop(merchant.merchant_id)

    def save_draft(self, merchant_id: str, document: Mapping[str, Any]) -> None:
        """Replace the draft."""
        text = _document_text(_document(_document_text(document)))  # what `publish` compares
        item = ProgramItem(*keys.draft_key(merchant_id), version=0, document=text)
        with store_errors():
            item.save()

    def draft(self, merchant_id: str) -> Mapping[str, Any] | None:
        """Return the draft, never from memory."""
        item = find(ProgramItem, keys.draft_key(merchant_id))
        return _document(item.document) if item else None

    def publish(
        self,
        merchant_id: str,
        document: Mapping[str, Any],
        version: int,
        *,
        at: datetime | None = None,
    ) -> None:
        """Write the version, make it the latest and end the draft, in one transaction."""
        numbered, latest = _program_items(merchant_id, document, version, at)
        transaction = Transaction(self._connection)
        transaction.put("version", numbered, ProgramItem.pk.does_not_exist())
        transaction.put("latest", latest, ProgramItem.version == version - 1)
        draft = ProgramItem(*keys.draft_key(merchant_id))
        is_same = ProgramItem.document == _document_text(document)  # nobody saved another
        transaction.delete("draft", draft, ProgramItem.pk.does_not_exist() | is_same)
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
            merchant=_merchant(merchant),
            version=program.version,
            document=program.document,
            program=read_program(_document(program.document), program.version),
            shelf=shelf_of(catalogue) if isinstance(catalogue, CatalogueItem) else None,
        )
        return self._kept.keep(merchant_id, known)


def _merchants(rows: Sequence[Listed]) -> tuple[Merchant, ...]:
    """Return the listed merchants in the index's order."""
    items = find_all(MerchantItem, [(row.pk, "MERCHANT") for row in rows])
    by_pk = {item.pk: _merchant(item) for item in items}
    return tuple(by_pk[row.pk] for row in rows if row.pk in by_pk)


def _merchant(item: MerchantItem) -> Merchant:
    return Merchant(
        merchant_id=item.merchant_id,
        name=item.name,
        country=item.country,
        phone_countries=tuple(item.phone_countries.split(",")),
        language=item.language,
        accent=item.accent,
        next_run_at=item.next_run_at,
    )


def _merchant_item(merchant: Merchant) -> MerchantItem:
    item = MerchantItem(
        *keys.merchant_key(merchant.merchant_id),
        merchant_id=merchant.merchant_id,
        name=merchant.name,
        country=merchant.country,
        phone_countries=",".join(merchant.phone_countries),
        language=merchant.language,
        accent=merchant.accent,
        next_run_at=merchant.next_run_at,
    )
    if merchant.next_run_at is not None:
        item.due = keys.RUN
        item.due_sk = keys.due_run_sk(merchant.next_run_at, merchant.merchant_id)
    return item


def _program_items(
    merchant_id: str, document: Mapping[str, Any], version: int, at: datetime | None
) -> tuple[ProgramItem, ProgramItem]:
    """Return a program under its version and as the latest."""
    text = _document_text(document)
    numbered, latest = (
        ProgramItem(
            *keys.program_key(merchant_id, name),
            version=version,
            document=text,
            published_at=at,
        )
        for name in (version, None)
    )
    return numbered, latest


def _version(item: ProgramItem) -> ProgramVersion:
    title = _document(item.document).get("title")
    return ProgramVersion(item.version, title, item.published_at)


def _document_text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str)


def _document(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text, parse_float=str)
    return document
