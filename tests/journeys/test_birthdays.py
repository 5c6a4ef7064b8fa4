"""Birthdays bring points once a year, also when the job comes late (R35, LEDGER P13)."""

from datetime import date, time, timedelta

import pytest

from tests.journeys.calling import Service
from tests.journeys.days import D, day, kinds, opened

BIRTHDAY = {"anniversaries": {"birthday": {"points": 300, "expires_in_days": 10}}}


def test_a_birthday_gives_300_points_for_10_days_once_however_often_the_job_runs(
    clocked: Service,
) -> None:
    shop = opened(clocked, day(D), **BIRTHDAY)
    member_id = shop.join(birth_date="1990-05-20").member_id
    birthday = date(2031, 5, 20)

    clocked.set_clock(day(birthday - timedelta(days=1), time(23, 59)))
    clocked.run_jobs()
    on_the_eve = shop.available(member_id)
    clocked.set_clock(day(birthday, time(0, 30)))
    for _ in range(3):
        clocked.run_jobs()

    assert on_the_eve == 0
    assert shop.available(member_id) == 300
    assert shop.member(member_id)["lots"][0]["expires_on"] == "2031-05-30"
    clocked.set_clock(day(date(2031, 5, 30), time(23, 59)))
    clocked.run_jobs()
    assert shop.available(member_id) == 300
    clocked.set_clock(day(date(2031, 5, 31), time(0, 0, 1)))
    clocked.run_jobs()
    assert shop.available(member_id) == 0
    assert kinds(shop, member_id) == ["anniversary", "expire"]


@pytest.mark.parametrize(("days_late", "points"), [(3, 300), (4, 0)])
def test_a_birthday_missed_by_the_job_is_caught_up_for_three_days(
    clocked: Service, days_late: int, points: int
) -> None:
    shop = opened(clocked, day(D), **BIRTHDAY)
    member_id = shop.join(birth_date="1990-05-20").member_id

    clocked.set_clock(day(date(2031, 5, 20) + timedelta(days=days_late)))
    for _ in range(2):
        clocked.run_jobs()

    assert shop.available(member_id) == points


def test_a_birthday_comes_again_after_a_year(clocked: Service) -> None:
    shop = opened(clocked, day(D), **BIRTHDAY)
    member_id = shop.join(birth_date="1990-05-20").member_id

    for year in (2031, 2032, 2033):
        clocked.set_clock(day(date(year, 5, 20)))
        clocked.run_jobs()
        clocked.run_jobs()

    grants = [entry["on"] for entry in shop.ledger(member_id) if entry["kind"] == "anniversary"]
    assert grants == ["2031-05-20", "2032-05-20", "2033-05-20"]
    assert shop.available(member_id) == 300


def test_who_was_born_on_29_february_is_given_on_the_28th_of_a_common_year(
    clocked: Service,
) -> None:
    shop = opened(clocked, day(date(2031, 2, 1)), **BIRTHDAY)
    member_id = shop.join(birth_date="1992-02-29").member_id

    for on in (date(2031, 2, 27), date(2031, 2, 28), date(2031, 3, 1), date(2032, 2, 29)):
        clocked.set_clock(day(on))
        clocked.run_jobs()

    grants = [entry["on"] for entry in shop.ledger(member_id) if entry["kind"] == "anniversary"]
    assert grants == ["2031-02-28", "2032-02-29"]


def test_a_birth_date_corrected_after_the_present_brings_no_second_one(
    clocked: Service,
) -> None:
    shop = opened(clocked, day(D), **BIRTHDAY)
    member = shop.join(birth_date="1990-05-20")
    clocked.set_clock(day(date(2031, 5, 20)))
    clocked.run_jobs()

    changed = clocked.call(
        "PATCH", "/v1/me", {"birth_date": "1990-05-22"}, credential=member.token
    )
    clocked.set_clock(day(date(2031, 5, 22)))
    clocked.run_jobs()

    assert changed.status == 200
    assert kinds(shop, member.member_id) == ["anniversary"]
    clocked.set_clock(day(date(2032, 5, 22)))
    clocked.run_jobs()
    assert kinds(shop, member.member_id).count("anniversary") == 2
