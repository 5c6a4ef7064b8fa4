"""Prize draws over HTTP: announced with a hash, closed with a hash, drawn once (R42)."""

import hashlib
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.journal import JournalRow
from chalicelib.jobs.schedule import work
from chalicelib.usecases.draw_jobs import start_draw_job
from chalicelib.usecases.draw_prizes import make_draw
from chalicelib.wiring import Services, services
from tests.api.caller import Answer, Caller
from tests.api.shop import Shop
from tests.fakes.clock import NOON

DOCUMENT = Path(__file__).parents[2] / "docs" / "DRAWS.md"
TODAY = NOON.date()
LAST = TODAY + timedelta(days=30)
OVER = NOON + timedelta(days=31)
BODY: dict[str, Any] = {
    "title": "June draw",
    "opens": TODAY.isoformat(),
    "closes": LAST.isoformat(),
    "prizes": [
        {"name": "A bicycle", "count": 1},
        {"name": "50 points", "count": 2, "points": 50, "expires_in_days": 30},
    ],
    "entries": {"per": "amount", "amount_minor": 10_000, "max_per_member": 5},
}


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 120_000


def announce(shop: Shop, **changes: Any) -> dict[str, Any]:
    answer = shop.office.post("/v1/draws", {**BODY, **changes})
    assert answer.status == 201, answer.body
    return answer.json


def buy(shop: Shop, member_id: str, number: str, minor: int = 10_000) -> str:
    """Buy, and note the receipt in the journal as the outbox does; the purchase's id."""
    lines = [{"quantity": "1", "unit_price_minor": minor}]
    bought = shop.till.post("/v1/purchases", shop.sale(member_id, number, lines=lines))
    assert bought.status == 201, bought.body
    member = MemberRef(shop.merchant_id, member_id)
    on = services().clock.now().date()
    services().journal.note([JournalRow(member, on, "till-1", number)])
    return str(bought.json["id"])


@pytest.fixture
def members(shop: Shop) -> list[dict[str, Any]]:
    return [shop.join() for _ in range(4)]


@pytest.fixture
def closed(shop: Shop, wired: Services, members: list[dict[str, Any]]) -> dict[str, Any]:
    """A draw with four entries of four members, closed."""
    draw = announce(shop)
    for number, member in enumerate(members):
        buy(shop, member["member_id"], f"r{number}")
    wired.clock.set(OVER)
    return close(shop, draw).json


def close(shop: Shop, draw: dict[str, Any]) -> Answer:
    return shop.office.post(f"/v1/draws/{draw['id']}/close")


def make(shop: Shop, draw: dict[str, Any], text: str = "") -> Answer:
    return shop.office.post(f"/v1/draws/{draw['id']}/draw", {"public_text": text})


def balance(shop: Shop, member_id: str) -> int:
    return shop.till.get(f"/v1/members/{member_id}").json["balance"]["available"]


class TestAnnouncing:
    def test_a_draw_is_announced_with_the_hash_of_a_seed_nobody_is_told(
        self, shop: Shop
    ) -> None:
        draw = announce(shop)

        shown = shop.office.get(f"/v1/draws/{draw['id']}").json
        assert (draw["state"], draw["seed"], draw["entry_list"]) == ("open", None, None)
        assert len(bytes.fromhex(draw["seed_sha256"])) == 32
        assert {**draw, "winners": []} == shown
        assert shop.office.get("/v1/draws").json["items"] == [draw]

    def test_the_draw_of_the_document_can_be_announced(self, shop: Shop) -> None:
        (example,) = re.findall(r"```json\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)

        draw = announce(shop, **json.loads(example))

        assert (draw["title"], draw["prizes_count"]) == ("December draw", 1_001)

    def test_a_repeat_under_its_key_announces_nothing_new(self, shop: Shop) -> None:
        first = shop.office.post("/v1/draws", BODY, key="k")

        again = shop.office.post("/v1/draws", BODY, key="k")
        other = shop.office.post("/v1/draws", {**BODY, "title": "July"}, key="k")

        assert (again.status, again.is_replay, again.json) == (200, True, first.json)
        assert (other.status, other.code) == (422, "idempotency_key_reused")
        assert len(shop.office.get("/v1/draws").json["items"]) == 1

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"closes": "2026-05-31"}, "its_days"),
            ({"opens": "2026-05-01", "closes": "2026-05-31"}, "its_days"),
            ({"closes": "2027-06-02"}, "its_days"),
            (
                {"prizes": [{"name": name, "count": 6_000} for name in "ab"]},
                "too_many_prizes",
            ),
        ],
    )
    def test_a_draw_that_cannot_be_is_refused(
        self, shop: Shop, changes: dict[str, Any], reason: str
    ) -> None:
        answer = shop.office.post("/v1/draws", {**BODY, **changes})

        assert (answer.status, answer.code) == (409, "draw_refused")
        assert answer.json["reason"] == reason

    @pytest.mark.parametrize(
        "entries",
        [
            {"per": "amount"},
            {"per": "member", "amount_minor": 1},
            {"per": "points", "amount_minor": 1},
            {"per": "amount", "amount_minor": 0},
            {"per": "amount", "amount_minor": 1, "points": 1},
            {"per": "luck"},
        ],
    )
    def test_an_entry_rule_that_counts_nothing_is_refused(
        self, shop: Shop, entries: dict[str, Any]
    ) -> None:
        answer = shop.office.post("/v1/draws", {**BODY, "entries": entries})

        assert (answer.status, answer.code) == (400, "bad_input")


