"""Signs a member up as a shopper does: phone, code from the SMS, verification.

The code is read where a newcomer on a laptop reads it: in the local outbox.
"""

import re
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

from scenarios.calls import Caller

SMS_SECONDS_MAX = 20.0  # an SMS leaves through a queue, after the sign-up was answered
_POLL_SECONDS_FIRST = 0.005
_POLL_SECONDS_MAX = 0.1
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_CONSENTS = [{"purpose": "program", "granted": True, "text_version": "1"}]


class CodeMissing(Exception):
    """No SMS with a code came in time."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a verification answered."""

    member_id: str
    is_new: bool  # 201; a known phone gets 200 and the member it belongs to
    card_path: str = ""  # of the in-browser card


def enrol(
    caller: Caller, merchant: str, phone: str, *, referral_code: str | None = None
) -> Enrolled:
    """Sign `phone` (E.164) up at `merchant`; a known phone gives its member."""
    nonce = uuid4().hex
    body: dict[str, Any] = {
        "phone": phone,
        "language": "ru",
        "consents": _CONSENTS,
        "client_nonce": nonce,
    }
    if referral_code:
        body["referral_code"] = referral_code
    before = _newest_sms(caller, phone)
    _, sign_up = caller.call("POST", f"/v1/merchants/{merchant}/sign-ups", body)

    code = _code_after(caller, phone, before)
    path = f"/v1/sign-ups/{sign_up['sign_up_id']}/verify"
    status, member = caller.call("POST", path, {"code": code, "client_nonce": nonce})
    card_path = urlsplit(str(member.get("card_url", ""))).path
    return Enrolled(member["member_id"], status == HTTPStatus.CREATED, card_path)


def _newest_sms(caller: Caller, phone: str) -> Any:
    """Return the newest message to the phone; None: there is none."""
    _, outbox = caller.call("GET", f"/local/outbox?phone={quote(phone, safe='')}&limit=5")
    return next((item for item in outbox["items"] if item["kind"] == "sms"), None)


def _code_after(caller: Caller, phone: str, before: Any) -> str:
    """Wait for an SMS that is not `before` and return the code in it."""
    deadline = time.monotonic() + SMS_SECONDS_MAX
    pause = _POLL_SECONDS_FIRST
    while time.monotonic() < deadline:
        newest = _newest_sms(caller, phone)
        found = _CODE.search(newest["text"]) if newest and newest != before else None
        if found:
            return found.group()
        time.sleep(pause)
        pause = min(2 * pause, _POLL_SECONDS_MAX)
    raise CodeMissing(f"no SMS with a code within {SMS_SECONDS_MAX:.0f} s")
