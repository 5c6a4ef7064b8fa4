"""Time: an hourly tick finds the merchants whose day has turned; workers do what is due.

`tick` queues one message per merchant and shard; `work` goes through the shard's due
members, stops before its time is up and queues the rest again. So it does with a prize
draw whose closing or granting was more than an answer may take.
"""

import json
import logging
from typing import Any

from chalice import Blueprint

from chalicelib.usecases.draw_prizes import go_on
from chalicelib.usecases.schedule import QUEUE, Desk, Done, run_shard, start_runs
from chalicelib.usecases.write_once import merchant_of
from chalicelib.wiring import services

schedule = Blueprint(__name__)
log = logging.getLogger(__name__)

RESERVE_MS = 20_000  # of the function's time, kept for the last member and the answer


@schedule.lambda_function()
def tick(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Queue the merchants whose day has turned; `{"is_restart": true}` queues all."""
    ports = services()
    found = start_runs(
        at=ports.clock.now(),
        shards=ports.settings.due_shards,
        merchants=ports.merchants,
        queue=ports.queue,
        is_restart=bool(event.get("is_restart")),
    )
    return {"merchants": found}


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
    """Run one shard, or go on with one draw; whether all of it could be done."""
    if "draw" in named:
        return _draw_one(named, context)
    ports = services()
    done: Done = run_shard(
        merchant_of(named["merchant_id"], ports.merchants),
        named["shard"],
        at=ports.clock.now(),
        desk=Desk(
            book=ports.book,
            members=ports.members,
            due_work=ports.due_work,
        ),
        has_time=lambda: context.get_remaining_time_in_millis() > RESERVE_MS,
    )
    if not done.is_finished:
        ports.queue.enqueue(QUEUE, [named])
    return done.failed == 0


def _draw_one(named: dict[str, Any], context: Any) -> bool:
    """Do the rest of what a draw has begun; queue it again if the time is up."""
    ports = services()
    is_finished = go_on(
        named["merchant_id"],
        named["draw"],
        at=ports.clock.now(),
        desk=ports.draw_desk,
        has_time=lambda: context.get_remaining_time_in_millis() > RESERVE_MS,
    )
    if not is_finished:
        ports.queue.enqueue(QUEUE, [named])
    return True
