"""What a program gives beside purchases: its terms, welcome points, actions (R43, F052)."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.account import LotSource
from chalicelib.domain.actions import (
    ACTIONS_REMEMBERED_MAX,
    ActionRewarded,
    ActionUnknown,
    reward_action,
)
from chalicelib.domain.entries import EntryKind, MovementKind
from chalicelib.domain.joining import join
from chalicelib.domain.program_document import InvalidProgram
from chalicelib.domain.reward_record import RewardRecord
from chalicelib.domain.rewards import ReferralTerms, Rewards, RewardTerms, Trigger
from tests.builders import (
    ANN,
    account,
    after,
    day,
    entry,
    occasion,
    program,
    tiers,
)

REVIEW = {"review": {"points": 10, "expires_in_days": 30}, "subscription": {"points": 50}}


def faults(**fields: Any) -> list[str]:
    """Return the paths of what is wrong with a document."""
    with pytest.raises(InvalidProgram) as refused:
        program(**fields)
    return [path for path, _ in refused.value.faults]


class TestReading:
    def test_a_program_that_says_nothing_gives_nothing(self) -> None:
        assert program().rewards == Rewards()

    def test_a_trigger_has_two_words(self) -> None:
        assert [str(trigger) for trigger in Trigger] == ["first_purchase", "sign_up"]

    def test_everything_that_is_left_out_has_its_default(self) -> None:
        rewards = program(referral={"referrer_points": 500}).rewards

        assert rewards.referral == ReferralTerms(
            referrer_points=500,
            friend_points=0,
            trigger=Trigger.FIRST_PURCHASE,
            reversal_days=14,
            cap=None,
            expires_in_days=None,
        )

    def test_the_terms_of_a_referral_are_read_as_they_stand(self) -> None:
        terms = {
            "friend_points": 200,
            "trigger": "sign_up",
            "reversal_days": 30,
            "cap": 5,
            "expires_in_days": 90,
        }

        assert program(referral=terms).rewards.referral == ReferralTerms(
            referrer_points=0,
            friend_points=200,
            trigger=Trigger.SIGN_UP,
            reversal_days=30,
            cap=5,
            expires_in_days=90,
        )

    def test_welcome_points_actions_and_benefits_are_read_as_they_stand(self) -> None:
        rewards = program(
            tiers=tiers(),
            welcome_points={"points": 100, "expires_in_days": 5},
            actions=REVIEW,
            benefits={"gold": ["Free delivery", "Closed sales"]},
        ).rewards

        assert rewards.welcome == RewardTerms(100, 5)
        assert rewards.actions == {
            "review": RewardTerms(10, 30),
            "subscription": RewardTerms(50, None),
        }
        assert rewards.benefits == {"gold": ("Free delivery", "Closed sales")}

    @pytest.mark.parametrize(
        ("fields", "path"),
        [
            ({"referral": {}}, "/referral/referrer_points"),
            ({"referral": {"referrer_points": -1}}, "/referral/referrer_points"),
            (
                {"referral": {"referrer_points": 1, "trigger": "birth"}},
                "/referral/trigger",
            ),
            ({"referral": {"referrer_points": 1, "cap": 0}}, "/referral/cap"),
            (
                {"referral": {"referrer_points": 1, "reversal_days": 367}},
                "/referral/reversal_days",
            ),
            ({"referral": {"referrer_points": 1, "terms": 1}}, "/referral/terms"),
            ({"welcome_points": {"points": 0}}, "/welcome_points/points"),
            ({"welcome_points": 100}, "/welcome_points"),
            (
                {"welcome_points": {"points": 1, "expires_in_days": 0}},
                "/welcome_points/expires_in_days",
            ),
            ({"actions": {"review": {}}}, "/actions/review/points"),
            ({"actions": {"r" * 33: {"points": 1}}}, f"/actions/{'r' * 33}"),
            ({"actions": {f"a{n}": {"points": 1} for n in range(21)}}, "/actions"),
            ({"benefits": {"gold": ["Delivery"]}}, "/benefits/gold"),
            ({"tiers": tiers(), "benefits": {"gold": []}}, "/benefits/gold"),
            ({"tiers": tiers(), "benefits": {"gold": [""]}}, "/benefits/gold"),
            ({"tiers": tiers(), "benefits": {"gold": ["x"] * 21}}, "/benefits/gold"),
        ],
    )
    def test_what_cannot_be_is_refused_with_its_path(
        self, fields: dict[str, Any], path: str
    ) -> None:
        assert path in faults(**fields)


class TestWelcome:
    def test_a_new_member_has_the_welcome_points_at_once(self) -> None:
        rules = program(welcome_points={"points": 100, "expires_in_days": 5})

        change = join(ANN, occasion(rules))

        (welcome,) = after(change).lots
        assert (entry(change).kind, entry(change).actor) == (EntryKind.JOIN, "sign_up")
        assert (welcome.points, welcome.source) == (100, LotSource.WELCOME)
        assert welcome.expires_on == day("2026-06-06")
        assert (entry(change).version, entry(change).points) == (1, 100)
        (movement,) = entry(change).movements
        assert (movement.kind, movement.lot) == (MovementKind.GRANT, welcome)

    def test_welcome_points_without_days_never_expire(self) -> None:
        change = join(ANN, occasion(program(welcome_points={"points": 100})))

        assert [(one.points, one.expires_on) for one in after(change).lots] == [(100, None)]

    def test_without_them_the_account_opens_empty(self) -> None:
        change = join(ANN, occasion())

        assert (after(change).lots, entry(change).movements) == ((), ())


class TestActions:
    def test_an_action_gives_its_points_for_its_days(self) -> None:
        change = reward_action(account(), "review", occasion(program(actions=REVIEW)))

        (lot,) = after(change).lots
        assert (lot.points, lot.expires_on) == (10, day("2026-07-01"))
        assert (entry(change).reason, lot.source) == ("review", LotSource.PROMOTION)
        assert after(change).rewards.actions == ("review",)

    def test_an_action_is_rewarded_once_for_ever(self) -> None:
        rules = program(actions=REVIEW)
        done = after(reward_action(account(), "review", occasion(rules)))

        with pytest.raises(ActionRewarded, match="was rewarded for 'review' before"):
            reward_action(done, "review", occasion(rules))

    def test_each_action_is_rewarded_for_itself(self) -> None:
        rules = program(actions=REVIEW)
        done = after(reward_action(account(), "review", occasion(rules)))

        change = reward_action(done, "subscription", occasion(rules))

        assert after(change).rewards.actions == ("review", "subscription")

    def test_an_action_the_program_does_not_name_is_refused(self) -> None:
        with pytest.raises(ActionUnknown, match="rewards no action 'repost'"):
            reward_action(account(), "repost", occasion(program(actions=REVIEW)))

    def test_what_an_account_remembers_is_bounded(self) -> None:
        names = tuple(f"old-{n}" for n in range(ACTIONS_REMEMBERED_MAX))
        full = replace(account(), rewards=RewardRecord(actions=names))
        almost = replace(account(), rewards=RewardRecord(actions=names[1:]))

        last = reward_action(almost, "review", occasion(program(actions=REVIEW)))
        assert after(last).rewards.actions == (*names[1:], "review")
        assert len(after(last).rewards.actions) == 100
        with pytest.raises(ActionRewarded):
            reward_action(full, "review", occasion(program(actions=REVIEW)))

    def test_each_refusal_has_the_code_that_clients_know(self) -> None:
        refusals = ActionUnknown, ActionRewarded

        assert [one.code for one in refusals] == ["action_unknown", "action_rewarded"]
