"""A merchant under test: its till, its office, and shoppers that sign up for real."""

import re
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from chalice.test import Client

from chalicelib.api.book import office
from chalicelib.domain.members import Merchant
from chalicelib.usecases.merchants import open_merchant
from chalicelib.wiring import services
from tests.api.caller import Answer, Caller

PROGRAM: dict[str, Any] = {
    "type": "points",
    "title": "Roastery",
    "currency": "RUB",
    "timezone": "Europe/Moscow",
    "point_value": "1.00",
    "mode": "earn_or_redeem",
    "earn_base": "net_paid",
    "tiers": {
        "window_days": 365,
        "compare": "gte",
        "levels": [{"name": "Basic", "over": "0"}, {"name": "Gold", "over": "10000.00"}],
    },
    "rates": {
        "Basic": {"offline": {"earn": 5, "redeem": 20}, "online": {"earn": 5, "redeem": 20}},
        "Gold": {"offline": {"earn": 10, "redeem": 30}, "online": {"earn": 10, "redeem": 30}},
    },
    "pending_days": 0,
    "expiry_days": 365,
    "return_policy": "unlimited",
    "restore_grace_days": 0,
}
NONCE = "a-phone-of-a-shopper"
_PHONES = count(1)


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant and its credentials."""

    client: Client
    merchant_id: str
    till: Caller
    office: Caller

    def sale(self, member: str | None, receipt_id: str = "r1", **more: Any) -> dict[str, Any]:
        """Return a purchase of 100.00."""
        body = {
            "receipt_id": receipt_id,
            "channel": "offline",
            "lines": [{"quantity": "1", "unit_price_minor": 10_000}],
            **more,
        }
        return body if member is None else {"member_id": member, **body}

    def give(self, member_id: str, points: int, **more: Any) -> Answer:
        """Grant points."""
        body = {"points": points, "reason": "welcome", **more}
        return self.office.post(f"/v1/members/{member_id}/grants", body)

    def ask_for_code(self, phone: str | None, **more: Any) -> Answer:
        """Sign a phone up."""
        body = {
            **({"phone": phone} if phone else {}),
            "language": "ru",
            "consents": [{"purpose": "program", "granted": True, "text_version": "1"}],
            "client_nonce": NONCE,
            **more,
        }
        return Caller(self.client).post(f"/v1/merchants/{self.merchant_id}/sign-ups", body)

    def code_sent(self, phone: str) -> str:
        """Return the code of the latest message to a phone."""
        outbox = services().sms_outbox
        found = [
            outbox.find(merchant_id, message_id)
            for merchant_id, message_id in outbox.waiting(limit=1_000)
            if merchant_id == self.merchant_id
        ]
        to_phone = [sms for sms in found if sms is not None and sms.to == phone]
        latest = max(to_phone, key=lambda sms: sms.created_at)
        for sms in to_phone:
            outbox.save(replace(sms, state="taken"))  # as the worker does, once it has left
        digits = re.search(r"\b\d{6}\b", latest.text)
        assert digits is not None
        return digits.group()

    def verify(self, sign_up_id: str, code: str, **more: Any) -> Answer:
        """Send a code back."""
        body = {"code": code, "client_nonce": NONCE, **more}
        return Caller(self.client).post(f"/v1/sign-ups/{sign_up_id}/verify", body)

    def join(self, phone: str | None = None, **profile: Any) -> dict[str, Any]:
        """Sign a shopper up for real; the verification's answer."""
        phone = phone or new_phone()
        asked = self.ask_for_code(phone)
        more = {"profile": profile} if profile else {}
        return self.verify(asked.json["sign_up_id"], self.code_sent(phone), **more).json


def new_phone() -> str:
    """Return a made-up mobile number that nobody in this process has."""
    return f"+7999{next(_PHONES):07d}"


def open_shop(client: Client, merchant_id: str, program: dict[str, Any]) -> Shop:
    """Open a merchant with a till's and an office's key."""
    merchant = Merchant(merchant_id, "Roastery", "RU", ("RU",), "ru")
    opened = open_merchant(merchant, program, at=services().clock.now(), office=office())
    return Shop(
        client,
        merchant_id,
        Caller(client, opened.till_key),
        Caller(client, opened.integration_key),
    )
