"""The catalogue: a merchant's articles, SKU → category and margin class; read from CSV.

A file is UTF-8 (with or without a byte order mark) or Windows-1251, as spreadsheets write
it; its columns `sku`, `category`, `margin` and perhaps `name` stand in any order, divided by
commas or semicolons. Every fault is told by row (the header is row 1) and column; a file
with one is refused whole.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.errors import DomainError
from chalicelib.domain.spreadsheets import as_cell, of_cell

BYTES_MAX = 4 * 1024 * 1024  # of a file, read or written: Lambda carries no more as base64
ROWS_MAX = 50_000
NAMES_MAX = 1_000  # different categories, and different margin classes
FAULTS_MAX = 100
WORD_LENGTH_MAX = 64  # of sku, category, margin: what a basket line may say
NAME_LENGTH_MAX = 200
COLUMNS = ("sku", "category", "margin", "name")
_NEEDED = frozenset(COLUMNS[:3])
_WORKBOOK = b"PK\x03\x04"  # an .xlsx file begins so
_PRINTABLE = re.compile(
    r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]*"
)

Fault = tuple[int, str, str]  # row, column (empty: the whole row), words


class CatalogueInvalid(DomainError):
    """The file cannot be a catalogue; nothing of it was imported."""

    code = "catalogue_invalid"

    def __init__(self, faults: Sequence[Fault]) -> None:
        row, column, words = faults[0]
        place = f"row {row}, {column}" if column else f"row {row}"
        more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
        super().__init__(f"{place}: {words}{more}")
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Article:
    """One SKU, and what the rules may ask of it."""

    sku: str
    category: str | None
    margin: str | None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueSummary:
    """What a catalogue holds, without its articles."""

    version: int
    rows: int
    categories: tuple[str, ...]  # sorted
    margins: tuple[str, ...]
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How many articles an import has touched."""

    added: int
    changed: int
    removed: int


def read_catalogue(raw: bytes) -> tuple[Article, ...]:
    """Return the articles of a CSV file, in its order.

    Raises:
        CatalogueInvalid: with at most `FAULTS_MAX` faults.
    """
    reading = _Reading(_text(raw))
    articles = tuple(reading.articles())
    if reading.faults:
        raise CatalogueInvalid(reading.faults[:FAULTS_MAX])
    refuse_too_much(articles)
    return articles


def refuse_too_much(articles: Sequence[Article]) -> None:
    """Refuse what no catalogue may hold.

    Raises:
        CatalogueInvalid: too many articles, categories or margin classes.
    """
    names = {
        "category": {article.category for article in articles},
        "margin": {article.margin for article in articles},
    }
    faults = [(1, "", f"more than {ROWS_MAX} articles")] if len(articles) > ROWS_MAX else []
    for column, found in names.items():
        if len(found - {None}) > NAMES_MAX:
            faults.append((1, column, f"more than {NAMES_MAX} different names"))
    if faults:
        raise CatalogueInvalid(faults)


def summary_of(
    articles: Iterable[Article], *, version: int, updated_at: datetime
) -> CatalogueSummary:
    """Return the summary of articles."""
    kept = tuple(articles)
    return CatalogueSummary(
        version=version,
        rows=len(kept),
        categories=tuple(sorted({one.category for one in kept if one.category})),
        margins=tuple(sorted({one.margin for one in kept if one.margin})),
        updated_at=updated_at,
    )


def compared(before: Mapping[str, Article], after: Mapping[str, Article]) -> Difference:
    """Return what it takes to get from one catalogue to another; both by SKU."""
    return Difference(
        added=sum(sku not in before for sku in after),
        changed=sum(before.get(sku, one) != one for sku, one in after.items()),
        removed=sum(sku not in after for sku in before),
    )


