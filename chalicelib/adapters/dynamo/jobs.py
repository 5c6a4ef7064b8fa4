"""The `Jobs` port: one item each, in the index of unsent things until it is over.

| item | pk                   | sk | dirty | dirty_sk                          |
|------|----------------------|----|-------|-----------------------------------|
| job  | T#{merchant}#W#{job} | W  | JOB   | {moment it moved}#{merchant}#{job} |
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import store_errors
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item, MomentAttribute
from chalicelib.adapters.dynamo.reading import epoch, find, listed
from chalicelib.domain.jobs import KEPT, Job, JobKind, JobState

DIRTY = "JOB"


class JobItem(Item, discriminator="j"):
    """A job; `asked` and `work` are compressed JSON."""

    job = UnicodeAttribute()
    created_at = MomentAttribute()
    touched_at = MomentAttribute()
    state = UnicodeAttribute()
    done = IntegerAttribute()
    total = IntegerAttribute()
    step = IntegerAttribute()
    asked = BinaryAttribute(legacy_encoding=False)
    work = BinaryAttribute(legacy_encoding=False)
    error = UnicodeAttribute(null=True)


class DynamoJobs:
    """Jobs in the table."""

    def add(self, job: Job) -> None:
        with store_errors():
            _item(job).save(JobItem.pk.does_not_exist())

    def find(self, merchant_id: str, job_id: str) -> Job | None:
        item = find(JobItem, _key(merchant_id, job_id))
        return _job(item) if item else None

    def save(self, job: Job) -> Job:
        next_step = replace(job, step=job.step + 1)
        with store_errors():
            _item(next_step).save(JobItem.step == job.step)
        return next_step

    def unfinished(self, before: datetime, limit: int = 100) -> tuple[tuple[str, str], ...]:
        condition = Item.dirty_sk < keys.moment(before)
        rows = listed("dirty", DIRTY, condition, limit)
        return tuple(keys.last_parts(row.index_sk) for row in rows)


def _item(job: Job) -> JobItem:
    item = JobItem(
        *_key(job.merchant_id, job.job_id),
        job=job.kind.value,
        created_at=job.created_at,
        touched_at=job.touched_at,
        state=job.state.value,
        done=job.done,
        total=job.total,
        step=job.step,
        asked=_packed(job.asked),
        work=_packed(job.work),
        error=job.error or None,
        ttl=epoch(job.created_at + KEPT),
    )
    if not job.is_over:
        item.dirty = DIRTY
        item.dirty_sk = keys.dirty_sk(job.touched_at, job.merchant_id, job.job_id)
    return item


def _job(item: JobItem) -> Job:
    _, merchant_id, _, job_id = item.pk.split("#")
    return Job(
        merchant_id=unquote(merchant_id),
        job_id=unquote(job_id),
        kind=JobKind(item.job),
        created_at=item.created_at,
        touched_at=item.touched_at,
        asked=_unpacked(item.asked),
        work=_unpacked(item.work),
        state=JobState(item.state),
        done=item.done,
        total=item.total,
        error=item.error or "",
        step=item.step,
    )


def _key(merchant_id: str, job_id: str) -> keys.Key:
    return f"T#{keys.part(merchant_id)}#W#{keys.part(job_id)}", "W"


def _packed(content: Mapping[str, Any]) -> bytes:
    return zlib.compress(json.dumps(content, separators=(",", ":")).encode())


def _unpacked(packed: bytes) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(zlib.decompress(packed))
    return content
