"""Codes: a USB scanner that types under a Russian layout, and what is no code at all."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from chalicelib.domain.gift_codes import new_code as new_gift_code
from chalicelib.domain.gift_codes import read_code
from passes.codes import RANDOM_BYTES, grouped, new_code, parse_code
from tests.e2e.bare_till import open_bare, run
from tests.e2e.conftest import OpenPage
from tests.e2e.keyboard import GAP, Keyboard, keyboard

PASS = "L17Q2M8K4D9XAB"
LISTEN = """
  globalThis.heard = [];
  const shown = document.getElementById("shown");
  document.addEventListener("keydown", (event) => {
    if (/^[0-9]$/.test(event.key)) shown.textContent += event.key;
    if (event.key === "Enter") heard.push({ committed: true });
  });
  m.listenWedge((code) => heard.push(code), {
    onUnknown: (text) => heard.push({ unknown: text }),
    remember: () => {
      const before = shown.textContent;
      return () => (shown.textContent = before);
    },
  });
"""


@pytest.fixture
def page(open_page: OpenPage, base_url: str) -> Page:
    found = open_bare(open_page(), base_url)
    run(found, "wedge.js", LISTEN)
    return found


@pytest.fixture
def keys(page: Page) -> Iterator[Keyboard]:
    with keyboard(page) as found:
        yield found


def heard(page: Page) -> list[Any]:
    return page.evaluate("heard")


@pytest.mark.parametrize("end", ["Enter", "Tab"])
def test_a_scanner_is_understood_under_a_russian_layout(
    page: Page, keys: Keyboard, end: str
) -> None:
    keys.burst(PASS, at=0.0, end=end)

    assert heard(page) == [{"kind": "pass", "text": PASS}]


def test_a_field_keeps_what_it_said_before_the_scan(page: Page, keys: Keyboard) -> None:
    page.fill("#field", "1250")

    keys.burst("7Q2M-8K4D-9XAB-1C5F-F", at=0.0, end="Enter")
    keys.burst(PASS, at=10.0, end="Enter")

    assert page.input_value("#field") == "1250"
    assert heard(page)[-1] == {"kind": "pass", "text": PASS}
    assert {"committed": True} not in heard(page)


def test_what_the_tills_own_keys_did_is_taken_back(page: Page, keys: Keyboard) -> None:
    keys.burst("12345678", at=0.0, end="Enter")

    assert heard(page) == [{"kind": "coupon", "text": "12345678"}]
    assert page.inner_text("#shown") == ""


def test_a_burst_that_lost_symbols_is_no_code_and_commits_nothing(
    page: Page, keys: Keyboard
) -> None:
    keys.burst(PASS[:-2], at=0.0, end="Enter")
    keys.burst(PASS[:3] + PASS[4:], at=10.0, end="Enter")

    assert heard(page) == [{"unknown": PASS[:-2]}, {"unknown": PASS[:3] + PASS[4:]}]


def test_the_second_half_of_a_double_end_commits_nothing(page: Page, keys: Keyboard) -> None:
    keys.burst(PASS, at=0.0, end="Enter")
    keys.burst("", at=GAP * (len(PASS) + 1), end="Enter")

    assert heard(page) == [{"kind": "pass", "text": PASS}]


def test_a_hand_types_and_commits_as_ever(page: Page, keys: Keyboard) -> None:
    page.focus("#field")

    keys.burst("12509988", at=0.0, gap=0.12, end="Enter")

    assert page.input_value("#field") == "12509988"
    assert heard(page) == [{"committed": True}]


def test_a_hand_too_quick_for_a_moment_loses_nothing(page: Page, keys: Keyboard) -> None:
    page.focus("#field")

    keys.burst("125099", at=0.0)
    keys.burst("7", at=2.0)

    assert page.input_value("#field") == "1250997"


def test_every_code_the_service_makes_is_read_as_the_service_reads_it(page: Page) -> None:
    @given(st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES), st.integers(0, 2**128))
    @settings(max_examples=25, deadline=None)
    def every(randomness: bytes, number: int) -> None:
        code, gift = new_code(randomness), new_gift_code(number)
        shown = [code, f"L2{code[2:]}123456", f"L3{code[2:]}654321", gift]

        found = run(page, "codes.js", "return v.map(m.readCode)", *shown)
        typed = run(page, "codes.js", "return v.map(m.readTyped)", grouped(code), code[2:])

        kinds = ["pass", "totp", "one_time", "gift"]
        assert [(one["kind"], one["text"]) for one in found] == list(
            zip(kinds, shown, strict=True)
        )
        assert [one["text"] for one in typed] == [code, code]

    every()


def test_a_code_with_one_wrong_symbol_is_found_out_by_its_check_symbol(page: Page) -> None:
    spoken = grouped(PASS)
    gift = new_gift_code(3**90)
    wrong = [f"{code[:at]}Z{code[at + 1 :]}" for code in (spoken, gift) for at in (0, 5, 12)]

    found = run(page, "codes.js", "return v.map(m.readTyped)", *wrong)

    assert found == [None] * 6
    assert [parse_code(one) or read_code(one) for one in wrong] == [None] * 6


@pytest.mark.parametrize(
    "text", ["", "4600051000057", "https://example.com/L17Q2M8K4D9XAB", "R17Q2M8K4D9XAB", "L2"]
)
def test_what_is_on_goods_and_posters_is_no_code(page: Page, text: str) -> None:
    assert run(page, "codes.js", "return m.readCode(v[0])", text) is None


def test_letters_a_hand_confuses_are_read_as_meant(page: Page) -> None:
    found = run(page, "codes.js", "return m.readTyped(v[0])", "l1 7q2м-8к4d 9хав")

    assert found == {"kind": "pass", "text": PASS}
