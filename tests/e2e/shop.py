"""A running service's merchant, seen from outside: plain HTTP, a till and an outbox."""

import io
import json
import re
import threading
import time
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

CODE_SECONDS_MAX = 20.0
PROGRAM = Path("local/demo_program.json")
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant of a running service."""

    base_url: str
    merchant: str
    till_key: str
    integration_key: str

    @property
    def join_url(self) -> str:
        return f"{self.base_url}/j/{self.merchant}"

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return ask(f"{self.base_url}{path}", headers=sent)

    def post(self, path: str, body: Any, *, key: str = "", idempotency_key: str = "") -> Answer:
        """Post JSON."""
        sent = {"Content-Type": "application/json"}
        sent |= {"Authorization": f"Bearer {key}"} if key else {}
        sent |= {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return ask(f"{self.base_url}{path}", body=body, headers=sent)

    def now(self) -> datetime:
        """Return the service's own moment: tests before this one may have moved its clock."""
        return now_of(self.base_url)

    def sell(self, member_id: str, amount_minor: int, **more: Any) -> Any:
        """Record a purchase at the till."""
        receipt_id = f"receipt-{next(_NUMBERS)}"
        body = {
            "member_id": member_id,
            "receipt_id": receipt_id,
            "channel": "offline",
            "lines": [{"quantity": "1", "unit_price_minor": amount_minor}],
            **more,
        }
        found = self.post("/v1/purchases", body, key=self.till_key, idempotency_key=receipt_id)
        assert found.status == 201, found.text
        return found.json

    def erase(self, member_id: str) -> Answer:
        """Erase a member, as staff do."""
        path = f"/v1/members/{member_id}?reason=asked"
        headers = {
            "Authorization": f"Bearer {self.integration_key}",
            "Idempotency-Key": f"erase-{member_id}",
        }
        return ask(f"{self.base_url}{path}", headers=headers, method="DELETE")

    def link_on_pass(self, joined: Any) -> str:
        """Return the address of the card on the back of the member's Apple pass."""
        path = joined["apple_pass_url"].removeprefix(self.base_url)
        with zipfile.ZipFile(io.BytesIO(self.get(path).body)) as archive:
            text = archive.read("pass.json").decode()
        found = re.search(rf"{re.escape(self.base_url)}/c/[\w.-]+", text.replace("\\/", "/"))
        assert found, text
        return found[0]

    def code_sent(self, phone: str, after: int = 0) -> str:
        """Return the code of the latest message, once more than `after` have arrived."""
        deadline = time.monotonic() + CODE_SECONDS_MAX
        pause = threading.Event()
        while time.monotonic() < deadline:
            items = self.get(f"/local/outbox?phone={quote(phone)}").json["items"]
            texts = [item["text"] for item in items if item["kind"] == "sms"]
            if len(texts) > after:
                return str(re.findall(r"\d{6}", texts[0])[0])
            pause.wait(0.05)
        raise AssertionError("no message arrived")

    def letter_sent(self, address: str) -> str:
        """Return the code of the letter to an address, once it has arrived."""
        return str(re.findall(r"\b\d{6}\b", letter_to(address, self.base_url))[0])

    def join(self, **granted: bool) -> Any:
        """Sign a new shopper up over the API; the verification's answer."""
        phone, nonce = new_phone(), "nonce-of-a-test"
        path = f"/v1/merchants/{self.merchant}/sign-ups"
        consents = [
            {"purpose": purpose, "granted": is_granted, "text_version": "test"}
            for purpose, is_granted in {"program": True, **granted}.items()
        ]
        asked = self.post(
            path,
            {"phone": phone, "language": "ru", "consents": consents, "client_nonce": nonce},
        )
        assert asked.status == 202, asked.text
        said = {"code": self.code_sent(phone), "client_nonce": nonce}
        done = self.post(f"/v1/sign-ups/{asked.json['sign_up_id']}/verify", said)
        assert done.status == 201, done.text
        return done.json


def open_shop(base_url: str, **fields: Any) -> Shop:
    """Open a merchant with the demo program and these fields."""
    body = {"program": json.loads(PROGRAM.read_text(encoding="utf-8")) | fields}
    opened = ask(f"{base_url}/local/merchants", body=body)
    assert opened.status == 201, opened.text
    found = opened.json
    return Shop(base_url, found["merchant"], found["till_key"], found["integration_key"])


def new_phone() -> str:
    """Return a made-up mobile number that this process has not used; its service is its own."""
    return f"+7999{next(_NUMBERS):07d}"


def letter_to(address: str, base_url: str) -> str:
    """Return the text of the latest letter to an address, once one has arrived."""
    deadline = time.monotonic() + CODE_SECONDS_MAX
    pause = threading.Event()
    while time.monotonic() < deadline:
        items = ask(f"{base_url}/local/outbox?limit=1000").json["items"]
        texts = [str(item["text"]) for item in items if item["to"] == address]
        if texts:
            return texts[0]
        pause.wait(0.05)
    raise AssertionError("no letter arrived")


def now_of(base_url: str) -> datetime:
    """Return a service's own moment."""
    told = ask(f"{base_url}/local/clock", body={"advance_seconds": 0}).json
    return datetime.fromisoformat(told["now"])


def ask(
    url: str,
    *,
    body: Any = None,
    headers: dict[str, str] | None = None,
    method: str | None = None,
) -> Answer:
    """Send a request; refusals are answers too."""
    content = None if body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/json"} if content else {}
    request = urllib.request.Request(
        url, data=content, headers=sent | (headers or {}), method=method
    )
    try:
        found = urllib.request.urlopen(request, timeout=30)
    except urllib.error.HTTPError as refused:
        found = refused
    with found:
        names = {name.lower(): value for name, value in found.headers.items()}
        return Answer(found.status, names, found.read())
