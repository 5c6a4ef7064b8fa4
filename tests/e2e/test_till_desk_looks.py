"""What is seen at the desk: axe's rules on every screen, in both languages, sizes, themes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from chalicelib.web.till_words import TILL_WORDS
from passes.wording import Language
from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_in_all_looks, too_wide
from tests.e2e.shop import open_shop
from tests.e2e.till import CASHIER, DESK, PIN, Till, scan, set_up

MANY_MINOR = 100_000_000  # a balance of seven digits


@pytest.fixture(scope="module")
def till(base_url: str) -> Till:
    return set_up(open_shop(base_url, gift_card={}))


@pytest.fixture
def member(till: Till) -> str:
    member_id = str(till.shop.join()["member_id"])
    till.shop.sell(member_id, 20 * MANY_MINOR)
    return till.pass_code(member_id)


class Walk:
    """A cashier who opens every screen of the desk; stops at each for whoever looks."""

    def __init__(self, page: Page, till: Till, code: str, language: Language) -> None:
        self.page, self.till, self.code, self.language = page, till, code, language

    def word(self, name: str) -> str:
        return str(TILL_WORDS[self.language][name])

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=self.word(name)).first.click()

    def choose(self, name: str) -> None:
        self.page.locator(".menu summary").click()
        self.page.locator(".menu").get_by_role("button", name=self.word(name)).click()

    def screens(self) -> Iterator[str]:
        yield from self._arriving()
        yield from self._returning()
        yield from self._correcting()
        yield from self._gift_cards()
        yield from self._ending()

    def _arriving(self) -> Iterator[str]:
        page = self.page
        page.goto(f"{self.till.shop.base_url}/till?lang={self.language}#{self.till.code()}")
        page.locator(".person", has_text=CASHIER).click()
        self.press("pin_forgot")
        expect(page.locator("#new-pin")).to_be_visible()
        yield "forgotten PIN"
        page.keyboard.press("Escape")
        page.locator(".person", has_text=CASHIER).click()
        page.locator("#pin").fill(PIN)
        page.keyboard.press("Enter")
        expect(page.locator(".home")).to_be_visible()
        self.choose("shift_title")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        yield "shift, empty"
        page.keyboard.press("Escape")

    def _returning(self) -> Iterator[str]:
        page = self.page
        page.keyboard.press("F4")
        expect(page.locator("#receipt-number")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#number-error")).not_to_be_empty()
        yield "receipts, empty"
        scan(page, self.code)
        expect(page.locator(".open-row").first).to_be_visible()
        yield "receipts of a member"
        page.locator(".open-row").last.click()
        page.locator(".stepper .square").last.click()
        expect(page.locator(".go")).to_be_enabled()
        yield "receipt"

    def _correcting(self) -> Iterator[str]:
        page = self.page
        self.press("void")
        page.keyboard.press("Enter")
        expect(page.locator("#reason-error")).not_to_be_empty()
        yield "void"
        page.keyboard.press("Escape")
        self.press("move")
        scan(page, self.code)
        expect(page.get_by_role("button", name=self.word("move_choose"))).to_be_visible()
        yield "another card"
        page.keyboard.press("Escape")
        self.press("print")
        expect(page.locator(".paper")).to_contain_text(self.word("slip_tier"))
        yield "slip"
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        expect(page.locator(".home")).to_be_visible()

    def _gift_cards(self) -> Iterator[str]:
        page = self.page
        self.press("gift_cards")
        page.locator("#gift-amount").fill("1000")
        yield "gift cards"
        page.locator(".go").click()
        code = page.locator("[data-gift-code]").inner_text()
        page.locator("#gift-code").fill(code)
        self.press("gift_show")
        expect(page.locator(".gift-balance")).to_be_visible()
        yield "gift card, sold and shown"
        page.get_by_role("button", name=self.word("top_up"), exact=True).click()
        page.locator("#top-up-amount").fill("500")
        yield "gift card, more money"
        page.locator(".go").click()
        expect(page.locator("[data-topped-up]")).to_be_visible()
        undo = page.get_by_role("button", name=self.word("top_up_undo")).first
        expect(undo).to_be_visible()
        yield "gift card, topped up"
        undo.click()
        expect(page.locator("#reason")).to_be_visible()
        yield "top-up to be taken back"
        page.keyboard.press("Escape")
        self.press("top_up_print")
        expect(page.locator(".paper")).to_contain_text(self.word("slip_top_up"))
        yield "slip of a top-up"
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")

    def _ending(self) -> Iterator[str]:
        page = self.page
        page.keyboard.press("F4")
        scan(page, self.code)
        page.locator(".open-row").first.click()
        self.press("return_all")
        expect(page.locator(".go")).to_be_enabled()
        page.locator(".go").click()
        expect(page.locator(".result-figure")).to_be_visible()
        yield "returned"
        self.press("next")
        self.choose("shift_title")
        expect(page.locator(".shift-money")).to_be_visible()
        yield "shift"
        self.choose("training")
        self.press("training_on")
        expect(page.locator(".band")).to_be_visible()
        self.choose("training")
        expect(page.locator(".open-row").first).to_be_visible()
        yield "training"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_screen_has_a_fault_in_any_look(
    till: Till, member: str, open_page: OpenPage, language: Language
) -> None:
    page, found = open_page(viewport=DESK), {}

    for name in Walk(page, till, member, language).screens():
        found[name] = [*too_wide(page), *faults_in_all_looks(page)]

    assert len(found) == 17
    assert {name: faults for name, faults in found.items() if faults} == {}
