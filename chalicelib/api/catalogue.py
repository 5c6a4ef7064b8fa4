"""The merchant's catalogue: import it as CSV, list it, read it back."""

import base64
import binascii
from typing import Any

from chalice import Blueprint

from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.catalogue import (
    ArticleAnswer,
    ArticlesAnswer,
    CatalogueAnswer,
    CatalogueQuery,
    CsvAnswer,
    ImportQuery,
)
from chalicelib.api.parsing import BadRequest, TextBody
from chalicelib.api.shapes import write_moment
from chalicelib.domain.catalogue import BYTES_MAX, Article, as_csv
from chalicelib.domain.members import Scope
from chalicelib.usecases.catalogue import Imported, ImportMode, import_catalogue
from chalicelib.wiring import services

catalogue = Blueprint(__name__)

CSV = TextBody("text/csv", BYTES_MAX)
_WRITE = scoped(Scope.PROGRAM)
_READ = scoped(Scope.TILL, Scope.PROGRAM)


@endpoint(
    catalogue,
    "PUT",
    "/v1/catalogue",
    summary="Import a CSV file of SKUs with category and margin class: all of it or nothing.",
    tag="Catalogue",
    access=_WRITE,
    text=CSV,
    query=ImportQuery,
    answers={200: CatalogueAnswer},
    problems=("catalogue_invalid",),
)
def put_catalogue(call: Call[bytes]) -> Answer:
    """Add the file's articles, or make them the whole catalogue."""
    mode = ImportMode(call.query.mode)
    imported = import_catalogue(
        call.merchant_id, call.body, mode, at=call.at, catalogue=services().catalogue
    )
    return Answer(body=_imported_json(imported), metric="CatalogueImported")


@endpoint(
    catalogue,
    "GET",
    "/v1/catalogue",
    summary="List the articles in order of SKU.",
    tag="Catalogue",
    access=_READ,
    query=CatalogueQuery,
    answers={200: ArticlesAnswer},
)
def get_catalogue(call: Call[None]) -> Answer:
    """Return a page of articles."""
    limit, cursor = call.query.limit, call.query.cursor
    after = _sku_of(cursor) if cursor else ""
    found = services().catalogue.page(call.merchant_id, after=after, limit=limit + 1)
    items, is_last = found[:limit], len(found) <= limit
    return Answer(
        body={
            "items": [_article_json(one) for one in items],
            "next_cursor": None if is_last else _cursor_of(items[-1].sku),
        }
    )


@endpoint(
    catalogue,
    "GET",
    "/v1/catalogue.csv",
    summary="The whole catalogue as a CSV file that can be imported again.",
    tag="Catalogue",
    access=_READ,
    answers={200: CsvAnswer},
)
def get_catalogue_csv(call: Call[None]) -> Answer:
    """Return the file."""
    content = as_csv(services().catalogue.every(call.merchant_id))
    headers = {"Content-Disposition": 'attachment; filename="catalogue.csv"'}
    return Answer(body=content, content_type="text/csv; charset=utf-8", headers=headers)


@endpoint(
    catalogue,
    "GET",
    "/v1/catalogue/{sku}",
    summary="What the catalogue says of a SKU.",
    tag="Catalogue",
    access=_READ,
    answers={200: ArticleAnswer},
)
def get_article(call: Call[None], sku: str) -> Answer:
    """Return one article."""
    found = services().catalogue.articles(call.merchant_id, [sku], is_fresh=True).get(sku)
    if found is None:
        raise BadRequest("not_found", "the catalogue has no such SKU")
    return Answer(body=_article_json(found))


def _article_json(article: Article) -> dict[str, Any]:
    return {
        "object": "article",
        "sku": article.sku,
        "category": article.category,
        "margin": article.margin,
        "name": article.name,
    }


def _imported_json(imported: Imported) -> dict[str, Any]:
    summary, difference = imported.summary, imported.difference
    return {
        "object": "catalogue",
        "version": summary.version,
        "rows": summary.rows,
        "categories": list(summary.categories),
        "margins": list(summary.margins),
        "updated_at": write_moment(summary.updated_at),
        "added": difference.added,
        "changed": difference.changed,
        "removed": difference.removed,
    }


def _cursor_of(sku: str) -> str:
    return base64.urlsafe_b64encode(sku.encode()).decode().rstrip("=")


def _sku_of(cursor: str) -> str:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), "-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        errors = [{"pointer": "/cursor", "detail": "send back `next_cursor` as it was"}]
        raise BadRequest("bad_input", "the cursor is none of ours", errors) from error
