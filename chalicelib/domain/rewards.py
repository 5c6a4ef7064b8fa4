"""What a program gives beside the points of purchases: its terms, as frozen values.

`rules/rewards.py` reads them from the document. Days are local days, D+N (R12).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Trigger(StrEnum):
    """When a referral is rewarded."""

    FIRST_PURCHASE = "first_purchase"
    SIGN_UP = "sign_up"


@dataclass(frozen=True, slots=True)
class RewardTerms:
    """What something done once is worth."""

    points: int
    expires_in_days: int | None  # None: never


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralTerms:
    """What bringing a friend in is worth."""

    referrer_points: int
    friend_points: int
    trigger: Trigger
    reversal_days: int  # a first purchase returned whole in that time takes it back (R26)
    cap: int | None  # friends one member is rewarded for; None: any number
    expires_in_days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewards:
    """All of it; what is absent is not given."""

    referral: ReferralTerms | None = None
    welcome: RewardTerms | None = None
    actions: Mapping[str, RewardTerms] = field(default_factory=dict)
    benefits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # tier → texts
