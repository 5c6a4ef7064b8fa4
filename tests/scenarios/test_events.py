"""What the runner asks of the API for each event, seen by a script."""

from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.conftest import Scripted
from tests.scenarios.examples import (
    MEMBER,
    PROGRAM,
    event,
    line_of,
    purchase,
    standing,
    written,
)


@pytest.mark.parametrize(
    ("redeem", "said"),
    [
        (0, {"mode": "none"}),
        ("max", {"mode": "max"}),
        (30, {"mode": "max", "points": 30}),
    ],
)
def test_a_purchase_is_posted_as_the_api_takes_it(
    scripted: Scripted, tmp_path: Path, redeem: object, said: dict[str, Any]
) -> None:
    scripted.script.on("POST /v1/purchases", (201, {"id": "pur_1"}))
    path = written(tmp_path, purchase(channel="online", redeem=redeem))

    line_of(scripted, path)

    body = {
        "member_id": "mem_1",
        "receipt_id": "R1",
        "channel": "online",
        "lines": [{"margin": "normal", "quantity": "2", "unit_price_minor": 120050}],
        "redeem": said,
    }
    assert scripted.script.bodies("POST /v1/purchases") == [body, body]


def test_the_two_runs_use_different_keys(scripted: Scripted, tmp_path: Path) -> None:
    scripted.script.on("POST /v1/purchases", (201, {"id": "pur_1"}))
    path = written(tmp_path, purchase())

    line_of(scripted, path)

    keys = [a.key for a in scripted.script.asked if a.call == "POST /v1/purchases"]
    assert len(set(keys)) == 2
    assert None not in keys


def test_a_purchase_shows_every_name_of_the_format(scripted: Scripted, tmp_path: Path) -> None:
    lots = [(201, {"lot_id": 16}), (201, {"lot_id": 32})]
    scripted.script.on("POST /v1/members/mem_1/grants", *lots, *lots)
    answer = {
        "id": "pur_1",
        "tier": {"name": "Gold", "is_new": False},
        "redeem_max": 350,
        "redeemed": 350,
        "earned": 7,
        "to_pay_minor": 315000,
        "gift_card_minor": 100000,
        "money_minor": 215000,
        "stamps": 4,
        "allocation": [{"lot_id": 32, "points": 300}, {"lot_id": 16, "points": 50}],
        "lines": [{"redeemed": 350, "earned": 7, "free_quantity": "2"}],
    }
    scripted.script.on("POST /v1/purchases", (201, answer))
    expect = {
        "tier": "Gold",
        "redeem_limit": 350,
        "redeemed": 350,
        "earned": 7,
        "to_pay": "3150.00",
        "earned_by_line": [7],
        "redeemed_by_line": [350],
        "from_lots": {"A": 50, "B": 300},
        "free_units": 2,
        "stamps_after": 4,
        "gift_covered": "1000.00",
        "cash": "2150.00",
    }
    grants = [event("grant", id=name, points=1) for name in ("A", "B")]
    path = written(tmp_path, *grants, purchase(expect=expect))

    assert line_of(scripted, path) == "C01 ok"


def test_the_clock_is_noon_in_the_program_s_zone_and_moves_once_a_day(
    scripted: Scripted, tmp_path: Path
) -> None:
    scripted.script.on(MEMBER, (200, standing()))
    scripted.script.on("POST /v1/history", (200, {"items": [{"status": 201}]}))
    past = {"type": "history", "at": "2026-02-01", "net_paid": "0.01"}
    days = ["2026-03-02", "2026-03-02", "2026-07-02"]
    path = written(tmp_path, past, *({"type": "query", "at": day} for day in days))

    line_of(scripted, path)

    run = [{"at": "2026-03-02T09:00:00Z"}, {"at": "2026-07-02T09:00:00Z"}]
    assert scripted.script.bodies("POST /local/clock") == run * 2
    assert scripted.script.bodies("POST /v1/history")[0] == [
        {
            "member_id": "mem_1",
            "at": "2026-02-01T09:00:00Z",
            "net_paid_minor": 1,
            "receipt_id": "history-1",
        }
    ]


