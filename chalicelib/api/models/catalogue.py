"""The catalogue: articles as they are imported, listed and read back."""

from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, RootModel

from chalicelib.api.shapes import Body, Query

PAGE_MAX = 500


class CsvAnswer(RootModel[str]):
    """A CSV file in UTF-8."""

    MEDIA_TYPE: ClassVar = "text/csv"
    model_config = ConfigDict(defer_build=True)


class ImportQuery(Query):
    """What becomes of articles the file does not name."""

    mode: Literal["add", "replace"] = "add"


class CatalogueQuery(Query):
    """Which articles."""

    cursor: Annotated[str, Field(max_length=400)] | None = None
    limit: Annotated[int, Field(ge=1, le=PAGE_MAX)] = 100


class CatalogueAnswer(Body):
    """A catalogue after an import, and what that has touched."""

    object: Literal["catalogue"]
    version: int
    rows: int
    categories: list[str]
    margins: list[str]
    updated_at: str
    added: int
    changed: int
    removed: int


class ArticleAnswer(Body):
    """One SKU."""

    object: Literal["article"]
    sku: str
    category: str | None
    margin: str | None
    name: str | None


class ArticlesAnswer(Body):
    """Articles in order of SKU."""

    items: list[ArticleAnswer]
    next_cursor: str | None