class TestClosing:
    def test_a_draw_is_not_closed_before_its_last_day_is_over(
        self, shop: Shop, wired: Services
    ) -> None:
        draw = announce(shop)
        wired.clock.set(NOON + timedelta(days=30))

        answer = close(shop, draw)

        assert (answer.status, answer.json["reason"]) == (409, "not_over")

    def test_the_list_of_entries_has_the_hash_that_was_published(
        self, shop: Shop, closed: dict[str, Any]
    ) -> None:
        listed = shop.office.get(f"/v1/draws/{closed['id']}/entries.csv")

        assert closed["state"] == "closed"
        assert hashlib.sha256(listed.body).hexdigest() == closed["entry_list"]["sha256"]
        assert len(listed.body.splitlines()) == closed["entry_list"]["count"] == 4
        assert closed["seed"] is None

    def test_a_repeat_and_a_late_receipt_leave_the_list_as_it_is(
        self, shop: Shop, wired: Services, closed: dict[str, Any], members: list[dict[str, Any]]
    ) -> None:
        wired.clock.set(NOON)
        buy(shop, members[0]["member_id"], "late")
        wired.clock.set(OVER)

        again = close(shop, closed)

        assert (again.status, again.json) == (200, closed)

    def test_money_given_back_and_days_outside_give_no_entry(
        self, shop: Shop, wired: Services, members: list[dict[str, Any]]
    ) -> None:
        ann, bob, cat, dan = (member["member_id"] for member in members)
        buy(shop, dan, "before")
        wired.clock.set(NOON + timedelta(days=1))
        draw = announce(shop, opens=(TODAY + timedelta(days=1)).isoformat())
        buy(shop, ann, "r1", 29_999)
        buy(shop, bob, "r2", 990_000)
        voided = buy(shop, cat, "r3")
        shop.till.post(f"/v1/purchases/{voided}/void", {"reason": "mistake"})
        wired.clock.set(OVER)

        closed = close(shop, draw).json

        names = shop.office.get(f"/v1/draws/{draw['id']}/entries.csv").body.decode().split()
        counts = sorted(
            sum(line.endswith(name) for line in names)
            for name in {line.split(",")[1] for line in names}
        )
        assert counts == [2, 5]  # 29 999 gives two; five is the most
        assert closed["entry_list"]["members"] == 2

    def test_points_earned_bring_nearer_to_a_draw_too(
        self, shop: Shop, wired: Services, members: list[dict[str, Any]]
    ) -> None:
        draw = announce(shop, entries={"per": "points", "points": 2})
        buy(shop, members[0]["member_id"], "r1")  # earns 5 points
        wired.clock.set(OVER)

        closed = close(shop, draw).json

        assert closed["entry_list"]["count"] == 2

    def test_a_list_that_is_not_there_is_not_shown(self, shop: Shop) -> None:
        draw = announce(shop)

        answer = shop.office.get(f"/v1/draws/{draw['id']}/entries.csv")

        assert (answer.status, answer.json["reason"]) == (409, "not_closed")


