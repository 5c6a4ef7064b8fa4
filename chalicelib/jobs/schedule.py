"""Time: an hourly tick finds the merchants whose day has turned; workers do what is due.

`tick` queues one message per merchant and shard; `work` goes through the shard's due
members, stops before its time is up and queues the rest again. So does it with a job,
slice by slice.
"""

import json
import logging
from datetime import datetime
from functools import partial
from typing import Any

from chalice import Blueprint

from chalicelib.domain.jobs import JobKind
from chalicelib.jobs.google import wanted_objects
from chalicelib.usecases.draw_jobs import continue_draw
from chalicelib.usecases.dry_runs import DryRunDesk, dry_run_slice
from chalicelib.usecases.jobs import JobDesk, resume_jobs, run_job
from chalicelib.usecases.leaving import ExitDesk
from chalicelib.usecases.pass_certificates import announce_expiring, note_operators
from chalicelib.usecases.repush import RepushDesk, repush_slice
from chalicelib.usecases.schedule import QUEUE, Desk, Done, run_shard, start_runs
from chalicelib.usecases.write_once import merchant_of
from chalicelib.wiring import Services, services

schedule = Blueprint(__name__)
log = logging.getLogger(__name__)

RESERVE_MS = 20_000  # of the function's time, kept for the last member and the answer


@schedule.lambda_function()
def tick(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Queue the merchants whose day has turned; `{"is_restart": true}` queues all."""
    ports = services()
    at, is_restart = ports.clock.now(), bool(event.get("is_restart"))
    if is_restart:
        resume_jobs(at=at, before=at, jobs=ports.jobs, queue=ports.queue)
    found = start_runs(
        at=at,
        shards=ports.settings.due_shards,
        merchants=ports.merchants,
        queue=ports.queue,
        is_restart=is_restart,
    )
    _tell_of_certificates(ports, at)
    return {"merchants": found}


def _tell_of_certificates(ports: Services, at: datetime) -> None:
    """Tell of pass certificates that end soon; their trouble must not hold up anybody's day."""
    try:
        operators = ports.operators_certificate
        if operators is not None:
            note_operators(operators, records=ports.certificate_records)
        announce_expiring(at, records=ports.certificate_records, events=ports.events)
    except Exception:  # a secret or an identifier is wrong: an alarm says so, days go on
        log.exception("pass certificates could not be looked at")


@schedule.lambda_function()
def work(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Do what is due in each shard; report those to be tried again."""
    failed: list[dict[str, str]] = []
    for record in event["Records"]:
        try:
            is_done = _work_one(json.loads(record["body"]), context)
        except Exception:  # one bad shard must not hold back the others
            log.exception("scheduled work failed")
            is_done = False
        if not is_done:
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def _work_one(named: dict[str, Any], context: Any) -> bool:
    """Run one shard or go on with one job; whether all of it could be done."""
    if "job" in named:
        return _go_on(named, context)
    ports = services()
    done: Done = run_shard(
        merchant_of(named["merchant_id"], ports.merchants),
        named["shard"],
        at=ports.clock.now(),
        desk=Desk(
            book=ports.book,
            members=ports.members,
            due_work=ports.due_work,
            exits=_exit_desk(ports),
        ),
        has_time=partial(_has_time, context),
    )
    if not done.is_finished:
        ports.queue.enqueue(QUEUE, [named])
    return done.failed == 0


def _exit_desk(ports: Services) -> ExitDesk:
    return ExitDesk(
        book=ports.book, members=ports.members, codes=ports.promo_codes, keyring=ports.keyring
    )


def _go_on(named: dict[str, Any], context: Any) -> bool:
    """Do slices of a job while there is time."""
    ports = services()
    dry_runs = DryRunDesk(
        merchants=ports.merchants,
        ledger=ports.ledger,
        journal=ports.journal,
        shards=ports.settings.due_shards,
    )
    run_job(
        named["merchant_id"],
        named["job"],
        now=ports.clock.now,
        desk=JobDesk(
            jobs=ports.jobs,
            queue=ports.queue,
            slices={
                JobKind.DRY_RUN: partial(dry_run_slice, desk=dry_runs),
                JobKind.DRAW: partial(continue_draw, now=ports.clock.now, desk=ports.draw_desk),
                JobKind.REPUSH: lambda job: repush_slice(
                    job, at=ports.clock.now(), desk=_repush_desk()
                ),
            },
        ),
        has_time=partial(_has_time, context),
    )
    return True


def _repush_desk() -> RepushDesk:
    """Return what pushes all passes; the certificate is loaded with the first such job."""
    ports = services()
    return RepushDesk(
        devices=ports.devices,
        pushers=ports.pushers,
        funnel=ports.funnel_desk,
        holders=ports.pass_holders,
        states=ports.pass_states,
        objects=wanted_objects(ports.clock.now()),
    )


def _has_time(context: Any) -> bool:
    return bool(context.get_remaining_time_in_millis() > RESERVE_MS)
