"""The catalogue: import it, and tell the lines of a sale what their SKUs are."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.basket import BasketLine
from chalicelib.domain.catalogue import (
    BYTES_MAX,
    Article,
    CatalogueInvalid,
    CatalogueSummary,
    Difference,
    as_csv,
    compared,
    read_catalogue,
    refuse_too_much,
)
from chalicelib.domain.sales import Sale
from chalicelib.ports import Catalogue


class ImportMode(StrEnum):
    """What becomes of articles that an imported file does not name."""

    ADD = "add"  # they stay
    REPLACE = "replace"  # they go


@dataclass(frozen=True, slots=True)
class Imported:
    """A catalogue after an import, and what that has touched."""

    summary: CatalogueSummary
    difference: Difference


def import_catalogue(
    merchant_id: str, raw: bytes, mode: ImportMode, *, at: datetime, catalogue: Catalogue
) -> Imported:
    """Make a CSV file the catalogue, or add it. All of it or nothing; a repeat is harmless.

    Raises:
        CatalogueInvalid: faults in the file, or with it the catalogue would be too large.
        CommitConflict: another import was faster; ask again.
        StoreUnavailable.
    """
    given = {one.sku: one for one in read_catalogue(raw)}
    summary = catalogue.summary(merchant_id)  # first: another import meanwhile is a conflict
    before = {one.sku: one for one in catalogue.every(merchant_id)}
    after = {**before, **given} if mode is ImportMode.ADD else given
    articles = tuple(after.values())
    refuse_too_much(articles)
    if len(as_csv(articles)) > BYTES_MAX:
        raise CatalogueInvalid([(1, "", f"with it the catalogue has over {BYTES_MAX} bytes")])
    version = summary.version + 1 if summary else 1
    saved = catalogue.save(merchant_id, articles, version=version, at=at)
    return Imported(saved, compared(before, after))


def with_articles(sale: Sale, catalogue: Catalogue) -> Sale:
    """Return the sale with category and margin class of the lines that only name a SKU.

    What the till says of a line counts: one that names either is left as it is. Costs
    nothing if there is none to look up. Raises StoreUnavailable.
    """
    wanted = {line.sku for line in sale.lines if line.sku and _is_bare(line)}
    if not wanted:
        return sale
    found = catalogue.articles(sale.key.merchant_id, wanted)
    if not found:
        return sale
    lines = tuple(_with_article(line, found.get(line.sku or "")) for line in sale.lines)
    return replace(sale, lines=lines)


def _with_article(line: BasketLine, article: Article | None) -> BasketLine:
    if article is None or not _is_bare(line):
        return line
    return replace(line, category=article.category, margin=article.margin)


def _is_bare(line: BasketLine) -> bool:
    return line.category is None and line.margin is None
