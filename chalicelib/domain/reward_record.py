"""What a member was rewarded for beside purchases, and who brought them in.

Part of the account, so that it moves under the account's own condition: an action is
rewarded once (R43), a referral pays once (R37), whatever happens at the same time.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ReferralState(StrEnum):
    """How far a referral has come."""

    WAITING = "waiting"  # for the friend's first purchase
    EARNED = "earned"  # the rewards are owed, or were given
    REVERSED = "reversed"  # the first purchase came back: what was given is taken back


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """Who brought a member in, and what comes of it; kept with the friend.

    The points are those promised when they were earned: a later program changes nothing.
    """

    referrer_id: str
    state: ReferralState = ReferralState.WAITING
    version: int = 0  # of the friend's entry that brought it into its state
    referrer_points: int = 0
    friend_points: int = 0
    expires_in_days: int | None = None
    reversible_through: date | None = None  # last day of a full return; None: never


@dataclass(frozen=True, slots=True)
class RewardRecord:
    """Everything an account remembers of rewards."""

    referral: Referral | None = None  # None also once it can neither pay nor be reversed
    friends: int = 0  # brought in and rewarded for
    actions: tuple[str, ...] = ()  # rewarded, in the order they were done


NO_REWARDS = RewardRecord()
