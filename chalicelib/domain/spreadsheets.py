"""Texts as cells that no spreadsheet runs.

A cell that begins like a formula is calculated when the file is opened, and may ask another
machine. With an apostrophe before it, it is a text. Source: OWASP, "CSV Injection", read
2026-11.
"""

import re
from typing import Final

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")  # one that was told apart already included
MARK: Final = "'"


def as_cell(text: str) -> str:
    """Return a text as a cell.

    >>> [as_cell(text) for text in ("milk", "=1+1", "'n", "'=1")]
    ['milk', "'=1+1", "'n", "''=1"]
    """
    return f"{MARK}{text}" if _FORMULA.match(text) else text


def of_cell(cell: str) -> str:
    """Return the text of a cell made by `as_cell`.

    >>> [of_cell(cell) for cell in ("milk", "'=1+1", "'n", "''=1", "-5")]
    ['milk', '=1+1', "'n", "'=1", '-5']
    """
    is_marked = cell.startswith(MARK) and _FORMULA.match(cell)
    return cell.removeprefix(MARK) if is_marked else cell
