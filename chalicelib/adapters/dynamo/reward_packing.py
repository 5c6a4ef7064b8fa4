"""The packed form of an account's record of rewards: compact positional JSON.

`[referral, friends, actions]`, the referral `[referrer, state, version, points of the
referrer, of the friend, days, last day of a reversal]` or null. Days are `packing.py`'s.
The letters of the states are stored for ever.
"""

import json
from typing import Any

from chalicelib.adapters.dynamo.packing import day_number, day_of, to_json
from chalicelib.domain.reward_record import Referral, ReferralState, RewardRecord

STATES = {
    ReferralState.WAITING: "w",
    ReferralState.EARNED: "e",
    ReferralState.REVERSED: "r",
}
_STATE_BY_LETTER = {letter: state for state, letter in STATES.items()}


def pack_rewards(rewards: RewardRecord) -> bytes:
    """Return the record as bytes."""
    referral = _referral_row(rewards.referral) if rewards.referral else None
    return to_json([referral, rewards.friends, rewards.actions])


def unpack_rewards(packed: bytes) -> RewardRecord:
    """Return the record `pack_rewards` packed."""
    referral, friends, actions = json.loads(packed)
    return RewardRecord(_referral(referral) if referral else None, friends, tuple(actions))


def _referral_row(referral: Referral) -> list[Any]:
    through = referral.reversible_through
    return [
        referral.referrer_id,
        STATES[referral.state],
        referral.version,
        referral.referrer_points,
        referral.friend_points,
        referral.expires_in_days,
        None if through is None else day_number(through),
    ]


def _referral(row: list[Any]) -> Referral:
    referrer_id, letter, version, referrer_points, friend_points, days, through = row
    return Referral(
        referrer_id=referrer_id,
        state=_STATE_BY_LETTER[letter],
        version=version,
        referrer_points=referrer_points,
        friend_points=friend_points,
        expires_in_days=days,
        reversible_through=None if through is None else day_of(through),
    )
