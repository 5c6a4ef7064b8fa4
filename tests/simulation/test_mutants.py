"""Every planted defect is found by the simulator, within the seeds the suite runs."""

import pytest

from tests.simulation.checking import check
from tests.simulation.mutants import MUTANTS
from tests.simulation.program_mutants import PROGRAM_MUTANTS
from tests.simulation.running import run
from tests.simulation.storage import SteppedLedger

SCHEDULES_MAX = 2_000


@pytest.mark.parametrize(
    "mutant", MUTANTS + PROGRAM_MUTANTS, ids=lambda mutant: mutant.__name__
)
def test_a_planted_defect_is_found(mutant: type[SteppedLedger]) -> None:
    found = next((seed for seed in range(SCHEDULES_MAX) if _is_found(mutant, seed)), None)

    assert found is not None, f"{SCHEDULES_MAX} schedules did not find {mutant.__name__}"


def _is_found(mutant: type[SteppedLedger], seed: int) -> bool:
    try:
        check(run(seed, mutant))
    except (AssertionError, LookupError, ValueError):  # a promise, or the rules themselves
        return True
    return False
