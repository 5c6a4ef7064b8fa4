"""A catalogue on the edges: dividers, ends of lines, the longest texts, faults in words."""

import pytest

from chalicelib.domain import catalogue
from chalicelib.domain.catalogue import (
    NAMES_MAX,
    ROWS_MAX,
    Article,
    CatalogueInvalid,
    Fault,
    read_catalogue,
    refuse_too_much,
    summary_of,
)
from tests.builders import NOON

HEADER = "sku,category,margin\n"
NOT_CLOSED = "a quotation mark is not closed or stands within a text, or a text is too long"


def refusal(raw: str | bytes) -> CatalogueInvalid:
    with pytest.raises(CatalogueInvalid) as refused:
        read_catalogue(raw if isinstance(raw, bytes) else raw.encode())
    return refused.value


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", (1, "", "the file is empty: it needs a header")),
        ("sku,category\n", (1, "margin", "the column is missing")),
        ("sku,category,margin,colour\n", (1, "colour", "the column is not known")),
        ("sku,category,margin,sku\n", (1, "sku", "the column is there twice")),
        (HEADER + ",a,b\n", (2, "sku", "is missing")),
        (HEADER + "C-1,,\n", (2, "category", "give a category or a margin class")),
        (HEADER + "C-1,a\u202eb,c\n", (2, "category", "has characters that cannot be printed")),
        (HEADER + "C-1,a\ufffeb,c\n", (2, "category", "has characters that cannot be printed")),
        (HEADER + "C-1,a,b\nC-1,a,b\n", (3, "sku", "is that of row 2 again")),
        (HEADER + "C-1,a\n", (2, "", "has 2 columns, the header 3")),
        (HEADER + 'C-1,"a,b\n', (2, "", NOT_CLOSED)),
        (HEADER + 'C-1,"a"x,b\n', (2, "", NOT_CLOSED)),
        ("sku\x00\n", (1, "", "is not a CSV text: save it as CSV UTF-8")),
        (b"PK\x03\x04 book", (1, "", "is not a CSV text: save it as CSV UTF-8")),
        (b"sku,\x98\n", (1, "", "is neither UTF-8 nor Windows-1251: save it as CSV UTF-8")),
    ],
)
def test_a_fault_is_told_in_words(text: str | bytes, fault: Fault) -> None:
    assert refusal(text).faults[0] == fault


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEADER + ",a,b\n", "row 2, sku: is missing"),
        (HEADER + "C-1,a\n", "row 2: has 2 columns, the header 3"),
        (HEADER + ",a,b\n,a,b\n", "row 2, sku: is missing, and 1 more"),
        (HEADER + ",a,b\n,a,b\n,a,b\n", "row 2, sku: is missing, and 2 more"),
    ],
)
def test_the_refusal_says_the_first_fault_and_how_many_more(text: str, words: str) -> None:
    assert str(refusal(text)) == words


def test_rows_under_a_header_that_cannot_be_read_are_not_looked_at() -> None:
    found = refusal("sku,category\nC-1,\n,tea\n").faults

    assert found == ((1, "margin", "the column is missing"),)


def test_too_much_is_told_by_what_there_is_too_much_of() -> None:
    rows = [Article("C-1", "coffee", None)] * (ROWS_MAX + 1)
    margins = [Article(f"C-{n}", None, f"m{n}") for n in range(NAMES_MAX + 1)]

    with pytest.raises(CatalogueInvalid) as of_rows:
        refuse_too_much(rows)
    with pytest.raises(CatalogueInvalid) as of_names:
        refuse_too_much(margins)

    assert of_rows.value.faults == ((1, "", "more than 50000 articles"),)
    assert of_names.value.faults == ((1, "margin", "more than 1000 different names"),)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_computer(end: str) -> None:
    text = end.join(["sku,category,margin", "C-1,coffee,low", ""])

    assert read_catalogue(text.encode()) == (Article("C-1", "coffee", "low"),)


def test_the_header_alone_says_what_divides_the_columns() -> None:
    name = ";".join("abcdefghijkl")
    text = f"sku,category,margin,name\nC-1,tea,,{name}\nC-2,tea,,{name}\n"

    assert [one.name for one in read_catalogue(text.encode())] == [name, name]


def test_a_header_with_as_many_commas_as_semicolons_is_divided_by_commas() -> None:
    found = refusal("sku;category,margin\n").faults

    assert [column for _, column, _ in found] == ["category", "sku", "sku;category"]


@pytest.mark.parametrize(
    ("sku", "category", "name", "words"),
    [
        (64, 64, 200, ()),
        (65, 64, 200, (("sku", "has more than 64 characters"),)),
        (64, 65, 200, (("category", "has more than 64 characters"),)),
        (64, 64, 201, (("name", "has more than 200 characters"),)),
    ],
)
def test_texts_are_as_long_as_a_basket_may_say_and_names_longer(
    sku: int, category: int, name: int, words: tuple[tuple[str, str], ...]
) -> None:
    text = f"sku,category,margin,name\n{'s' * sku},{'c' * category},,{'n' * name}\n"

    if words:
        assert tuple(fault[1:] for fault in refusal(text).faults) == words
    else:
        assert read_catalogue(text.encode()) == (Article("s" * 64, "c" * 64, None, "n" * 200),)


def test_a_file_may_have_exactly_so_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = (HEADER + "C-1,a,b\n").encode()
    monkeypatch.setattr(catalogue, "BYTES_MAX", len(raw))

    assert len(read_catalogue(raw)) == 1
    assert refusal(raw + b"\n").faults == (
        (1, "", f"more than {len(raw)} bytes: send it in parts"),
    )


def test_empty_rows_count_up_to_twice_as_many_as_there_may_be_articles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(catalogue, "ROWS_MAX", 2)

    assert read_catalogue((HEADER + "\n" * 3).encode()) == ()
    assert refusal(HEADER + "\n" * 4).faults == ((5, "", "more than 2 articles"),)


def test_a_summary_says_what_there_is_sorted_and_since_when() -> None:
    found = summary_of(
        [Article("C-1", "tea", "low"), Article("C-2", "coffee", None)],
        version=3,
        updated_at=NOON,
    )

    assert (found.version, found.rows, found.updated_at) == (3, 2, NOON)
    assert (found.categories, found.margins) == (("coffee", "tea"), ("low",))
