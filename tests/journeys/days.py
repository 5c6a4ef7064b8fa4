"""Business days of a clock that the tests move, and what they find in ledger and log.

Programs keep the time of Kolkata (UTC+5:30): their days turn at 18:30 UTC, in the middle of
an hour, so that the hourly tick does not run by itself while a test looks.
"""

import json
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from local.testing import ServiceProcess
from tests.journeys.calling import Service
from tests.journeys.shop import Shop, open_shop

ZONE = ZoneInfo("Asia/Kolkata")
D = date(2031, 5, 10)


def day(on: date, at: time = time(12)) -> datetime:
    """Return a moment of a business day."""
    return datetime.combine(on, at, ZONE)


def after(days: int, at: time = time(12)) -> datetime:
    """Return a moment so many days after D."""
    return day(D + timedelta(days=days), at)


def opened(service: Service, at: datetime, **changes: object) -> Shop:
    service.set_clock(at)
    return open_shop(service, timezone=str(ZONE), **changes)


def kinds(shop: Shop, member_id: str) -> list[str]:
    """Return what happened to an account since it was opened."""
    return [entry["kind"] for entry in shop.ledger(member_id)][1:]


def events(timed: ServiceProcess, member_id: str) -> list[tuple[str, dict[str, int]]]:
    """Return the events about a member that left the outbox, in order, each once."""
    found: dict[str, tuple[str, dict[str, int]]] = {}
    for line in timed.said().splitlines():
        event = json.loads(line).get("event") if line.startswith("{") else None
        if event and event["member_id"] == member_id:
            found[event["id"]] = (event["name"], event["facts"])
    return list(found.values())
