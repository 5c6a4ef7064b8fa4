"""A hand, an eye and a slow phone: how long a person needs at a page.

What the person does is added up, not waited for: the operators of the keystroke-level model
(Card, Moran and Newell 1980; of touch screens Holleis et al. 2007), so that two runs agree.
What the product takes is measured: from the last touch until what was asked for is seen. The
network and the processor are held back as Lighthouse's "slow 4G" and "CPU 4×" do
(lighthouse 12, `throttling.mobileSlow4G`, the values of DevTools; read 2026-11).
"""

import time
from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import CDPSession, Locator, Page, expect

KEY_SECONDS: Final = 0.28  # a digit or letter by a hand that does it daily
TAP_SECONDS: Final = 1.0  # move the finger and touch
LOOK_SECONDS: Final = 1.35  # take in a new screen and decide
SCAN_SECONDS: Final = 1.0  # hold a phone before the camera: the hand's part
SEEN_MS_MAX: Final = 60_000
LOOK_EVERY_MS: Final = 10
KILOBIT: Final = 1024 / 8  # bytes

# Latency 150 ms and 1.6 Mbit/s as the browser must be told to hold them back.
SLOW_4G: Final = {
    "offline": False,
    "latency": 150 * 3.75,
    "downloadThroughput": 1638.4 * 0.9 * KILOBIT,
    "uploadThroughput": 750 * 0.9 * KILOBIT,
}
CPU_TIMES: Final = 4


@dataclass(slots=True)
class Person:
    """One person at one page; adds up what it does and what it waits for."""

    page: Page
    touches: int = 0  # besides typing
    keys: int = 0
    hand_seconds: float = 0.0
    waited_seconds: float = 0.0
    received_bytes: int = 0
    requests: int = 0
    _acted_at: float = field(default_factory=time.monotonic)

    def tap(self, place: Locator) -> None:
        """Touch it once."""
        self.touches += 1
        self.hand_seconds += TAP_SECONDS
        self.acts()
        place.click(timeout=SEEN_MS_MAX)

    def type(self, place: Locator, text: str) -> None:
        """Type into a field that has the focus."""
        expect(place).to_be_focused(timeout=SEEN_MS_MAX)
        for symbol in text:
            self.key(symbol)

    def key(self, key: str) -> None:
        """Press a key, wherever the focus is; a till takes quicker ones for a scanner's."""
        self.page.wait_for_timeout(KEY_SECONDS * 1000)
        self.keys += 1
        self.hand_seconds += KEY_SECONDS
        self.acts()
        self.page.keyboard.press(key)

    def acts(self) -> None:
        """Begin to wait from now on."""
        self._acted_at = time.monotonic()

    def paste(self, place: Locator, text: str) -> None:
        """Take the code that the keyboard offers: one touch."""
        self.touches += 1
        self.hand_seconds += TAP_SECONDS
        self.acts()
        place.fill(text)

    def go(self, url: str) -> None:
        """Open an address: what a scanned sticker does."""
        self.acts()
        self.page.goto(url, wait_until="commit", timeout=SEEN_MS_MAX)

    def see(self, place: Locator, *, is_new: bool = True) -> None:
        """Wait until it is there; `is_new`: and take it in."""
        self._look_out_for(place)
        self.waited_seconds += time.monotonic() - self._acted_at
        self.acts()
        if is_new:
            self.hand_seconds += LOOK_SECONDS

    def _look_out_for(self, place: Locator) -> None:
        """Look often: `expect` looks after 0.1, 0.35, 0.85 s and measures those."""
        ends_at = time.monotonic() + SEEN_MS_MAX / 1000
        while not place.is_visible():
            if time.monotonic() > ends_at:
                raise AssertionError(f"not seen: {place}")
            self.page.wait_for_timeout(LOOK_EVERY_MS)

    @property
    def seconds(self) -> float:
        """Return what it all takes."""
        return self.hand_seconds + self.waited_seconds

    def told(self) -> dict[str, float | int]:
        """Return the figures, rounded to what they are worth."""
        return {
            "seconds": round(self.seconds, 1),
            "hand_seconds": round(self.hand_seconds, 1),
            "waited_seconds": round(self.waited_seconds, 1),
            "touches": self.touches,
            "keys": self.keys,
            "kilobytes": round(self.received_bytes / 1000, 1),
            "requests": self.requests,
        }


def person_at(page: Page, *, is_slow: bool = True) -> Person:
    """Return somebody before an empty page, on a slow phone or a good one."""
    person = Person(page)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    _count(session, person)
    if is_slow:
        session.send("Network.emulateNetworkConditions", SLOW_4G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_TIMES})
    return person


def _count(session: CDPSession, person: Person) -> None:
    def received(event: dict[str, float]) -> None:
        person.received_bytes += int(event["encodedDataLength"])
        person.requests += 1

    session.on("Network.loadingFinished", received)
