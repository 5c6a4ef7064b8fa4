"""The till's service worker: it opens without a network, and keeps nothing of the service's."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage

# Kept: the page and every file of its list; and which caches there are.
KEPT = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("kopilka.till."));
  const requests = await (await caches.open(names[0])).keys();
  return { names, paths: requests.map((request) => new URL(request.url).pathname) };
}"""
READY = "navigator.serviceWorker.ready.then(() => {})"
LATE = "new Promise((_, no) => setTimeout(() => no(new Error('no worker')), 40000))"
LISTED = "fetch('/till/files.json').then((answer) => answer.json())"


@pytest.fixture
def till(open_page: OpenPage, base_url: str) -> Page:
    """The till's page under its service worker."""
    page = open_page()
    page.goto(f"{base_url}/till")
    page.evaluate(f"Promise.race([{READY}, {LATE}])")
    page.reload()
    return page


def test_the_till_opens_without_a_network(till: Page) -> None:
    missed: list[str] = []
    till.on("requestfailed", lambda request: missed.append(request.url))
    heading = till.locator("#till h1").first
    expect(heading).to_be_visible()

    till.context.set_offline(True)
    till.reload()

    expect(heading).to_be_visible()
    assert not [url for url in missed if "/v1/" not in url]


def test_the_page_its_files_and_the_reader_are_kept_and_no_answer_of_the_service(
    till: Page,
) -> None:
    listed = till.evaluate(LISTED)

    kept = till.evaluate(KEPT)

    assert kept["names"] == [f"kopilka.till.{listed['version']}"]
    assert sorted(kept["paths"]) == sorted(["/till", *listed["files"]])
    assert not [path for path in kept["paths"] if path.startswith("/v1/")]
    assert {path.rpartition(".")[2] for path in listed["files"]} >= {"wasm", "woff2", "svg"}


def test_what_an_older_version_kept_is_let_go(till: Page) -> None:
    till.evaluate("caches.open('kopilka.till.older').then(() => {})")

    till.reload()

    deadline = 200
    while len(till.evaluate(KEPT)["names"]) > 1:
        deadline -= 1
        assert deadline
        till.wait_for_timeout(50)
