"""Reading purchase histories."""

from datetime import date
from pathlib import Path

import pytest

from replay.history import HistoryError, read_history

HEADING = "customer,date,items,amount_rub"


def written(folder: Path, *lines: str) -> Path:
    path = folder / "history.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_purchases_come_by_date_and_keep_the_file_s_order_within_a_day(tmp_path: Path) -> None:
    path = written(
        tmp_path, HEADING, "a,1997-02-01,1,2.00", "b,1997-01-01,1,0.00", "a,1997-01-01,3,0.05"
    )

    history = read_history(path)

    assert [(s.row, s.customer, s.amount_minor) for s in history.sales] == [
        (2, "b", 0),
        (3, "a", 5),
        (1, "a", 200),
    ]
    assert (history.currency, history.last_day) == ("RUB", date(1997, 2, 1))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([HEADING, "a,1997-02-30,1,2.00"], "row 1: "),
        ([HEADING, "a,1997-02-01,1,2.00", "a,1997-02-01,1,2.001"], "row 2: "),
        ([HEADING, "a,1997-02-01,x,2.00"], "row 1: "),
        ([HEADING, "a,1997-02-01"], "row 1: "),
        ([HEADING, ",1997-02-01,1,2.00"], "row 1: no customer"),
        ([HEADING, "a,1997-02-01,1,-2.00"], "row 1: no customer, or a negative"),
        ([HEADING, "a,1997-02-01,1,NaN"], "row 1: "),
        ([HEADING], "has 0 purchases"),
        (["customer,date,amount_usd"], "the columns must be"),
        (["customer,date,items,amount_usd,amount_rub"], "the columns must be"),
        ([""], "the columns must be"),
    ],
)
def test_a_row_that_makes_no_sense_is_named(
    tmp_path: Path, lines: list[str], message: str
) -> None:
    path = written(tmp_path, *lines)

    with pytest.raises(HistoryError, match=message):
        read_history(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="cannot be read"):
        read_history(tmp_path / "none.csv")
