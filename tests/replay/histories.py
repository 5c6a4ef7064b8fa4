"""Makes small purchase histories by seed: the shape of a real one, nobody's data."""

import random
from datetime import date, timedelta
from pathlib import Path

FIRST_DAY = date(1997, 1, 1)
DAYS = 545
CENTS = (0, 0, 1, 19, 20, 1477, 2999, 9999, 10000, 10001, 15001, 30001)


def history(path: Path, *, customers: int, purchases: int, seed: int) -> Path:
    """Write a history: free receipts, sums at the thresholds, several on one day, 18 months."""
    chance = random.Random(seed)
    busy_days = [FIRST_DAY + timedelta(chance.randrange(DAYS)) for _ in range(purchases // 2)]
    rows = []
    for number in range(purchases):
        # Everybody buys once; by customer, like an export, so not by date.
        customer = number if number < customers else chance.randrange(customers)
        cents = chance.choice(CENTS)
        on, items = chance.choice(busy_days), chance.randrange(1, 5)
        rows.append(f"{customer:05d},{on},{items},{cents // 100}.{cents % 100:02d}")
    rows.sort()
    path.write_text("\n".join(["customer,date,items,amount_usd", *rows, ""]), encoding="utf-8")
    return path
