"""A merchant on a running service: its till, its office, and shoppers that sign up for real."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import uuid4

from tests.journeys.calling import Answer, Service, new_key

PROGRAM: dict[str, Any] = {
    "title": "Roastery",
    "currency": "RUB",
    "timezone": "Europe/Moscow",
    "earn_percent": 10,
    "redeem_percent": 50,
    "expiry_days": 30,
    "reminder_days": 0,
}
CONSENTS = [{"purpose": "program", "granted": True, "text_version": "1"}]
PAGE = 100
_PHONES = count(1)


@dataclass(frozen=True, slots=True)
class Joined:
    """A shopper who has signed up."""

    member_id: str
    phone: str
    sign_up_id: str
    code: str
    nonce: str
    answer: Mapping[str, Any]

    @property
    def token(self) -> str:
        return str(self.answer["member_token"])


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant and its credentials."""

    service: Service
    merchant: str
    till_key: str
    integration_key: str

    def till(self, method: str, path: str, body: Any = None, *, key: str = "") -> Answer:
        """Call as the till, with a new key unless one is named."""
        named = key or (new_key() if method == "POST" else None)
        return self.service.call(method, path, body, credential=self.till_key, key=named)

    def office(self, method: str, path: str, body: Any = None, *, key: str = "") -> Answer:
        """Call as the shop's integration, which may do everything."""
        named = key or (new_key() if method == "POST" else None)
        return self.service.call(method, path, body, credential=self.integration_key, key=named)

    def ask_for_code(self, phone: str, nonce: str = "", **headers: str) -> Answer:
        """Sign a phone up."""
        body = {
            "phone": phone,
            "language": "ru",
            "consents": CONSENTS,
            "client_nonce": nonce or uuid4().hex,
        }
        return self.service.call(
            "POST", f"/v1/merchants/{self.merchant}/sign-ups", body, **headers
        )

    def verify(self, sign_up_id: str, code: str, nonce: str, **profile: Any) -> Answer:
        """Send a code back."""
        body = {"code": code, "client_nonce": nonce}
        more = {"profile": profile} if profile else {}
        return self.service.call("POST", f"/v1/sign-ups/{sign_up_id}/verify", body | more)

    def join(self, phone: str = "", **profile: Any) -> Joined:
        """Sign a shopper up."""
        phone, nonce = phone or new_phone(), uuid4().hex
        before = len(self.service.outbox("sms", phone))
        asked = self.ask_for_code(phone, nonce)
        assert asked.status == 202, asked.body
        sign_up_id = asked.json["sign_up_id"]
        code = self.service.code_for(phone, after=before)
        found = self.verify(sign_up_id, code, nonce, **profile)
        assert found.status in (200, 201), found.body
        member_id = found.json["member_id"]
        return Joined(member_id, phone, sign_up_id, code, nonce, found.json)

    def buy(
        self, member_id: str | None, total_minor: int, *, key: str = "", **more: Any
    ) -> Answer:
        """Post a purchase of one total; the key names the receipt too."""
        key = key or new_key()
        return self.till(
            "POST", "/v1/purchases", sale(member_id, total_minor, key, **more), key=key
        )

    def grant(self, member_id: str, points: int, **more: Any) -> Answer:
        """Give points."""
        body = {"points": points, "reason": "welcome", **more}
        return self.office("POST", f"/v1/members/{member_id}/grants", body)

    def member(self, member_id: str) -> dict[str, Any]:
        """Return the member as the office sees it."""
        found = self.office("GET", f"/v1/members/{member_id}")
        assert found.status == 200, found.body
        member: dict[str, Any] = found.json
        return member

    def available(self, member_id: str) -> int:
        """Return the points the member can spend now."""
        return int(self.member(member_id)["balance"]["available"])

    def ledger(self, member_id: str) -> list[dict[str, Any]]:
        """Return every ledger entry, oldest first."""
        entries: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            more = f"&cursor={cursor}" if cursor else ""
            page = self.office("GET", f"/v1/members/{member_id}/ledger?limit={PAGE}{more}").json
            entries += page["items"]
            cursor = page["next_cursor"]
        return entries[::-1]


def sale(
    member_id: str | None, total_minor: int, receipt_id: str, **more: Any
) -> dict[str, Any]:
    """Return the body of a purchase of one total."""
    body = {"receipt_id": receipt_id, "channel": "offline", "total_minor": total_minor, **more}
    return body if member_id is None else {"member_id": member_id, **body}


def open_shop(service: Service, **changes: Any) -> Shop:
    """Open a merchant with a simple program, changed as named; None takes a field out."""
    program = {k: v for k, v in {**PROGRAM, **changes}.items() if v is not None}
    answer = service.call("POST", "/local/merchants", {"program": program})
    assert answer.status == 201, answer.body
    opened = answer.json
    return Shop(service, opened["merchant"], opened["till_key"], opened["integration_key"])


def new_phone() -> str:
    """Return a made-up mobile number that this process has not used."""
    return f"+7999{next(_PHONES):07d}"


def assert_ledger_adds_up(shop: Shop, member_id: str) -> None:
    """Check P3: no gap in the versions, a chain of balances, and Σ movements = the account."""
    member, entries = shop.member(member_id), shop.ledger(member_id)
    assert [entry["version"] for entry in entries] == list(range(1, len(entries) + 1))
    total = 0
    for entry in entries:
        total += entry["points"]
        assert entry["balance_after"] == total, entry
    balance = member["balance"]
    lots = balance["available"] + balance["pending"]
    assert total == lots + balance["held"] - balance["debt"], (entries, balance)
