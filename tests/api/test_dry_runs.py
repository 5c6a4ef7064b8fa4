"""Dry runs over HTTP: begun, looked at while they run, read as JSON and as a table."""

import csv
import io
import json
from typing import Any

import pytest

from chalicelib.api.dry_run_words import ASSUMED
from chalicelib.domain.dry_runs import ASSUMPTIONS
from chalicelib.jobs.outbox import sweep
from chalicelib.jobs.schedule import work
from chalicelib.wiring import Services
from tests.api.caller import Answer
from tests.api.shop import PROGRAM, Shop

CAT = "=cat()"  # a category that a spreadsheet would run
DRAFT = {**PROGRAM, "category_discounts": {CAT: 10}}


class Context:
    def __init__(self, remaining_ms: int = 300_000) -> None:
        self.remaining_ms = remaining_ms

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_ms


def do_jobs(wired: Services, context: Context) -> int:
    """Work on what is queued now; how many messages there were."""
    taken = wired.queue.take("schedule", 1_000)  # type: ignore[attr-defined]
    records = [{"messageId": one.message_id, "body": one.body} for one in taken]
    assert work({"Records": records}, context) == {"batchItemFailures": []}
    for one in taken:
        wired.queue.done("schedule", one.message_id)  # type: ignore[attr-defined]
    return len(taken)


def begin(shop: Shop, **body: Any) -> Answer:
    return shop.office.post("/v1/program/dry-runs", body)


@pytest.fixture
def busy_shop(shop: Shop) -> Shop:
    """A shop with two receipts of one member, in the journal."""
    member_id = shop.join(name="Anna")["member_id"]
    lines = [{"quantity": "1", "unit_price_minor": 10_000, "category": CAT}]
    for number in ("r1", "r2"):
        shop.till.post("/v1/purchases", shop.sale(member_id, number, lines=lines))
    sweep({}, Context())
    return shop


def test_a_dry_run_is_begun_watched_and_read(busy_shop: Shop, wired: Services) -> None:
    begun = begin(busy_shop, draft=DRAFT)
    path = f"/v1/jobs/{begun.json['id']}"
    queued = busy_shop.office.get(path)
    early = busy_shop.office.get(f"/v1/program/dry-runs/{begun.json['id']}")
    do_jobs(wired, Context())
    done = busy_shop.office.get(path)
    result = busy_shop.office.get(done.json["result"])

    assert (begun.status, begun.headers["Location"]) == (202, path)
    assert queued.json == begun.json
    assert (begun.json["state"], begun.json["progress"]) == ("queued", {"done": 0, "total": 0})
    assert (early.status, early.code) == (409, "job_unfinished")
    assert (done.json["state"], done.json["progress"]) == ("done", {"done": 2, "total": 2})
    assert result.json["cost"] == {"points": -2, "amount_minor": 2_000 - 200}
    assert result.json["totals"]["difference"] == {
        "discount_minor": 2_000, "redeemed": 0, "redeemed_minor": 0,
        "to_pay_minor": -2_000, "earned": -2, "earned_minor": -200,
    }  # fmt: skip
    assert result.json["tiers"] == [{"before": "Basic", "after": "Basic", "members": 1}]
    assert [one["amount_minor"] for one in result.json["winners"]] == [1_800]
    assert result.json["losers"] == []
    assert (result.json["first_day"], result.json["last_day"]) == ("2026-03-04", "2026-06-01")
    assert b"Anna" not in result.body


def test_a_job_that_runs_out_of_time_goes_on_with_the_next_message(
    busy_shop: Shop, wired: Services
) -> None:
    job_id = begin(busy_shop, draft=DRAFT).json["id"]
    states = []
    for _ in range(20):
        if not do_jobs(wired, Context(remaining_ms=1)):
            break
        states.append(busy_shop.office.get(f"/v1/jobs/{job_id}").json["state"])

    assert states[0] == "running"
    assert states[-1] == "done"
    assert len(states) == 1 + wired.settings.due_shards  # a count, then a page of each shard


