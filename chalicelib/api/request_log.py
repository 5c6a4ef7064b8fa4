"""One JSON line per request, and its metrics, without personal data.

Only the fields named here are ever logged (P22): never a path with a token in it, a
phone, a name, a code or a pass serial; a route is its template. Metrics are CloudWatch's
embedded metric format, which is itself a log line: no call leaves the function.
"""

import traceback
from dataclasses import asdict, dataclass

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

SERVICE = "kopilka"
FRAMES_MAX = 12

_log = Logger(service=SERVICE, location=None)


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
    _log.info("request", extra={k: v for k, v in asdict(line).items() if v is not None})
    if metric:
        count(metric)


def count(metric: str) -> None:
    """Count one occurrence."""
    metrics = EphemeralMetrics(namespace="Kopilka", service=SERVICE)
    metrics.add_metric(name=metric, unit=MetricUnit.Count, value=1)
    metrics.flush_metrics()


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
