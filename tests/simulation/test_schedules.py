"""Twenty thousand schedules of six tills and all that goes wrong, each a number.

A failure names its seed: `python -m tests.simulation --seed N` shows every step of it.
"""

import pytest

from tests.simulation.__main__ import main
from tests.simulation.checking import check
from tests.simulation.coverage import Covered, missing, table
from tests.simulation.running import run

CHUNKS, SCHEDULES_PER_CHUNK = 5, 4_000  # fewer would not meet every fault in all of them


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_promise_holds_and_every_fault_is_tried_in_every_operation(chunk: int) -> None:
    first = chunk * SCHEDULES_PER_CHUNK
    covered: Covered = Covered()

    for seed in range(first, first + SCHEDULES_PER_CHUNK):
        schedule = run(seed)
        covered += schedule.covered
        check(schedule)

    print(table(covered))
    assert missing(covered) == []


def test_a_seed_gives_the_same_schedule_every_time() -> None:
    first = run(7)

    again = run(7)

    assert again.calls == first.calls
    assert [c.change for c in again.ledger.log] == [c.change for c in first.ledger.log]
    assert again.covered == first.covered


def test_a_seed_can_be_run_alone_with_a_trace(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", "7"]) == 0

    printed = capsys.readouterr().out
    assert "till 0" in printed
    assert "seed 7: all promises kept" in printed


def test_the_table_says_what_was_not_tried(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--schedules", "1"]) == 1

    printed = capsys.readouterr().out
    assert "1 schedules in" in printed
    assert "not covered: " in printed
