"""Tell every phone that holds a merchant's pass: all of them show something else now.

No account is written for it: what all passes show is counted once, in the merchant's look,
and a phone that asks sees a newer version. Page by page of the passes in wallets, as a job;
a page that a crash repeats pushes its phones twice, which does no harm. A phone that could
not be told is left to the outbox, which tries it until it can.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.jobs import Job, JobKind, ended, moved
from chalicelib.domain.members import DeviceRegistration
from chalicelib.domain.pass_holders import PassHolder
from chalicelib.ports import (
    Jobs,
    Keyring,
    PassHolders,
    PassStates,
    PushKind,
    PushOutcome,
    TaskQueue,
    WalletObjects,
)
from chalicelib.usecases.jobs import start_job
from chalicelib.usecases.pushes import PushDesk, push_phones, settle_push

HOLDERS_PAGE = 1_000  # of a slice: as many as one call of a pusher takes


@dataclass(frozen=True, slots=True, kw_only=True)
class RepushDesk(PushDesk):
    """The ports that reach every pass of a merchant's."""

    holders: PassHolders
    states: PassStates
    objects: WalletObjects | None = None  # Google's wallet; None: not set up


def start_repush(
    merchant_id: str, *, at: datetime, jobs: Jobs, queue: TaskQueue, keyring: Keyring
) -> Job:
    """Begin to tell every phone that holds one of the merchant's passes.

    Once what they show has been counted: a phone that asks before would find nothing new.

    Raises:
        StoreUnavailable: perhaps it was begun; once more does no harm.
    """
    job = Job(
        merchant_id=merchant_id,
        job_id=keyring.new_id("job"),
        kind=JobKind.REPUSH,
        created_at=at,
        touched_at=at,
        asked={},
    )
    return start_job(job, jobs=jobs, queue=queue)


def repush_slice(job: Job, *, at: datetime, desk: RepushDesk) -> Job:
    """Tell the phones of the next page.

    Raises:
        StoreUnavailable: the page is told again.
    """
    total = job.total or desk.holders.count(job.merchant_id)
    shard, after = job.work.get("shard", 0), job.work.get("after", "")
    holders, behind = desk.holders.page(job.merchant_id, shard, after, HOLDERS_PAGE)
    sums = _told(holders, at, desk)
    done = job.done + len(holders)
    place = {"shard": shard, "after": behind} if behind else {"shard": shard + 1, "after": ""}
    counted = {name: job.work.get(name, 0) + count for name, count in sums.items()}
    if place["shard"] == desk.holders.shards:
        return ended(job, counted, done)
    return moved(job, place | counted, done, max(total, done))


def _told(holders: Sequence[PassHolder], at: datetime, desk: RepushDesk) -> dict[str, int]:
    """Push a page of holders once; how many were told, and how many are left to others."""
    _want_objects([one.member for one in holders if one.registration is None], desk)
    phones = {one.registration: one.member for one in holders if one.registration}
    outcomes = push_phones(phones, at=at, desk=desk)
    failed = _settle(phones, outcomes, at, desk)
    for member in failed:
        desk.devices.mark(member, at)
    gone = sum(1 for outcome in outcomes.values() if outcome.kind is PushKind.GONE)
    accepted = sum(1 for outcome in outcomes.values() if outcome.kind is PushKind.ACCEPTED)
    return {"pushed": accepted, "gone": gone, "failed": len(outcomes) - accepted - gone}


def _settle(
    phones: Mapping[DeviceRegistration, MemberRef],
    outcomes: Mapping[DeviceRegistration, PushOutcome],
    at: datetime,
    desk: RepushDesk,
) -> dict[MemberRef, None]:
    """Do what the answers ask for; whose phones were not told, each once."""
    return {
        member: None
        for phone, member in phones.items()
        if not settle_push(member, phone, outcomes[phone], at=at, desk=desk)
    }


def _want_objects(members: Sequence[MemberRef], desk: RepushDesk) -> None:
    if desk.objects is None or not members:
        return
    for member, state in desk.states.states_of(members).items():
        desk.objects.want(member, state.version)
