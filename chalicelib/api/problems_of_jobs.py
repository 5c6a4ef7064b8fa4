"""The problems of jobs and dry runs; see `problems.py`."""

from chalicelib.api.problem import Problem

OF_JOBS = {
    "job_not_found": Problem(
        404,
        "Job not found",
        "There is no such job, or it is more than 30 days old.",
        "Begin it again.",
    ),
    "job_unfinished": Problem(
        409,
        "Job unfinished",
        "The job has no result yet.",
        "Ask GET /v1/jobs/{job_id} until its `state` is `done`.",
        is_retryable=True,
    ),
    "job_failed": Problem(
        409, "Job failed", "The job ended without a result.", "Begin it again; see `error`."
    ),
    "dry_run_refused": Problem(
        409,
        "Dry run refused",
        "The draft cannot be compared with the published program.",
        "Keep the currency; see `detail`.",
    ),
}
