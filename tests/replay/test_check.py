"""The independent calculation, against figures small enough to do by hand."""

from pathlib import Path

from replay.check import figures


def test_the_figures_of_a_few_receipts(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    rows = [
        "customer,date,items,amount_usd",
        "a,1997-06-29,1,10.39",  # 51 points, expired the day before the last
        "a,1997-06-30,1,10.39",  # 51 points, usable on the last day still
        "b,1998-04-01,1,300.01",  # a day before the window
        "b,1998-04-02,1,100.00",  # its first day: not over 100.00
        "c,1998-06-30,1,100.00",
        "c,1998-06-30,1,0.01",  # together over 100.00; no point for a cent
        "d,1998-06-30,1,300.01",
        "e,1998-06-30,2,0.00",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")

    assert figures(path) == {
        "as_of": "1998-06-30",
        "customers": 5,
        "purchases": 8,
        "amount_sum": "820.81",
        "points_earned": 51 + 51 + 1500 + 500 + 500 + 0 + 1500 + 0,
        "points_expired": 51,
        "points_available": 51 + 1500 + 500 + 500 + 1500,
        "tiers": {"Standard": 3, "Silver": 1, "Gold": 1},
    }
