"""What the runner asks of the API for confirmations, seen by a script."""

from pathlib import Path

from scenarios.confirmation_events import shown_code
from tests.scenarios.conftest import Scripted
from tests.scenarios.examples import event, line_of, purchase, written

PAGE = '<p data-one-time="L37Q2M8K4D9XAB" data-key="{key}" data-period="60" data-now="{now}">'
# RFC 4226, appendix D: the key of its vectors, and the digits of step 1.
KEY = b"12345678901234567890".hex()
CODE = "L37Q2M8K4D9XAB287082"
CARD = {"member_id": "mem_1", "card_url": "https://cards.example/c/secret"}
VERIFIED = {"id": "cnf_1", "state": "verified"}
REQUIRED = {"code": "confirmation_required", "reason": "missing"}


def page(seconds: int = 60) -> str:
    return PAGE.format(key=KEY, now=seconds * 1_000)


def test_the_code_of_a_card_is_that_of_its_minute() -> None:
    assert [shown_code(page(seconds)) for seconds in (60, 119)] == [CODE, CODE]
    assert shown_code(page(120)) != CODE


def with_a_card(scripted: Scripted) -> None:
    scripted.script.on("POST /v1/sign-ups/s/verify", (201, CARD))
    scripted.script.on("GET /c/secret", (200, page()))


def test_a_purchase_names_the_confirmation_of_an_event(
    scripted: Scripted, tmp_path: Path
) -> None:
    with_a_card(scripted)
    scripted.script.on("POST /v1/confirmations", (201, VERIFIED))
    scripted.script.on("POST /v1/purchases", (201, {"id": "pur_1"}))
    shown = event("confirm", id="C", expect={"accepted": True})
    path = written(tmp_path, shown, purchase(confirmation="C"))

    line = line_of(scripted, path)

    assert line == "C01 ok"
    asked = {"member_id": "mem_1", "method": "one_time_code", "code": CODE}
    assert scripted.script.bodies("POST /v1/confirmations") == [asked] * 2
    assert scripted.script.bodies("POST /v1/purchases")[0]["confirmation_id"] == "cnf_1"


def test_a_code_that_was_used_can_be_expected(scripted: Scripted, tmp_path: Path) -> None:
    with_a_card(scripted)
    scripted.script.on("POST /v1/confirmations", (409, {"code": "confirmation_used"}))
    expected = event("confirm", id="C", expect={"accepted": False})

    good = line_of(scripted, written(tmp_path, expected))
    bad = line_of(scripted, written(tmp_path, event("confirm", id="C")))

    assert good == "C01 ok"
    assert "answered 409 confirmation_used" in bad


def test_a_redemption_that_wants_one_can_be_expected(
    scripted: Scripted, tmp_path: Path
) -> None:
    for call in ("purchases", "redemptions", "holds"):
        scripted.script.on(f"POST /v1/{call}", (403, REQUIRED))
    expect = {"refused": "confirmation_required"}
    asked = (
        purchase(expect=expect),
        event("spend", points=5, expect=expect),
        event("hold", id="H", points=5, expect=expect),
    )

    good = line_of(scripted, written(tmp_path, *asked))
    bad = line_of(scripted, written(tmp_path, event("spend", points=5)))

    assert good == "C01 ok"
    assert "answered 403 confirmation_required" in bad


def test_a_confirmation_that_no_event_made_is_a_failure(
    scripted: Scripted, tmp_path: Path
) -> None:
    line = line_of(scripted, written(tmp_path, purchase(confirmation="C")))

    assert "there is no confirmation 'C' by then" in line
