"""What time alone brings: find the members who are due, and do what is due for them.

The sparse index of due dates is work list and checkpoint at once: an account leaves it,
or moves on in it, when its work is done. So a run may stop, overlap with another or come
days late, and does everything once (P13); its cost follows the members who are due (P14).
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.domain.account import LotSource, MemberRef
from chalicelib.domain.anniversaries import (
    AnniversaryGranted,
    DueAnniversary,
    due_anniversaries,
    next_anniversary,
    refuse_granted,
)
from chalicelib.domain.due import is_shown_paused, next_due
from chalicelib.domain.entries import EntryKind, LedgerChange, Operation
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import Grant, grant, present
from chalicelib.domain.members import Merchant, Profile
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.program import Program
from chalicelib.domain.scheduled import run_due
from chalicelib.domain.unverified import MemberVerified, is_forgotten
from chalicelib.ports import (
    CommitConflict,
    DueWork,
    Members,
    Merchants,
    TaskQueue,
    Trouble,
)
from chalicelib.usecases.leaving import ExitDesk, forget_member
from chalicelib.usecases.write_once import Book, program_of, write_once

CLIENT = "job"  # the caller of every scheduled operation
QUEUE = "schedule"
MERCHANT_PAGES_MAX = 1_000  # of 100 merchants, in one tick
ENTRIES_LOOKED_AT = 100  # of the ledger, for a grant the profile was not told of
PAGES_MAX = 10_000  # of 25 members, in one run of a shard

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The ports the scheduled work uses."""

    book: Book
    members: Members
    due_work: DueWork
    exits: ExitDesk


@dataclass(frozen=True, slots=True)
class Done:
    """What a run of one shard did."""

    members: int  # looked at
    written: int  # entries
    failed: int
    is_finished: bool  # False: out of time, to be continued


def start_runs(
    *,
    at: datetime,
    shards: int,
    merchants: Merchants,
    queue: TaskQueue,
    is_restart: bool = False,
) -> int:
    """Queue every shard of the merchants whose day has turned; how many merchants.

    The work is queued before the claim, so that a crash between them repeats work rather
    than losing it. With `is_restart` every merchant is queued: what an unfinished queue
    lost is found again.
    """
    if is_restart:
        found = merchants.all_scheduled()
        for merchant in found:
            _start(merchant, at, shards, merchants, queue)
        return len(found)
    started: set[str] = set()
    for _ in range(MERCHANT_PAGES_MAX):
        due = [one for one in merchants.due_for_run(at) if one.merchant_id not in started]
        if not due:
            break
        for merchant in due:
            _start(merchant, at, shards, merchants, queue)
        started.update(merchant.merchant_id for merchant in due)
    return len(started)


def _start(
    merchant: Merchant, at: datetime, shards: int, merchants: Merchants, queue: TaskQueue
) -> None:
    """Queue a merchant's shards and claim its run; one that fails waits for the next hour."""
    payloads = [{"merchant_id": merchant.merchant_id, "shard": n} for n in range(shards)]
    queue.enqueue(QUEUE, payloads)
    try:
        again_at = next_run(program_of(merchant.merchant_id, merchants), at)
    except DomainError:
        log.exception("program cannot be read", extra={"merchant": merchant.merchant_id})
        again_at = at + timedelta(hours=1)
    merchants.claim_run(merchant, again_at)


def next_run(program: Program, at: datetime) -> datetime:
    """Return the moment the merchant's next business day begins."""
    return program.day_begins(program.local_date(at) + timedelta(days=1))


def run_shard(
    merchant: Merchant,
    shard: int,
    *,
    at: datetime,
    desk: Desk,
    has_time: Callable[[], bool],
) -> Done:
    """Do what is due in one shard of a merchant, oldest first, while there is time."""
    program = program_of(merchant.merchant_id, desk.book.merchants)
    today = program.local_date(at)
    looked = written = failed = 0
    work = _due(desk.due_work, merchant.merchant_id, shard, today)
    for member, is_anniversary in work:
        if not has_time():
            return Done(looked, written, failed, is_finished=False)
        looked += 1
        run = run_anniversaries if is_anniversary else run_member
        try:
            written += run(member, program, at=at, desk=desk)
        except Exception:  # the job's loop: one member holds up nobody (R36)
            log.exception(
                "scheduled work failed; it stays due", extra={"member": member.member_id}
            )
            failed += 1
    return Done(looked, written, failed, is_finished=True)


