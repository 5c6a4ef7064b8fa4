"""Runs schedules of the simulator from the command line.

`python -m tests.simulation --schedules 100000` tries seeds 0, 1, 2 … and prints the table
of operations and faults; `--seed N` runs one with a trace of every step.
"""

import argparse
import sys
import time

from tests.simulation.checking import Broken, check
from tests.simulation.coverage import Covered, missing, table
from tests.simulation.running import run

SCHEDULES = 20_000  # as many as the suite runs


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line asks for; 1 if a promise was broken or a pair is missing."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="run this one, with a trace")
    parser.add_argument("--schedules", type=int, default=SCHEDULES)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    given = parser.parse_args(arguments)
    if given.seed is not None:
        return _trace(given.seed)
    return _try(given.first, given.schedules)


def _trace(seed: int) -> int:
    schedule = run(seed, trace=print)
    for commit in schedule.ledger.log:
        print(f"committed by till {commit.till}: {commit.change.operation.key or 'job'}")
    try:
        check(schedule)
    except Broken as broken:
        print(broken)
        return 1
    print(f"seed {seed}: all promises kept")
    return 0


def _try(first: int, schedules: int) -> int:
    covered: Covered = Covered()
    began, broken = time.perf_counter(), 0
    for seed in range(first, first + schedules):
        try:
            schedule = run(seed)
            covered += schedule.covered
            check(schedule)
        except AssertionError as wrong:
            print(f"seed {seed}: {wrong}")
            broken += 1
    seconds = time.perf_counter() - began
    print(table(covered))
    print(f"{schedules} schedules in {seconds:.1f} s, {broken} broken")
    for kind, fault in missing(covered):
        print(f"not covered: {kind} × {fault}")
    return 1 if broken or missing(covered) else 0


if __name__ == "__main__":
    sys.exit(main())
