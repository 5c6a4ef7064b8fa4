"""A page of the till's own policy with nothing on it, to try the till's modules in."""

from typing import Any

from playwright.sync_api import Page, Route

from chalicelib.web.assets import asset_path
from chalicelib.web.rendering import PAGE_HEADERS, TILL_POLICY

BARE = "bare-till"
_HTML = (
    '<!doctype html><html lang="en"><title>Bare</title><link rel="icon" href="data:,">'
    "<video></video><input id=field><p id=shown></p>"
)


def open_bare(page: Page, base_url: str) -> Page:
    """Open the page; modules are then imported from the real service."""

    def answer(route: Route) -> None:
        headers = {**PAGE_HEADERS, "Content-Security-Policy": TILL_POLICY}
        route.fulfill(headers=headers, content_type="text/html", body=_HTML)

    page.route(f"{base_url}/{BARE}", answer)
    page.goto(f"{base_url}/{BARE}")
    return page


def run(page: Page, module: str, script: str, *values: Any) -> Any:
    """Run a script with a module of the till as `m` and the values as `v`."""
    body = f"async ([at, v]) => {{ const m = await import(at); {script} }}"
    return page.evaluate(body, [asset_path(f"till/{module}"), list(values)])
