"""Days: when points end (R12), when a day begins where midnight is missing, yearly days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.anniversaries import (
    GAP_DAYS_MIN,
    AnniversaryGranted,
    due_anniversaries,
    next_anniversary,
    occurrence,
    refuse_granted,
)
from chalicelib.domain.entries import EntryKind, LedgerEntry
from chalicelib.domain.ledger import Grant, grant
from chalicelib.domain.members import Anniversary
from chalicelib.domain.program import add_months
from tests.builders import account, day, entry, noon, occasion, program

GRANTS = {"birthday": {"points": 300, "expires_in_days": 10}}


class TestExpiry:
    def test_n_days_given_today_last_through_the_day_n_days_on(self) -> None:
        assert program(expiry_days=30).expiry_of(day("2026-06-01")) == day("2026-07-01")

    @pytest.mark.parametrize(
        ("given_on", "months", "until"),
        [
            ("2026-01-31", 1, "2026-02-28"),
            ("2028-01-31", 1, "2028-02-29"),
            ("2026-12-31", 2, "2027-02-28"),
            ("2026-11-30", 12, "2027-11-30"),
        ],
    )
    def test_months_end_with_the_month(self, given_on: str, months: int, until: str) -> None:
        rules = program(expiry_months=months)

        assert rules.expiry_of(day(given_on)) == day(until)

    def test_points_without_a_term_never_end(self) -> None:
        assert program().expiry_of(day("2026-06-01")) is None

    @given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(1, 120))
    def test_a_month_later_is_never_in_the_month_after(self, given_on: date, n: int) -> None:
        then = add_months(given_on, n)

        months = (then.year - given_on.year) * 12 + then.month - given_on.month
        assert months == n
        assert then.day <= given_on.day


class TestDays:
    @pytest.mark.parametrize(
        ("zone", "on", "begins"),
        [
            ("Europe/Moscow", "2026-06-01", "2026-05-31T21:00"),
            ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00"),  # midnight is missing
            ("Africa/Cairo", "2026-10-30", "2026-10-29T22:00"),  # 23:00 was twice
            ("America/Santiago", "2026-09-06", "2026-09-06T04:00"),  # midnight is missing
            ("America/Santiago", "2026-04-05", "2026-04-05T04:00"),
            ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00"),  # midnight is missing
            ("Asia/Beirut", "2026-10-25", "2026-10-24T22:00"),
            ("America/Havana", "2026-11-01", "2026-11-01T04:00"),  # midnight is twice
        ],
    )
    def test_begin_at_their_first_existing_instant(
        self, zone: str, on: str, begins: str
    ) -> None:
        rules = program(timezone=zone)

        found = rules.day_begins(day(on))

        assert found == datetime.fromisoformat(begins).replace(tzinfo=UTC)
        assert found.tzinfo is UTC  # whatever zone the machine is in

    @given(
        st.sampled_from(["Africa/Cairo", "America/Santiago", "Asia/Beirut", "Asia/Kathmandu"]),
        st.dates(date(2024, 1, 1), date(2029, 12, 31)),
    )
    def test_the_instant_before_a_day_belongs_to_the_day_before(
        self, zone: str, on: date
    ) -> None:
        rules = program(timezone=zone)

        begins = rules.day_begins(on)

        assert rules.local_date(begins) == on
        assert rules.local_date(begins - timedelta(microseconds=1)) == on - timedelta(days=1)

    def test_a_moment_belongs_to_the_day_of_the_shop_and_not_of_greenwich(self) -> None:
        rules = program(timezone="Pacific/Auckland")

        local = datetime(2026, 6, 2, 0, 30, tzinfo=ZoneInfo("Pacific/Auckland"))

        assert rules.local_date(local.astimezone(UTC)) == day("2026-06-02")


class TestAnniversaries:
    def test_29_february_is_kept_on_28_february_in_common_years(self) -> None:
        on = occurrence(day("2000-02-29"), 2027, is_leap_day_on_28_february=True)

        assert on == day("2027-02-28")

    def test_29_february_is_kept_on_1_march_where_the_program_says_so(self) -> None:
        born = (Anniversary("birthday", day("2000-02-29")),)
        rules = program(anniversaries=GRANTS, leap_day="1_march")

        assert next_anniversary(born, rules, day("2027-02-10")) == day("2027-03-01")

    def test_29_february_is_itself_in_leap_years(self) -> None:
        born = (Anniversary("birthday", day("2000-02-29")),)

        due = next_anniversary(born, program(anniversaries=GRANTS), day("2028-02-10"))

        assert due == day("2028-02-29")

    @pytest.mark.parametrize(
        ("today", "is_due"),
        [
            ("2026-06-09", False),
            ("2026-06-10", True),
            ("2026-06-13", True),
            ("2026-06-14", False),
        ],
    )
    def test_a_missed_day_is_caught_up_for_three_days(self, today: str, is_due: bool) -> None:
        born = (Anniversary("birthday", day("1990-06-10")),)

        due = due_anniversaries(born, program(anniversaries=GRANTS), day(today))

        assert bool(due) is is_due

    def test_a_grant_is_not_made_twice_within_330_days(self) -> None:
        moved = (Anniversary("birthday", day("1990-03-01"), granted_on=day("2026-06-10")),)
        rules = program(anniversaries=GRANTS)

        assert next_anniversary(moved, rules, day("2026-06-11")) == day("2028-03-01")
        assert day("2027-03-01") - day("2026-06-10") < timedelta(days=GAP_DAYS_MIN)

    def test_the_gap_goes_by_days_and_not_by_the_calendar_year(self) -> None:
        moved = (Anniversary("birthday", day("1990-01-02"), granted_on=day("2026-01-30")),)

        due = next_anniversary(moved, program(anniversaries=GRANTS), day("2026-12-20"))

        assert due == day("2027-01-02")

    def test_days_the_program_gives_nothing_for_are_looked_at_and_not_due(self) -> None:
        wedding = (Anniversary("wedding", day("2015-06-10")),)
        rules = program(anniversaries=GRANTS)

        assert next_anniversary(wedding, rules, day("2026-06-09")) == day("2026-06-10")
        assert next_anniversary(wedding, rules, day("2026-06-10")) == day("2027-06-10")
        assert due_anniversaries(wedding, rules, day("2026-06-10")) == ()

    def test_a_day_nothing_is_given_for_does_not_hide_the_next(self) -> None:
        days = (
            Anniversary("wedding", day("2015-06-10")),
            Anniversary("birthday", day("1990-06-10")),
        )

        due = due_anniversaries(days, program(anniversaries=GRANTS), day("2026-06-10"))

        assert [one.anniversary.kind for one in due] == ["birthday"]


class TestGrantsTheLedgerKnows:
    """A grant that the profile knows nothing of: it was noted on a day that was moved."""

    BORN = (Anniversary("birthday", day("1990-06-10")),)
    RULES = program(anniversaries=GRANTS)

    @pytest.mark.parametrize(
        ("granted_on", "is_refused"),
        [("2025-07-18", False), ("2025-07-19", True), ("2026-06-01", True)],
    )
    def test_bars_another_within_the_gap_less_the_days_of_catching_up(
        self, granted_on: str, is_refused: bool
    ) -> None:
        written = self.granted("birthday", granted_on)

        if is_refused:
            with pytest.raises(AnniversaryGranted, match="1 granted for days of that kind"):
                self.refuse(written)
        else:
            self.refuse(written)

    def test_of_another_kind_bars_nothing(self) -> None:
        self.refuse(self.granted("wedding", "2026-06-01"))

    def test_of_a_grant_that_was_made_by_hand_bars_nothing(self) -> None:
        by_hand = grant(account(), Grant(points=5, reason="birthday"), occasion())

        self.refuse(entry(by_hand))

    def granted(self, kind: str, on: str) -> LedgerEntry:
        given = Grant(points=300, reason=kind, kind=EntryKind.ANNIVERSARY)
        return entry(grant(account(), given, occasion(at=noon(on))))

    def refuse(self, written: LedgerEntry) -> None:
        (due,) = due_anniversaries(self.BORN, self.RULES, day("2026-06-10"))
        refuse_granted((written,), due, self.BORN, self.RULES)
