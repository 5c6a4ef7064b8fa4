"""Confirmations: a customer shows the one-time code of the card, as its page does.

The page says what the code is worked out from (TOTP of RFC 6238, read 2026-11). A code is
good once, and the clock stands at noon: one confirmation of a customer a day.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any

from scenarios.calls import Refused
from scenarios.format import Event
from scenarios.journey import Journey, named

REQUIRED = "confirmation_required"
_DIGITS = 6
_ATTRIBUTE = re.compile(r'data-(one-time|key|period|now)="([^"]*)"')


def confirm(journey: Journey, event: Event) -> dict[str, Any]:
    """Confirm that a customer is at the till; a code that is refused is an answer."""
    path = named(journey.cards, event.customer, "card of")
    _, page = journey.caller.call("GET", path)
    body = {
        "member_id": journey.member_id(event.customer),
        "method": "one_time_code",
        "code": shown_code(str(page)),
    }
    try:
        answer = journey.till("POST", "/v1/confirmations", body)
    except Refused as refusal:
        if "accepted" not in event.expect or refusal.code != "confirmation_used":
            raise
        return {"accepted": False}
    journey.confirmations[str(event.fields["id"])] = answer["id"]
    return {"accepted": answer["state"] == "verified"}


def shown_code(page: str) -> str:
    """Return the one-time code that a card's page shows at the moment it was made."""
    said = dict(_ATTRIBUTE.findall(page))
    step = int(said["now"]) // (1_000 * int(said["period"]))
    mac = hmac.digest(bytes.fromhex(said["key"]), step.to_bytes(8, "big"), hashlib.sha1)
    place = mac[-1] & 15
    number = int.from_bytes(mac[place : place + 4], "big") & 0x7FFF_FFFF
    return f"{said['one-time']}{number % 10**_DIGITS:0{_DIGITS}d}"


def confirmed(journey: Journey, fields: Mapping[str, Any]) -> dict[str, str]:
    """Return the part of a body that names a confirmation."""
    if "confirmation" not in fields:
        return {}
    name = fields["confirmation"]
    return {"confirmation_id": named(journey.confirmations, name, "confirmation")}
