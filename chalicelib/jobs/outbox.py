"""The table's stream and its safety net: a committed change reaches phones and listeners.

`relay` is called with batches of the stream (NEW_IMAGE): ledger entries become events,
pushes and the rewards they owe others, promised SMS go to their queue. `sweep` runs every
minute over the sparse index of what has not left yet. The event source mapping (its filter,
partial batch failures, dead-letter queue) is in `infra/`, as Chalice cannot express it.
"""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalice import Blueprint

from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import LedgerEntry
from chalicelib.jobs.google import send_objects_of, send_waiting_objects, wanted_objects
from chalicelib.usecases.google_wallet import WantedObjects
from chalicelib.usecases.jobs import STALE_AFTER, resume_jobs
from chalicelib.usecases.outbox import SMS_QUEUE, PassDesk, announce, push_passes
from chalicelib.usecases.pass_designs import tell_left_phones
from chalicelib.usecases.returns import finish_move
from chalicelib.wiring import services

outbox = Blueprint(__name__)
log = logging.getLogger(__name__)  # not outbox.log: Lambda imports this module, not app.py

SWEEP_MAX = 100  # messages in one run, passes in one page
SWEEP_PAGES_MAX = 20


@outbox.lambda_function()
def relay(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Announce every entry, push every changed pass; report the records to be sent again."""
    failed: list[dict[str, str]] = []
    entries: list[LedgerEntry] = []
    for record in event["Records"]:
        image = record["dynamodb"].get("NewImage")
        try:
            if record["eventName"] == "INSERT" and image:
                _relay_one(image, entries)
        except Exception:  # one bad record must not hold back the others
            log.exception("relay failed")
            failed.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
    members = [entry.member for entry in entries]
    wanted = wanted_objects(services().clock.now())
    try:
        push_passes(members, at=services().clock.now(), desk=_desk(wanted), seen=entries)
    except Exception:  # the markers stand: the sweep pushes them; an alarm counts these
        log.exception("passes could not be pushed now", extra={"passes": len(members)})
    send_objects_of(wanted)
    return {"batchItemFailures": failed}


@outbox.lambda_function()
def sweep(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """Push and send what the stream has missed, queue what a queue has lost; how much."""
    ports = services()
    messages = ports.sms_outbox.waiting(SWEEP_MAX)  # first: passes may lack a certificate
    ports.queue.enqueue(SMS_QUEUE, [_reference(*message) for message in messages])
    try:
        passes = _push_what_is_dirty()
    finally:  # Apple's trouble holds up nobody's Android phone
        send_waiting_objects()
    looks = tell_left_phones(designs=ports.pass_designs, repush=ports.repush, limit=SWEEP_MAX)
    at = ports.clock.now()
    jobs = resume_jobs(at=at, before=at - STALE_AFTER, jobs=ports.jobs, queue=ports.queue)
    return {"passes": passes, "messages": len(messages), "looks": looks, "jobs": jobs}


def _push_what_is_dirty() -> int:
    ports = services()
    wanted = wanted_objects(ports.clock.now())  # only marked: the sweep sends all that waits
    seen: set[MemberRef] = set()
    for _ in range(SWEEP_PAGES_MAX):
        members = [one for one in ports.devices.dirty(SWEEP_MAX) if one not in seen]
        if not members:
            break
        seen.update(members)
        push_passes(members, at=ports.clock.now(), desk=_desk(wanted))
    return len(seen)


def _relay_one(image: Mapping[str, Any], entries: list[LedgerEntry]) -> None:
    """Announce an entry, keep it and finish what it began; or queue a message."""
    ports = services()
    committed = ports.changes.read(image)
    if committed.entry is not None:
        announce((committed.entry,), events=ports.events)
        entries.append(committed.entry)
        finish_move(committed.entry, at=ports.clock.now(), book=ports.book)
    if committed.message is not None:
        ports.queue.enqueue(SMS_QUEUE, [_reference(*committed.message)])


def _reference(merchant_id: str, message_id: str) -> dict[str, str]:
    return {"merchant_id": merchant_id, "message_id": message_id}


def _desk(wanted: WantedObjects | None) -> PassDesk:
    ports = services()
    return PassDesk(
        book=ports.book,
        devices=ports.devices,
        pushers=ports.pushers,
        funnel=ports.funnel_desk,
        journal=ports.journal,
        day_book=ports.day_book,
        attention=ports.attention,
        states=ports.pass_states,
        objects=wanted,
        notices=ports.notice_desk,
        quiet=timedelta(seconds=ports.settings.pass_push_quiet_seconds),
    )
