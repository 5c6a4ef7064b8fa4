"""The cashier at a PC with a USB scanner: from the scan to the points, and a queue of ten.

The network and the processor are those of a slow phone all the same. Between two cashier's
keys nothing is waited for but what the till shows.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from journeys.forgotten_pin import SECONDS_MAX as FORGOTTEN_PIN_SECONDS_MAX
from journeys.forgotten_pin import forgotten_pin
from journeys.hand import SCAN_SECONDS, SEEN_MS_MAX, Person, person_at
from tests.e2e.shop import Shop, new_phone
from tests.e2e.till import DESK, Till, bind, scan, set_up, sign_in

PLAIN_SECONDS_MAX = 5.0
REDEMPTION_SECONDS_MAX = 8.0
NEW_MEMBER_SECONDS_MAX = 12.0
QUEUE_SECONDS_MAX = 150.0
COLD_SECONDS_MAX = 1.5
GRANTED = 1_000
AMOUNT = "1250"


def measure(browser: Browser, shop: Shop) -> dict[str, Any]:
    """Return the figures of every journey at one till."""
    till = set_up(shop)
    member_id = _member(till)
    code = till.pass_code(member_id)
    context = browser.new_context(viewport=DESK, locale="ru-RU", reduced_motion="reduce")
    page = context.new_page()
    bind(page, till)
    sign_in(page)
    page.wait_for_load_state("networkidle")  # a till at work: opening is the morning's
    found = {
        "plain": _told(page, lambda who: plain(who, code)),
        "redemption": _told(page, lambda who: with_redemption(who, code)),
        "new_member": _told(page, new_member),
        "queue_of_ten": _told(page, lambda who: queue(who, context, till)),
        "cold_morning": cold_morning(browser, till),
        "forgotten_pin": forgotten_pin(browser, till),
    }
    context.close()
    return found


def plain(who: Person, code: str) -> None:
    """Scan, type the total, commit."""
    _scan(who, code)
    _enter(who, AMOUNT)
    _commit(who)


def with_redemption(who: Person, code: str) -> None:
    """As before, and the member pays with all the points there may be: F2, then agreed to."""
    _scan(who, code)
    _enter(who, AMOUNT)
    most = who.page.locator('[data-redeem="max"]')
    expect(most).to_be_enabled(timeout=SEEN_MS_MAX)
    who.see(most, is_new=False)
    who.key("F2")
    expect(most).to_have_attribute("aria-pressed", "true", timeout=SEEN_MS_MAX)
    go = who.page.get_by_role("button", name="Провести").first
    expect(go).to_be_enabled(timeout=SEEN_MS_MAX)
    who.see(go, is_new=False)
    who.key("Enter")
    agree = who.page.get_by_role("dialog").get_by_role("button", name="Списать")
    who.see(agree)
    who.key("Enter")
    _done(who)


def new_member(who: Person) -> None:
    """Somebody without a card says a phone number."""
    page = who.page
    who.tap(page.get_by_role("button", name="Новый участник").first)
    field = page.locator("#new-phone")
    who.see(field, is_new=False)
    who.type(field, new_phone().removeprefix("+7"))
    who.key("Enter")
    who.see(page.locator("form.sale"))
    _enter(who, AMOUNT)
    _commit(who)


def queue(who: Person, context: BrowserContext, till: Till) -> None:
    """Ten in a row: one new, one brings something back, and for three the network is away."""
    codes = [till.pass_code(_member(till)) for _ in range(5)]
    for code in codes:
        plain(who, code)
    _back_home(who)
    new_member(who)
    _give_back(who)
    context.set_offline(True)
    for code in codes[:3]:  # the till has seen them
        plain(who, code)
    context.set_offline(False)


def cold_morning(browser: Browser, till: Till) -> dict[str, float | int]:
    """The shop opens: the till was bound yesterday; from the first scan to the member.

    The sign-in is not counted, nor the hand that scans; everything else is the till's.
    """
    code = till.pass_code(_member(till))
    context = browser.new_context(viewport=DESK, locale="ru-RU", reduced_motion="reduce")
    page = context.new_page()
    bind(page, till)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.close()
    page = context.new_page()
    who = person_at(page)
    page.goto(f"{till.shop.base_url}/till", timeout=SEEN_MS_MAX)
    sign_in(page)
    before = who.waited_seconds
    _scan(who, code)
    seconds = round(who.waited_seconds - before, 2)
    context.close()
    return {"seconds": seconds, "requests": who.requests}


def missed(found: dict[str, Any]) -> list[str]:
    """Return the marks that were missed, in words."""
    marks = {
        "plain": PLAIN_SECONDS_MAX,
        "redemption": REDEMPTION_SECONDS_MAX,
        "new_member": NEW_MEMBER_SECONDS_MAX,
        "queue_of_ten": QUEUE_SECONDS_MAX,
        "cold_morning": COLD_SECONDS_MAX,
        "forgotten_pin": FORGOTTEN_PIN_SECONDS_MAX,
    }
    return [
        f"{name}: {found[name]['seconds']} s, the mark is {most}"
        for name, most in marks.items()
        if found[name]["seconds"] > most
    ]


def _member(till: Till) -> str:
    """Return a new member who can pay with points."""
    member_id = str(till.shop.join()["member_id"])
    given = till.shop.post(
        f"/v1/members/{member_id}/grants",
        {"points": GRANTED, "reason": "welcome"},
        key=till.shop.integration_key,
        idempotency_key=f"grant-{member_id}",
    )
    assert given.status == HTTPStatus.CREATED, given.text
    return member_id


def _told(page: Page, journey: Callable[[Person], None]) -> dict[str, float | int]:
    """Return what a journey takes from the start screen."""
    who = person_at(page)
    _back_home(who)
    who.hand_seconds = who.waited_seconds = 0.0
    who.touches = who.keys = 0
    journey(who)
    return who.told()


def _back_home(who: Person) -> None:
    """Go on to the next member if there is a result."""
    following = who.page.locator("[data-next]")
    if following.is_visible():
        who.tap(following)
    who.see(who.page.locator(".home"), is_new=False)


def _scan(who: Person, code: str) -> None:
    who.hand_seconds += SCAN_SECONDS  # until the scanner has sent its last key
    scan(who.page, code)
    who.acts()
    who.see(who.page.locator("form.sale"), is_new=False)


def _enter(who: Person, amount: str) -> None:
    """Type the total: digits go to the amount, wherever the focus is."""
    for digit in amount:
        who.key(digit)
    who.see(who.page.get_by_role("button", name="Провести").first, is_new=False)


def _commit(who: Person) -> None:
    who.key("Enter")
    _done(who)


def _done(who: Person) -> None:
    who.see(who.page.locator("[data-next]"), is_new=False)


def _give_back(who: Person) -> None:
    """Take the last sale back whole."""
    page = who.page
    who.key("F4")
    latest = page.locator("button.open-row").first
    who.see(latest)
    who.tap(latest)
    whole = page.get_by_role("button", name="Вернуть всё")
    who.see(whole)
    who.tap(whole)
    go = page.locator("button.go")
    expect(go).to_be_enabled(timeout=SEEN_MS_MAX)
    who.see(go, is_new=False)
    who.tap(go)
    _done(who)
