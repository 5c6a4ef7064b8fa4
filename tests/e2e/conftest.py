"""One real service and one real browser per pytest worker; a merchant for each test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from local.find_browser import find_browser
from local.testing import running_service
from tests.e2e.shop import Shop, open_shop

# Browsers of all tests share one address, and made-up phones share prefixes.
LIMITS = {
    "SMS_LIMIT_PER_IP": "10000",
    "SMS_LIMIT_PER_PREFIX": "10000",
    "SMS_LIMIT_PER_MERCHANT": "100000000",
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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        pytest.fail("these tests need Chromium: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        # No sandbox: it needs rights that containers and root do not have; pages are ours.
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open pages with the options of a browser context; every script error fails the test."""
    contexts = []
    errors: list[str] = []

    def opened(**options: Any) -> Page:
        chosen = {"viewport": PHONE, "locale": "ru-RU", "reduced_motion": "reduce", **options}
        context = browser.new_context(**chosen)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not errors
