"""What is seen at the till: axe's rules on every screen, narrow, enlarged; a quiet console."""

import gzip
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from chalicelib.web.assets import asset_file, asset_path
from chalicelib.web.till_page import modules
from chalicelib.web.till_words import TILL_WORDS
from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_by_day_and_night, faults_in_forced_colours, too_wide
from tests.e2e.shop import open_shop
from tests.e2e.till import CASHIER, DESK, HAND, PIN, Till, set_up

SCRIPTS_GZIP_MAX = 60_000
SCANNER = {"camera.js", "chime.js", "codes.js", "reader.js", "scan_worker.js", "till_worker.js"}
INTER = """async () => {
  const link = document.querySelector("link[href*=fonts]");
  if (!link.sheet) await new Promise((resolve) => link.addEventListener("load", resolve));
  return (await document.fonts.load("16px Inter", "Касса")).length;
}"""
TABLET = (768, "16px")
DEVICES: dict[str, Any] = {"hand": HAND, "desk": {"viewport": DESK}}


@pytest.fixture(scope="module")
def till(base_url: str) -> Till:
    """A till of a shop with a member who has much to show."""
    return set_up(open_shop(base_url, confirm_above=100))


@pytest.fixture(scope="module")
def member(till: Till) -> str:
    member_id = str(till.shop.join()["member_id"])
    till.shop.sell(member_id, 240_000_000)
    return till.pass_code(member_id)


class Walk:
    """A cashier who sees every screen; stops at each for whoever looks."""

    def __init__(self, page: Page, till: Till, code: str, language: str) -> None:
        self.page, self.till, self.code, self.language = page, till, code, language

    def word(self, name: str) -> str:
        return str(TILL_WORDS["ru" if self.language == "ru" else "en"][name])

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=self.word(name)).first.click()

    def screens(self) -> Iterator[str]:
        """Go on to the next screen; its name."""
        yield from self._arriving()
        yield from self._finding()
        yield from self._selling()
        yield from self._ending()

    def _arriving(self) -> Iterator[str]:
        page = self.page
        page.goto(f"{self.till.shop.base_url}/till?lang={self.language}")
        expect(page.locator("#activation-code")).to_be_focused()
        yield "activation"
        page.locator("#activation-code").fill(self.till.code())
        page.keyboard.press("Enter")
        expect(page.locator(".person")).to_have_count(2)
        yield "people"
        page.locator(".person", has_text=CASHIER).click()
        page.locator("#pin").fill("1357")
        page.keyboard.press("Enter")
        expect(page.locator("#pin-error")).not_to_be_empty()
        yield "pin"
        page.locator("#pin").fill(PIN)
        page.keyboard.press("Enter")
        expect(page.locator(".home")).to_be_visible()
        yield "home"
        page.locator(".menu summary").click()
        yield "menu"
        page.locator(".menu summary").click()

    def _finding(self) -> Iterator[str]:
        page = self.page
        self.press("by_phone")
        page.locator("#find").fill("+79990000000")
        page.keyboard.press("Enter")
        expect(page.locator("#find-error")).not_to_be_empty()
        yield "nobody found"
        self.press("new_member_with_phone")
        expect(page.locator("#new-phone")).to_be_visible()
        yield "new member"
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        expect(page.locator(".home")).to_be_visible()

    def _selling(self) -> Iterator[str]:
        page = self.page
        self.press("by_code")
        page.locator("#find").fill(self.code)
        page.keyboard.press("Enter")
        expect(page.locator("form.sale")).to_be_visible()
        yield "sale, empty"
        page.locator("#amount").fill("1234567,89" if self.language == "ru" else "1234567.89")
        expect(page.locator('[data-redeem="max"]')).to_be_enabled()
        page.locator('[data-redeem="max"]').click()
        expect(page.locator(".preview")).to_contain_text("\u2212")
        yield "sale, redeeming"
        self.press("redeem_other")
        expect(page.get_by_role("dialog")).to_be_visible()
        yield "points asked"
        page.keyboard.press("Escape")
        page.locator(".go").click()
        expect(page.locator("#proof")).to_be_visible()
        yield "second factor"
        page.keyboard.press("Escape")
        page.locator('[data-redeem="none"]').click()
        self.press("by_goods")
        yield "goods, empty"
        self.press("line_add")
        yield "line asked"
        page.keyboard.press("Escape")
        self.press("by_total")

    def _ending(self) -> Iterator[str]:
        page = self.page
        expect(page.locator(".go")).to_be_enabled()
        page.locator("#amount").fill("100")
        expect(page.locator(".go")).to_contain_text("100")
        page.locator(".go").click()
        expect(page.locator("[data-next]")).to_be_focused()
        yield "result"
        page.keyboard.press("Backspace")
        expect(page.get_by_role("heading", name=self.word("undone"))).to_be_visible()
        yield "undone"
        page.locator("[data-next]").click()
        page.context.set_offline(True)
        self.press("without_card")
        page.locator("#amount").fill("100")
        expect(page.locator(".go")).to_contain_text("100")
        yield "sale, offline"
        page.locator(".go").click()
        expect(page.get_by_role("heading", name=self.word("saved"))).to_be_visible()
        yield "saved"
        page.locator("button[data-network]").click()
        expect(page.get_by_role("heading", name=self.word("waiting_title"))).to_be_visible()
        yield "queue"
        page.context.set_offline(False)
        expect(page.locator("main")).to_contain_text(self.word("queue_empty"))


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("device", DEVICES)
def test_axe_finds_nothing_on_any_screen(
    till: Till, member: str, open_page: OpenPage, device: str, language: str
) -> None:
    page = open_page(**DEVICES[device], locale=f"{language}-{language.upper()}")
    found: dict[str, list[str]] = {}

    for name in Walk(page, till, member, language).screens():
        found[name] = faults_by_day_and_night(page)

    assert len(found) == 18
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_no_screen_scrolls_sideways(till: Till, member: str, open_page: OpenPage) -> None:
    page, wide = open_page(), {}

    for name in Walk(page, till, member, "ru").screens():
        wide[name] = too_wide(page, TABLET)

    assert {name: found for name, found in wide.items() if found} == {}


