"""Try a draft of the program on the receipts of the last days, as a job.

The journal names the receipts, shard by shard, member by member. A slice is a page of it
that ends with a member's last row, so that a member is never counted in two halves. Of
what was read only sums are kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from chalicelib.domain.account import MemberRef
from chalicelib.domain.dry_run_sums import DryRunSums, sums_of
from chalicelib.domain.dry_runs import Trial, refuse_incomparable, try_member
from chalicelib.domain.jobs import (
    Job,
    JobKind,
    JobNotFound,
    ended,
    moved,
    refuse_without_result,
)
from chalicelib.domain.journal import JournalRow
from chalicelib.domain.program_document import read_program
from chalicelib.ports import Jobs, Journal, Keyring, Ledger, Merchants, TaskQueue
from chalicelib.usecases.jobs import find_job, start_job
from chalicelib.usecases.merchants import DraftMissing
from chalicelib.usecases.write_once import MerchantNotFound, program_of

MEMBER_PAGES_MAX = 40  # of 500 rows, that one member may fill


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRunDesk:
    """The ports of a dry run."""

    merchants: Merchants
    ledger: Ledger
    journal: Journal
    shards: int


@dataclass(frozen=True, slots=True)
class DryRunResult:
    """What a dry run came to."""

    job: Job
    trial: Trial
    sums: DryRunSums


def start_dry_run(
    merchant_id: str,
    days: int,
    draft: Mapping[str, Any] | None,
    *,
    at: datetime,
    merchants: Merchants,
    jobs: Jobs,
    queue: TaskQueue,
    keyring: Keyring,
) -> Job:
    """Begin to try a draft, the saved one unless given, on the days that end with today.

    Raises:
        MerchantNotFound, DraftMissing, InvalidProgram, DryRunRefused.
    """
    published = program_of(merchant_id, merchants)
    document = merchants.draft(merchant_id) if draft is None else draft
    if document is None:
        raise DraftMissing("there is no draft to try")
    last = published.local_date(at)
    asked = {
        "version": published.version,
        "draft": document,
        "first": (last - timedelta(days=days - 1)).isoformat(),
        "last": last.isoformat(),
    }
    refuse_incomparable(_trial(published_document(merchant_id, asked, merchants), asked))
    job = Job(
        merchant_id=merchant_id,
        job_id=keyring.new_id("job"),
        kind=JobKind.DRY_RUN,
        created_at=at,
        touched_at=at,
        asked=asked,
    )
    return start_job(job, jobs=jobs, queue=queue)


def find_dry_run(
    merchant_id: str, job_id: str, *, at: datetime, merchants: Merchants, jobs: Jobs
) -> DryRunResult:
    """Return the result of a dry run.

    Raises:
        JobNotFound, JobUnfinished, JobFailed.
    """
    job = find_job(merchant_id, job_id, at=at, jobs=jobs)
    if job.kind is not JobKind.DRY_RUN:
        raise JobNotFound("the job is no dry run")
    refuse_without_result(job)
    trial = _trial(published_document(merchant_id, job.asked, merchants), job.asked)
    return DryRunResult(job, trial, sums_of(job.work["sums"]))


def dry_run_slice(job: Job, desk: DryRunDesk) -> Job:
    """Return the job after the next page of the journal. Raises StoreUnavailable."""
    merchant_id, work = job.merchant_id, dict(job.work)
    if not work:
        total = sum(desk.journal.count(merchant_id, n) for n in range(desk.shards))
        return moved(job, {"shard": 0, "after": None, "sums": DryRunSums().to_json()}, 0, total)
    shard = work["shard"]
    rows, after = _members_rows(desk.journal, merchant_id, shard, _row(work["after"], job))
    trial = _trial(published_document(merchant_id, job.asked, desk.merchants), job.asked)
    sums = sums_of(work["sums"])
    _add(sums, rows, trial, desk.ledger)
    work["sums"] = sums.to_json()
    if after is None:
        shard += 1
    if shard == desk.shards:
        return ended(job, work, job.total)
    work["shard"], work["after"] = shard, after and _plain(after)
    return moved(job, work, job.done + len(rows), job.total)


def published_document(
    merchant_id: str, asked: Mapping[str, Any], merchants: Merchants
) -> Mapping[str, Any]:
    """Return the program that was published when the dry run began."""
    document = merchants.document(merchant_id, asked["version"])
    if document is None:
        raise MerchantNotFound("there is no such merchant")
    return document


def _trial(published: Mapping[str, Any], asked: Mapping[str, Any]) -> Trial:
    version = asked["version"]
    return Trial(
        published=read_program(published, version),
        draft=read_program(asked["draft"], version + 1),
        first=date.fromisoformat(asked["first"]),
        last=date.fromisoformat(asked["last"]),
    )


def _members_rows(
    journal: Journal, merchant_id: str, shard: int, after: JournalRow | None
) -> tuple[Sequence[JournalRow], JournalRow | None]:
    """Return the next rows of whole members, and the row to go on after, if there are more."""
    rows, more = journal.page(merchant_id, shard, after=after)
    if more is None:
        return rows, None
    whole = [row for row in rows if row.member != more.member]
    if whole:
        return whole, whole[-1]
    found = list(rows)  # one member fills the page
    for _ in range(MEMBER_PAGES_MAX):
        rows, more = journal.page(merchant_id, shard, after=found[-1])
        own = [row for row in rows if row.member == found[0].member]
        found.extend(own)
        if more is None or len(own) < len(rows):
            return found, found[-1]
    raise AssertionError("a member has fewer receipts")


def _add(sums: DryRunSums, rows: Sequence[JournalRow], trial: Trial, ledger: Ledger) -> None:
    """Add what the members of these rows come to; those who are gone come to nothing."""
    keys = {
        member: [row.key for row in of_member if trial.first <= row.on <= trial.last]
        for member, of_member in groupby(rows, key=_member)
    }
    accounts = ledger.find_accounts(list(keys))
    receipts = ledger.find_receipts([key for of_member in keys.values() for key in of_member])
    for member, of_member in keys.items():
        account = accounts.get(member)
        if account is None:
            continue
        own: Iterable[Any] = (receipts[key] for key in of_member if key in receipts)
        sums.add(try_member(account, own, trial), trial.published, trial.draft)


def _member(row: JournalRow) -> MemberRef:
    return row.member


def _plain(row: JournalRow) -> list[str]:
    return [row.member.member_id, row.on.isoformat(), row.till_id, row.receipt_id]


def _row(plain: Sequence[str] | None, job: Job) -> JournalRow | None:
    if plain is None:
        return None
    member_id, on, till_id, receipt_id = plain
    member = MemberRef(job.merchant_id, member_id)
    return JournalRow(member, date.fromisoformat(on), till_id, receipt_id)
