"""Dry runs and jobs on the edges: windows, equal times, ties, and what a failure leaves."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.dry_run_sums import DryRunSums, Gain, gain_of
from chalicelib.domain.dry_runs import (
    DryRunRefused,
    RulePart,
    Side,
    Tried,
    refuse_incomparable,
    try_member,
)
from chalicelib.domain.jobs import (
    Job,
    JobFailed,
    JobKind,
    JobState,
    JobUnfinished,
    failed,
    moved,
    refuse_without_result,
)
from tests.builders import NOON, SHOP, line, program, tiers
from tests.domain.history import History
from tests.domain.test_dry_runs import POINTS, trial, tried

STAMPS: dict[str, Any] = {"stamps": {"category": "coffee", "every": 3}}
WINDOWED = {**POINTS, "tiers": tiers(window_days=90)}
JOB = Job(
    merchant_id=SHOP, job_id="job_1", kind=JobKind.DRAW, created_at=NOON, touched_at=NOON,
    asked={}, work={"listed": 7},
)  # fmt: skip


def coffee(price_minor: int, units: int = 1) -> Any:
    return line(price_minor, units * 1000, category="coffee")


class TestOneMember:
    def test_what_the_window_added_to_a_day_is_not_there_when_it_begins(self) -> None:
        history = History(program(**WINDOWED))
        for _ in range(3):
            history.buy(line(60_000))

        found = tried(history, trial(WINDOWED, WINDOWED))

        assert (found.before.earned, found.before.tier) == (6 + 6 + 12, "silver")
        assert found.before == found.after

    def test_stamps_begin_at_none_whatever_the_card_has(self) -> None:
        history = History(program(), stamps=2)
        history.buy(coffee(20_000))
        history.buy(coffee(20_000))

        assert tried(history, trial(STAMPS)).after.discount_minor == 0

    def test_receipts_of_one_moment_come_in_the_order_they_were_written(self) -> None:
        history = History(program())
        history.buy(coffee(5_000, 2))
        history.buy(coffee(3_000))
        written = list(history.receipts.values())

        for receipts in (written, written[::-1]):
            found = try_member(history.account, receipts, trial(STAMPS))

            assert found.after.discount_minor == 3_000

    def test_what_was_free_by_a_rule_is_money_the_rule_gave(self) -> None:
        history = History(program())
        history.buy(coffee(5_000, 3))

        found = tried(history, trial(STAMPS))

        assert found.after.rules["free.stamps", "coffee"] == RulePart(1, 0, 5_000)
        assert found.after.discount_minor == 5_000

    def test_another_currency_is_told_by_both_names(self) -> None:
        words = "^the draft is in EUR, the published program in RUB$"

        with pytest.raises(DryRunRefused, match=words):
            refuse_incomparable(trial({"currency": "EUR"}))


class TestGains:
    RULES = program()

    def gain(self, name: str, discount: int, earned: int) -> Tried:
        """A member who had 300 off and 10 points."""
        before = Side(receipts=1, discount_minor=300, earned=10)
        return Tried(name, before, replace(before, discount_minor=discount, earned=earned))

    def kept(self, *all_tried: Tried) -> tuple[list[str], list[str]]:
        sums = DryRunSums()
        for one in all_tried:
            sums.add(one, self.RULES, self.RULES)
        winners, losers = sums.winners, sums.losers
        return [one.member_id for one in winners], [one.member_id for one in losers]

    def test_a_gain_is_the_change_of_the_discount_and_of_the_points_worth(self) -> None:
        found = gain_of(self.gain("mem_1", 500, 12), self.RULES, self.RULES)

        assert found == Gain(200 + 200, 2, "mem_1")

    def test_whoever_gains_nothing_is_no_winner_and_no_loser(self) -> None:
        assert self.kept(self.gain("mem_1", 300, 10)) == ([], [])

    def test_a_kopeck_more_or_less_is_a_gain_or_a_loss(self) -> None:
        more, less = self.gain("mem_more", 301, 10), self.gain("mem_less", 299, 10)

        assert self.kept(more, less) == (["mem_more"], ["mem_less"])

    def test_as_much_money_with_more_points_is_a_gain_and_with_fewer_a_loss(self) -> None:
        """A point is worth 1.00: one more for 1.00 less off."""
        more, less = self.gain("mem_more", 200, 11), self.gain("mem_less", 400, 9)

        assert self.kept(more, less) == (["mem_more"], ["mem_less"])

    def test_of_equal_money_whoever_has_more_points_comes_first(self) -> None:
        few, many = self.gain("mem_few", 500, 10), self.gain("mem_many", 400, 11)

        assert self.kept(few, many) == (["mem_many", "mem_few"], [])


class TestJobs:
    def test_a_job_that_failed_says_why_and_drops_what_it_had_done(self) -> None:
        broken = failed(JOB, "draft_missing")

        assert (broken.work, broken.state) == ({}, JobState.FAILED)
        with pytest.raises(JobFailed, match=r"^the job failed: draft_missing$") as refused:
            refuse_without_result(broken)
        assert refused.value.facts == {"error": "draft_missing"}

    def test_a_job_that_goes_on_says_how_far_it_is(self) -> None:
        with pytest.raises(JobUnfinished, match=r"^3 of 9 are done$") as refused:
            refuse_without_result(moved(JOB, {}, 3, 9))

        assert refused.value.facts == {"done": 3, "total": 9}


def test_a_doubling_costs_what_stands_in_its_own_row_and_the_rate_costs_as_before() -> None:
    history = History(program())
    history.buy(line(10_500, category="tea"), line(20_300))
    history.buy(line(5_700, 2_000, category="tea"))
    teas = {"id": "teas", "multiplier": 2, "categories": ["tea"]}

    found = tried(history, trial({"promotions": [teas]}))

    flat, double = ("earn.flat_rate", ""), ("earn.promotion_multiplier", "teas")
    assert found.before.rules == {flat: RulePart(3, 41, 0)}
    assert found.after.rules == {flat: RulePart(3, 41, 0), double: RulePart(2, 22, 0)}
    assert found.after.earned - found.before.earned == 22
