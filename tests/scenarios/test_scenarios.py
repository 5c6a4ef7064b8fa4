"""The worked examples of the rules, run against the service: each file twice."""

from pathlib import Path

import pytest

from scenarios.calls import Caller
from scenarios.running import run_file

FILES = sorted(Path(__file__).parent.glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_service_does_what_the_scenario_says(caller: Caller, path: Path) -> None:
    verdict = run_file(caller, path)

    assert verdict.line == f"{path.stem} ok"
