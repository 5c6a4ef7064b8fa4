"""`python -m journeys`: what a person needs, as one JSON document; 1 if a mark is missed."""

import json
import sys

from playwright.sync_api import sync_playwright

from journeys import cashier, shopper
from local.find_browser import find_browser
from local.testing import running_service
from tests.e2e.shop import open_shop

LIMITS = {"SMS_LIMIT_PER_IP": "10000", "SMS_LIMIT_PER_PREFIX": "10000"}


def main() -> int:
    """Measure and print."""
    path = find_browser()
    if path is None:
        print("kopilka: this needs Chromium: make browser", file=sys.stderr)
        return 1
    with running_service(LIMITS) as base_url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        shop = open_shop(base_url)
        found = {"sticker_to_card": shopper.sticker_to_card(browser, shop)}
        at_till = cashier.measure(browser, shop)
        browser.close()
    missed = [*shopper.missed(found["sticker_to_card"]), *cashier.missed(at_till)]
    found |= at_till
    print(json.dumps({**found, "missed": missed}, indent=2, ensure_ascii=False))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
