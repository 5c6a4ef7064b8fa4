"""What time alone does: R13, R14, R17, R32, P11, P13."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account import Account, OverrideKind, TierOverride, balance_of
from chalicelib.domain.due import next_due
from chalicelib.domain.entries import EntryKind
from chalicelib.domain.program import Program
from chalicelib.domain.sales import sell
from chalicelib.domain.scheduled import run_due
from tests.builders import (
    TODAY,
    account,
    after,
    day,
    entry,
    holding,
    lot,
    noon,
    occasion,
    program,
    sale,
    settled,
    tiers,
)

PLAIN = program(reminder_days=0)


def due_from(owner: Account, rules: Program, on: date = TODAY) -> Account:
    """Return the account with its due day, as a write leaves it."""
    return replace(owner, due=next_due(owner, rules, on))


class TestExpiry:
    def test_is_written_the_day_after_the_last(self) -> None:
        owner = due_from(account(lot("june", 40, until="2026-06-05")), PLAIN)

        assert owner.due == day("2026-06-06")
        change = run_due(owner, occasion(PLAIN, at=noon("2026-06-06")))

        assert change
        assert (entry(change).kind, entry(change).points) == (EntryKind.EXPIRE, -40)
        assert after(change).due is None

    def test_has_one_effect_however_often_the_job_runs(self) -> None:
        owner = due_from(account(lot("june", 40, until="2026-06-05")), PLAIN)
        at = noon("2026-06-06")
        once = run_due(owner, occasion(PLAIN, at=at))
        assert once

        assert run_due(after(once), occasion(PLAIN, at=at)) is None

    def test_of_a_day_too_early_writes_nothing(self) -> None:
        owner = account(lot("june", 40, until="2026-06-05"), due=TODAY)

        assert run_due(owner, occasion(PLAIN, at=noon("2026-06-05"))) is None

    def test_of_several_missed_days_is_caught_up_at_once(self) -> None:
        owner = account(lot("a", 4, until="2026-06-01"), lot("b", 5, until="2026-06-03"))

        change = run_due(owner, occasion(PLAIN, at=noon("2026-06-10")))

        assert change
        assert entry(change).points == -9

    def test_gives_a_lapsed_hold_back_and_expires_it(self) -> None:
        held = holding("h", lot("june", 20, until="2026-06-01"), until=noon("2026-06-01"))

        change = run_due(account(holds=(held,)), occasion(PLAIN, at=noon("2026-06-02")))

        assert change
        assert (after(change).holds, after(change).total) == ((), 0)

    def test_a_hold_whose_time_is_over_is_told_where_nothing_expired(self) -> None:
        held = holding("h", lot("june", 20, until="2026-06-30"), until=noon("2026-06-01"))

        change = run_due(account(holds=(held,)), occasion(PLAIN, at=noon("2026-06-02")))

        assert change
        assert (entry(change).kind, entry(change).facts) == (EntryKind.RELEASE, {})
        assert after(change).available(day("2026-06-02")) == 20


class TestActivation:
    def test_is_told_on_its_day_and_moves_no_points(self) -> None:
        owner = due_from(account(lot("june", 40, active="2026-06-03")), PLAIN)
        assert owner.due == day("2026-06-03")

        change = run_due(owner, occasion(PLAIN, at=noon("2026-06-03")))

        assert change
        assert entry(change).kind is EntryKind.ACTIVATE
        assert (entry(change).points, entry(change).facts["activated"]) == (0, 40)


class TestReminder:
    RULES = program(reminder_days=7)

    def test_names_amount_and_date_of_the_nearest(self) -> None:
        owner = account(lot("a", 4, until="2026-06-08"), lot("b", 5, until="2026-06-20"))

        change = run_due(owner, occasion(self.RULES))

        assert change
        assert entry(change).kind is EntryKind.REMIND
        assert entry(change).facts == {"expiring": 4, "expires_on": "2026-06-08"}

    def test_comes_so_many_days_before(self) -> None:
        owner = account(lot("a", 4, until="2026-06-20"))

        assert next_due(owner, self.RULES, TODAY) == day("2026-06-13")

    def test_comes_once_for_each_date_also_when_days_were_missed(self) -> None:
        owner = account(lot("a", 4, until="2026-06-12"), lot("b", 5, until="2026-06-14"))

        told = []
        for on in ("2026-06-10", "2026-06-11", "2026-06-12"):
            change = run_due(owner, occasion(self.RULES, at=noon(on)))
            if change:
                told.append(entry(change).facts["expires_on"])
                owner = after(change)

        assert told == ["2026-06-12", "2026-06-14"]

    def test_does_not_come_for_points_that_live_no_longer_than_the_notice(self) -> None:
        short = account(lot("a", 4, until="2026-06-05", given="2026-06-01"))

        assert run_due(short, occasion(self.RULES)) is None


class TestFallOfATier:
    RULES = program(tiers=tiers(), reminder_days=0)

    def test_is_written_on_its_day(self) -> None:
        owner = settled(account(days={"2026-06-01": 200_000}), self.RULES)
        owner = due_from(owner, self.RULES)
        assert owner.due == day("2026-08-30")

        change = run_due(owner, occasion(self.RULES, at=noon("2026-08-30")))

        assert change
        assert (entry(change).tier_before, entry(change).tier_after) == ("silver", "base")
        assert entry(change).kind is EntryKind.TIER

    def test_of_an_override_is_written_after_its_last_day(self) -> None:
        given_by_hand = TierOverride(OverrideKind.MANUAL, "gold", day("2026-06-11"))
        owner = due_from(account(overrides=(given_by_hand,), tier="gold"), self.RULES)

        assert owner.due == day("2026-06-12")


LOTS = st.lists(
    st.tuples(st.integers(1, 50), st.integers(0, 12), st.one_of(st.none(), st.integers(0, 15))),
    max_size=5,
)


@given(LOTS, st.integers(0, 9), st.lists(st.integers(1, 3), max_size=12))
def test_job_or_no_job_every_balance_is_the_same_on_every_day(
    given_lots: list[tuple[int, int, int | None]], reminder_days: int, gaps: list[int]
) -> None:
    rules = program(reminder_days=reminder_days, tiers=tiers(window_days=9))
    owner = account(
        *(_lot(i, *one) for i, one in enumerate(given_lots)),
        days={"2026-05-30": 200_000},
        holds=(holding("h", lot("held", 9, until="2026-06-04"), until=noon("2026-06-03")),),
    )
    owner = settled(owner, rules)
    worked = due_from(owner, rules)

    on = TODAY
    for gap in gaps:
        on += timedelta(days=gap)
        at = noon(on.isoformat())
        if worked.due is not None and worked.due <= on:
            change = run_due(worked, occasion(rules, at=at))
            worked = after(change) if change else due_from(worked, rules, on)
        assert balance_of(worked, at, on) == balance_of(owner, at, on)
        assert not [one for one in worked.lots if one.is_expired(on)]  # the job was not late


def _lot(i: int, points: int, active_in: int, lives: int | None) -> object:
    active = TODAY + timedelta(days=active_in)
    until = None if lives is None else (active + timedelta(days=lives)).isoformat()
    return lot(f"l{i}", points, active=active.isoformat(), until=until, given="2026-05-01")


class TestDue:
    """The next day the job must look: never too late, and never without a reason."""

    def test_is_the_day_after_a_hold_lapses(self) -> None:
        held = holding("h", lot("june", 20), until=noon("2026-06-05"))

        assert next_due(account(holds=(held,)), PLAIN, TODAY) == day("2026-06-06")

    def test_is_tomorrow_for_a_reminder_that_is_late(self) -> None:
        owner = account(lot("june", 20, until="2026-06-05"))

        assert next_due(owner, program(reminder_days=7), TODAY) == day("2026-06-02")

    def test_is_today_for_a_lot_that_has_expired_already(self) -> None:
        assert next_due(account(lot("may", 20, until="2026-05-20")), PLAIN, TODAY) == TODAY

    @pytest.mark.parametrize(
        ("until", "due"), [("2026-06-08", "06-09"), ("2026-06-09", "06-02")]
    )
    def test_no_reminder_is_due_for_points_that_live_no_longer_than_the_notice(
        self, until: str, due: str
    ) -> None:
        owner = account(lot("june", 20, until=until, given="2026-06-01"))

        found = next_due(owner, program(reminder_days=7), TODAY)

        assert found == day(f"2026-{due}")

    def test_stays_as_early_as_it_was_until_the_job_has_looked(self) -> None:
        owner = account(lot("june", 20, until="2026-06-20"), due=day("2026-06-03"))

        sold = sell(owner, sale(), occasion(PLAIN))

        assert after(sold).due == day("2026-06-03")
        looked = run_due(after(sold), occasion(PLAIN, at=noon("2026-06-21")))
        assert looked
        assert after(looked).due is None

    def test_is_never_where_nothing_can_change_by_itself(self) -> None:
        assert next_due(account(lot("ever", 20)), PLAIN, TODAY) is None
