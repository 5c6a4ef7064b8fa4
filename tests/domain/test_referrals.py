"""What each account remembers of a referral, and how its reward is taken back (R20, R26)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.account import Account, LotSource
from chalicelib.domain.entries import EntryKind, LedgerEntry
from chalicelib.domain.ledger import redeem
from chalicelib.domain.posting import Posting
from chalicelib.domain.receipts import ReturnedLine
from chalicelib.domain.referrals import (
    REASON,
    ReferralCapReached,
    Share,
    bring_in,
    forgo,
    is_owed,
    reverse,
    reward,
)
from chalicelib.domain.returns import Claim, take_back
from chalicelib.domain.reward_record import Referral, ReferralState, RewardRecord
from chalicelib.domain.sales import sell
from tests.builders import (
    account,
    after,
    as_stored,
    day,
    entry,
    line,
    lot,
    lot_id,
    noon,
    occasion,
    points_by_lot,
    program,
    receipt,
    sale,
)

TERMS = {"referrer_points": 500, "friend_points": 200, "reversal_days": 14}
REWARDED = program(referral=TERMS)
REFERRERS = Share(500, None, is_referrer=True)
FRIENDS = Share(200, 30, is_referrer=False)


def friend(told: int = 1, **fields: Any) -> Account:
    """Return a friend whose first purchase, entry 1, earned the rewards."""
    earned = Referral(
        referrer_id="mem_bob",
        state=ReferralState.EARNED,
        version=1,
        reversible_through=day("2026-06-15"),
    )
    record = RewardRecord(referral=replace(earned, **fields))
    return account(rewards=record, told_version=told)


def referrer(*lots: Any, friends: int = 0, **fields: Any) -> Account:
    return account(*lots, rewards=RewardRecord(friends=friends), **fields)


class TestOwing:
    @pytest.mark.parametrize(("told", "owed"), [(0, True), (1, False), (2, False)])
    def test_rewards_are_owed_until_the_entry_was_told_of(self, told: int, owed: bool) -> None:
        assert is_owed(friend(told)) is owed

    def test_nobody_is_owed_where_nobody_was_brought_in(self) -> None:
        assert not is_owed(account())

    def test_a_reward_for_joining_can_never_be_reversed(self) -> None:
        posting = Posting(
            account(), occasion(program(referral={**TERMS, "trigger": "sign_up"}))
        )

        bring_in(posting, "mem_bob")

        assert posting.account.rewards.referral == Referral(
            referrer_id="mem_bob",
            state=ReferralState.EARNED,
            version=2,
            referrer_points=500,
            friend_points=200,
        )


class TestRemembering:
    @pytest.mark.parametrize(("on", "is_kept"), [("2026-06-15", True), ("2026-06-16", False)])
    def test_lasts_while_a_return_could_take_the_rewards_back(
        self, on: str, is_kept: bool
    ) -> None:
        assert (self.referral_after_a_sale(friend(), on) is not None) is is_kept

    def test_lasts_until_the_outbox_has_told_of_it(self) -> None:
        assert self.referral_after_a_sale(friend(told=0), "2026-06-16") is not None

    @pytest.mark.parametrize(
        "fields", [{"state": ReferralState.REVERSED}, {"reversible_through": None}]
    )
    def test_ends_with_the_next_sale_where_nothing_can_be_taken_back(
        self, fields: dict[str, Any]
    ) -> None:
        assert self.referral_after_a_sale(friend(**fields), "2026-06-02") is None

    def test_ends_where_the_program_rewards_nobody_any_more(self) -> None:
        waiting = account(rewards=RewardRecord(referral=Referral(referrer_id="mem_bob")))

        change = sell(waiting, sale(), occasion(program()))

        assert after(change).rewards.referral is None

    def referral_after_a_sale(self, owner: Account, on: str) -> Referral | None:
        """Sell something on that day; what is left of the referral."""
        change = sell(owner, sale(at=noon(on)), occasion(REWARDED, at=noon(on)))
        return after(change).rewards.referral


class TestReturning:
    def test_the_third_of_three_parts_loses_the_rewards(self) -> None:
        waiting = account(rewards=RewardRecord(referral=Referral(referrer_id="mem_bob")))
        change = sell(waiting, sale(line(10_000, 3_000)), occasion(REWARDED))
        states = []

        for number in range(3):
            claim = Claim(return_id=f"b-{number}", lines=(ReturnedLine(0, 1_000),))
            change = take_back(after(change), as_stored(change), claim, occasion(REWARDED))
            kept = after(change).rewards.referral
            states.append(kept and kept.state)

        assert states == ["earned", "earned", "reversed"]
        lost = after(change)
        assert lost.rewards.referral
        assert lost.rewards.referral.version == lost.version

    def test_the_last_day_to_lose_them_counts_from_the_first_purchase(self) -> None:
        waiting = account(rewards=RewardRecord(referral=Referral(referrer_id="mem_bob")))

        owner = after(sell(waiting, sale(), occasion(REWARDED)))

        assert owner.rewards.referral
        assert owner.rewards.referral.reversible_through == date(2026, 6, 15)


class TestRewarding:
    def test_the_referrer_counts_the_friend_and_the_friend_counts_nobody(self) -> None:
        brought = reward(referrer(friends=2), REFERRERS, occasion(REWARDED))
        joined = reward(referrer(friends=2), FRIENDS, occasion(REWARDED))

        assert (after(brought).rewards.friends, after(joined).rewards.friends) == (3, 2)
        (given,) = after(joined).lots
        assert (given.points, given.source, given.expires_on) == (
            200,
            LotSource.REFERRAL,
            day("2026-07-01"),
        )
        assert (entry(joined).kind, entry(joined).reason) == (EntryKind.GRANT, REASON)

    def test_beyond_the_cap_is_refused_with_the_number(self) -> None:
        capped = occasion(program(referral={**TERMS, "cap": 2}))

        assert after(reward(referrer(friends=1), REFERRERS, capped)).rewards.friends == 2
        with pytest.raises(ReferralCapReached, match="for 2 friends already") as refused:
            reward(referrer(friends=2), REFERRERS, capped)
        assert refused.value.facts == {"maximum": 2}

    def test_what_was_promised_is_given_though_the_program_has_no_referrals_now(self) -> None:
        change = reward(referrer(), REFERRERS, occasion())

        assert after(change).total == 500


class TestTakingBack:
    def test_a_reward_that_was_never_given_moves_nothing_and_says_so(self) -> None:
        change = forgo(referrer(lot("june", 9)), REFERRERS, occasion(REWARDED))

        written = entry(change)
        assert (written.kind, written.reason) == (EntryKind.REVERSE, REASON)
        assert (written.movements, written.facts) == ((), {"clawed_back": 0})

    @pytest.mark.parametrize("policy", ["unlimited", "within_balance", "only_pending"])
    def test_comes_from_its_own_lot_before_older_ones(self, policy: str) -> None:
        rules = program(referral=TERMS, return_policy=policy)
        owner, granted = self.rewarded(referrer(lot("june", 500, until="2026-06-02")))

        change = reverse(owner, granted, REFERRERS, occasion(rules))

        assert points_by_lot(after(change)) == {lot_id("june"): 500}
        assert entry(change).reason == REASON
        assert entry(change).facts == {"reverses": granted.version, "clawed_back": 500}

    def test_a_reward_that_repaid_a_debt_is_taken_from_what_there_is(self) -> None:
        owner, granted = self.rewarded(referrer(lot("june", 30), debt=500))

        change = reverse(owner, granted, REFERRERS, occasion(REWARDED))

        assert (after(change).lots, after(change).debt) == ((), 470)

    def test_what_is_spent_is_taken_as_far_as_it_goes(self) -> None:
        rules = program(referral=TERMS, return_policy="only_pending")
        owner, granted = self.rewarded(referrer())
        owner = after(redeem(owner, 450, "gift", occasion()))

        change = reverse(owner, granted, REFERRERS, occasion(rules))

        assert (entry(change).facts["clawed_back"], after(change).debt) == (50, 0)

    def test_frees_the_referrers_place_and_none_of_the_friends(self) -> None:
        owner, granted = self.rewarded(referrer(friends=2))

        referrers = reverse(owner, granted, REFERRERS, occasion(REWARDED))
        friends = reverse(owner, granted, FRIENDS, occasion(REWARDED))

        assert owner.rewards.friends == 3
        assert after(referrers).rewards.friends == 2
        assert after(friends).rewards.friends == 3

    def rewarded(self, owner: Account) -> tuple[Account, LedgerEntry]:
        """Reward the referrer."""
        change = reward(owner, REFERRERS, occasion(REWARDED))
        return after(change), entry(change)


def test_a_receipt_is_whole_again_only_line_by_line() -> None:
    """Two of one line are not one of each."""
    waiting = account(rewards=RewardRecord(referral=Referral(referrer_id="mem_bob")))
    bought = sell(waiting, sale(line(10_000, 2_000), line(10_000, 2_000)), occasion(REWARDED))
    claim = Claim(return_id="b", lines=(ReturnedLine(0, 2_000), ReturnedLine(1, 1_000)))

    back = take_back(after(bought), receipt(bought), claim, occasion(REWARDED))

    kept = after(back).rewards.referral
    assert kept
    assert kept.state is ReferralState.EARNED
