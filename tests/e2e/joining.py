"""A shopper who sees every step of joining; stops at each for whoever looks.

Fields are found by their ids: the walk is the same in every language.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page, expect

from tests.e2e.shop import Shop, new_phone

ABROAD: Final = "+44 7400 123456"  # where no code is sent
HALF_A_YEAR: Final = 181 * 86_400  # in seconds: a number silent for so long proves nothing


@dataclass(frozen=True, slots=True)
class Joining:
    """One shopper, their browser and a merchant."""

    page: Page
    shop: Shop
    language: str

    def steps(self) -> Iterator[str]:
        """Go on to the next step; its name."""
        self._open()
        yield "phone"
        self._send("phone")
        expect(self.page.locator(".error:not(:empty)").first).to_be_visible()
        yield "phone-error"
        self.page.locator("#consent-program").check()
        self._ask(ABROAD)
        expect(self.page.locator("[data-ways]")).to_be_visible()
        yield "other-ways"
        phone = new_phone()
        self._ask(phone)
        expect(self.page.locator("#code")).to_be_focused()
        yield "code"
        self.page.locator("[data-no-message] summary").click()
        expect(self.page.locator("[data-ways]")).to_be_visible()
        yield "code-no-message"
        self.page.locator("#code").fill(self.shop.code_sent(phone))
        expect(self.page.locator("#profile-heading")).to_be_focused()
        yield "profile"

    def come_back(self) -> Iterator[str]:
        """Finish, be silent for half a year, and be asked whose card it is."""
        page = self.page
        page.locator("#birth-date").fill("1990-05-06")
        self._send("profile")
        page.wait_for_url("**/c/**")
        member_id = page.url.split("/c/")[1].split(".")[1]
        found = self.shop.get(
            f"/v1/members/{member_id}", Authorization=f"Bearer {self.shop.integration_key}"
        )
        phone = str(found.json["phone"])
        page.goto("about:blank")  # an open card asks for news, and is not silent
        self.shop.sell(member_id, 100_000)
        self.shop.post("/local/clock", {"advance_seconds": HALF_A_YEAR})
        self._open()
        page.locator("#consent-program").check()
        self._ask(phone)
        page.locator("#code").fill(self.shop.code_sent(phone, after=1))
        expect(page.locator("#birth-heading")).to_be_focused()
        yield "birth-date"

    def _open(self) -> None:
        self.page.goto(f"{self.shop.join_url}?lang={self.language}")

    def _ask(self, phone: str) -> None:
        self.page.locator("#phone").fill(phone)
        self._send("phone")

    def _send(self, step: str) -> None:
        self.page.locator(f"[data-step={step}] [type=submit]").click()
