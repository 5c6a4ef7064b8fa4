"""The `Events` port: an EventBridge bus, or the log where there is none.

On the bus an event is `Source` "kopilka", `DetailType` its name, `Detail` a JSON object of
id, version, merchant_id, member_id, at and facts. Limits of `PutEvents` (AWS, read 2026-11):
10 entries a call; an answer of 200 may still list entries that failed.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.events import Event
from chalicelib.ports import StoreUnavailable

ENTRIES_MAX = 10  # a call
SOURCE = "kopilka"
_log = logging.getLogger(__name__)


class EventBridgeEvents:
    """Puts events on a bus; a repeat carries the same id."""

    def __init__(self, client: Any, bus: str) -> None:
        self._client = client
        self._bus = bus

    def publish(self, events: Sequence[Event]) -> None:
        """Put all. After StoreUnavailable some may be there: publish all again."""
        for start in range(0, len(events), ENTRIES_MAX):
            self._put(events[start : start + ENTRIES_MAX])

    def _put(self, events: Sequence[Event]) -> None:
        entries = [
            {
                "EventBusName": self._bus,
                "Source": SOURCE,
                "DetailType": event.name,
                "Time": event.at,
                "Detail": json.dumps(_detail(event), ensure_ascii=False),
            }
            for event in events
        ]
        try:
            answer = self._client.put_events(Entries=entries)
        except (ClientError, BotoCoreError) as error:
            raise StoreUnavailable("event bus") from error
        if failed := answer["FailedEntryCount"]:
            raise StoreUnavailable(f"event bus refused {failed} of {len(entries)}")


class LogEvents:
    """Writes one log line for each event, with its numbers only.

    Facts that are text stay out: a reason or a reference may have been typed by a person.
    """

    def publish(self, events: Sequence[Event]) -> None:
        """Log each event; the fields are under `event`."""
        for event in events:
            detail = _detail(event)
            detail["facts"] = {
                name: fact for name, fact in event.facts.items() if isinstance(fact, int)
            }
            _log.info("event", extra={"event": {"name": event.name, **detail}})


def _detail(event: Event) -> dict[str, str | int | Mapping[str, int | str | None] | None]:
    return {
        "id": event.event_id,
        "version": event.version,
        "merchant_id": event.member.merchant_id,
        "member_id": event.member.member_id or None,  # none: the merchant's own
        "at": event.at.isoformat(),
        "facts": dict(event.facts),
    }