def test_a_question_about_a_past_date_is_asked_at_the_end(
    scripted: Scripted, tmp_path: Path
) -> None:
    scripted.script.on("POST /v1/redemptions", (201, {}))
    past_balance = {"available": 9, "pending": 0, "debt": 0}
    scripted.script.on("GET /v1/members/mem_1/balance", (200, past_balance))
    past = {"type": "query", "at": "2026-01-01", "as_of": True, "expect": {"available": 9}}
    path = written(tmp_path, past, event("spend", points=3))

    line = line_of(scripted, path)

    last = scripted.script.asked[-1]
    assert line == "C01 ok"
    assert (last.call, last.query) == ("GET /v1/members/mem_1/balance", "on=2026-01-01")
    assert scripted.script.bodies("POST /local/clock") == [{"at": "2026-03-02T09:00:00Z"}] * 2


@pytest.mark.parametrize(
    ("status", "code", "accepted"),
    [(201, "", True), (409, "insufficient_points", False)],
)
def test_a_hold_is_accepted_or_not(
    scripted: Scripted, tmp_path: Path, status: int, code: str, accepted: bool
) -> None:
    scripted.script.on("POST /v1/holds", (status, {"id": "hold_1", "code": code}))
    path = written(tmp_path, event("hold", id="H", points=9, expect={"accepted": accepted}))

    assert line_of(scripted, path) == "C01 ok"
    assert scripted.script.bodies("POST /v1/holds")[0]["ttl_seconds"] == 86400


def test_a_hold_refused_for_another_reason_is_a_failure(
    scripted: Scripted, tmp_path: Path
) -> None:
    scripted.script.on("POST /v1/holds", (404, {"code": "member_not_found"}))
    path = written(tmp_path, event("hold", id="H", points=9, expect={"accepted": False}))

    assert line_of(scripted, path).endswith("POST /v1/holds answered 404 member_not_found")


@pytest.mark.parametrize(("status", "accepted"), [(201, True), (200, False)])
def test_a_registration_is_accepted_when_the_member_is_new(
    scripted: Scripted, tmp_path: Path, status: int, accepted: bool
) -> None:
    scripted.script.on("POST /v1/sign-ups/s/verify", (status, {"member_id": "mem_2"}))
    friend = {"customer": "B", "phone": "+79990000002"}
    expect = {"accepted": accepted, "why": "a hint"}
    path = written(tmp_path, event("register", **friend, expect=expect))

    assert line_of(scripted, path) == "C01 ok"
    codes = [body["code"] for body in scripted.script.bodies("POST /v1/sign-ups/s/verify")]
    assert codes == ["000001", "000002", "000003", "000004"]


def test_a_changed_program_is_published_whole(scripted: Scripted, tmp_path: Path) -> None:
    scripted.script.on("PUT /v1/program/draft", (200, {}))
    scripted.script.on("POST /v1/program/draft/publish", (200, {}))
    path = written(tmp_path, event("change_program", set={"expiry_days": 30}))

    line = line_of(scripted, path)

    assert line == "C01 ok"
    drafts = scripted.script.bodies("PUT /v1/program/draft")
    assert drafts == [{**PROGRAM, "expiry_days": 30}] * 2


def test_a_name_that_no_event_has_introduced_is_a_failure(
    scripted: Scripted, tmp_path: Path
) -> None:
    path = written(tmp_path, event("return", purchase="R9", lines="all"))

    assert line_of(scripted, path) == (
        "C01 FAIL: event 1 (return): there is no purchase 'R9' by then"
    )


@pytest.mark.parametrize(
    ("status", "code", "accepted"), [(200, "", True), (404, "hold_not_found", False)]
)
def test_a_release_is_accepted_or_not(
    scripted: Scripted, tmp_path: Path, status: int, code: str, accepted: bool
) -> None:
    scripted.script.on("POST /v1/holds", (201, {"id": "hold_1"}))
    scripted.script.on("POST /v1/holds/hold_1/release", (status, {"code": code}))
    release = event("release", id="H", expect={"accepted": accepted})
    path = written(tmp_path, event("hold", id="H", points=9), release)

    assert line_of(scripted, path) == "C01 ok"


@pytest.mark.parametrize(("qty", "said"), [(3, "3"), (0.35, "0.35"), ("0.350", "0.350")])
def test_a_quantity_is_posted_as_a_decimal_string(
    scripted: Scripted, tmp_path: Path, qty: object, said: str
) -> None:
    scripted.script.on("POST /v1/quotes", (200, {"to_pay_minor": 1}))
    line = {"unit_price": "1.00", "qty": qty, "category": "c"}
    path = written(tmp_path, event("quote", lines=[line], expect={"to_pay": "0.01"}))

    assert line_of(scripted, path) == "C01 ok"
    assert scripted.script.bodies("POST /v1/quotes")[0]["lines"][0]["quantity"] == said
