"""The browser of the tests is what Playwright starts, but for its own window's pages."""

import re

from playwright.sync_api import Browser

from tests.e2e.browser import WINDOWS


def test_what_playwright_turns_off_stays_off(browser: Browser) -> None:
    line = browser.new_browser_cdp_session().send("SystemInfo.getInfo")["commandLine"]

    playwrights, ours = re.findall(r"--disable-features=(\S+)", line)

    assert set(ours.split(",")) == {*playwrights.split(","), *WINDOWS}
