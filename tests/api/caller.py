"""Calls the whole application as a till or a shopper does, and checks every answer.

An answer must be of the model its endpoint documents, a refusal a problem document with
one of the endpoint's codes: so no test has to say so.
"""

import json
import re
from dataclasses import dataclass
from itertools import count
from typing import Any

from chalice.test import Client

from chalicelib.api.endpoint import ENDPOINTS, Endpoint
from chalicelib.api.models.programs import ProblemAnswer
from chalicelib.api.openapi import problem_codes
from chalicelib.api.problems import PROBLEMS

_KEYS = count(1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    json: Any
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str | None:
        return self.json.get("code") if isinstance(self.json, dict) else None

    @property
    def is_replay(self) -> bool:
        return self.headers.get("Idempotent-Replayed") == "true"


@dataclass(frozen=True, slots=True)
class Caller:
    """Makes calls with one credential."""

    client: Client
    credential: str | None = None

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, headers=headers)

    def post(self, path: str, body: Any = None, *, key: str | None = "new") -> Answer:
        """Post JSON; a keyed route gets a new key unless the test names one."""
        headers = {}
        if key == "new" and _is_keyed(path):
            headers["Idempotency-Key"] = f"key-{next(_KEYS)}"
        elif key not in {None, "new"}:
            headers["Idempotency-Key"] = key
        return self.call("POST", path, body, headers=headers)

    def put_csv(self, path: str, text: str | bytes, kind: str = "text/csv") -> Answer:
        """Put a CSV file."""
        raw = text.encode() if isinstance(text, str) else text
        return self.call("PUT", path, raw=raw, headers={"Content-Type": kind})

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        if self.credential:
            sent.setdefault("Authorization", f"Bearer {self.credential}")
        content = raw if raw is not None else b"" if body is None else _json(body)
        if content:
            sent.setdefault("Content-Type", "application/json")
        found = self.client.http.request(method, path, headers=sent, body=content)
        answer = Answer(found.status_code, found.json_body, found.headers, found.body)
        _check(method, path, answer)
        return answer


def endpoint_of(method: str, path: str) -> Endpoint | None:
    """Return the endpoint a path belongs to; the literal ones come first."""
    bare = path.split("?", maxsplit=1)[0]
    for one in sorted(ENDPOINTS, key=lambda one: one.path.count("{")):
        pattern = re.sub(
            r"\{\w+\}", "[^/]+", re.escape(one.path).replace(r"\{", "{").replace(r"\}", "}")
        )
        if one.method == method and re.fullmatch(pattern, bare):
            return one
    return None


def _is_keyed(path: str) -> bool:
    found = endpoint_of("POST", path)
    return found is not None and found.is_keyed


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()


def _check(method: str, path: str, answer: Answer) -> None:
    endpoint = endpoint_of(method, path)
    if endpoint is None or not endpoint.is_documented:
        return
    assert answer.headers["Request-Id"]
    if answer.status < 400 or answer.headers["Content-Type"] == "application/json":
        model = endpoint.answers[200 if answer.status == 503 else answer.status]
        assert model is not None
        media_type = getattr(model, "MEDIA_TYPE", "application/json")
        assert answer.headers["Content-Type"].partition(";")[0] == media_type
        if media_type == "application/json":
            model.model_validate_json(answer.body)
        return
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = ProblemAnswer.model_validate_json(answer.body)
    assert problem.code in problem_codes(endpoint), f"{problem.code} is not documented"
    assert problem.status == answer.status == PROBLEMS[problem.code].status
    assert problem.type.endswith(f"/problems/{problem.code}")
