"""The replay against a script: what it posts, on which day, and how it adds up."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.__main__ import main
from tests.scenarios.scripted import HANG_UP, Script, serving

ROWS = [
    "customer,date,items,amount_usd",
    "a,1997-07-02,1,2.00",
    "b,1997-01-01,1,0.00",
    "b,1997-01-01,2,0.40",
]


@pytest.fixture
def script() -> Script:
    """A service with two members, one of whom has lost points to time."""
    script = Script()
    members = [(201, {"member_id": "mem_b"}), (201, {"member_id": "mem_a"})]
    script.on("POST /v1/sign-ups/s/verify", *members)
    script.on(
        "POST /v1/purchases",
        (201, {"earned": 0, "to_pay_minor": 0}),
        HANG_UP,
        (200, {"earned": 2, "to_pay_minor": 40}),
        (201, {"earned": 10, "to_pay_minor": 200}),
    )
    for name, available, tier in (("mem_a", 10, "Gold"), ("mem_b", 0, "Standard")):
        balance = {"available": available, "pending": 0, "debt": 0, "held": 0}
        member = {"balance": balance, "tier": {"name": tier}}
        script.on(f"GET /v1/members/{name}", (200, member))
        script.on(f"GET /v1/members/{name}/ledger", (200, {"items": [], "next_cursor": None}))
    expired = {"movements": [{"kind": "expire", "points": -1}]}
    earned = {"movements": [*expired["movements"], {"kind": "earn", "points": 2}]}
    script.on(
        "GET /v1/members/mem_b/ledger",
        (200, {"items": [expired], "next_cursor": "next"}),
        (200, {"items": [earned], "next_cursor": None}),
    )
    return script


@pytest.fixture
def base_url(script: Script) -> Iterator[str]:
    """Serve the script."""
    with serving(script) as address:
        yield address


def replay(folder: Path, base_url: str) -> int:
    path = folder / "history.csv"
    path.write_text("\n".join(ROWS), encoding="utf-8")
    return main([str(path), "--base-url", base_url])


def test_the_last_line_gives_the_figures(
    script: Script, base_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = replay(tmp_path, base_url)

    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert status == 0
    assert figures.pop("seconds") >= 0
    assert figures.pop("purchases_per_second") > 0
    assert figures == {
        "as_of": "1997-07-02",
        "customers": 2,
        "purchases": 3,
        "amount_sum": "2.40",
        "points_earned": 12,
        "points_expired": 2,
        "points_available": 10,
        "tiers": {"Standard": 1, "Silver": 0, "Gold": 1},
    }
    assert script.asked[-2].query == "limit=100"  # the clock's return comes last


def test_purchases_are_posted_by_date_once_each_with_the_row_as_receipt(
    script: Script, base_url: str, tmp_path: Path
) -> None:
    replay(tmp_path, base_url)

    posted = [asked for asked in script.asked if asked.call == "POST /v1/purchases"]
    said = [(p.body["receipt_id"], p.body["member_id"], p.body["total_minor"]) for p in posted]
    assert said == [
        ("2", "mem_b", 0),
        ("3", "mem_b", 40),
        ("3", "mem_b", 40),
        ("1", "mem_a", 200),
    ]
    assert posted[1].key == posted[2].key
    assert len({p.key for p in posted}) == 3


def test_the_clock_is_noon_of_each_date_and_jobs_run_when_it_changes(
    script: Script, base_url: str, tmp_path: Path
) -> None:
    replay(tmp_path, base_url)

    days = ["1997-01-01T17:00:00Z", "1997-07-02T16:00:00Z"]
    assert script.bodies("POST /local/clock") == [*({"at": day} for day in days), {}]
    told = [c for c in script.calls() if c in ("POST /local/jobs/run", "POST /v1/purchases")]
    kinds = ["jobs" if "jobs" in call else "purchase" for call in told]
    assert kinds == ["purchase"] * 3 + ["jobs", "purchase", "jobs"]


def test_a_refused_purchase_stops_the_replay_with_a_sentence(
    script: Script, base_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script.on("POST /v1/purchases", (409, {"code": "receipt_exists"}))

    status = replay(tmp_path, base_url)

    assert status == 1
    assert "the replay stopped: POST /v1/purchases answered 409" in capsys.readouterr().err


def test_a_program_that_cannot_be_read_stops_it_before_it_begins(
    script: Script, base_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "history.csv"
    path.write_text("\n".join(ROWS), encoding="utf-8")
    options = ["--program", str(tmp_path / "none.json"), "--base-url", base_url]

    status = main([str(path), *options])

    assert status == 1
    assert "is no program" in capsys.readouterr().err
    assert script.asked == []
