"""Jobs, and the dry runs of a draft that are made by them."""

from typing import Any

from chalice import Blueprint

from chalicelib.api.dry_run_shapes import dry_run_csv, dry_run_json
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.jobs import DryRunAnswer, DryRunBody, DryRunCsvAnswer, JobAnswer
from chalicelib.api.shapes import write_moment
from chalicelib.domain.jobs import Job, JobKind, JobState
from chalicelib.domain.members import Scope
from chalicelib.usecases.dry_runs import DryRunResult, find_dry_run, start_dry_run
from chalicelib.usecases.jobs import find_job
from chalicelib.usecases.repush import start_repush
from chalicelib.wiring import services

jobs = Blueprint(__name__)

_PROGRAM = scoped(Scope.PROGRAM)
_NO_RESULT = ("job_not_found", "job_unfinished", "job_failed")


@endpoint(
    jobs,
    "POST",
    "/v1/program/dry-runs",
    summary="Try a draft on the receipts of the last days, as a job; nothing changes.",
    tag="Program",
    access=_PROGRAM,
    body=DryRunBody,
    answers={202: JobAnswer},
    problems=("draft_missing", "program_invalid", "dry_run_refused", "merchant_not_found"),
)
def post_dry_run(call: Call[DryRunBody]) -> Answer:
    """Begin a dry run."""
    ports = services()
    job = start_dry_run(
        call.merchant_id,
        call.body.days,
        call.body.draft,
        at=call.at,
        merchants=ports.merchants,
        jobs=ports.jobs,
        queue=ports.queue,
        keyring=ports.keyring,
    )
    headers = {"Location": f"/v1/jobs/{job.job_id}"}
    return Answer(body=_job_json(job), status=202, headers=headers, metric="DryRunStarted")


@endpoint(
    jobs,
    "GET",
    "/v1/program/dry-runs/{job_id}",
    summary="What a draft would have changed: cost, tiers, winners and losers, by rule.",
    tag="Program",
    access=_PROGRAM,
    answers={200: DryRunAnswer},
    problems=_NO_RESULT,
)
def get_dry_run(call: Call[None], job_id: str) -> Answer:
    """Return the result, once the job is done."""
    return Answer(body=dry_run_json(_result(call, job_id), call.accepted_language or "en"))


@endpoint(
    jobs,
    "GET",
    "/v1/program/dry-runs/{job_id}/result.csv",
    summary="The numbers of a dry run as one table.",
    tag="Program",
    access=_PROGRAM,
    answers={200: DryRunCsvAnswer},
    problems=_NO_RESULT,
    is_fresh=True,
)
def get_dry_run_csv(call: Call[None], job_id: str) -> Answer:
    """Return the result for a spreadsheet."""
    content = dry_run_csv(_result(call, job_id))
    headers = {"Content-Disposition": 'attachment; filename="dry-run.csv"'}
    return Answer(body=content, content_type="text/csv; charset=utf-8", headers=headers)


@endpoint(
    jobs,
    "GET",
    "/v1/jobs/{job_id}",
    summary="How far a job is, and where its result will be.",
    tag="Jobs",
    access=scoped(Scope.PROGRAM, Scope.GRANTS),
    answers={200: JobAnswer},
    problems=("job_not_found",),
)
def get_job(call: Call[None], job_id: str) -> Answer:
    """Return a job."""
    return Answer(
        body=_job_json(find_job(call.merchant_id, job_id, at=call.at, jobs=services().jobs))
    )


@endpoint(
    jobs,
    "POST",
    "/v1/pass-pushes",
    summary="Tell every phone that holds a pass to fetch it anew, as a job.",
    tag="Program",
    access=_PROGRAM,
    answers={202: JobAnswer},
)
def post_pass_push(call: Call[None]) -> Answer:
    """Begin to push all of the merchant's passes."""
    ports = services()
    job = start_repush(
        call.merchant_id, at=call.at, jobs=ports.jobs, queue=ports.queue, keyring=ports.keyring
    )
    headers = {"Location": f"/v1/jobs/{job.job_id}"}
    return Answer(body=_job_json(job), status=202, headers=headers, metric="RepushStarted")


def _result(call: Call[Any], job_id: str) -> DryRunResult:
    ports = services()
    return find_dry_run(
        call.merchant_id, job_id, at=call.at, merchants=ports.merchants, jobs=ports.jobs
    )


def _job_json(job: Job) -> dict[str, Any]:
    is_done = job.state is JobState.DONE
    return {
        "id": job.job_id,
        "object": "job",
        "kind": job.kind.value,
        "state": job.state.value,
        "created_at": write_moment(job.created_at),
        "progress": {"done": job.done, "total": job.total},
        "result": _result_path(job) if is_done else None,
        "error": {"code": job.error} if job.error else None,
    }


def _result_path(job: Job) -> str | None:
    if job.kind is JobKind.REPUSH:
        return None
    if job.kind is JobKind.DRAW:
        return f"/v1/draws/{job.asked['draw_id']}"
    return f"/v1/program/dry-runs/{job.job_id}"
