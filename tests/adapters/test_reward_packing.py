"""An account's record of rewards is stored small and read back as it was."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.dynamo.ledger_items import (
    ACCOUNTS,
    REWRITING,
    AccountItem,
    account_of,
    raw_account,
)
from chalicelib.adapters.dynamo.reward_packing import STATES, pack_rewards, unpack_rewards
from chalicelib.domain.reward_record import Referral, ReferralState, RewardRecord
from tests.adapters.ledger_values import NOON, common_account, full_account

BYTES_MAX = 80  # of a referral that pays
numbers = st.integers(0, 10**9)
referrals = st.builds(
    Referral,
    referrer_id=st.text(min_size=1, max_size=30),
    state=st.sampled_from(ReferralState),
    version=numbers,
    referrer_points=numbers,
    friend_points=numbers,
    expires_in_days=st.none() | st.integers(1, 3_660),
    reversible_through=st.none() | st.dates(date(2020, 1, 1), date(2200, 1, 1)),
)
records = st.builds(
    RewardRecord,
    referral=st.none() | referrals,
    friends=numbers,
    actions=st.lists(st.text(min_size=1, max_size=32), max_size=20).map(tuple),
)


@given(records)
def test_a_record_is_read_as_it_was_written(record: RewardRecord) -> None:
    assert unpack_rewards(pack_rewards(record)) == record


@given(records)
def test_an_account_keeps_its_record_both_ways(record: RewardRecord) -> None:
    seen = replace(common_account(), rewards=record)

    raw = raw_account(seen, at=NOON, due_shards=4)

    assert AccountItem.from_raw_data(raw).serialize() == raw
    assert account_of(ACCOUNTS.read(raw)) == seen


def test_an_account_without_rewards_is_stored_without_them() -> None:
    assert "rewards" not in raw_account(full_account(), at=NOON, due_shards=4)


def test_an_operation_rewrites_the_record_and_never_what_the_outbox_told() -> None:
    rewritten = {name for name, *_ in REWRITING.parts}

    assert "rewards" in rewritten
    assert "pushed" not in rewritten


def test_every_state_has_a_letter_of_its_own() -> None:
    assert STATES.keys() == set(ReferralState)
    assert len(set(STATES.values())) == len(STATES)


def test_a_referral_that_pays_takes_little_room() -> None:
    referral = Referral(
        referrer_id="mem_4kQ2xV9rTz1LmN8pWc0YbA",
        state=ReferralState.EARNED,
        version=12,
        referrer_points=500,
        friend_points=200,
        expires_in_days=90,
        reversible_through=date(2026, 12, 31),
    )

    assert len(pack_rewards(RewardRecord(referral, 7))) <= BYTES_MAX