def run_member(member: MemberRef, program: Program, *, at: datetime, desk: Desk) -> int:
    """Expire, activate, remind and lower what is due for one account: entries written."""
    ledger = desk.book.ledger
    trouble: Trouble = CommitConflict("no attempt was made")
    for _ in desk.book.pacer.attempts():
        account = present(ledger.account(member))
        if account.due is None or account.due > program.local_date(at):
            return 0  # another run has done it
        if is_forgotten(account, program.local_date(at)):
            return _forget(member, at, desk)
        operation = Operation(member.merchant_id, CLIENT, "", "")  # the version guards it
        change = run_due(account, Occasion(program, at, operation))
        try:
            if change is None:
                if is_shown_paused(account, program, at):
                    _show_anew(member, at, desk)
                due = next_due(account, program, program.local_date(at))
                ledger.reschedule(replace(account, due=due))
                return 0
            ledger.commit(change)
        except Trouble as error:
            trouble = error
            continue
        return 1
    raise trouble


def _show_anew(member: MemberRef, at: datetime, desk: Desk) -> None:
    """Move the pass's version, as it shows what is over; twice does no harm."""
    profile = desk.members.profile(member)
    if profile is not None:
        desk.members.save_profile(profile, marks_at=at)


def _forget(member: MemberRef, at: datetime, desk: Desk) -> int:
    """Remove a member whom nobody has confirmed in time; the phone is free again."""
    operation = Operation(member.merchant_id, CLIENT, f"forget-{member.member_id}", "")
    try:
        done = forget_member(member, operation, at=at, desk=desk.exits)
    except MemberVerified:  # a moment ago
        return 0
    return 0 if done.is_replay else 1


def run_anniversaries(member: MemberRef, program: Program, *, at: datetime, desk: Desk) -> int:
    """Make the grants of yearly days that have come: entries written."""
    profile = desk.members.profile(member)
    if profile is None:
        return 0
    today = program.local_date(at)
    written = 0
    for due in due_anniversaries(profile.anniversaries, program, today):
        written += _grant_anniversary(profile, due, program, at=at, desk=desk)
        granted = tuple(
            replace(a, granted_on=due.on) if a == due.anniversary else a
            for a in profile.anniversaries
        )
        profile = replace(profile, anniversaries=granted)
    _move_on(profile, program, today, desk)
    return written


def _grant_anniversary(
    profile: Profile, due: DueAnniversary, program: Program, *, at: datetime, desk: Desk
) -> int:
    """Grant once per member, kind and gap, whatever crashed or was edited in between.

    The key settles lost answers. The ledger is read after the account, whose version
    guards the write: two runs that saw different birth dates cannot both find it empty.
    """
    member, ledger = profile.member, desk.book.ledger
    day = f"{due.anniversary.kind}-{due.anniversary.day}-{due.on}"
    key = f"anniversary-{member.member_id}-{day}"
    operation = Operation(member.merchant_id, CLIENT, key, "")
    given = Grant(
        points=due.grant.points,
        reason=due.anniversary.kind,
        source=LotSource.ANNIVERSARY,
        expires_in_days=due.grant.expires_in_days,
        kind=EntryKind.ANNIVERSARY,
    )

    def decide() -> LedgerChange:
        account = present(ledger.account(member))
        latest = ledger.entries(member, limit=ENTRIES_LOOKED_AT)
        refuse_granted(latest, due, profile.anniversaries, program)
        return grant(account, given, Occasion(program, at, operation))

    try:
        return 0 if write_once(operation, decide, desk.book).is_replay else 1
    except AnniversaryGranted:
        return 0


def _move_on(profile: Profile, program: Program, today: date, desk: Desk) -> None:
    """Store the profile with its next due day."""
    due = next_anniversary(profile.anniversaries, program, today)
    desk.members.save_profile(replace(profile, anniversary_due=due))


def _due(
    work: DueWork, merchant_id: str, shard: int, through: date
) -> Iterator[tuple[MemberRef, bool]]:
    """Yield (member, is it an anniversary) of all that is due, page by page."""
    for is_anniversary, find in ((False, work.due_members), (True, work.due_anniversaries)):
        after: str | None = None
        for _ in range(PAGES_MAX):
            members, after = find(merchant_id, shard, through, after=after)
            for member in members:
                yield member, is_anniversary
            if after is None:
                break
