"""A text that a spreadsheet would run is told apart by an apostrophe, and comes back whole."""

import pytest

from chalicelib.domain.spreadsheets import as_cell, of_cell


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "'=", "''@"])
def test_what_begins_like_a_formula_gets_one_apostrophe_more(sign: str) -> None:
    text = f"{sign}1+1"

    assert as_cell(text) == f"'{text}"
    assert of_cell(as_cell(text)) == text


@pytest.mark.parametrize("text", ["", "milk", "'", "'n", "1=1", " =1", "\n=1", "a@b", "'' n"])
def test_any_other_text_is_its_own_cell(text: str) -> None:
    assert as_cell(text) == text
    assert of_cell(text) == text


def test_a_cell_made_elsewhere_is_taken_as_it_is() -> None:
    assert of_cell("-5") == "-5"
