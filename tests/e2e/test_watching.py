"""The watch over every page of every browser test sees what it is there for."""

import pytest
from playwright.sync_api import Browser

from tests.e2e.bare_till import open_bare
from tests.e2e.watching import watch

DEEDS = {
    "style": "document.body.innerHTML = '<p style=\"color: red\">x'",
    "script": "{ const one = document.createElement('script'); one.text = '1';"
    " document.body.append(one); }",
    "another origin": "fetch('http://127.0.0.1:9/').catch(() => 0)",
    "picture": "new Promise((done) => { const one = new Image(); one.onerror = done;"
    " one.src = 'http://127.0.0.1:9/'; })",
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_the_policy_stops_is_a_fault(browser: Browser, base_url: str, deed: str) -> None:
    context = browser.new_context()
    faults = watch(context, base_url)
    page = open_bare(context.new_page(), base_url)

    page.evaluate(DEEDS[deed])
    context.close()

    assert [fault for fault in faults if "Content Security Policy" in fault] != []


def test_a_page_that_leaves_the_service_is_a_fault(browser: Browser, base_url: str) -> None:
    context = browser.new_context()
    faults = watch(context, base_url)
    context.route("http://elsewhere.test/", lambda route: route.fulfill(body=""))
    first = open_bare(context.new_page(), base_url)

    with context.expect_page() as opened:
        first.evaluate("window.open('http://elsewhere.test/') && 0")
    opened.value.wait_for_load_state()
    context.close()

    assert faults == ["asked: http://elsewhere.test/"]


def test_an_error_of_any_page_is_a_fault(browser: Browser, base_url: str) -> None:
    context = browser.new_context()
    faults = watch(context, base_url)
    context.new_page().close()
    second = open_bare(context.new_page(), base_url)

    with context.expect_event("weberror"):
        second.evaluate("setTimeout(() => { throw new Error('odd') }) && 0")
    context.close()

    assert faults == ["script: odd"]
