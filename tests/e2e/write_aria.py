"""Writes tests/e2e/snapshots/ anew: `python -m tests.e2e.write_aria`; read the difference."""

from playwright.sync_api import sync_playwright

from local.find_browser import find_browser
from local.testing import running_service
from tests.e2e.conftest import LIMITS
from tests.e2e.trees import FACES, keep, trees_of


def main() -> None:
    """Walk through every face of a service of its own."""
    path = find_browser()
    assert path is not None, "this needs Chromium: make browser"
    with running_service(LIMITS) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for face in FACES:
            keep(face, trees_of(browser, address, face))
        browser.close()


if __name__ == "__main__":
    main()