def test_the_table_has_every_number_once(busy_shop: Shop, wired: Services) -> None:
    job_id = begin(busy_shop, draft=DRAFT).json["id"]
    do_jobs(wired, Context())

    answer = busy_shop.office.get(f"/v1/program/dry-runs/{job_id}/result.csv")

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert rows[0] == ["section", "key", "measure", "before", "after", "difference"]
    assert ["total", "", "earned", "10", "8", "-2"] in rows
    assert ["cost", "", "amount_minor", "", "", "1800"] in rows
    assert ["tier", "members", "members", "Basic", "Basic", "1"] in rows
    assert ["rule", f"discount.category: {CAT}", "amount_minor", "0", "2000", "2000"] in rows
    assert len({tuple(row[:5]) for row in rows}) == len(rows)


def test_no_cell_is_a_formula(shop: Shop, wired: Services) -> None:
    tiers = {**PROGRAM["tiers"], "levels": [{"name": "=1+1", "over": "0"}]}
    draft = {**PROGRAM, "tiers": tiers, "rates": {"=1+1": PROGRAM["rates"]["Basic"]}}
    member_id = shop.join()["member_id"]
    shop.till.post("/v1/purchases", shop.sale(member_id))
    sweep({}, Context())
    job_id = begin(shop, draft=draft).json["id"]
    do_jobs(wired, Context())

    answer = shop.office.get(f"/v1/program/dry-runs/{job_id}/result.csv")

    assert b",'=1+1," in answer.body
    assert b",=" not in answer.body


def test_the_saved_draft_is_tried_unless_one_is_sent(busy_shop: Shop) -> None:
    missing = begin(busy_shop)
    busy_shop.office.call("PUT", "/v1/program/draft", DRAFT)

    begun = begin(busy_shop)

    assert (missing.status, missing.code) == (409, "draft_missing")
    assert begun.status == 202


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"days": 0}, "bad_input"),
        ({"days": 91}, "bad_input"),
        ({"draft": {"title": "x", "earn_percent": 101}}, "program_invalid"),
        ({"draft": {**PROGRAM, "currency": "EUR"}}, "dry_run_refused"),
    ],
)
def test_what_cannot_be_tried_is_refused(shop: Shop, body: dict[str, Any], code: str) -> None:
    assert begin(shop, **body).code == code


@pytest.mark.parametrize("path", ["jobs", "program/dry-runs"])
def test_another_merchants_job_is_not_found(
    busy_shop: Shop, other_shop: Shop, path: str
) -> None:
    job_id = begin(busy_shop, draft=DRAFT).json["id"]

    answer = other_shop.office.get(f"/v1/{path}/{job_id}")

    assert (answer.status, answer.code) == (404, "job_not_found")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_assumption_is_said_in_the_callers_language(
    busy_shop: Shop, wired: Services, language: str
) -> None:
    job_id = begin(busy_shop, draft=DRAFT).json["id"]
    do_jobs(wired, Context())

    answer = busy_shop.office.get(f"/v1/program/dry-runs/{job_id}", accept_language=language)

    said = {one["code"]: one["text"] for one in answer.json["assumptions"]}
    assert said == {code: words[language] for code, words in ASSUMED.items()}
    assert tuple(said) == ASSUMPTIONS


def test_a_failed_job_says_why(busy_shop: Shop, wired: Services) -> None:
    job_id = begin(busy_shop, draft=DRAFT).json["id"]
    wired.clock.set(wired.clock.now().replace(day=3))  # nobody has worked for two days
    wired.queue.take("schedule", 1_000)  # type: ignore[attr-defined]
    sweep({}, Context())

    job = busy_shop.office.get(f"/v1/jobs/{job_id}").json
    answer = busy_shop.office.get(f"/v1/program/dry-runs/{job_id}")

    assert (job["state"], job["error"], job["result"]) == (
        "failed", {"code": "given_up"}, None,
    )  # fmt: skip
    assert (answer.status, answer.code, answer.json["error"]) == (409, "job_failed", "given_up")


def test_nothing_of_a_member_but_the_id_is_in_a_result(
    busy_shop: Shop, wired: Services
) -> None:
    job_id = begin(busy_shop, draft=DRAFT).json["id"]
    do_jobs(wired, Context())

    result = busy_shop.office.get(f"/v1/program/dry-runs/{job_id}").json

    (winner,) = result["winners"]
    assert set(winner) == {"member_id", "points", "amount_minor"}
    assert "+7" not in json.dumps(result)
