"""Reads a history of purchases: CSV with `customer`, `date`, `items` and one `amount_…`.

The amount's column names the currency (`amount_usd`). A receipt's number is its row: the
first one below the heading is 1. Rows may stand in any order.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scenarios.money import minor_units

ROWS_MAX = 10_000_000
_AMOUNT = "amount_"
_COLUMNS = ("customer", "date", "items")


class HistoryError(Exception):
    """A file that is no history; the message names the row."""


@dataclass(frozen=True, slots=True)
class Sale:
    """One row."""

    row: int  # from 1
    customer: str
    on: date
    items: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class History:
    """A file's purchases by date, those of one day in the file's order."""

    currency: str
    sales: tuple[Sale, ...]

    @property
    def last_day(self) -> date:
        """Return the date of the last purchase."""
        return self.sales[-1].on


def read_history(path: Path) -> History:
    """Read a file whole.

    Raises:
        HistoryError: it cannot be read or a row makes no sense.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            amount = _amount_column(rows.fieldnames or ())
            currency = amount.removeprefix(_AMOUNT).upper()
            sales = [_sale(number, row, amount) for number, row in enumerate(rows, 1)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise HistoryError(f"{path} cannot be read: {error}") from error
    if not 0 < len(sales) <= ROWS_MAX:
        raise HistoryError(f"{path} has {len(sales)} purchases; 1 to {ROWS_MAX} are replayed")
    return History(currency, tuple(sorted(sales, key=lambda sale: sale.on)))


def _amount_column(names: Sequence[str]) -> str:
    found = [name for name in names if name.startswith(_AMOUNT)]
    missing = [name for name in _COLUMNS if name not in names]
    if missing or len(found) != 1:
        raise HistoryError(f"the columns must be {', '.join(_COLUMNS)} and one {_AMOUNT}…")
    return found[0]


def _sale(number: int, row: dict[str, str], amount: str) -> Sale:
    try:
        amount_minor = minor_units(row[amount], amount.removeprefix(_AMOUNT))
        sale = Sale(
            row=number,
            customer=row["customer"],
            on=date.fromisoformat(row["date"]),
            items=int(row["items"]),
            amount_minor=amount_minor,
        )
    except (TypeError, ValueError) as error:
        raise HistoryError(f"row {number}: {error}") from error
    if not sale.customer or amount_minor < 0:
        raise HistoryError(f"row {number}: no customer, or a negative amount")
    return sale
