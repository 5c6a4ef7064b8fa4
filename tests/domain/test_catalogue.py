"""Reading a catalogue: whatever a spreadsheet writes, and every fault by row and column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.catalogue import (
    BYTES_MAX,
    FAULTS_MAX,
    NAMES_MAX,
    ROWS_MAX,
    Article,
    CatalogueInvalid,
    as_csv,
    compared,
    read_catalogue,
    refuse_too_much,
)

COFFEE = Article("C-1", "кофе", "low", "Эфиопия, 250 г")
RUSSIAN = 'sku;category;margin;name\r\nC-1;кофе;low;"Эфиопия, 250 г"\r\n'


def faults(text: str | bytes) -> list[tuple[int, str]]:
    """Return row and column of every fault."""
    raw = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(CatalogueInvalid) as refused:
        read_catalogue(raw)
    assert all(words for _, _, words in refused.value.faults)
    return [(row, column) for row, column, _ in refused.value.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_a_russian_spreadsheet_is_read_in_any_of_its_encodings(encoding: str) -> None:
    assert read_catalogue(RUSSIAN.encode(encoding)) == (COFFEE,)


def test_commas_other_orders_and_absent_names_are_read_too() -> None:
    text = "Category, SKU ,margin\ncoffee,C-1,low\n\n,C-2,low\ntea,C-3,\n"

    assert read_catalogue(text.encode()) == (
        Article("C-1", "coffee", "low"),
        Article("C-2", None, "low"),
        Article("C-3", "tea", None),
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(1, "")]),
        ("sku,category\nC-1,coffee\n", [(1, "margin")]),
        ("sku,category,margin,colour\n", [(1, "colour")]),
        ("sku,category,margin,sku\n", [(1, "sku"), (1, "sku")]),
        ("C-1,coffee,low\n", [(1, "category"), (1, "margin"), (1, "sku"), (1, "c-1"),
                              (1, "coffee"), (1, "low")]),
        ("sku,category,margin\n,coffee,low\n", [(2, "sku")]),
        ("sku,category,margin\nC-1,,\n", [(2, "category")]),
        ("sku,category,margin\nC-1,a,b\n\nC-1,a,b\n", [(4, "sku")]),
        ("sku,category,margin\nC-1,a\n", [(2, "")]),
        ("sku,category,margin\nC-1,a,b,c\n", [(2, "")]),
        ("sku,category,margin\n" + "x" * 65 + ",a,b\n", [(2, "sku")]),
        ("sku,category,margin\nC-1,a\u202eb,c\n", [(2, "category")]),
        ('sku,category,margin\nC-1,"a,b\n', [(2, "")]),
        ("sku,category,margin\nC-1,a,b\nC-2,a\x00,b\n", [(1, "")]),
        ("sku,category,margin\nC-1,a,b\n".encode("utf-16"), [(1, "")]),
        (b"sku,category,margin\nC-1,\x98,b\n", [(1, "")]),
        (b"PK\x03\x04 a workbook", [(1, "")]),
        ("sku,category,margin," + "x" * 200_000, [(1, "")]),
        ("sku,category,margin," + "x" * 99, [(1, "x" * 64)]),
        (b"x" * (BYTES_MAX + 1), [(1, "")]),
    ],
)  # fmt: skip
def test_a_fault_is_told_by_row_and_column(
    text: str | bytes, found: list[tuple[int, str]]
) -> None:
    assert faults(text) == found


def test_every_fault_is_told_up_to_a_hundred() -> None:
    rows = "".join(f"C-{n},,\n" for n in range(2 * FAULTS_MAX))

    found = faults("sku,category,margin\n" + rows)

    assert found == [(n, "category") for n in range(2, FAULTS_MAX + 2)]


def test_a_catalogue_has_as_many_rows_and_names_as_it_may_and_no_more() -> None:
    rows = [Article(f"C-{n}", "coffee", None) for n in range(ROWS_MAX)]
    names = [Article(f"C-{n}", f"category {n}", f"margin {n}") for n in range(NAMES_MAX)]

    refuse_too_much(rows)
    refuse_too_much(names)

    with pytest.raises(CatalogueInvalid, match="more than 50000 articles"):
        refuse_too_much([*rows, COFFEE])
    with pytest.raises(CatalogueInvalid, match=r"row 1, category: .* and 1 more"):
        refuse_too_much([*names, Article("C", "one", "more")])


WORD = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" \",;='-"),
    min_size=1,
    max_size=9,
).filter(lambda text: text == text.strip())
ARTICLES = st.lists(
    st.builds(Article, WORD, WORD, st.none() | WORD, st.none() | WORD),
    unique_by=lambda one: one.sku,
    max_size=9,
)


@given(ARTICLES)
def test_what_is_written_is_read_back(articles: list[Article]) -> None:
    assert read_catalogue(as_csv(articles)) == tuple(articles)


def test_no_cell_of_the_file_is_calculated_by_a_spreadsheet() -> None:
    articles = (Article("=1+1", "+c", "-m", "@n"), Article("'=1", "'c", None, "-"))

    written = as_csv(articles)

    cells = [row.split(",") for row in written.decode("utf-8-sig").splitlines()[1:]]
    assert cells == [["'=1+1", "'+c", "'-m", "'@n"], ["''=1", "'c", "", "'-"]]
    assert read_catalogue(written) == articles


def test_an_import_says_what_it_touched() -> None:
    before = {"a": Article("a", "x", None), "b": Article("b", "x", None)}
    after = {"b": Article("b", "y", None), "c": COFFEE, "d": COFFEE}

    found = compared(before, after)

    assert (found.added, found.changed, found.removed) == (2, 1, 1)
