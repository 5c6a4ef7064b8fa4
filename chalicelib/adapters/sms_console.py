"""The SMS port without an operator: a line on standard output, and a box to look into.

Only `is_local` shows whole numbers and texts: a text may hold a one-time code. The box lives
in this process and forgets the oldest; it also takes what other local adapters send.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.ports import Sms, SmsReceipt

OUTBOX_ITEMS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """Something that would have reached a person."""

    kind: str  # sms · apns · google · email
    to: str
    text: str
    at: datetime


class LocalOutbox:
    """What was sent on this machine, newest first; safe for threads."""

    def __init__(self, items_max: int = OUTBOX_ITEMS_MAX) -> None:
        self._items: deque[OutboxItem] = deque(maxlen=items_max)
        self._lock = threading.Lock()

    def add(self, kind: str, to: str, text: str, at: datetime) -> None:
        """Keep an item; the oldest goes when the box is full."""
        with self._lock:
            self._items.appendleft(OutboxItem(kind, to, text, at))

    def items(self, phone: str | None = None, limit: int = 50) -> tuple[OutboxItem, ...]:
        """Return up to `limit` items, newest first; only those to `phone` if given."""
        with self._lock:
            items = tuple(self._items)
        if phone is not None:
            # "+" in a query string arrives as a space; a letter goes to an address.
            number = phone if "@" in phone else "+" + phone.strip().lstrip("+")
            items = tuple(item for item in items if item.to == number)
        return items[: max(limit, 0)]


class ConsoleSms:
    """Prints messages and keeps them in the outbox."""

    def __init__(
        self,
        outbox: LocalOutbox,
        *,
        now: Callable[[], datetime],
        is_local: bool,
        write: Callable[[str], object] = print,
        route: str = "console",
    ) -> None:
        self.route = route
        self._outbox = outbox
        self._now = now
        self._is_local = is_local
        self._write = write

    def send(self, sms: Sms) -> SmsReceipt:
        """Print the message: whole on a developer's machine, else masked and without text."""
        if self._is_local:
            self._write(f"sms to {sms.to}: {sms.text}")
        else:
            self._write(f"sms to {masked(sms.to)}: {len(sms.text)} characters")
        self._outbox.add("sms", sms.to, sms.text, self._now())
        return SmsReceipt(route=self.route, operator_id=sms.message_id)


def masked(number: str) -> str:
    """Return the number as a log may show it.

    >>> masked("+79001234501")
    '+7…01'
    """
    return f"{number[:2]}…{number[-2:]}" if len(number) > len("+7…01") else "…"
