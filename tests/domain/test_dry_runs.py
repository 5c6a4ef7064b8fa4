"""Dry runs, worked by hand: one member's past receipts under two programs."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account import Account, OverrideKind, TierOverride, Turnover
from chalicelib.domain.dry_run_sums import DryRunSums as Sums
from chalicelib.domain.dry_run_sums import Gain, Totals, gain_of, sums_of
from chalicelib.domain.dry_runs import (
    DryRunRefused,
    RulePart,
    Side,
    Trial,
    Tried,
    refuse_incomparable,
    try_member,
)
from chalicelib.domain.promo_codes import CodeUse
from chalicelib.domain.receipts import Receipt, ReceiptStatus
from tests.builders import ANN, TODAY, day, exactly, line, lot, program, rates, tiers
from tests.domain.history import History

FIRST = TODAY - timedelta(days=89)
STEP = {"per": "100", "points": 1}
LEVELS = tiers(window_days=None)
POINTS: dict[str, Any] = {
    "tiers": LEVELS, "rates": rates(base=(1, 0), silver=(2, 0), gold=(3, 0)),
    "earn_percent": None, "redeem_percent": None,
}  # fmt: skip


def trial(draft: dict[str, Any], published: dict[str, Any] | None = None) -> Trial:
    return Trial(
        published=program(**(published or {})),
        draft=program(**draft),
        first=FIRST,
        last=TODAY,
    )


def tried(history: History, what: Trial) -> Tried:
    return try_member(history.account, history.receipts.values(), what)


class TestOneMember:
    def test_each_receipt_is_priced_as_it_would_have_been(self) -> None:
        history = History(program(), lots=(lot("old", 20),))
        history.buy(line(100_000))
        history.buy(line(50_000), redeem=exactly(20))

        found = tried(history, trial({"earn_percent": 5, "discount_percent": 5}))

        assert found.before == Side(
            receipts=2,
            gross_minor=150_000,
            redeemed=20,
            redeemed_minor=2_000,
            to_pay_minor=148_000,
            earned=100,
            rules={
                ("earn.flat_rate", ""): RulePart(1, 100, 0),
                ("redeem.flat_rate", ""): RulePart(1, 20, 0),
                ("earn.redeeming_receipt", ""): RulePart(1, 0, 0),
            },
        )
        assert found.after == Side(
            receipts=2,
            gross_minor=150_000,
            discount_minor=7_500,
            redeemed=20,
            redeemed_minor=2_000,
            to_pay_minor=140_500,
            earned=47,
            rules={
                ("discount.fixed", ""): RulePart(2, 0, 7_500),
                ("earn.flat_rate", ""): RulePart(1, 47, 0),
                ("redeem.flat_rate", ""): RulePart(1, 20, 0),
                ("earn.redeeming_receipt", ""): RulePart(1, 0, 0),
            },
        )

    def test_money_that_bounds_a_rule_is_not_added_up(self) -> None:
        steps = {"earn_percent": None, "step_accrual": STEP, "min_receipt_for_redeem": "900"}
        history = History(program(), lots=(lot("old", 20),))
        history.buy(line(50_000), redeem=exactly(20))
        history.buy(line(20_000))

        found = tried(history, trial(steps))

        assert found.after.rules == {
            ("earn.step", ""): RulePart(2, 7, 0),
            ("redeem.receipt_minimum", ""): RulePart(1, 0, 0),
        }

    def test_points_are_redeemed_as_far_as_the_draft_lets_them(self) -> None:
        history = History(program(), lots=(lot("old", 20),))
        history.buy(line(5_000), redeem=exactly(20))

        found = tried(history, trial({"redeem_percent": 10}))

        assert (found.before.redeemed, found.after.redeemed) == (20, 5)

    def test_what_was_returned_does_not_count(self) -> None:
        history = History(program(), lots=(lot("old", 100),))
        history.buy(line(10_000, 3_000), redeem=exactly(30))
        history.take_back("r-1", line=0, quantity=2_000)
        history.buy(line(70_000))
        history.take_back("r-2", line=0, quantity=1_000)

        found = tried(history, trial({}))

        assert found.before == found.after
        assert (found.before.receipts, found.before.gross_minor) == (1, 10_000)
        assert (found.before.redeemed, found.before.to_pay_minor) == (10, 9_000)

    def test_voided_receipts_and_those_of_others_or_of_other_days_are_passed_over(
        self,
    ) -> None:
        history = History(program())
        history.buy(line(10_000))
        (receipt,) = history.receipts.values()
        others: list[Receipt] = [
            replace(receipt, status=ReceiptStatus.VOIDED),
            replace(receipt, member_id="mem_bob"),
            replace(receipt, on=FIRST - timedelta(days=1)),
            replace(receipt, on=TODAY + timedelta(days=1)),
        ]

        found = try_member(history.account, others, trial({}))

        assert (found.before.receipts, found.after.receipts) == (0, 0)

    def test_the_first_and_the_last_day_count(self) -> None:
        history = History(program())
        history.buy(line(10_000), on=FIRST)
        history.buy(line(10_000), on=TODAY)

        assert tried(history, trial({})).before.receipts == 2

    def test_stamps_run_on_from_receipt_to_receipt_and_begin_at_none(self) -> None:
        stamps = {"stamps": {"category": "coffee", "every": 3}}
        history = History(program(), stamps=2)
        for _ in range(4):
            history.buy(line(20_000, category="coffee"))

        found = tried(history, trial(stamps))

        assert (found.before.discount_minor, found.after.discount_minor) == (0, 20_000)

    def test_a_code_that_was_applied_is_used_again_by_the_terms_of_each_program(self) -> None:
        history = History(program())
        bought = history.buy(line(100_000))
        uses = (CodeUse("SPRING", "spring", True, 1_000), CodeUse("IDLE", "idle"))
        coupons = [{"id": "spring", "discount_percent": 1}, {"id": "idle", "points": 7}]
        dearer = [{"id": "spring", "discount_percent": 3}, coupons[1]]

        found = try_member(
            history.account,
            [replace(bought, promo_codes=uses)],
            trial({"coupons": dearer}, {"coupons": coupons}),
        )

        assert (found.before.discount_minor, found.after.discount_minor) == (1_000, 3_000)
        assert ("earn.coupon_points", "idle") not in found.after.rules

    def test_a_limit_per_member_is_used_up_and_one_in_all_is_not(self) -> None:
        history = History(program())
        for _ in range(3):
            history.buy(line(100_000))
        gifts = [
            {"id": "own", "points": 10, "limits": {"uses": {"per_member": 2}}},
            {"id": "all", "points": 1_000, "limits": {"uses": {"total": 2, "per_day": 1}}},
        ]

        found = tried(history, trial({"promotions": gifts}))

        points = {name: part.points for (_, name), part in found.after.rules.items() if name}
        assert points == {"own": 20, "all": 3_000}


class TestTurnoverAndTiers:
    def test_a_tier_rises_within_the_window_as_it_did(self) -> None:
        history = History(program(**POINTS))
        for _ in range(3):
            history.buy(line(60_000))

        found = tried(history, trial(POINTS, POINTS))

        earned = [receipt.earned for receipt in history.receipts.values()]
        assert earned == [6, 6, 12]
        assert (found.before.earned, found.before.tier) == (24, "silver")
        assert found.before == found.after

    def test_turnover_from_before_the_window_counts_and_that_of_the_window_only_once(
        self,
    ) -> None:
        history = History(program(**POINTS))
        history.buy(line(90_000), on=FIRST - timedelta(days=1))
        history.buy(line(20_000))
        history.buy(line(10_000))

        found = tried(history, trial(POINTS, POINTS))

        assert found.before.earned == 2 + 2

    def test_what_was_returned_is_no_turnover(self) -> None:
        history = History(program(**POINTS))
        history.buy(line(90_000))
        history.take_back("r-1", line=0, quantity=1_000)
        history.buy(line(20_000))
        history.buy(line(90_000))

        found = tried(history, trial(POINTS, POINTS))

        assert (found.before.earned, found.before.tier) == (2 + 9, "silver")

    def test_a_member_ends_in_the_tier_of_each_programs_levels(self) -> None:
        higher = {**LEVELS, "levels": [
            {"name": "base", "over": "0"}, {"name": "silver", "over": "1500"},
            {"name": "gold", "over": "3000"},
        ]}  # fmt: skip
        history = History(program(**POINTS))
        history.buy(line(120_000))

        found = tried(history, trial({**POINTS, "tiers": higher}, POINTS))

        assert (found.before.tier, found.after.tier) == ("silver", "base")

    def test_a_discount_of_the_draft_lowers_its_turnover(self) -> None:
        history = History(program(**POINTS))
        history.buy(line(110_000))

        found = tried(history, trial({**POINTS, "discount_percent": 20}, POINTS))

        assert (found.before.tier, found.after.tier) == ("silver", "base")

    def test_a_tier_given_by_hand_counts(self) -> None:
        until = TierOverride(OverrideKind.MANUAL, "gold", TODAY + timedelta(days=9))
        history = History(program(**POINTS), overrides=(until,))
        history.buy(line(10_000))

        found = tried(history, trial(POINTS, POINTS))

        assert (found.before.earned, found.before.tier) == (3, "gold")

    def test_a_member_without_receipts_ends_in_a_tier_too(self) -> None:
        rich = Account(
            ANN, version=1, turnover=Turnover(((day("2026-01-10"), 200_000),), 200_000)
        )

        found = try_member(rich, (), trial(POINTS, POINTS))

        assert (found.before.tier, found.before.receipts) == ("silver", 0)


class TestSums:
    PUBLISHED, DRAFT = program(), program(point_value="0.50")

    def gain(self, name: str, discount: int, earned: int = 0) -> Tried:
        after = Side(receipts=1, discount_minor=discount, earned=earned)
        return Tried(name, Side(receipts=1, earned=10), after)

    def test_a_gain_values_each_sides_points_by_its_own_program(self) -> None:
        found = gain_of(self.gain("mem_1", 300, 30), self.PUBLISHED, self.DRAFT)

        assert found == Gain(300 + 30 * 50 - 10 * 100, 20, "mem_1")

    def test_only_ten_winners_and_ten_losers_are_kept_the_most_first(self) -> None:
        sums = Sums()
        for n in range(15):
            sums.add(self.gain(f"mem_w{n:02}", 1_001 + n), self.PUBLISHED, self.DRAFT)
            sums.add(self.gain(f"mem_l{n:02}", 999 - n), self.PUBLISHED, self.DRAFT)
        sums.add(self.gain("mem_same", 1_000, 0), self.PUBLISHED, self.PUBLISHED)

        assert [gain.amount_minor for gain in sums.winners] == list(range(15, 5, -1))
        assert [gain.amount_minor for gain in sums.losers] == list(range(-15, -5))
        assert sums.winners[0].member_id == "mem_w14"
        assert sums.losers[0].member_id == "mem_l14"

    def test_who_gains_as_much_as_the_tenth_stands_by_name(self) -> None:
        orders = []
        for names in (range(12), reversed(range(12))):
            sums = Sums()
            for n in names:
                sums.add(self.gain(f"mem_{n:02}", 2_000), self.PUBLISHED, self.DRAFT)
            orders.append([gain.member_id for gain in sums.winners])

        assert orders[0] == orders[1] == [f"mem_{n:02}" for n in range(10)]

    def test_rules_beyond_the_most_are_added_up_as_others(self) -> None:
        sums = Sums()
        for n in range(510):
            rules = {("earn.category_rate", f"c{n}"): RulePart(1, 2, 0)}
            one = Tried("mem_1", Side(receipts=1, rules=rules), Side(receipts=1))
            sums.add(one, self.PUBLISHED, self.DRAFT)

        assert len(sums.rules) == 501
        assert sums.rules["other", ""] == (RulePart(10, 20, 0), RulePart())

    def test_sums_come_back_from_json_as_they_were(self) -> None:
        sums = Sums()
        rules = {("discount.fixed", ""): RulePart(1, 0, 5)}
        side = Side(
            tier="gold", receipts=2, gross_minor=9, discount_minor=5, redeemed=1,
            redeemed_minor=1, to_pay_minor=3, earned=7, rules=rules,
        )  # fmt: skip
        for name in ("mem_1", "mem_2"):
            one = Tried(name, side, replace(side, tier=None, earned=1, discount_minor=900))
            sums.add(one, self.PUBLISHED, self.PUBLISHED)

        again = sums_of(sums.to_json())

        assert again.to_json() == sums.to_json()
        assert vars(again) == vars(sums)
        assert again.before == Totals(10, 2, 2, 6, 14)
        assert again.tiers == {("gold", None): 2}


def test_another_currency_cannot_be_compared() -> None:
    with pytest.raises(DryRunRefused):
        refuse_incomparable(trial({"currency": "EUR"}))
