"""How the runner judges what a script answers, and what it prints."""

from pathlib import Path
from typing import Any

import pytest

from scenarios.__main__ import main
from tests.scenarios.conftest import Scripted
from tests.scenarios.examples import MEMBER, event, line_of, purchase, standing, written


def test_a_file_is_run_twice_with_and_without_the_jobs(
    scripted: Scripted, tmp_path: Path
) -> None:
    scripted.script.on(MEMBER, (200, standing(available=5)))
    path = written(tmp_path, event("query", expect={"available": 5}), event("query"))

    line = line_of(scripted, path)

    calls = scripted.script.calls()
    assert line == "C01 ok"
    assert calls.count("POST /local/merchants") == 2
    assert calls.count(MEMBER) == 4
    assert calls.count("POST /local/jobs/run") == 2


def test_an_unmet_expectation_names_event_field_and_both_values(
    scripted: Scripted, tmp_path: Path
) -> None:
    scripted.script.on(MEMBER, (200, standing()))
    scripted.script.on("POST /v1/purchases", (201, {"id": "pur_1", "earned": 120}))
    path = written(tmp_path, event("query"), purchase(expect={"earned": 240}))

    assert (
        line_of(scripted, path) == "C01 FAIL: event 2 (purchase): earned: expected 240, got 120"
    )


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ({"tier": "Vip"}, "tier: expected Vip, got Gold"),
        ({"turnover": "10000.00"}, "turnover: expected 10000.00, got 10000.01"),
        ({"available": 1}, "available: expected 1, got true"),
        ({"debt": 0}, "debt: expected 0, got 0.0"),
        ({"pending": 0}, "pending: expected 0, got nothing"),
    ],
)
def test_a_value_of_another_kind_or_none_at_all_is_a_difference(
    scripted: Scripted, tmp_path: Path, expect: dict[str, Any], said: str
) -> None:
    answer = standing() | {"balance": {"available": True, "debt": 0.0}}
    scripted.script.on(MEMBER, (200, answer))
    path = written(tmp_path, event("query", expect=expect))

    assert line_of(scripted, path) == f"C01 FAIL: event 1 (query): {said}"


def test_runs_that_differ_fail_even_where_nothing_was_expected(
    scripted: Scripted, tmp_path: Path
) -> None:
    scripted.script.on(MEMBER, (200, standing(available=0)), (200, standing(available=300)))
    path = written(tmp_path, event("query"))

    assert line_of(scripted, path) == (
        "C01 FAIL: event 1 (query): available: 0 when the jobs have run, 300 when not"
    )


def test_a_failure_in_the_second_run_alone_says_so(scripted: Scripted, tmp_path: Path) -> None:
    scripted.script.on(MEMBER, (200, standing(available=0)), (200, standing(available=300)))
    path = written(tmp_path, event("query", expect={"available": 0}))

    assert line_of(scripted, path) == (
        "C01 FAIL: event 1 (query): available: expected 0, got 300 (in the run without jobs)"
    )


def test_a_refused_event_fails_with_the_service_s_words(
    scripted: Scripted, tmp_path: Path
) -> None:
    scripted.script.on("POST /v1/purchases", (409, {"code": "receipt_exists"}))
    path = written(tmp_path, purchase())

    assert line_of(scripted, path) == (
        "C01 FAIL: event 1 (purchase): POST /v1/purchases answered 409 receipt_exists"
    )


def test_an_answer_without_a_field_it_must_have_fails(
    scripted: Scripted, tmp_path: Path
) -> None:
    scripted.script.on("POST /v1/purchases", (201, {"earned": 1}))
    path = written(tmp_path, purchase())

    assert line_of(scripted, path) == "C01 FAIL: event 1 (purchase): the answer has no 'id'"


def test_the_command_counts_and_exits_with_one_if_any_fails(
    scripted: Scripted, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scripted.script.on(MEMBER, (200, standing(available=5)))
    good = written(tmp_path, event("query", expect={"available": 5}), name="C01")
    unknown = written(tmp_path, event("lottery"), name="C02")
    files = [str(good), str(unknown), str(tmp_path / "C03.json")]

    status = main([*files, "--base-url", scripted.base_url])

    out = capsys.readouterr().out.splitlines()
    assert status == 1
    assert out[0] == "C01 ok"
    assert out[1] == "C02 FAIL: event 1 (lottery): unknown event type"
    assert out[2].startswith("C03 FAIL: cannot be read: ")
    assert out[3] == "1 passed, 2 failed"


def test_the_command_exits_with_zero_if_all_pass_and_gives_the_clock_back(
    scripted: Scripted, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scripted.script.on(MEMBER, (200, standing()))
    path = written(tmp_path, event("query"))

    status = main([str(path), "--base-url", scripted.base_url])

    assert status == 0
    assert capsys.readouterr().out == "C01 ok\n1 passed, 0 failed\n"
    assert scripted.script.bodies("POST /local/clock")[-1] == {}


def test_the_command_says_when_no_service_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, event("query"))

    status = main([str(path), "--base-url", "http://127.0.0.1:1"])

    assert status == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("C01 FAIL: the start: POST /local/clock")
    assert out[1] == "0 passed, 1 failed"
