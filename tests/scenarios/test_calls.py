"""Calling the service: asked again where that helps, with the same key, not for ever."""

import pytest

from scenarios.calls import ATTEMPTS_MAX, Caller, Refused, Unreachable
from tests.scenarios.conftest import Scripted
from tests.scenarios.scripted import HANG_UP

GOOD = (201, {"id": "pur_1"})
BUSY = (503, {"code": "busy"})


def test_a_lost_answer_is_asked_for_again_under_the_same_key(scripted: Scripted) -> None:
    scripted.script.on("POST /v1/purchases", HANG_UP, BUSY, GOOD)

    answer = scripted.caller.call("POST", "/v1/purchases", {"a": 1}, key="k1")

    assert answer == (201, {"id": "pur_1"})
    assert [(asked.key, asked.body) for asked in scripted.script.asked] == [
        ("k1", {"a": 1})
    ] * 3


def test_an_operation_still_in_progress_is_asked_for_again(scripted: Scripted) -> None:
    scripted.script.on("POST /v1/purchases", (409, {"retryable": True}), GOOD)

    answer = scripted.caller.call("POST", "/v1/purchases", key="k1")

    assert answer == (201, {"id": "pur_1"})


@pytest.mark.parametrize("status", [400, 404, 409, 422, 429, 500])
def test_a_refusal_that_another_try_would_repeat_is_final(
    scripted: Scripted, status: int
) -> None:
    scripted.script.on("GET /v1/program", (status, {"code": "no", "detail": "Not now."}))

    with pytest.raises(Refused, match=rf"^GET /v1/program answered {status} no Not now\.$"):
        scripted.caller.call("GET", "/v1/program")

    assert len(scripted.script.asked) == 1


def test_a_service_that_stays_busy_is_given_up(scripted: Scripted) -> None:
    scripted.script.on("GET /v1/program", BUSY)

    with pytest.raises(Refused, match="503 busy"):
        scripted.caller.call("GET", "/v1/program")

    assert len(scripted.script.asked) == ATTEMPTS_MAX


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:1", "localhost:8000", "http://"])
def test_an_address_where_nobody_answers_is_unreachable(base_url: str) -> None:
    with pytest.raises(Unreachable):
        Caller(base_url).call("GET", "/healthz")
