"""`python -m benchmarks`: every promise about cost, measured, as one JSON document.

`--members N`, `--rows N` and `--passes N` set the sizes at which the counts are taken again.
"""

import argparse
import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from typing import Any

from benchmarks import imports, passes, pricing, purchases, pushes, pushes_cpu
from benchmarks.shop import open_shop


def main() -> int:
    """Measure and print; 1 if a mark is missed."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--passes", type=int, default=100_000)
    chosen = parser.parse_args()
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), open_shop() as shop:
        member = purchases.new_member(shop, 0)
        found = {"few": purchases.counts(shop, member)}
        found["cpu"] = purchases.cpu(shop)
        phone = {"few": pushes.counts(shop)}
        purchases.add_members(shop, chosen.members)
        purchases.add_ledger_rows(shop, member, chosen.rows)
        found["many"] = purchases.counts(shop, member)
        pushes.add_passes(shop, chosen.passes)
        phone["many"] = pushes.counts(shop)
        found["phone"] = phone | {"passes": chosen.passes}
        found["many"]["members"] = chosen.members
        found["many"]["ledger_rows"] = chosen.rows
    found["import"] = imports.measure()
    found["pass"] = _alone("benchmarks.passes")
    found["pushes"] = _alone("benchmarks.pushes")
    found["pricing"] = _alone("benchmarks.pricing")
    found["pushes_cpu"] = _alone("benchmarks.pushes_cpu")
    missed = _missed(found)
    print(json.dumps({**found, "missed": missed}, indent=2, ensure_ascii=False))
    return 1 if missed else 0


def _alone(module: str) -> dict[str, Any]:
    """Measure in a process of its own: the service's heap is not another's to collect."""
    done = subprocess.run(
        [sys.executable, "-m", module], check=False, capture_output=True, text=True
    )
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def _missed(found: dict[str, dict[str, Any]]) -> list[str]:
    """Return the marks that were missed, in words."""
    few, many = found["few"], found["many"]
    missed = []
    for name in ("purchase", "purchase_with_redemption"):
        if few[name]["round_trips"] > 2:  # noqa: PLR2004 - the mark
            missed.append(f"{name}: more than 2 round trips")
        if few[name]["table_wcu"] > 8:  # noqa: PLR2004 - the mark
            missed.append(f"{name}: more than 8 table WCU")
    if few["outbox"]["table_wcu"] > 3:  # noqa: PLR2004 - the mark: the marker, two rows
        missed.append("outbox: more than 3 table WCU a purchase")
    missed += [f"{n}: over 1 KB" for n, size in few["item_bytes"].items() if size > 1024]  # noqa: PLR2004
    for name in ("purchase", "quote", "lookup", "return", "registration"):
        few_cost = {k: v for k, v in few[name].items() if k != "index_wcu"}
        if few_cost != {k: v for k, v in many[name].items() if k != "index_wcu"}:
            missed.append(f"{name}: costs more with more members or rows")
    missed += ["cpu: ratio"] if found["cpu"]["ratio"] > 1.5 else []  # noqa: PLR2004
    phone = found["phone"]
    missed += pushes.missed(found["pushes"], phone["few"], phone["many"])
    missed += pushes_cpu.missed(found["pushes_cpu"])
    return missed + passes.missed(found["pass"]) + pricing.missed(found["pricing"])


if __name__ == "__main__":
    sys.exit(main())
