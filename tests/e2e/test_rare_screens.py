"""Screens few ever see: refusals, the longest names, what is erased; as fit as all others.

What everybody sees has tests of its own, in both languages. Russian, the longer one, does here.
"""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_in_all_looks, too_wide
from tests.e2e.office_screens import OfficeScreens
from tests.e2e.shopper_screens import ShopperScreens

LINES = """one => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return range.getClientRects().length;
}"""


def faults_on(page: Page, screens: Iterator[str]) -> dict[str, list[str]]:
    """Return what is wrong with each screen; nothing for those that are well."""
    found = {name: [*too_wide(page), *faults_in_all_looks(page)] for name in screens}
    assert len(found) >= 20, "it went all the way"
    return {name: faults for name, faults in found.items() if faults}


def test_no_rare_screen_of_a_shopper_has_a_fault_in_any_look(
    base_url: str, open_page: OpenPage
) -> None:
    page = open_page()

    assert faults_on(page, ShopperScreens(page, base_url, "ru").rare()) == {}


def test_no_rare_screen_of_the_office_has_a_fault_in_any_look(
    base_url: str, open_page: OpenPage
) -> None:
    page = open_page()

    assert faults_on(page, OfficeScreens(page, base_url, "ru").rare()) == {}


def test_a_balance_of_seven_digits_breaks_no_word_on_a_phone(
    base_url: str, open_page: OpenPage
) -> None:
    page, lines = open_page(), {}

    for name in OfficeScreens(page, base_url, "ru").full():
        if name == "members-found":
            lines[name] = page.locator(".found b").first.evaluate(LINES)
        if name == "member":
            lines[name] = page.locator("#balance").evaluate(LINES)
            break

    assert lines == {"members-found": 1, "member": 1}
