"""A keyboard with a clock of its own, under a Russian layout: hands and scanners."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

from playwright.sync_api import CDPSession, Page

GAP = 0.008  # seconds between a scanner's keys
APART = 0.1  # seconds between two bursts, and between a burst and a hand's key
RUSSIAN = dict(zip("QWERTYUIOPASDFGHJKLZXCVBNM", "йцукенгшщзфывапролдячсмить", strict=True))
_free_at: Final[WeakKeyDictionary[Page, float]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Keys pressed by the events' own clock: a busy machine changes nothing."""

    page: Page
    session: CDPSession
    began: float  # browsers take no moment before the page was loaded

    def burst(self, text: str, *, at: float, gap: float = GAP, end: str = "") -> None:
        """Type so many seconds after the test began, as a scanner does or with another gap."""
        for place, symbol in enumerate([*text, *([end] if end else [])]):
            key = key_of(symbol) | {"timestamp": self.began + at + place * gap}
            self.session.send("Input.dispatchKeyEvent", {"type": "keyDown", **key})
            key.pop("text", None)
            self.session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
            _free_at[self.page] = float(key["timestamp"]) + APART


@contextmanager
def keyboard(page: Page) -> Iterator[Keyboard]:
    """Plug a keyboard into a page; it begins after the last key of the one before.

    A test on a quick machine scans twice sooner than anybody can, and the second end would be
    taken for the line feed after the first.
    """
    session = page.context.new_cdp_session(page)
    yield Keyboard(page, session, max(time.time(), _free_at.get(page, 0.0)))
    session.detach()


def key_of(symbol: str) -> dict[str, Any]:
    if symbol == "Enter":
        return {"key": symbol, "code": symbol, "text": "\r"}  # without it no form is sent
    if symbol == "Tab":
        return {"key": symbol, "code": symbol}
    if symbol.isdigit():
        return {"key": symbol, "code": f"Digit{symbol}", "text": symbol}
    if symbol == "-":
        return {"key": "-", "code": "Minus", "text": "-"}
    letter = RUSSIAN[symbol]
    return {"key": letter, "code": f"Key{symbol}", "text": letter}
