"""`python -m replay.check FILE`: a replay's figures, worked out alone.

On purpose it shares nothing with the service or the replay, not even the reading of the
file. Its rules are those of `program.json`, as numbers: 5 % of a receipt, rounded down,
a point being one cent; usable through the 365th day after; tiers by the money of 90 days,
today included, strictly over 100.00 and 300.00. All as of the last date in the file.
"""

import csv
import json
import sys
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

POINT_LIFE = timedelta(days=365)
WINDOW_START = timedelta(days=90 - 1)
OVER_CENTS = (("Gold", 300_00), ("Silver", 100_00), ("Standard", -1))


def figures(path: Path) -> dict[str, Any]:
    """Return the figures that the replay of a file must end with."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading, *rows = list(csv.reader(file))
    amount_at = next(i for i, name in enumerate(heading) if name.startswith("amount_"))
    customer_at, date_at = heading.index("customer"), heading.index("date")
    sales = [
        (row[customer_at], date.fromisoformat(row[date_at]), int(Decimal(row[amount_at]) * 100))
        for row in rows
    ]
    today = max(on for _, on, _ in sales)
    points = [(on, cents * 5 // 100) for _, on, cents in sales]
    recent: Counter[str] = Counter({customer: 0 for customer, _, _ in sales})
    for customer, on, cents in sales:
        recent[customer] += cents if on >= today - WINDOW_START else 0
    tiers = Counter(
        next(name for name, over in OVER_CENTS if turnover > over)
        for turnover in recent.values()
    )
    return {
        "as_of": str(today),
        "customers": len(recent),
        "purchases": len(sales),
        "amount_sum": str(Decimal(sum(cents for _, _, cents in sales)).scaleb(-2)),
        "points_earned": sum(earned for _, earned in points),
        "points_expired": sum(earned for on, earned in points if on + POINT_LIFE < today),
        "points_available": sum(earned for on, earned in points if on + POINT_LIFE >= today),
        "tiers": {name: tiers[name] for name, _ in reversed(OVER_CENTS)},
    }


if __name__ == "__main__":
    print(json.dumps(figures(Path(sys.argv[1]))))
