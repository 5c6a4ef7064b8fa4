"""Logs as one JSON object a line, with nothing personal in them.

Every logger of ours writes through here: fields are those a caller names in `extra`. An
exception is its type and where it came from; its message may quote what a person typed,
so it stays out (P22).
"""

import json
import logging
import sys
import time
import traceback
from typing import Any

SERVICE = "kopilka"
FRAMES_MAX = 12
_OURS = "chalicelib"
_STANDARD = frozenset(logging.LogRecord("", 0, "", 0, "", None, None).__dict__) | {
    "message",
    "asctime",
    "taskName",
}


class JsonLines(logging.Formatter):
    """Formats a record as a JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "level": record.levelname,
            "message": record.getMessage(),
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "service": SERVICE,
            "logger": record.name,
        }
        line |= {k: v for k, v in record.__dict__.items() if k not in _STANDARD}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line |= exception_fields(error)
        return json.dumps(line, ensure_ascii=False, default=str, separators=(",", ":"))


def exception_fields(error: BaseException) -> dict[str, Any]:
    """Return what may be said of an exception: its type and its last frames."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_MAX:]
    return {
        "exception_type": type(error).__name__,
        "stack": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


def set_up_logs() -> None:
    """Let all of our loggers write JSON lines to standard output, once."""
    logger = logging.getLogger(_OURS)
    if logger.handlers:
        return
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    # botocore's debug lines quote whole requests, phones and all.
    logging.getLogger("botocore").setLevel(logging.WARNING)
