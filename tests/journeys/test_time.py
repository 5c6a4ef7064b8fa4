"""What time does to points: the clock of a running service is moved, its jobs are run."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from local.testing import ServiceProcess
from tests.journeys.calling import Service, eventually
from tests.journeys.conftest import RAISED_LIMITS
from tests.journeys.days import D, after, day, events, kinds, opened
from tests.journeys.shop import Shop, assert_ledger_adds_up
from tests.journeys.wallet import take_pass

TIERS = {
    "earn_percent": None,
    "redeem_percent": None,
    "tiers": {
        "window_days": 10,
        "compare": "gte",
        "levels": [{"name": "Basic", "over": "0"}, {"name": "Gold", "over": "1000.00"}],
    },
    "rates": {
        "Basic": {"offline": {"earn": 5, "redeem": 20}, "online": {"earn": 5, "redeem": 20}},
        "Gold": {"offline": {"earn": 10, "redeem": 30}, "online": {"earn": 10, "redeem": 30}},
    },
}


@pytest.fixture
def timed(clockwork: ServiceProcess) -> ServiceProcess:
    return clockwork


@pytest.fixture
def service(clocked: Service) -> Service:
    return clocked


def test_points_can_be_spent_through_day_n_and_not_after_whether_the_job_ran_or_not(
    service: Service,
) -> None:
    shop = opened(service, day(D), expiry_days=3)
    member_id = shop.join().member_id
    shop.buy(member_id, 100_000)

    service.set_clock(after(3, time(23, 59, 30)))
    on_the_last_day = shop.available(member_id)
    service.set_clock(after(4, time(0, 0, 1)))

    assert on_the_last_day == 100
    assert shop.available(member_id) == 0
    asked = {"member_id": member_id, "points": 1, "reason": "a gift"}
    refused = shop.till("POST", "/v1/redemptions", asked)
    assert (refused.status, refused.code) == (409, "insufficient_points")
    assert (refused.json["asked"], refused.json["available"]) == (1, 0)
    service.run_jobs()
    assert kinds(shop, member_id) == ["purchase", "expire"]
    assert_ledger_adds_up(shop, member_id)


def test_points_expire_also_after_the_clock_was_years_ahead_and_came_back(
    service: Service,
) -> None:
    shop = opened(service, day(D), expiry_days=3)
    member_id = shop.join().member_id
    today = datetime.now(UTC)
    service.set_clock(today + timedelta(days=1_000))
    service.run_jobs()
    service.set_clock()
    service.run_jobs()
    shop.buy(member_id, 100_000)

    service.set_clock(today + timedelta(days=5))
    service.run_jobs()

    assert kinds(shop, member_id) == ["purchase", "expire"]


def test_the_last_day_is_the_one_the_member_was_shown(service: Service) -> None:
    shop = opened(service, day(D, time(23, 50)), expiry_days=3)
    member_id = shop.join().member_id
    shop.buy(member_id, 100_000)
    shown_on = date.fromisoformat(shop.member(member_id)["next_expiry"]["on"])

    service.set_clock(day(shown_on, time(23, 59, 30)))
    service.run_jobs()

    assert shown_on == D + timedelta(days=3)
    assert shop.available(member_id) == 100
    service.set_clock(day(shown_on + timedelta(days=1), time(0, 0, 1)))
    assert shop.available(member_id) == 0


def test_an_expiry_is_written_once_pushed_and_announced(
    timed: ServiceProcess, service: Service
) -> None:
    shop = opened(service, day(D), expiry_days=3)
    member = shop.join()
    shop.buy(member.member_id, 100_000)
    url = member.answer["apple_pass_url"]
    phone = take_pass(service, url, device_id="expiring", push_token="e1" * 32)
    phone.register()
    service.run_jobs()
    before = len(phone.pushes())

    service.set_clock(after(4))
    for _ in range(3):
        service.run_jobs()

    entries = shop.ledger(member.member_id)
    assert [(e["kind"], e["points"]) for e in entries[2:]] == [("expire", -100)]
    eventually(lambda: len(phone.pushes()) > before, "a push")
    told = eventually(
        lambda: [e for e in events(timed, member.member_id) if e[0] == "points.expired"],
        "the event",
    )
    assert [facts["points"] for _, facts in told] == [100]


def test_a_reminder_names_amount_and_date_once(timed: ServiceProcess, service: Service) -> None:
    shop = opened(service, day(D), expiry_days=20, reminder_days=7)
    member_id = shop.join().member_id
    shop.buy(member_id, 100_000)

    service.set_clock(after(12))
    service.run_jobs()
    early = kinds(shop, member_id)
    service.set_clock(after(13))
    for _ in range(3):
        service.run_jobs()

    assert early == ["purchase"]
    assert kinds(shop, member_id) == ["purchase", "remind"]
    told = eventually(
        lambda: [e for e in events(timed, member_id) if e[0] == "points.expiring"], "the event"
    )
    assert [facts["expiring"] for _, facts in told] == [100]
    assert shop.available(member_id) == 100


def test_pending_points_become_spendable_on_their_day(
    timed: ServiceProcess, service: Service
) -> None:
    shop = opened(service, day(D), pending_days=14)
    member_id = shop.join().member_id
    shop.buy(member_id, 100_000)
    at_first = shop.member(member_id)["balance"]

    service.set_clock(after(13, time(23, 59)))
    service.run_jobs()
    on_the_eve = shop.member(member_id)["balance"]
    service.set_clock(after(14, time(0, 0, 1)))
    before_the_job = shop.member(member_id)["balance"]
    for _ in range(2):
        service.run_jobs()

    assert (at_first["available"], at_first["pending"]) == (0, 100)
    assert on_the_eve == at_first
    assert (before_the_job["available"], before_the_job["pending"]) == (100, 0)
    assert kinds(shop, member_id) == ["purchase", "activate"]
    told = eventually(
        lambda: [e for e in events(timed, member_id) if e[0] == "points.activated"],
        "the event",
    )
    assert [facts["activated"] for _, facts in told] == [100]
    assert_ledger_adds_up(shop, member_id)


def test_a_tier_falls_by_itself_with_one_event(timed: ServiceProcess, service: Service) -> None:
    shop = opened(service, day(D), expiry_days=300, **TIERS)
    member_id = shop.join().member_id
    shop.buy(member_id, 100_000)
    tier = shop.member(member_id)["tier"]

    service.set_clock(day(date.fromisoformat(tier["until"]), time(23, 59, 30)))
    service.run_jobs()
    on_its_last_day = shop.member(member_id)["tier"]["name"]
    service.set_clock(after(10, time(0, 0, 1)))
    before_the_job = shop.member(member_id)["tier"]["name"]
    for _ in range(3):
        service.run_jobs()

    assert (tier["name"], tier["until"]) == ("Gold", "2031-05-19")
    assert (on_its_last_day, before_the_job) == ("Gold", "Basic")
    assert kinds(shop, member_id) == ["purchase", "tier"]
    last = shop.ledger(member_id)[-1]
    assert (last["tier_before"], last["tier_after"]) == ("Gold", "Basic")
    changes = eventually(
        lambda: (
            found
            if len(found := [e for e in events(timed, member_id) if e[0] == "tier.changed"]) > 1
            else None
        ),
        "the event of the fall",
    )
    assert len(changes) == 2  # up with the purchase, down with time


def test_after_a_long_outage_everything_missed_is_done_once(service: Service) -> None:
    shop = opened(service, day(D), expiry_days=20, reminder_days=7, pending_days=2)
    members = [shop.join().member_id for _ in range(6)]
    for days, member_id in enumerate(members):
        service.set_clock(after(days))
        shop.buy(member_id, 100_000)

    service.set_clock(after(200))
    for _ in range(3):
        service.run_jobs()

    for member_id in members:
        entries = shop.ledger(member_id)
        assert sum(-e["points"] for e in entries if e["points"] < 0) == 100
        assert [e["kind"] for e in entries].count("expire") == 1
        assert shop.available(member_id) == 0
        assert_ledger_adds_up(shop, member_id)


def test_a_restart_between_the_clock_and_the_job_loses_nothing(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    process = ServiceProcess(tmp_path_factory.mktemp("killed") / "data", RAISED_LIMITS).start()
    try:
        first = Service(process.base_url)
        shop = opened(first, day(D), expiry_days=3)
        member_id = shop.join().member_id
        shop.buy(member_id, 100_000)

        process.kill()
        process.start()
        again = Service(process.base_url)
        again.set_clock(after(4))
        again.run_jobs()

        reached = Shop(again, shop.merchant, shop.till_key, shop.integration_key)
        assert kinds(reached, member_id) == ["purchase", "expire"]
    finally:
        process.stop()


def test_points_a_hold_gives_back_after_their_date_expire(service: Service) -> None:
    shop = opened(service, day(D), expiry_days=3)
    member_id = shop.join().member_id
    shop.buy(member_id, 100_000)
    service.set_clock(after(3))
    wish = {"member_id": member_id, "points": 60, "ttl_seconds": 86_400}
    held = shop.till("POST", "/v1/holds", wish)

    service.set_clock(after(5))
    service.run_jobs()

    assert held.status == 201
    balance = shop.member(member_id)["balance"]
    assert (balance["available"], balance["held"]) == (0, 0)
    refused = shop.till("POST", f"/v1/holds/{held.json['id']}/release")
    assert (refused.status, refused.code) == (404, "hold_not_found")
    assert_ledger_adds_up(shop, member_id)
