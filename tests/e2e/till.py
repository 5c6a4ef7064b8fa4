"""A till as a cashier sees it: bound to a merchant of the running service, in a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.keyboard import keyboard
from tests.e2e.shop import Shop, ask

if TYPE_CHECKING:
    from tests.e2e.conftest import OpenPage

PIN, MANAGER_PIN = "4071", "9382"
CASHIER, MANAGER = "Анна", "Ольга Сергеевна"
GO = re.compile(r"Провести · к оплате")
# By the keyboard's own clock: apart from the keys before it, and done before those after it.
SETTLED_SECONDS, QUICK_SECONDS = 0.06, 0.002
HAND_MS = 80  # between keys: slower than any scanner
DESK: ViewportSize = {"width": 1366, "height": 768}
HAND = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@dataclass(frozen=True, slots=True)
class Till:
    """A till of a merchant, with a cashier and a manager."""

    shop: Shop
    till_id: str
    cashier_id: str
    manager_id: str

    def code(self) -> str:
        """Return a fresh code that binds one device."""
        wish = {"merchant": self.shop.merchant, "till": self.till_id}
        made = ask(f"{self.shop.base_url}/local/till-activations", body=wish)
        assert made.status == 201, made.text
        return str(made.json["code"])

    def receipts(self, member_id: str) -> list[Any]:
        """Return a member's receipts, newest first."""
        path = f"/v1/purchases?member_id={member_id}"
        found = self.shop.get(path, Authorization=f"Bearer {self.shop.till_key}")
        return list(found.json["items"])

    def balance(self, member_id: str) -> int:
        """Return the points a member can use now."""
        path = f"/v1/members/{member_id}"
        found = self.shop.get(path, Authorization=f"Bearer {self.shop.till_key}")
        return int(found.json["balance"]["available"])

    def pass_code(self, member_id: str) -> str:
        """Return what the member's pass shows."""
        path = f"/v1/members/{member_id}"
        found = self.shop.get(path, Authorization=f"Bearer {self.shop.integration_key}")
        codes = [one for one in found.json["identifiers"] if one["type"] == "pass"]
        return str(codes[0]["value"])


def set_up(shop: Shop) -> Till:
    """Take on a cashier and a manager, and put up a till for them."""
    store = _made(shop, "/v1/stores", {"name": "Мира, 12"})["store_id"]
    till = _made(shop, "/v1/tills", {"store_id": store, "name": "Касса 1"})["till_id"]
    cashier = {"name": CASHIER, "role": "cashier", "pin": PIN}
    manager = {"name": MANAGER, "role": "manager", "pin": MANAGER_PIN}
    return Till(
        shop,
        till,
        _made(shop, "/v1/staff", cashier)["staff_id"],
        _made(shop, "/v1/staff", manager)["staff_id"],
    )


def put_up_another(till: Till) -> Till:
    """Put up a till in another store, for the same people."""
    store = _made(till.shop, "/v1/stores", {"name": "Кирова, 3"})["store_id"]
    made = _made(till.shop, "/v1/tills", {"store_id": store, "name": "Касса 2"})
    return replace(till, till_id=made["till_id"])


def bind(page: Page, till: Till, language: str = "ru", people: int = 2) -> None:
    """Open the till by its link and wait until it asks who is there."""
    page.goto(f"{till.shop.base_url}/till?lang={language}#{till.code()}")
    expect(page.locator(".person")).to_have_count(people)


def sign_in(page: Page, name: str = CASHIER, pin: str = PIN) -> None:
    """Choose a name and type the PIN."""
    page.locator(".person", has_text=name).click()
    page.locator("#pin").fill(pin)
    page.keyboard.press("Enter")
    expect(page.locator(".home, .sale, .result")).to_be_visible()


def sign_out(page: Page) -> None:
    """Choose «change cashier» in the menu."""
    page.locator(".menu summary").click()
    page.locator(".menu").get_by_role("button", name="Сменить кассира").click()
    expect(page.locator(".person").first).to_be_visible()


def open_till(open_page: OpenPage, till: Till, **options: Any) -> Page:
    """Return a browser at the till, with the cashier signed in."""
    page = open_page(**{"viewport": DESK, **options})
    bind(page, till)
    sign_in(page)
    return page


def scan(page: Page, code: str) -> None:
    """Let a USB scanner type a code under a Russian layout."""
    with keyboard(page) as keys:
        keys.burst(code, at=SETTLED_SECONDS, gap=QUICK_SECONDS, end="Enter")


def press(page: Page, key: str) -> None:
    """Press a key by hand, however soon after a scanner's last one."""
    with keyboard(page) as keys:
        keys.burst("", at=SETTLED_SECONDS, end=key)


def by_code(page: Page, code: str) -> None:
    """Find a member by the code under the barcode."""
    page.get_by_role("button", name="По коду").first.click()
    page.locator("#find").fill(code)
    page.keyboard.press("Enter")
    expect(page.locator("form.sale")).to_be_visible()


def enter(page: Page, amount: str) -> None:
    """Type the total and wait for its price."""
    page.locator("#amount").fill(amount)
    expect(page.get_by_role("button", name=GO)).to_be_visible()


def open_sale(
    open_page: OpenPage, till: Till, member: str, amount: str, **options: Any
) -> Page:
    """Return a browser at the till, with a sale to a member that is priced."""
    page = open_till(open_page, till, **options)
    by_code(page, till.pass_code(member))
    enter(page, amount)
    return page


def _made(shop: Shop, path: str, body: Any) -> Any:
    made = shop.post(path, body, key=shop.integration_key)
    assert made.status == 201, made.text
    return made.json
