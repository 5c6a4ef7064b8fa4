"""A phone that keeps to Apple's rules, and holds the service to them.

It adds passes, registers, is woken by pushes, lists with the tag it was given, fetches what is
listed and puts a pass in its wallet only if that is newer than the one it has. Whatever an
answer may not be is an assertion here, so that every test of a phone makes it. Apple, "Adding
a Web Service to Update Passes" (read 2026-11).
"""

import io
import json
import zipfile
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

from tests.api.caller import Answer, Caller

BASE = "/wallet/apple/v1"
TYPE = "pass.app.kopilka"
PKPASS = "application/vnd.apple.pkpass"


@dataclass(slots=True)
class HeldPass:
    """A pass in the wallet."""

    serial: str
    token: str
    content: dict[str, Any]  # of pass.json
    modified: str  # Last-Modified as it came

    @property
    def credential(self) -> dict[str, str]:
        """Return what the phone sends for it."""
        return {"Authorization": f"ApplePass {self.token}"}

    @property
    def points(self) -> int:
        """Return the points it shows."""
        return int(self.content["storeCard"]["primaryFields"][0]["value"])

    @property
    def path(self) -> str:
        """Return where the newest one is fetched."""
        return f"{BASE}/passes/{TYPE}/{self.serial}"


@dataclass(slots=True)
class Iphone:
    """One device; what it holds, and the tag of its last list."""

    caller: Caller
    device_id: str = "device-1"
    push_token: str = "0a1b"
    asks_head_first: bool = False
    held: dict[str, HeldPass] = field(default_factory=dict)
    tag: str | None = None
    lists: int = 0
    fetches: int = 0

    @property
    def registrations(self) -> str:
        """Return where the device is known."""
        return f"{BASE}/devices/{self.device_id}/registrations/{TYPE}"

    def take(self, url: str) -> HeldPass:
        """Download a pass; the wallet does not register it yet."""
        path = url.removeprefix("https://cards.example")
        answer = self.caller.get(path)
        assert answer.status == 200
        assert answer.headers["Content-Type"] == PKPASS
        content = _pass_json(answer.body)
        assert content["webServiceURL"].endswith("/wallet/apple")
        assert len(content["authenticationToken"]) >= 16
        one = HeldPass(
            content["serialNumber"],
            content["authenticationToken"],
            content,
            answer.headers["Last-Modified"],
        )
        self.held[one.serial] = one
        return one

    def add(self, url: str) -> HeldPass:
        """Download a pass, register it, and ask what has changed since."""
        one = self.take(url)
        assert self.register(one).status in (200, 201)
        self.woken()
        return one

    def register(self, one: HeldPass) -> Answer:
        """Register with the push token of now."""
        path = f"{self.registrations}/{one.serial}"
        body = {"pushToken": self.push_token}
        answer = self._call("POST", path, body, one.credential)
        assert answer.status in (200, 201, 401, 503)
        return answer

    def woken(self) -> list[str]:
        """Do what a push asks for; the serials that were listed."""
        answer = self.list()
        if answer.status == 204:
            return []
        listed: list[str] = answer.json["serialNumbers"]
        for serial in listed:
            self.refresh(serial)
        self.tag = answer.json["lastUpdated"]
        return listed

    def list(self) -> Answer:
        """Ask what has changed since the last list."""
        self.lists += 1
        query = f"?passesUpdatedSince={self.tag}" if self.tag is not None else ""
        answer = self._call("GET", self.registrations + query)
        assert answer.status in (200, 204)
        if answer.status == 204:
            assert answer.body == b""
            return answer
        assert set(answer.json) == {"serialNumbers", "lastUpdated"}
        assert isinstance(answer.json["lastUpdated"], str)
        serials = answer.json["serialNumbers"]
        assert serials
        assert len(serials) == len(set(serials))
        assert set(serials) <= set(self.held), "a pass nobody has registered here"
        return answer

    def refresh(self, serial: str) -> int:
        """Fetch a pass if it has changed, as pulling its back down does; the status."""
        one = self.held[serial]
        headers = {**one.credential, "If-Modified-Since": one.modified}
        if self.asks_head_first:
            head = self._call("HEAD", one.path, headers=headers)
            assert head.body == b""
            if head.status == 304:
                return head.status
        self.fetches += 1
        answer = self._call("GET", one.path, headers=headers)
        assert answer.status in (200, 304)
        if answer.status == 304:
            assert answer.body == b""
            return answer.status
        self._replace(one, answer)
        return answer.status

    def reboot(self) -> None:
        """Forget the tag, as a phone may."""
        self.tag = None

    def remove(self, serial: str) -> None:
        """Delete a pass from the wallet."""
        one = self.held.pop(serial)
        answer = self._call("DELETE", f"{self.registrations}/{serial}", headers=one.credential)
        assert answer.status == 200

    def _replace(self, one: HeldPass, answer: Answer) -> None:
        """Put the new pass in the old one's place, if it may go there."""
        assert answer.headers["Content-Type"] == PKPASS
        content = _pass_json(answer.body)
        for name in ("serialNumber", "authenticationToken", "passTypeIdentifier"):
            assert content[name] == one.content[name], f"{name} may never change"
        version = content["userInfo"]["version"]
        modified = answer.headers["Last-Modified"]
        assert parsedate_to_datetime(modified) > parsedate_to_datetime(one.modified)
        assert version == parsedate_to_datetime(modified).timestamp()
        assert version > one.content["userInfo"]["version"], "a pass went backward"
        one.content, one.modified = content, modified

    def _call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        answer = self.caller.call(method, path, body, headers=headers or {})
        assert answer.headers["Cache-Control"] == "no-store"
        return answer


def _pass_json(content: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found: dict[str, Any] = json.loads(archive.read("pass.json"))
    return found
