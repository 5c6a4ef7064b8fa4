"""Members go in the middle of everything, and nothing is lost or done twice.

A failure names its seed: `run(seed, plan_of=exits)` does the same again.
"""

from collections import Counter as Tally

import pytest

from tests.simulation import deeds
from tests.simulation.exits import exits, faults
from tests.simulation.mutants import (
    WithoutFingerprint,
    WithoutIdempotency,
    WithoutReadBeforeRefusal,
    WithoutVersion,
)
from tests.simulation.running import FAULTS, run
from tests.simulation.storage import SteppedLedger

CHUNKS, SCHEDULES_PER_CHUNK = 2, 1_500
MUTANT_SCHEDULES_MAX = 600
EXITS = (deeds.ERASE, deeds.MERGE)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_promise_holds_while_members_are_erased_and_merged(chunk: int) -> None:
    first = chunk * SCHEDULES_PER_CHUNK
    covered: Tally[tuple[str, str]] = Tally()

    for seed in range(first, first + SCHEDULES_PER_CHUNK):
        schedule = run(seed, plan_of=exits)
        covered += schedule.covered
        for fault in faults(schedule):
            raise AssertionError(f"seed {seed}: {fault}")

    pairs = [(kind, fault) for kind in EXITS for fault in FAULTS]
    assert [pair for pair in pairs if not covered[pair]] == []


@pytest.mark.parametrize(
    "mutant",
    [WithoutIdempotency, WithoutVersion, WithoutReadBeforeRefusal, WithoutFingerprint],
    ids=lambda mutant: mutant.__name__,
)
def test_a_planted_defect_is_found(mutant: type[SteppedLedger]) -> None:
    found = next(
        (seed for seed in range(MUTANT_SCHEDULES_MAX) if _is_found(mutant, seed)), None
    )

    assert found is not None, f"{MUTANT_SCHEDULES_MAX} did not find {mutant.__name__}"


def _is_found(mutant: type[SteppedLedger], seed: int) -> bool:
    try:
        return any(True for _ in faults(run(seed, mutant, plan_of=exits)))
    except (AssertionError, LookupError, ValueError):  # a promise, or the rules themselves
        return True
