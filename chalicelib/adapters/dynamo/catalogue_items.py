"""The catalogue as items: pages of articles, and the summary that says which pages count.

| item      | pk                                   | sk        |
|-----------|--------------------------------------|-----------|
| page      | T#{merchant}#A#{generation}#{page:04} | A         |
| catalogue | T#{merchant}                         | CATALOGUE |

A page holds up to `PAGE_ROWS` articles in order of SKU, as compressed JSON: an article costs
as little to read as an item of its own, the largest catalogue 500 writes instead of 50 000,
and the list is in order without an index. The generation is the hash of all articles. The
catalogue's item is written last: it knows the first SKU of each page, so that a SKU is found
without a search, and it lies beside the merchant's record, which is read with it.
"""

import hashlib
import json
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item, MomentAttribute
from chalicelib.domain.catalogue import Article, CatalogueSummary

PAGE_ROWS = 100
_GENERATION_CHARS = 24

Spare = tuple[str, int]  # a generation that is not the current one, and its pages


class CatalogueItem(Item, discriminator="Z"):
    """What the catalogue holds and where; `revision` grows with every write of it."""

    version = IntegerAttribute()
    revision = IntegerAttribute()
    rows = IntegerAttribute()
    updated_at = MomentAttribute()
    generation = UnicodeAttribute()
    body = BinaryAttribute(legacy_encoding=False)


class CataloguePageItem(Item, discriminator="z"):
    """Some of the articles."""

    body = BinaryAttribute(legacy_encoding=False)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The catalogue's item, read."""

    summary: CatalogueSummary
    revision: int
    generation: str
    firsts: tuple[str, ...]  # SKU each page begins with
    spares: tuple[Spare, ...]  # may still lie around

    def page_of(self, sku: str) -> int:
        """Return the number of the page a SKU stands on, if it is there; -1: before all."""
        return bisect_right(self.firsts, sku) - 1


def catalogue_key(merchant_id: str) -> keys.Key:
    """Return where the catalogue's summary lies: beside the merchant."""
    return f"T#{keys.part(merchant_id)}", "CATALOGUE"


def page_key(merchant_id: str, generation: str, page: int) -> keys.Key:
    """Return where a page of the catalogue lies; each in a partition of its own."""
    return f"T#{keys.part(merchant_id)}#A#{generation}#{page:04d}", "A"


def page_number(pk: str) -> int:
    """Return the number of the page that lies there."""
    return int(pk.rpartition("#")[2])


def shelf_of(item: CatalogueItem) -> Shelf:
    """Return the shelf of an item."""
    body = _unpacked(item.body)
    summary = CatalogueSummary(
        version=item.version,
        rows=item.rows,
        categories=tuple(body["categories"]),
        margins=tuple(body["margins"]),
        updated_at=item.updated_at,
    )
    spares = tuple((name, pages) for name, pages in body["spares"])
    return Shelf(summary, item.revision, item.generation, tuple(body["firsts"]), spares)


def shelf_item(merchant_id: str, shelf: Shelf) -> CatalogueItem:
    """Return the item of a shelf."""
    summary = shelf.summary
    body = {
        "firsts": shelf.firsts,
        "categories": summary.categories,
        "margins": summary.margins,
        "spares": shelf.spares,
    }
    return CatalogueItem(
        *catalogue_key(merchant_id),
        version=summary.version,
        revision=shelf.revision,
        rows=summary.rows,
        updated_at=summary.updated_at,
        generation=shelf.generation,
        body=_packed(body),
    )


def pages_of(articles: Sequence[Article]) -> list[Sequence[Article]]:
    """Return the articles, in order of SKU, page by page."""
    ordered = sorted(articles, key=lambda article: article.sku)
    return [ordered[i : i + PAGE_ROWS] for i in range(0, len(ordered), PAGE_ROWS)]


def generation_of(pages: Iterable[Sequence[Article]]) -> str:
    """Return the name of exactly these pages."""
    digest = hashlib.sha256()
    for page in pages:
        digest.update(json.dumps(_rows(page)).encode())
    return digest.hexdigest()[:_GENERATION_CHARS]


def page_item(
    merchant_id: str, generation: str, number: int, page: Sequence[Article]
) -> CataloguePageItem:
    """Return the item of a page."""
    return CataloguePageItem(
        *page_key(merchant_id, generation, number), body=_packed(_rows(page))
    )


def articles_of(item: CataloguePageItem) -> list[Article]:
    """Return the articles of a page."""
    return [Article(*row) for row in _unpacked(item.body)]


def _rows(page: Sequence[Article]) -> list[list[str | None]]:
    return [[one.sku, one.category, one.margin, one.name] for one in page]


def _packed(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode())


def _unpacked(body: bytes) -> Any:
    return json.loads(zlib.decompress(body))
