"""What an offline till could not settle stays for the merchant, and so do debts."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamo.attention import DynamoAttention
from chalicelib.domain.attention import OfflineConflict
from chalicelib.ports import StoreUnavailable
from chalicelib.wiring import services
from tests.api.caller import Answer
from tests.api.shop import PROGRAM, Shop, new_phone
from tests.api.test_phone_changes import EVIDENCE, awaiting, joined

LIMIT = 50
CONFIRM_ABOVE = 40
CONFLICTS = "/v1/offline-conflicts"


def now() -> datetime:
    return services().clock.now()


@pytest.fixture
def offline(shop: Shop) -> Shop:
    rules = {
        **PROGRAM,
        "offline_redeem_limit": LIMIT,
        "confirm_above": CONFIRM_ABOVE,
        "mode": "earn_and_redeem",
        "rates": {
            level: {channel: {"earn": 5, "redeem": 100} for channel in ("offline", "online")}
            for level in ("Basic", "Gold")
        },
    }
    shop.office.call("PUT", "/v1/program/draft", rules)
    assert shop.office.post("/v1/program/draft/publish").status == 201
    return shop


def item(
    shop: Shop, member: str | None, number: str, points: int = 0, minutes: int = 10, **more: Any
) -> dict[str, Any]:
    """Return an item of a till's queue: sold so many minutes ago."""
    redeem = {"mode": "exact", "points": points} if points else {"mode": "none"}
    at = (now() - timedelta(minutes=minutes)).isoformat()
    body = shop.sale(member, number, at=at, redeem=redeem, **more)
    return {"idempotency_key": f"key-{number}", "purchase": body}


