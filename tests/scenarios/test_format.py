"""Reading scenario files: what is not understood is refused, never skipped."""

import json
from pathlib import Path

import pytest

from scenarios.format import FormatError, read_scenario

PROGRAM = {"currency": "RUB", "timezone": "Europe/Moscow"}
QUERY = {"type": "query", "at": "2026-03-02", "expect": {"available": 0}}
LINE = {"unit_price": "1.00", "qty": 1}
PURCHASE = {"type": "purchase", "at": "2026-03-02", "id": "R1", "lines": [LINE]}


def written(folder: Path, *events: object, **more: object) -> Path:
    path = folder / "S1.json"
    document = {"id": "S1", "title": "t", "program": PROGRAM, "events": events, **more}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(FormatError) as caught:
        read_scenario(path)
    return str(caught.value)


def test_events_keep_the_file_s_order_and_are_numbered_from_one(tmp_path: Path) -> None:
    path = written(tmp_path, PURCHASE, QUERY)

    scenario = read_scenario(path)

    labels = [event.label for event in scenario.events]
    assert labels == ["event 1 (purchase)", "event 2 (query)"]


def test_past_receipts_and_past_questions_do_not_move_the_clock(tmp_path: Path) -> None:
    past = {"type": "history", "at": "2026-02-01", "net_paid": "1.00"}
    path = written(tmp_path, past, {**QUERY, "as_of": True}, QUERY)

    scenario = read_scenario(path)

    assert [event.moves_clock for event in scenario.events] == [False, False, True]


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ({**QUERY, "type": "refund"}, "event 1 (refund): unknown event type"),
        ({**QUERY, "type": ["query"]}, "event 1 (['query']): unknown event type"),
        ("query", "event 1: not an object"),
        ({**QUERY, "when": 1}, "event 1 (query): unknown key `when`"),
        ({**QUERY, "expect": {"points": 1}}, "event 1 (query): expect: unknown key `points`"),
        ({**QUERY, "expect": []}, "event 1 (query): `expect` is not an object"),
        ({"type": "query"}, "event 1 (query): `at` is missing"),
        ({**QUERY, "at": "2026-02-30"}, "event 1 (query): `at` is not a date: '2026-02-30'"),
        (
            {**PURCHASE, "lines": [{**LINE, "colour": "x"}]},
            "event 1 (purchase): line 0: unknown key `colour`",
        ),
        (
            {**PURCHASE, "lines": "all"},
            "event 1 (purchase): `lines` is not a list of 1 to 200 lines",
        ),
        ({"type": "return", "at": "2026-03-02"}, "event 1 (return): `lines` is missing"),
    ],
)
def test_an_event_that_is_not_understood_is_refused(
    tmp_path: Path, event: object, message: str
) -> None:
    path = written(tmp_path, event)

    assert refusal(path) == message


def test_an_unknown_key_of_the_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, QUERY, notes="x")

    assert refusal(path) == "the file: unknown key `notes`"


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"id": "a", "id": "b"}', '{"id": NaN}', "[" * 100_000, "\udcff"],
    ids=["empty", "list", "cut", "twice", "nan", "deep", "bytes"],
)
def test_a_file_that_is_no_scenario_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "S1.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))

    assert refusal(path).startswith("cannot be read: ")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.json").startswith("cannot be read: ")
