"""A phone with a wallet: takes a pass, registers, is pushed, lists and fetches.

Calls as Apple's PassKit does (Apple, "Adding a Web Service to Update Passes", read 2026-11).
"""

import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.journeys.calling import Answer, Service

PASS_TYPE = "pass.app.kopilka"


@dataclass(frozen=True, slots=True)
class Phone:
    """A device that holds one pass."""

    service: Service
    device_id: str
    push_token: str  # hexadecimal
    serial: str
    secret: str  # the pass's authenticationToken

    @property
    def credential(self) -> dict[str, str]:
        return {"Authorization": f"ApplePass {self.secret}"}

    @property
    def registrations(self) -> str:
        return f"/wallet/apple/v1/devices/{self.device_id}/registrations/{PASS_TYPE}"

    @property
    def pass_path(self) -> str:
        return f"/wallet/apple/v1/passes/{PASS_TYPE}/{quote(self.serial)}"

    def register(self, **headers: str) -> Answer:
        body = {"pushToken": self.push_token}
        path = f"{self.registrations}/{quote(self.serial)}"
        return self.service.call("POST", path, body, **(self.credential | headers))

    def unregister(self, **headers: str) -> Answer:
        path = f"{self.registrations}/{quote(self.serial)}"
        return self.service.call("DELETE", path, **(self.credential | headers))

    def changed(self, tag: str | None = None) -> Answer:
        """List what changed since a tag; None: without one."""
        query = "" if tag is None else f"?passesUpdatedSince={quote(tag)}"
        return self.service.call("GET", self.registrations + query)

    def fetch(self, method: str = "GET", **headers: str) -> Answer:
        return self.service.call(method, self.pass_path, **(self.credential | headers))

    def pushes(self) -> list[dict[str, str]]:
        """Return what the push server took for this phone, newest first."""
        return self.service.outbox("apns", self.push_token)


def files_of(pkpass: bytes) -> dict[str, bytes]:
    """Return the files of a pass by name, once archive and manifest have been checked."""
    with zipfile.ZipFile(io.BytesIO(pkpass)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    hashed = {
        name: hashlib.sha1(content, usedforsecurity=False).hexdigest()
        for name, content in files.items()
        if name not in ("manifest.json", "signature")
    }
    assert json.loads(files["manifest.json"]) == hashed
    return files


def shown(pkpass: bytes) -> dict[str, Any]:
    """Return what stands on the front of a pass, by field key."""
    card = json.loads(files_of(pkpass)["pass.json"])["storeCard"]
    groups = ("headerFields", "primaryFields", "secondaryFields", "auxiliaryFields")
    return {field["key"]: field["value"] for name in groups for field in card.get(name, [])}


def is_signed(pkpass: bytes, authority: Path, scratch: Path) -> bool:
    """Return whether the openssl program finds the manifest signed under the authority."""
    openssl = shutil.which("openssl")
    assert openssl, "these tests need the openssl program"
    files = files_of(pkpass)
    for name in ("signature", "manifest.json"):
        (scratch / name).write_bytes(files[name])
    command = [
        *(openssl, "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any"),
        *("-in", scratch / "signature", "-content", scratch / "manifest.json"),
        *("-CAfile", authority, "-out", scratch / "verified"),
    ]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def take_pass(service: Service, url: str, *, device_id: str, push_token: str) -> Phone:
    """Download the pass as the browser does and hold it on a phone, not registered yet."""
    content = json.loads(files_of(service.call("GET", url).body)["pass.json"])
    assert content["passTypeIdentifier"] == PASS_TYPE
    return Phone(
        service,
        device_id,
        push_token,
        content["serialNumber"],
        content["authenticationToken"],
    )
