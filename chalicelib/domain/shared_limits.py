"""Limits of messages that hold over all merchants together, and what a new shop may send.

Whoever likes opens shops, each with limits of its own: without these, many shops would send
one phone, or one range of numbers, many times what one shop may. All shops that opened
themselves share a budget too, so that they cannot use up what the others' codes need.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.members import LimitCharge, Merchant
from chalicelib.domain.sign_ups import (
    BUDGET,
    SmsPolicy,
    sliding_charge,
    window_charge,
)

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Whom a message reaches, whoever's customer it is, and who sends it."""

    merchant: Merchant
    phone_hash: str  # the same for every merchant
    prefix: str
    at: datetime


def is_limited(merchant: Merchant, policy: SmsPolicy) -> bool:
    """Return whether a shop opened itself, and no operator has lifted its limit since."""
    return merchant.is_self_opened and merchant.merchant_id not in policy.lifted_merchants


def policy_of(merchant: Merchant, policy: SmsPolicy) -> SmsPolicy:
    """Return the limits of that merchant's own messages."""
    if not is_limited(merchant, policy):
        return policy
    most = min(policy.per_merchant_day_minor, policy.per_new_merchant_day_minor)
    return replace(policy, per_merchant_day_minor=most)


def shared_charges(
    reached: Reached, policy: SmsPolicy, *, ip: str | None = None
) -> tuple[LimitCharge, ...]:
    """Return what a code or a link takes from the limits of all merchants together.

    `ip` is the fingerprint of who asks, where it is a shopper: a till's is its shop's.
    """
    at, most = reached.at, policy.per_phone_day_in_all
    found = [
        sliding_charge("phone_day_in_all", reached.phone_hash, at, DAY, most),
        window_charge(
            "prefix_hour_in_all", reached.prefix, at, HOUR, policy.per_prefix_hour_in_all
        ),
    ]
    if ip is not None:
        most = policy.per_ip_hour_in_all
        found.append(window_charge("ip_hour_in_all", ip, at, HOUR, most))
    return (*map(_shared, found), *_budgets(reached, policy))


def shared_message_charges(reached: Reached, policy: SmsPolicy) -> tuple[LimitCharge, ...]:
    """Return what a message that is no code takes: no phone's codes, as with one merchant."""
    name, most = "phone_messages_day_in_all", policy.per_phone_day_in_all
    own = sliding_charge(name, reached.phone_hash, reached.at, DAY, most)
    return _shared(own), *_budgets(reached, policy)


def notice_charge(at: datetime, policy: SmsPolicy) -> LimitCharge:
    """Return what a notice of points takes beside: at most half of the merchant's budget.

    The other half is for codes: nobody must stay outside because others were told of points.
    """
    most = policy.per_merchant_day_minor // 2
    return replace(
        window_charge("notices_day", BUDGET, at, DAY, most), units=policy.price_minor
    )


def _budgets(reached: Reached, policy: SmsPolicy) -> tuple[LimitCharge, ...]:
    budgets = {"day_in_all": policy.per_day_in_all_minor}
    if is_limited(reached.merchant, policy):
        budgets["new_merchants_day"] = policy.per_day_of_new_merchants_minor
    return tuple(
        _shared(replace(
            window_charge(name, BUDGET, reached.at, DAY, most), units=policy.price_minor
        ))
        for name, most in budgets.items()
    )  # fmt: skip


def _shared(charge: LimitCharge) -> LimitCharge:
    return replace(charge, is_shared=True)