def test_forced_colours_leave_every_control_its_edge_and_its_focus(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page, found = open_page(viewport=DESK), {}

    for name in Walk(page, till, member, "ru").screens():
        found[name] = faults_in_forced_colours(page)

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_a_day_at_the_till_says_nothing_in_the_console_and_asks_nobody_else(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_page(viewport=DESK)
    said: list[str] = []
    asked: set[str] = set()
    page.on("console", lambda line: said.append(line.text))
    page.on("request", lambda request: asked.add(origin_of(request.url)))

    for _ in Walk(page, till, member, "ru").screens():
        pass

    refusals = "Failed to load resource"  # Chromium's own lines about 4xx and no network
    assert [line for line in said if refusals not in line] == []
    assert asked == {till.shop.base_url}


def test_its_own_letters_come_after_the_first_screen(till: Till, open_page: OpenPage) -> None:
    page = open_page(viewport=DESK)
    page.goto(f"{till.shop.base_url}/till?lang=ru")
    expect(page.locator("h1")).to_be_visible()

    loaded = page.evaluate(INTER)

    assert loaded
    assert (
        page.locator("h1")
        .evaluate("one => getComputedStyle(one).fontFamily")
        .startswith("Inter")
    )


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def sent(name: str) -> bytes:
    """Return a file as browsers get it."""
    found = asset_file(asset_path(name).removeprefix("/static/"))
    assert found is not None
    return found.content


def test_the_scripts_without_the_scanner_are_light() -> None:
    ours = [name for name in modules() if name.removeprefix("till/") not in SCANNER]
    selling = [name for name in ours if "/desk/" not in name]

    sizes = [len(gzip.compress(sent(name))) for name in selling]

    assert "till/screens/sale.js" in selling
    assert sum(sizes) < SCRIPTS_GZIP_MAX
