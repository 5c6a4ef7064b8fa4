"""A browser at a till: keeps its cookies and sends what a page of ours would send."""

from dataclasses import dataclass, field, replace
from typing import Any

from tests.api.caller import Answer, Caller

ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@dataclass(slots=True)
class Browser:
    """Makes calls by cookie."""

    caller: Caller
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        sent = {**ORIGIN, **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        if self.token and method != "GET":
            sent.setdefault("X-CSRF-Token", self.token)
        answer = self.caller.call(method, path, body, headers=sent)
        for line in set_cookies(answer):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        if isinstance(answer.json, dict) and answer.json.get("csrf_token"):
            self.token = answer.json["csrf_token"]
        return answer

    def get(self, path: str) -> Answer:
        return self.call("GET", path)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        return self.call("POST", path, body, sent)

    def copy(self) -> "Browser":
        """Return a browser with the same cookies: what was lost may be sent again."""
        return replace(self, cookies=dict(self.cookies))


def set_cookies(answer: Answer) -> list[str]:
    """Return the values of Set-Cookie."""
    found = answer.headers.get("Set-Cookie") or answer.headers.get("set-cookie") or []
    return [found] if isinstance(found, str) else list(found)