def as_csv(articles: Iterable[Article]) -> bytes:
    """Return what `read_catalogue` reads back; marked as UTF-8, so that Excel sees it.

    A text that a spreadsheet would calculate has an apostrophe before it, both ways.

    >>> as_csv([Article("C-1", "coffee", None)])
    b'\\xef\\xbb\\xbfsku,category,margin,name\\r\\nC-1,coffee,,\\r\\n'
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in articles:
        texts = (one.sku, one.category, one.margin, one.name)
        writer.writerow([as_cell(text or "") for text in texts])
    return out.getvalue().encode("utf-8-sig")


def _text(raw: bytes) -> str:
    if len(raw) > BYTES_MAX:
        raise CatalogueInvalid([(1, "", f"more than {BYTES_MAX} bytes: send it in parts")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _from_windows(raw)
    if "\0" in text or raw.startswith(_WORKBOOK):  # UTF-16, or no text at all
        raise CatalogueInvalid([(1, "", "is not a CSV text: save it as CSV UTF-8")])
    return text


def _from_windows(raw: bytes) -> str:
    try:
        return raw.decode("cp1251")
    except UnicodeDecodeError as error:
        words = "is neither UTF-8 nor Windows-1251: save it as CSV UTF-8"
        raise CatalogueInvalid([(1, "", words)]) from error


class _Reading:
    """One file being read, and what is wrong with it so far."""

    def __init__(self, text: str) -> None:
        header = text.partition("\n")[0]
        divider = ";" if header.count(";") > header.count(",") else ","
        self.faults: list[Fault] = []
        self._rows = csv.reader(io.StringIO(text, newline=""), delimiter=divider, strict=True)
        self._columns: list[str] = []
        self._row_of: dict[str, int] = {}

    def articles(self) -> Iterator[Article]:
        """Yield what can be read; faults are kept."""
        for number, cells in self._numbered():
            if number == 1:
                self._read_header(cells)
            elif any(cells):
                yield self._article(number, cells)
            if not self._columns or len(self.faults) >= FAULTS_MAX:
                return
            if number > 2 * ROWS_MAX:  # empty ones count too
                self.faults.append((number, "", f"more than {ROWS_MAX} articles"))
                return

    def _numbered(self) -> Iterator[tuple[int, list[str]]]:
        number = 0
        try:
            for number, cells in enumerate(self._rows, start=1):
                yield number, [of_cell(cell.strip()) for cell in cells]
        except csv.Error:
            words = (
                "a quotation mark is not closed or stands within a text, or a text is too long"
            )
            self.faults.append((number + 1, "", words))
        if not number and not self.faults:
            self.faults.append((1, "", "the file is empty: it needs a header"))

    def _read_header(self, cells: list[str]) -> None:
        columns = [cell.lower() for cell in cells]
        for name in sorted(_NEEDED - set(columns)):
            self.faults.append((1, name, "the column is missing"))
        for name in columns:
            if name not in COLUMNS:
                self.faults.append((1, name[:WORD_LENGTH_MAX], "the column is not known"))
            elif columns.count(name) > 1:
                self.faults.append((1, name, "the column is there twice"))
        self._columns = [] if self.faults else columns

    def _article(self, number: int, cells: list[str]) -> Article:
        if len(cells) != len(self._columns):
            words = f"has {len(cells)} columns, the header {len(self._columns)}"
            self.faults.append((number, "", words))
        found = dict.fromkeys(COLUMNS, "") | dict(zip(self._columns, cells, strict=False))
        for column, text in found.items():
            longest = NAME_LENGTH_MAX if column == "name" else WORD_LENGTH_MAX
            if len(text) > longest:
                self.faults.append((number, column, f"has more than {longest} characters"))
            elif not _PRINTABLE.fullmatch(text):
                self.faults.append((number, column, "has characters that cannot be printed"))
        self._check_sku(number, found["sku"])
        if not found["category"] and not found["margin"]:
            self.faults.append((number, "category", "give a category or a margin class"))
        return Article(
            found["sku"], found["category"] or None, found["margin"] or None,
            found["name"] or None,
        )  # fmt: skip

    def _check_sku(self, number: int, sku: str) -> None:
        if not sku:
            self.faults.append((number, "sku", "is missing"))
            return
        first = self._row_of.setdefault(sku, number)
        if first != number:
            self.faults.append((number, "sku", f"is that of row {first} again"))
