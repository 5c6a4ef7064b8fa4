"""What an account remembers of rewards before anything was rewarded."""

from chalicelib.domain.account import Account
from chalicelib.domain.reward_record import Referral, ReferralState
from tests.builders import ANN


def test_a_new_account_remembers_nobody_and_nothing() -> None:
    found = Account(ANN).rewards

    assert (found.referral, found.friends, found.actions) == (None, 0, ())


def test_a_referral_waits_and_promises_no_points_before_it_is_earned() -> None:
    found = Referral(referrer_id="mem_bob")

    assert (found.state, found.version) == (ReferralState.WAITING, 0)
    assert (found.referrer_points, found.friend_points) == (0, 0)
    assert (found.expires_in_days, found.reversible_through) == (None, None)


def test_the_words_of_its_state_are_stored_and_stay() -> None:
    assert [str(state) for state in ReferralState] == ["waiting", "earned", "reversed"]