class TestDrawing:
    def test_the_winners_are_picked_once_and_the_seed_is_the_one_that_was_promised(
        self, shop: Shop, closed: dict[str, Any]
    ) -> None:
        drawn = make(shop, closed, "IMOEX 2789.14")

        again = make(shop, closed, "IMOEX 2789.14")
        other = make(shop, closed, "another text")
        seed = bytes.fromhex(drawn.json["seed"])
        assert hashlib.sha256(seed).hexdigest() == closed["seed_sha256"]
        assert [one["place"] for one in drawn.json["winners"]] == [1, 2, 3]
        assert len({one["member_id"] for one in drawn.json["winners"]}) == 3
        assert (again.is_replay, again.json) == (True, drawn.json)
        assert (other.status, other.json["reason"]) == (409, "drawn_otherwise")
        assert shop.office.get(f"/v1/draws/{closed['id']}").json == drawn.json

    def test_points_go_to_the_winners_of_points_once(
        self, shop: Shop, closed: dict[str, Any], members: list[dict[str, Any]]
    ) -> None:
        before = {m["member_id"]: balance(shop, m["member_id"]) for m in members}

        drawn = make(shop, closed).json
        make(shop, closed)

        gains = {name: balance(shop, name) - was for name, was in before.items()}
        won = {one["member_id"]: one["points"] for one in drawn["winners"]}
        assert gains == {name: won.get(name, 0) for name in before}
        assert sorted(gains.values()) == [0, 0, 50, 50]
        assert drawn["grants_left"] == 0

    def test_a_draw_is_not_made_before_its_entries_are_listed(self, shop: Shop) -> None:
        answer = make(shop, announce(shop))

        assert (answer.status, answer.json["reason"]) == (409, "not_closed")

    def test_a_draw_nobody_entered_has_no_winner(self, shop: Shop, wired: Services) -> None:
        draw = announce(shop)
        wired.clock.set(OVER)
        listed = close(shop, draw).json["entry_list"]

        drawn = make(shop, draw).json

        assert (listed["count"], listed["sha256"]) == (0, hashlib.sha256(b"").hexdigest())
        assert (drawn["state"], drawn["winners"], drawn["winners_count"]) == ("drawn", [], 0)
        assert shop.office.get(f"/v1/draws/{draw['id']}/entries.csv").status == 404

    def test_the_file_of_winners_names_members_and_disarms_formulas(
        self, shop: Shop, wired: Services, members: list[dict[str, Any]]
    ) -> None:
        draw = announce(shop, prizes=[{"name": "=1+1", "count": 1}])
        buy(shop, members[0]["member_id"], "r1")
        wired.clock.set(OVER)
        close(shop, draw)
        (winner,) = make(shop, draw).json["winners"]

        found = shop.office.get(f"/v1/draws/{draw['id']}/winners.csv").body.decode()

        assert found.splitlines() == [
            "place,prize,points,entry,pseudonym,member_id",
            f"1,'=1+1,0,1,{winner['pseudonym']},{members[0]['member_id']}",
        ]


class TestMembers:
    def test_a_member_sees_entries_pseudonym_and_prize(
        self, shop: Shop, closed: dict[str, Any], members: list[dict[str, Any]]
    ) -> None:
        mine = [Caller(shop.client, m["member_token"]) for m in members]
        before = [caller.get("/v1/me/draws").json["items"][0] for caller in mine]

        drawn = make(shop, closed).json

        after = [caller.get("/v1/me/draws").json["items"][0] for caller in mine]
        won = {one["pseudonym"]: one["prize"] for one in drawn["winners"]}
        assert [(one["entries"], one["has_won"]) for one in before] == [(1, None)] * 4
        assert [one["prize"] for one in after] == [won.get(one["pseudonym"]) for one in after]
        assert sum(one["has_won"] for one in after) == 3

    def test_a_member_is_called_differently_in_each_draw(
        self, shop: Shop, members: list[dict[str, Any]]
    ) -> None:
        announce(shop)
        announce(shop)

        mine = Caller(shop.client, members[0]["member_token"]).get("/v1/me/draws").json

        names = {one["pseudonym"] for one in mine["items"]}
        assert len(names) == 2
        assert [one["entries"] for one in mine["items"]] == [None, None]


def test_what_a_draw_has_not_finished_is_done_as_a_job(
    shop: Shop, wired: Services, closed: dict[str, Any], members: list[dict[str, Any]]
) -> None:
    desk, jobs, queue = wired.draw_desk, wired.jobs, wired.queue
    draw = make_draw(shop.merchant_id, closed["id"], "", at=OVER, desk=desk).value
    left = shop.office.get(f"/v1/draws/{draw.draw_id}").json["grants_left"]
    job = start_draw_job(draw, at=OVER, desk=desk, jobs=jobs, queue=queue)
    message = json.dumps({"merchant_id": shop.merchant_id, "job": job.job_id})

    done = work({"Records": [{"messageId": "m1", "body": message}]}, Context())

    granted = sum(balance(shop, m["member_id"]) - 5 for m in members)
    shown = shop.office.get(f"/v1/jobs/{job.job_id}").json
    assert done == {"batchItemFailures": []}
    assert (left, granted) == (3, 100)
    assert (shown["state"], shown["kind"]) == ("done", "draw")
    assert shop.office.get(shown["result"]).json["grants_left"] == 0


def test_a_close_without_time_enough_is_finished_as_a_job(
    shop: Shop,
    wired: Services,
    members: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draw = announce(shop)
    buy(shop, members[0]["member_id"], "r1")
    wired.clock.set(OVER)
    monkeypatch.setattr("chalicelib.api.draws.WORK_SECONDS_MAX", -1.0)

    begun = close(shop, draw)
    (queued,) = wired.queue.take("schedule", 100)
    done = work({"Records": [{"messageId": "m1", "body": queued.body}]}, Context())

    shown = shop.office.get(f"/v1/draws/{draw['id']}").json
    assert (begun.status, begun.json["state"]) == (202, "closing")
    assert done == {"batchItemFailures": []}
    assert (shown["state"], shown["entry_list"]["count"]) == ("closed", 1)
