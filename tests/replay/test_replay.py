"""A small history replayed against the service, to the point like the independent sums."""

import json
from pathlib import Path

import pytest

from replay.__main__ import main
from replay.check import figures
from tests.replay.histories import history


def test_a_replay_ends_with_the_figures_of_the_independent_calculation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = history(tmp_path / "history.csv", customers=12, purchases=60, seed=1)

    status = main([str(path)])

    shown = json.loads(capsys.readouterr().out.splitlines()[-1])
    expected = figures(path)
    assert status == 0
    assert {name: shown[name] for name in expected} == expected


def test_the_generated_history_has_something_of_everything(tmp_path: Path) -> None:
    path = history(tmp_path / "history.csv", customers=12, purchases=60, seed=1)

    expected = figures(path)

    assert (expected["customers"], expected["purchases"]) == (12, 60)
    assert expected["points_expired"] > 0
    assert expected["points_available"] > 0
    assert min(expected["tiers"].values()) > 0
    assert ",0.00" in path.read_text(encoding="utf-8")
