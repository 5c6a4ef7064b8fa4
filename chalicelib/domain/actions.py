"""The decision to reward an action, such as a review: once per member and action (R43)."""

from dataclasses import replace

from chalicelib.domain.account import Account, LotSource
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import Grant, grant
from chalicelib.domain.occasion import Occasion

ACTIONS_REMEMBERED_MAX = 100  # of one member, of all programs the merchant ever had


class ActionUnknown(DomainError):
    """The program rewards no such action."""

    code = "action_unknown"


class ActionRewarded(DomainError):
    """The member was rewarded for the action before."""

    code = "action_rewarded"


def reward_action(account: Account, action: str, occasion: Occasion) -> LedgerChange:
    """Give the points of an action.

    Raises:
        ActionUnknown, ActionRewarded.
    """
    terms = occasion.program.rewards.actions.get(action)
    if terms is None:
        raise ActionUnknown(f"the program rewards no action {action!r}")
    done = account.rewards.actions
    if action in done or len(done) >= ACTIONS_REMEMBERED_MAX:
        raise ActionRewarded(f"the member was rewarded for {action!r} before")
    given = Grant(
        points=terms.points,
        reason=action,
        source=LotSource.PROMOTION,
        expires_in_days=terms.expires_in_days,
    )
    change = grant(account, given, occasion)
    assert change.account is not None, "a grant is a member's"
    rewards = replace(change.account.rewards, actions=(*done, action))
    return replace(change, account=replace(change.account, rewards=rewards))
