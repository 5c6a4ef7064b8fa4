"""The card without a network: reloaded from the phone's own copy, and good at the till."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import SEEN_MS_MAX
from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_of
from tests.e2e.shop import Shop, open_shop
from tests.e2e.test_one_time_code import drawn, shown, symbol

# The page waits by itself: `wait_for_function` takes any promise for a yes.
KEPT = """async (most) => {
  const pathOf = ({ name, url }) => new URL(name ?? url).pathname;
  const shown = performance.getEntriesByType("resource").map(pathOf);
  const wanted = shown.filter((path) => /^\\/(static|theme)\\//.test(path));
  const isWhole = async () => {
    const stores = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const kept = (await Promise.all(stores.map((store) => store.keys()))).flat().map(pathOf);
    return [location.pathname, ...wanted].every((path) => kept.includes(path));
  };
  const { active } = await navigator.serviceWorker.ready;
  for (let waited = 0; waited < most; waited += 20) {
    if (active.state === "activated" && (await isWhole())) return wanted.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return 0;
}"""


@pytest.fixture(scope="module")
def ruled(base_url: str) -> Shop:
    """A merchant whose tills always ask for a second factor."""
    return open_shop(base_url, confirm_above=0)


def opened(page: Page, address: str) -> None:
    """Open a card and wait until the phone has kept it."""
    page.goto(address)
    assert page.evaluate(KEPT, SEEN_MS_MAX), "the phone has kept no copy"


def test_a_reload_without_a_network_shows_the_last_known_card(
    ruled: Shop, open_page: OpenPage
) -> None:
    page, joined = open_page(), ruled.join()
    opened(page, joined["card_url"])
    ruled.sell(joined["member_id"], 100_000)
    expect(page.locator("[data-balance]")).to_have_text("50")
    page.context.set_offline(True)

    page.reload()

    expect(page.locator("[data-balance]")).to_have_text("50")
    expect(page.locator("[data-status]")).to_contain_text("Показаны данные на")
    expect(page.locator(".pass")).to_have_css("background-color", "rgb(122, 59, 18)")
    assert faults_of(page) == []


def test_its_code_redeems_points_at_the_till(ruled: Shop, open_page: OpenPage) -> None:
    page, joined = open_page(), ruled.join()
    opened(page, joined["card_url"])
    shown(page)
    page.context.set_offline(True)
    page.reload()

    payload = shown(page)

    assert drawn(page) == symbol(payload)
    found = ruled.post("/v1/lookups", {"code": payload}, key=ruled.till_key).json
    assert (found["member_id"], found["verified"]) == (joined["member_id"], True)


def test_a_copy_an_hour_old_still_shows_the_code_of_this_minute(
    ruled: Shop, open_page: OpenPage
) -> None:
    page, joined = open_page(), ruled.join()
    opened(page, joined["card_url"])
    page.clock.install()
    shown(page)
    page.context.set_offline(True)
    page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=1))  # no timer goes off
    page.reload()

    payload = shown(page)

    ruled.post("/local/clock", {"advance_seconds": 3_600})
    assert ruled.post("/v1/lookups", {"code": payload}, key=ruled.till_key).json["verified"]


def test_other_pages_lead_to_the_card(ruled: Shop, open_page: OpenPage) -> None:
    page, joined = open_page(), ruled.join()
    opened(page, joined["card_url"])
    page.reload()  # from now on through the worker
    page.context.set_offline(True)

    page.goto(f"{joined['card_url']}/history")

    expect(page.locator(".qr")).to_be_visible()


def test_a_card_that_is_gone_leaves_nothing_on_the_phone(
    ruled: Shop, open_page: OpenPage
) -> None:
    page, joined = open_page(), ruled.join()
    opened(page, joined["card_url"])
    page.reload()
    erased = ruled.erase(joined["member_id"])
    assert erased.status == 200, erased.text

    expect(page.get_by_role("heading", name="Здесь карта закрыта")).to_be_visible()

    assert page.evaluate("caches.keys()") == []


def test_the_card_can_be_put_on_the_home_screen(ruled: Shop, open_page: OpenPage) -> None:
    page, joined = open_page(), ruled.join()
    page.goto(joined["card_url"])
    address = page.locator("link[rel=manifest]").get_attribute("href") or ""

    manifest: Any = json.loads(ruled.get(address).body)

    assert manifest["start_url"] == joined["card_url"].removeprefix(ruled.base_url)
    icons = {icon["src"]: icon["sizes"] for icon in manifest["icons"]}
    pictures = {path: ruled.get(path) for path in icons}
    for path, picture in pictures.items():
        width = int.from_bytes(picture.body[16:20])
        assert picture.headers["content-type"] == "image/png"
        assert icons[path] == f"{width}x{width}"
    found = page.context.new_cdp_session(page).send("Page.getInstallabilityErrors")
    known = {one["errorId"] for one in found["installabilityErrors"]}
    assert known <= {"in-incognito"}  # where tests run


@pytest.mark.parametrize("path", ["/icons/7a3b12-41a-99.png", "/icons/x.png"])
def test_no_other_icon_is_drawn(ruled: Shop, path: str) -> None:
    answer = ruled.get(path)

    assert (answer.status, answer.json["code"]) == (404, "not_found")
    assert re.match("application/problem", answer.headers["content-type"])
