"""The `Catalogue` port. An import is whole or not at all, whatever breaks off.

1. The catalogue's item notes the new generation among its spares.
2. The pages of the new generation are written; older spares are deleted.
3. The catalogue's item is written anew, on the condition that nobody else has: from here
   the new generation counts. The one before stays as a spare for those who still read it.

Whoever finds a page gone (two imports within a minute) reads the catalogue's item again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pynamodb.connection import Connection

from chalicelib.adapters.dynamo.catalogue_items import (
    PAGE_ROWS,
    CatalogueItem,
    CataloguePageItem,
    Shelf,
    articles_of,
    catalogue_key,
    generation_of,
    page_item,
    page_key,
    page_number,
    pages_of,
    shelf_item,
    shelf_of,
)
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction
from chalicelib.adapters.dynamo.merchants import DynamoMerchants
from chalicelib.adapters.dynamo.reading import find, find_all
from chalicelib.domain.catalogue import Article, CatalogueSummary, summary_of
from chalicelib.ports import CommitConflict, StoreUnavailable

WRITES_MAX = 25  # pages in one transaction: 4 MB
READS_MAX = 2  # of a catalogue that changes meanwhile
SPARES_MAX = 10  # imports that broke off, one after the other
_NOTHING = summary_of((), version=0, updated_at=datetime.min.replace(tzinfo=UTC))
_EMPTY = Shelf(_NOTHING, 0, "", (), ())


class DynamoCatalogue:
    """Catalogues in the table; which pages count is kept with the merchant's record."""

    def __init__(self, connection: Connection, merchants: DynamoMerchants) -> None:
        self._connection = connection
        self._merchants = merchants

    def summary(self, merchant_id: str) -> CatalogueSummary | None:
        """Return what the catalogue holds now, never from memory."""
        shelf = self._shelf(merchant_id)
        return shelf.summary if shelf.summary.version else None

    def articles(
        self, merchant_id: str, skus: Collection[str], *, is_fresh: bool = False
    ) -> Mapping[str, Article]:
        """Return those of the SKUs that are known."""
        if is_fresh:
            self._merchants.forget(merchant_id)
        for _ in range(READS_MAX):
            shelf = self._merchants.shelf(merchant_id)
            if shelf is None or not shelf.firsts:
                return {}
            wanted = {page for page in map(shelf.page_of, skus) if page >= 0}
            pages = self._pages(merchant_id, shelf, wanted)
            if pages is not None:
                found = {one.sku: one for page in pages for one in page}
                return {sku: found[sku] for sku in skus if sku in found}
            self._merchants.forget(merchant_id)
        raise StoreUnavailable("the catalogue is being changed")

    def page(self, merchant_id: str, *, after: str = "", limit: int) -> tuple[Article, ...]:
        """Return articles in order of SKU."""
        for _ in range(READS_MAX):
            shelf = self._shelf(merchant_id)
            first = max(0, shelf.page_of(after))
            beyond = min(len(shelf.firsts), first + 2 + limit // PAGE_ROWS)
            pages = self._pages(merchant_id, shelf, range(first, beyond))
            if pages is not None:
                listed = (one for page in pages for one in page if one.sku > after)
                return tuple(listed)[:limit]
        raise StoreUnavailable("the catalogue is being changed")

    def every(self, merchant_id: str) -> tuple[Article, ...]:
        """Return all articles in order of SKU."""
        for _ in range(READS_MAX):
            shelf = self._shelf(merchant_id)
            pages = self._pages(merchant_id, shelf, range(len(shelf.firsts)))
            if pages is not None:
                return tuple(one for page in pages for one in page)
        raise StoreUnavailable("the catalogue is being changed")

    def save(
        self, merchant_id: str, articles: Sequence[Article], *, version: int, at: datetime
    ) -> CatalogueSummary:
        """Write the pages, then make them the catalogue."""
        before = self._shelf(merchant_id)
        if before.summary.version != version - 1:
            raise CommitConflict(f"{version} is not the next version")
        pages = pages_of(articles)
        generation = generation_of(pages)
        if generation == before.generation:
            return before.summary
        noted = self._note(merchant_id, before, (generation, len(pages)))
        self._write_pages(merchant_id, generation, pages)
        others = [spare for spare in noted.spares if spare[0] != generation]
        self._delete_pages(merchant_id, others)
        after = Shelf(
            summary_of(articles, version=version, updated_at=at),
            noted.revision,
            generation,
            tuple(page[0].sku for page in pages),
            ((before.generation, len(before.firsts)),) if before.firsts else (),
        )
        self._write(merchant_id, after)
        self._merchants.forget(merchant_id)
        return after.summary

    def _shelf(self, merchant_id: str) -> Shelf:
        item = find(CatalogueItem, catalogue_key(merchant_id))
        return shelf_of(item) if item else _EMPTY

    def _pages(
        self, merchant_id: str, shelf: Shelf, numbers: Collection[int]
    ) -> list[list[Article]] | None:
        """Return the pages in their order; None if one is gone."""
        wanted = [page_key(merchant_id, shelf.generation, number) for number in numbers]
        items = find_all(CataloguePageItem, wanted) if wanted else []
        if len(items) < len(wanted):
            return None
        return [articles_of(one) for one in sorted(items, key=lambda one: page_number(one.pk))]

    def _note(self, merchant_id: str, shelf: Shelf, spare: tuple[str, int]) -> Shelf:
        """Remember a generation before its pages are there."""
        if spare in shelf.spares:
            return shelf
        noted = replace(shelf, spares=(*shelf.spares, spare)[-SPARES_MAX:])
        return self._write(merchant_id, noted)

    def _write(self, merchant_id: str, shelf: Shelf) -> Shelf:
        """Write the catalogue's item at its next revision. Raises CommitConflict."""
        written = replace(shelf, revision=shelf.revision + 1)
        absent = CatalogueItem.pk.does_not_exist()
        unmoved = CatalogueItem.revision == shelf.revision
        transaction = Transaction(self._connection)
        item = shelf_item(merchant_id, written)
        transaction.put("catalogue", item, unmoved if shelf.revision else absent)
        try:
            transaction.commit()
        except Cancelled as error:
            raise CommitConflict("another import was faster") from error
        return written

    def _write_pages(
        self, merchant_id: str, generation: str, pages: Sequence[Sequence[Article]]
    ) -> None:
        for begin in range(0, len(pages), WRITES_MAX):
            transaction = Transaction(self._connection)
            for number, page in enumerate(pages[begin : begin + WRITES_MAX], start=begin):
                item = page_item(merchant_id, generation, number, page)
                transaction.put(item.pk, item, None)
            transaction.commit()

    def _delete_pages(self, merchant_id: str, spares: Iterable[tuple[str, int]]) -> None:
        gone = [
            CataloguePageItem(*page_key(merchant_id, generation, number))
            for generation, count in spares
            for number in range(count)
        ]
        for begin in range(0, len(gone), WRITES_MAX):
            transaction = Transaction(self._connection)
            for item in gone[begin : begin + WRITES_MAX]:
                transaction.delete(item.pk, item)
            transaction.commit()
