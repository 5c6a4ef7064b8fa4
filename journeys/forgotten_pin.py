"""A new cashier has forgotten the PIN: a manager is called, and half a minute later they sell.

From the list of names to the start screen: the manager's PIN is typed, and the new one twice
and once more to sign in. The manager's way to the till is not counted.
"""

from typing import Final

from playwright.sync_api import Browser, Page

from journeys.hand import Person, person_at
from tests.e2e.till import CASHIER, DESK, MANAGER_PIN, Till, bind

SECONDS_MAX: Final = 30.0
NEW_PIN: Final = "2580"


def forgotten_pin(browser: Browser, till: Till) -> dict[str, float | int]:
    """Return what it takes, at a till of its own."""
    context = browser.new_context(viewport=DESK, locale="ru-RU", reduced_motion="reduce")
    page = context.new_page()
    bind(page, till)
    who = person_at(page)
    reset(who, page)
    context.close()
    return who.told()


def reset(who: Person, page: Page) -> None:
    """Get a new PIN by the keyboard, and sign in with it."""
    name = page.locator(".person", has_text=CASHIER)
    who.acts()
    who.see(name)
    who.tap(name)
    forgotten = page.get_by_role("button", name="Забыли PIN")
    who.see(forgotten)
    who.tap(forgotten)
    first = page.locator("#new-pin")
    who.see(first)
    for field in (first, page.locator("#new-pin-again")):
        who.type(field, NEW_PIN)
        who.key("Tab")
    who.type(page.locator("#approval-pin"), MANAGER_PIN)
    who.key("Enter")
    pin = page.locator("#pin")
    who.see(pin)
    who.type(pin, NEW_PIN)
    who.key("Enter")
    who.see(page.locator(".home"), is_new=False)
