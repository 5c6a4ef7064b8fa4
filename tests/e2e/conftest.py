"""One real service and one real browser per pytest worker; a merchant for each test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from local.testing import running_service
from tests.e2e.browser import launched
from tests.e2e.shop import Shop, open_shop
from tests.e2e.till import Till, set_up
from tests.e2e.watching import watch

# Browsers of all tests share one address, and made-up phones share prefixes.
LIMITS = {
    "SHOPS_PER_NETWORK": "10000",
    "SMS_LIMIT_PER_IP": "10000",
    "SMS_LIMIT_PER_PREFIX": "10000",
    "SMS_LIMIT_PER_MERCHANT": "100000000",
    "SMS_LIMIT_PER_NEW_MERCHANT": "100000000",
    "SMS_LIMIT_OF_NEW_MERCHANTS": "100000000",
    "SMS_LIMIT_PER_PHONE_IN_ALL": "10000",
    "SMS_LIMIT_PER_IP_IN_ALL": "10000",
    "SMS_LIMIT_PER_PREFIX_IN_ALL": "10000",
    "SMS_LIMIT_IN_ALL": "100000000",
}
PHONE = {"width": 390, "height": 844}

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def base_url() -> Iterator[str]:
    with running_service(LIMITS) as address:
        yield address


@pytest.fixture
def shop(base_url: str) -> Shop:
    return open_shop(base_url)


@pytest.fixture
def till(shop: Shop) -> Till:
    return set_up(shop)


@pytest.fixture
def gift_till(base_url: str) -> Till:
    """A till of a merchant that sells gift cards."""
    return set_up(open_shop(base_url, gift_card={}))


@pytest.fixture
def member(shop: Shop) -> str:
    """A new member's id."""
    return str(shop.join()["member_id"])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = launched(playwright.chromium)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, base_url: str) -> Iterator[OpenPage]:
    """Open pages with the options of a browser context; what `watch` sees fails the test."""
    watched = []

    def opened(**options: Any) -> Page:
        chosen = {"viewport": PHONE, "locale": "ru-RU", "reduced_motion": "reduce", **options}
        context = browser.new_context(**chosen)
        watched.append((context, watch(context, base_url)))
        return context.new_page()

    yield opened
    for context, _ in watched:
        context.close()
    assert [fault for _, faults in watched for fault in faults] == []
