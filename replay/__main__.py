"""`python -m replay FILE [--program FILE] [--base-url URL]`: replay a purchase history.

Ends with one line of JSON: the figures as of the last date in the file. `seconds` are
those of the registrations, purchases and jobs, without the reading out of the figures.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from replay.history import History, HistoryError, read_history
from replay.posting import begin, post, run_jobs, standing
from scenarios.calls import Caller, Refused, Unreachable
from scenarios.enrolment import CodeMissing
from scenarios.format import FormatError
from scenarios.local_service import calling, reached
from scenarios.money import money

PROGRAM = Path(__file__).with_name("program.json")


class ProgramError(Exception):
    """A program file that cannot be used."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Replay a file and print its figures; return 1 if that was not possible."""
    parser = argparse.ArgumentParser(prog="replay", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--program", type=Path, default=PROGRAM)
    parser.add_argument("--base-url", help="a running service; otherwise one is started")
    options = parser.parse_args(arguments)
    try:
        history = read_history(options.file)
        program = read_program(options.program, history.currency)
        with reached(options.base_url) as base_url, calling(base_url) as caller:
            figures = replayed(caller, program, history)
    except (HistoryError, ProgramError, FormatError) as error:
        print(error, file=sys.stderr)
        return 1
    except (Refused, Unreachable, CodeMissing) as error:
        print(f"the replay stopped: {error}", file=sys.stderr)
        return 1
    print(json.dumps(figures))
    return 0


def read_program(path: Path, currency: str) -> dict[str, Any]:
    """Read a program, in the currency of the history it is for."""
    try:
        program = json.loads(path.read_text(encoding="utf-8"))
        named = program["currency"]
        program["timezone"] = str(program["timezone"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ProgramError(f"{path} is no program: {error}") from error
    if named != currency:
        print(f"the history is in {currency}: so is the program, not {named}", file=sys.stderr)
    return {**program, "currency": currency}


def replayed(caller: Caller, program: Mapping[str, Any], history: History) -> dict[str, Any]:
    """Post a whole history to a fresh merchant and return its figures."""
    started = time.monotonic()
    replay = begin(caller, program, history)
    for sale in tqdm(history.sales, unit="purchase", desc="purchases", mininterval=0.5):
        post(replay, sale)
    run_jobs(replay)
    seconds = time.monotonic() - started

    members = tqdm(replay.members.values(), unit="member", desc="balances", mininterval=0.5)
    last_day = standing(replay, members)
    return {
        "as_of": str(history.last_day),
        "customers": len(replay.members),
        "purchases": replay.purchases,
        "amount_sum": money(replay.amount_minor, history.currency),
        "points_earned": replay.points_earned,
        "points_expired": last_day.points_expired,
        "points_available": last_day.points_available,
        "tiers": dict(last_day.tiers),
        "seconds": round(seconds, 1),
        "purchases_per_second": round(replay.purchases / seconds, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
