"""Rewards for what members do beside buying: a subscription, a review."""

from chalice import Blueprint

from chalicelib.api.book import book
from chalicelib.api.endpoint import endpoint
from chalicelib.api.entries import entry_json
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.members import EntryAnswer
from chalicelib.api.models.rewards import ActionBody
from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import Scope
from chalicelib.usecases.rewards import reward_action

rewards = Blueprint(__name__)


@endpoint(
    rewards,
    "POST",
    "/v1/members/{member_id}/actions",
    summary="Reward an action of the program, such as a review: once per member and action.",
    tag="Members",
    access=scoped(Scope.GRANTS),
    body=ActionBody,
    answers={201: EntryAnswer, 200: EntryAnswer},
    problems=("member_not_found", "action_unknown", "action_rewarded"),
    is_keyed=True,
)
def post_action(call: Call[ActionBody], member_id: str) -> Answer:
    """Give the points of the action."""
    member = MemberRef(call.merchant_id, member_id)
    done = reward_action(member, call.body.action, call.operation, at=call.at, book=book())
    return Answer(
        body=entry_json(done.value),
        status=200 if done.is_replay else 201,
        is_replay=done.is_replay,
        metric="ActionRewarded",
    )
