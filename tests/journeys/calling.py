"""Calls a running service as a till, a shopper or a phone does, and waits for what follows.

Nothing is retried here: a test must see every answer, and no answer too.
"""

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, TypeVar
from urllib.parse import quote

import urllib3

WAIT_SECONDS_MAX = 30.0  # a loaded machine of two cores; a promise kept takes milliseconds
ANSWER_SECONDS_MAX = 60.0
POLL_SECONDS = 0.03
OUTBOX_MAX = 1000

T = TypeVar("T")
_KEYS = count(1)
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: urllib3.HTTPHeaderDict
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str | None:
        """Return the stable code of a problem; None if it is no problem document."""
        is_problem = self.headers.get("Content-Type") == "application/problem+json"
        return str(self.json["code"]) if is_problem else None

    @property
    def is_replay(self) -> bool:
        return self.headers.get("Idempotent-Replayed") == "true"


def new_connections() -> urllib3.PoolManager:
    """Return connections that try everything once."""
    timeout = urllib3.Timeout(connect=5, read=ANSWER_SECONDS_MAX)
    return urllib3.PoolManager(maxsize=16, retries=False, timeout=timeout)


@dataclass(frozen=True, slots=True)
class Service:
    """A running service; safe for threads."""

    base_url: str
    pool: urllib3.PoolManager = field(default_factory=new_connections)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        credential: str | None = None,
        key: str | None = None,
        raw: bytes | None = None,
        **headers: str,
    ) -> Answer:
        """Ask once. Header names are written with underscores."""
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        if credential:
            sent["Authorization"] = f"Bearer {credential}"
        if key:
            sent["Idempotency-Key"] = key
        content = raw
        if raw is None and body is not None:
            content = json.dumps(body).encode()
        if content is not None:
            sent.setdefault("Content-Type", "application/json")
        url = path if path.startswith("http") else self.base_url + path
        found = self.pool.request(method, url, headers=sent, body=content)
        return Answer(found.status, found.headers, found.data)

    def outbox(self, kind: str, to: str) -> list[dict[str, str]]:
        """Return what reached a phone number or push token, newest first."""
        wanted = f"&phone={quote(to, safe='')}" if kind == "sms" else ""
        items = self.call("GET", f"/local/outbox?limit={OUTBOX_MAX}{wanted}").json["items"]
        return [item for item in items if item["kind"] == kind and item["to"] == to]

    def code_for(self, phone: str, *, after: int = 0) -> str:
        """Wait until more than `after` messages reached the phone; return the newest code."""
        found = eventually(
            lambda: messages if len(messages := self.outbox("sms", phone)) > after else None,
            f"message {after + 1}",
        )
        digits = _CODE.search(found[0]["text"])
        assert digits is not None, found[0]["text"]
        return digits.group()

    def set_clock(self, at: datetime | None = None) -> None:
        """Move the clock; None: back to real time."""
        body = {"at": at.isoformat()} if at else {}
        assert self.call("POST", "/local/clock", body).status == 200

    def run_jobs(self) -> dict[str, int]:
        """Do all that is due now."""
        done: dict[str, int] = self.call("POST", "/local/jobs/run").json
        assert done["still_due"] == 0, done
        return done


def eventually(find: Callable[[], T | None], what: str) -> T:
    """Return the first thing found; fail when it has not come in time."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    pause = threading.Event()
    while time.monotonic() < deadline:
        found = find()
        if found:
            return found
        pause.wait(POLL_SECONDS)
    raise AssertionError(f"{what}: not within {WAIT_SECONDS_MAX:.0f} s")


def new_key() -> str:
    """Return an Idempotency-Key that this process has not used."""
    return f"key-{next(_KEYS)}"