def send(shop: Shop, *items: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shop.till.post(
        "/v1/purchase-batches", {"items": list(items)}
    ).json["items"]
    return found


def conflicts(shop: Shop, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shop.office.get(CONFLICTS + query).json["items"]
    return found


def debts(shop: Shop) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shop.office.get("/v1/debts").json["items"]
    return found


def settle(shop: Shop, conflict_id: str, note: str = "points given by hand") -> Answer:
    return shop.office.post(f"{CONFLICTS}/{conflict_id}/settle", {"note": note})


class TestConflicts:
    def test_a_refused_receipt_of_a_queue_is_kept_with_all_that_was_asked(
        self, offline: Shop
    ) -> None:
        member = offline.join()["member_id"]
        sent = item(offline, member, "r1", points=LIMIT + 1)

        (result,) = send(offline, sent)
        (kept,) = conflicts(offline)

        assert result["problem"]["code"] == "offline_limit_exceeded"
        assert kept["code"] == "offline_limit_exceeded"
        assert (kept["member_id"], kept["receipt_id"]) == (member, "r1")
        assert (kept["total_minor"], kept["currency"]) == (10_000, "RUB")
        assert kept["redeem"] == {"mode": "exact", "points": LIMIT + 1}
        assert datetime.fromisoformat(kept["sold_at"]) == datetime.fromisoformat(
            sent["purchase"]["at"]
        )
        assert (kept["state"], kept["settled_at"], kept["note"]) == ("open", None, None)

    def test_it_is_there_once_however_often_the_till_sends_it(self, offline: Shop) -> None:
        sent = item(offline, "mem_nobody", "r1")

        send(offline, sent)
        send(offline, sent, sent)

        assert len(conflicts(offline)) == 1

    def test_what_is_recorded_and_what_time_cures_is_none(self, offline: Shop) -> None:
        member = offline.join()["member_id"]

        (recorded,) = send(offline, item(offline, member, "r1"))

        assert recorded["status"] == 201
        assert conflicts(offline) == []

    def test_a_late_receipt_that_is_refused_alone_is_one_too(self, offline: Shop) -> None:
        late = item(offline, "mem_nobody", "r1")

        answer = offline.till.post("/v1/purchases", late["purchase"])

        assert (answer.status, answer.code) == (404, "member_not_found")
        assert [one["code"] for one in conflicts(offline)] == ["member_not_found"]

    def test_a_sale_refused_before_the_cashiers_eyes_is_none(self, offline: Shop) -> None:
        answer = offline.till.post("/v1/purchases", offline.sale("mem_nobody"))

        assert answer.status == 404
        assert conflicts(offline) == []

    def test_they_are_listed_by_the_moment_of_sale_page_by_page(self, offline: Shop) -> None:
        sent = [item(offline, "mem_nobody", f"r{n}", minutes=10 * n) for n in (2, 1, 3)]
        send(offline, *sent)

        first = offline.office.get(f"{CONFLICTS}?limit=2").json
        rest = offline.office.get(f"{CONFLICTS}?limit=2&cursor={first['next_cursor']}").json

        listed = [one["receipt_id"] for one in (*first["items"], *rest["items"])]
        assert listed == ["r1", "r2", "r3"]
        assert rest["next_cursor"] is None

    def test_a_settled_one_leaves_the_list_and_keeps_the_first_word(
        self, offline: Shop
    ) -> None:
        sent = item(offline, "mem_nobody", "r1")
        send(offline, sent)
        (kept,) = conflicts(offline)

        first = settle(offline, kept["id"])
        again = settle(offline, kept["id"], "another word")
        send(offline, sent)

        assert (first.status, first.json["state"]) == (200, "settled")
        assert again.json == first.json
        assert conflicts(offline) == []
        assert conflicts(offline, "?state=settled") == [first.json]

    def test_another_merchants_conflict_is_not_found(
        self, offline: Shop, other_shop: Shop
    ) -> None:
        send(offline, item(offline, "mem_nobody", "r1"))
        (kept,) = conflicts(offline)

        answer = settle(other_shop, kept["id"])

        assert (answer.status, answer.code) == (404, "conflict_not_found")
        assert conflicts(other_shop) == []

    def test_a_refusal_that_cannot_be_kept_is_no_answer_yet(
        self, offline: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Down(DynamoAttention):
            def keep(self, conflict: OfflineConflict) -> bool:
                raise StoreUnavailable("down")

        ports = services()
        monkeypatch.setitem(vars(ports), "attention", Down(ports.connection, ports.clock))
        (result,) = send(offline, item(offline, "mem_nobody", "r1"))

        assert (result["status"], result["problem"]["retryable"]) == (503, True)


class TestOfflineByItsWord:
    def test_a_sale_of_this_moment_keeps_the_promise_of_a_till_without_a_network(
        self, offline: Shop
    ) -> None:
        member = offline.join()["member_id"]
        offline.give(member, 200)
        above = CONFIRM_ABOVE + 1

        without = item(offline, member, "r1", points=above, minutes=1)
        by_word = item(offline, member, "r2", points=above, minutes=1, offline=True)
        refused, taken = send(offline, without, by_word)

        assert refused["problem"]["code"] == "confirmation_required"
        assert (taken["status"], taken["purchase"]["redeemed"]) == (201, above)

    def test_its_word_is_worth_the_limit_of_a_member_and_day_at_all_tills(
        self, offline: Shop
    ) -> None:
        member = offline.join()["member_id"]
        offline.give(member, 200)
        above = CONFIRM_ABOVE + 1

        first = item(offline, member, "r1", points=above, minutes=1, offline=True)
        second = item(offline, member, "r2", points=above, minutes=1, offline=True)
        taken, refused = send(offline, first, second)

        assert taken["status"] == 201
        assert refused["problem"]["code"] == "confirmation_required"
        assert [one["receipt_id"] for one in conflicts(offline)] == ["r2"]

    def test_its_word_makes_no_debt_above_the_limit(self, offline: Shop) -> None:
        member = offline.join()["member_id"]

        first = item(offline, member, "r1", points=LIMIT, minutes=1, offline=True)  # earns 2
        second = item(offline, member, "r2", points=1, minutes=1, offline=True)
        taken, refused = send(offline, first, second)

        assert (taken["status"], taken["purchase"]["balance"]["debt"]) == (201, LIMIT - 2)
        assert refused["problem"]["code"] == "insufficient_points"

    def test_what_was_given_long_ago_settles_above_it_all_the_same(self, offline: Shop) -> None:
        member = offline.join()["member_id"]
        offline.give(member, 200)

        results = send(
            offline, *(item(offline, member, f"r{n}", points=LIMIT) for n in range(3))
        )

        assert [one["status"] for one in results] == [201, 201, 201]

    def test_points_redeemed_offline_are_counted_once(
        self, offline: Shop, capsys: pytest.CaptureFixture[str]
    ) -> None:
        member = offline.join()["member_id"]
        offline.give(member, 200)
        sent = item(offline, member, "r1", points=LIMIT)

        send(offline, sent)
        send(offline, sent, item(offline, member, "r2"))

        assert capsys.readouterr().out.count('"RedeemedOffline":[1.0]') == 1

    def test_a_repeat_is_a_repeat_after_the_limit_is_reached(self, offline: Shop) -> None:
        member = offline.join()["member_id"]
        offline.give(member, 200)
        sent = item(offline, member, "r1", points=LIMIT, minutes=1, offline=True)

        send(offline, sent)
        (again,) = send(offline, sent)

        assert (again["status"], again["is_replay"]) == (200, True)


class TestDebts:
    def test_a_shortfall_is_listed_with_its_receipt_until_it_is_repaid(
        self, offline: Shop
    ) -> None:
        member = offline.join()["member_id"]
        (sold,) = send(offline, item(offline, member, "r1", points=30))

        (owed,) = debts(offline)
        offline.give(member, 30)

        assert (owed["member_id"], owed["points"], owed["kind"]) == (member, 27, "purchase")
        assert owed["receipt_id"] == "r1"
        assert owed["purchase_id"] == sold["purchase"]["id"]
        assert debts(offline) == []

    def test_a_debt_that_grows_keeps_the_receipt_it_began_with(self, offline: Shop) -> None:
        member = offline.join()["member_id"]
        send(offline, item(offline, member, "r1", points=30))
        (before,) = debts(offline)
        send(offline, item(offline, member, "r2", points=20))

        (owed,) = debts(offline)

        assert (owed["points"], owed["receipt_id"]) == (43, "r1")  # 7 were earned
        assert owed["since"] == before["since"]

    def test_a_return_of_what_was_spent_makes_one(self, offline: Shop) -> None:
        member = offline.join()["member_id"]
        bought = offline.till.post("/v1/purchases", offline.sale(member))
        offline.till.post(
            "/v1/redemptions", {"member_id": member, "points": 5, "reason": "a mug"}
        )
        path = f"/v1/purchases/{bought.json['id']}/returns"
        offline.till.post(path, {"return_id": "t1", "all": True})

        (owed,) = debts(offline)

        assert (owed["points"], owed["kind"], owed["receipt_id"]) == (5, "return", "r1")

    def test_debts_are_paged_by_member(self, offline: Shop) -> None:
        members = sorted(offline.join()["member_id"] for _ in range(3))
        for number, member in enumerate(members):
            send(offline, item(offline, member, f"r{number}", points=10))

        first = offline.office.get("/v1/debts?limit=2").json
        rest = offline.office.get(f"/v1/debts?limit=2&cursor={first['next_cursor']}").json

        listed = [one["member_id"] for one in (*first["items"], *rest["items"])]
        assert listed == members


def test_what_waits_is_counted(offline: Shop) -> None:
    old, new = new_phone(), new_phone()
    _, me = joined(offline, old)
    ports = services()
    debtor = offline.join()["member_id"]

    send(offline, item(offline, "mem_nobody", "r1"), item(offline, debtor, "r2", points=10))
    debts(offline)
    change_id = awaiting(offline, me, new)
    waiting = ports.attention.count(offline.merchant_id, at=now())
    (change,) = ports.attention.waits(offline.merchant_id, at=now())
    offline.office.post(f"/v1/phone-changes/{change_id}/approve", EVIDENCE)
    debts(offline)
    (pause,) = ports.attention.waits(offline.merchant_id, at=now())
    settle(offline, conflicts(offline)[0]["id"])
    offline.give(debtor, 10)
    debts(offline)

    assert waiting == 3
    assert (change.is_pause, pause.is_pause) == (False, True)
    assert ports.attention.count(offline.merchant_id, at=now()) == 1
    assert ports.attention.count(offline.merchant_id, at=pause.until) == 0
