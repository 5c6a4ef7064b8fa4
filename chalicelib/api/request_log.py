"""One JSON line per request, and its metrics, without personal data.

Only the fields named here are ever logged (P22): never a path with a token in it, a
phone, a name, a code or a pass serial; a route is its template. Metrics are CloudWatch's
embedded metric format, which is itself a log line: no call leaves the function.

Every request writes a line and often a count, so these two are written straight; building
each by the library's means took a tenth of a purchase. What is rare goes through it.
"""

import json
import logging
import sys
import time
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

SERVICE = "kopilka"
FRAMES_MAX = 12
METRICS_MAX = 100  # kinds of things that are counted

_log = Logger(service=SERVICE, location=None)
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """All that is remembered of a request."""

    request_id: str
    method: str
    route: str  # the template
    status: int
    duration_ms: float
    merchant_id: str | None = None
    code: str | None = None  # of a problem
    is_replay: bool = False


def log_request(line: RequestLine, metric: str | None = None) -> None:
    """Write the line, and count what happened under `metric`."""
    if _log.log_level <= logging.INFO:
        _write(_JSON.encode(_fields(line)))
    if metric:
        count(metric)


def count(metric: str) -> None:
    """Count one occurrence."""
    before, after = _counted(metric)
    _write(f"{before}{int(time.time() * 1000)}{after}")


def log_bug(error: Exception, *, request_id: str, route: str) -> None:
    """Write where an unexpected exception came from: its message may be personal."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_MAX:]
    _log.error(
        "unexpected exception",
        extra={
            "request_id": request_id,
            "route": route,
            "exception_type": type(error).__name__,
            "stack": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        },
    )


def log_pass_trouble(lines: list[str]) -> None:
    """Write what a phone complains of, secrets taken out: an alarm watches for it."""
    _log.warning("a phone reports trouble with a pass", extra={"lines": lines})


def _fields(line: RequestLine) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "level": "INFO",
        "message": "request",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "service": SERVICE,
        "request_id": line.request_id,
        "method": line.method,
        "route": line.route,
        "status": line.status,
        "duration_ms": line.duration_ms,
        "is_replay": line.is_replay,
    }
    if line.merchant_id is not None:
        fields["merchant_id"] = line.merchant_id
    if line.code is not None:
        fields["code"] = line.code
    return fields


@lru_cache(maxsize=METRICS_MAX)
def _counted(metric: str) -> tuple[str, str]:
    """Return what Powertools writes for a count of one, before and after its moment."""
    metrics = EphemeralMetrics(namespace="Kopilka", service=SERVICE)
    metrics.add_metric(name=metric, unit=MetricUnit.Count, value=1)
    blob = metrics.serialize_metric_set()
    before, _, after = _JSON.encode(blob).partition(str(blob["_aws"]["Timestamp"]))
    return before, after


def _write(line: str) -> None:
    """Write a line at once, so that threads do not mix theirs."""
    sys.stdout.write(f"{line}\n")
