"""Where things stand at the till: nothing lies over anything, however much is shown."""

from dataclasses import replace
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Page, Route, ViewportSize, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.shop import open_shop
from tests.e2e.till import (
    CASHIER,
    DESK,
    HAND,
    HAND_MS,
    PIN,
    Till,
    bind,
    by_code,
    enter,
    open_sale,
    open_till,
    press,
    scan,
    set_up,
    sign_in,
)

LONG_NAME: Final = "Константиновский-Рождественский Аполлинарий"
LONG_STORE: Final = "Магазин на углу Большой Академической и Второго Лихачёвского"
PHONES: Final[tuple[ViewportSize, ...]] = (
    {"width": 390, "height": 844},
    {"width": 360, "height": 640},
    {"width": 320, "height": 568},
)
# What is at the middle of an element: itself, or something over it.
COVERED: Final = """parts => parts.flatMap((part) => {
  const box = part.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return part.contains(top) ? [] : [`${part.textContent} is under ${top?.className ?? "none"}`];
})"""

# How wide a sign is among an element's letters.
WIDTHS: Final = """(place, sign) => {
  const text = document.createTreeWalker(place, NodeFilter.SHOW_TEXT).nextNode();
  const range = document.createRange(), at = text.data.indexOf(sign);
  range.setStart(text, at);
  range.setEnd(text, at + 1);
  return range.getBoundingClientRect().width;
}"""

# Words of which a part stands on the next line; at a hyphen any word may end.
BROKEN: Final = r"""places => places.flatMap((place) => {
  const found = [], texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data } = texts.currentNode;
    for (const { 0: word, index } of data.matchAll(/[\p{L}\p{N}]+/gu)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, index);
      range.setEnd(texts.currentNode, index + word.length);
      const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (lines.size > 1) found.push(data);
    }
  }
  return found;
})"""


def marked(page: Page) -> None:
    """Let look-ups answer a member with a long name and every mark there is."""

    def more(route: Route) -> None:
        answer = route.fetch()
        found = answer.json()
        found |= {"name_short": f"{LONG_NAME.split()[0]} А.", "birthday_near": True}
        found["balance"] |= {"debt": 1_200, "pending": 44}
        route.fulfill(response=answer, json=found)

    page.route("**/v1/lookups", more)


def token(page: Page, name: str) -> str:
    """Return a colour of the token file as a browser computes it."""
    return str(
        page.evaluate(
            """name => {
              const probe = document.body.appendChild(document.createElement("i"));
              probe.style.color = `var(--${name})`;
              const found = getComputedStyle(probe).color;
              probe.remove();
              return found;
            }""",
            name,
        )
    )


def left_of(place: Locator) -> float:
    box = place.bounding_box()
    assert box
    return box["x"]


def size_of(page: Page, selector: str) -> str:
    return str(page.locator(selector).evaluate("one => getComputedStyle(one).fontSize"))


@pytest.mark.parametrize("size", PHONES, ids=lambda size: str(size["width"]))
def test_what_comes_of_a_sale_is_seen_above_the_keys_of_a_phone(
    till: Till, open_page: OpenPage, size: ViewportSize
) -> None:
    member = str(till.shop.join()["member_id"])
    till.shop.sell(member, 10_000_000)
    page = open_till(open_page, till, **(HAND | {"viewport": size}))
    marked(page)
    by_code(page, till.pass_code(member))

    enter(page, "1234567,89")
    page.locator('[data-redeem="max"]').tap()
    expect(page.locator(".preview")).to_contain_text("\u2212")
    page.evaluate("scrollTo(0, 0)")

    assert page.locator(".preview .pair, .sale .key, .go").evaluate_all(COVERED) == []
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]


def test_the_sign_of_the_currency_is_as_large_as_the_amount(
    till: Till, open_page: OpenPage
) -> None:
    page = open_till(open_page, till, **HAND)
    page.get_by_role("button", name="Без карты").tap()
    found = {}

    for amount in ("100", "1234567,89"):
        enter(page, amount)
        found[amount] = (size_of(page, "#amount"), size_of(page, ".amount-line span"))

    assert found == {"100": ("44px", "44px"), "1234567,89": ("28px", "28px")}


def test_who_marks_are_too_many_for_a_phone_shows_the_gravest_and_all_on_request(
    till: Till, open_page: OpenPage
) -> None:
    member = str(till.shop.join()["member_id"])
    page = open_till(open_page, till, **HAND)
    marked(page)
    by_code(page, till.pass_code(member))

    expect(page.locator(".member .badge:visible")).to_have_text(["Долг: 1\u00a0200 баллов"])
    page.get_by_role("button", name="Подробнее").tap()

    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("День рождения рядом")
    expect(dialog).to_contain_text("Скоро ещё 44\u00a0балла")


def test_a_wide_screen_says_once_what_is_earned(till: Till, open_page: OpenPage) -> None:
    member = str(till.shop.join()["member_id"])
    page = open_till(open_page, till, viewport=DESK)
    by_code(page, till.pass_code(member))

    enter(page, "1000")

    expect(page.get_by_text("Начислим", exact=True)).to_have_count(1)
    expect(page.locator(".why")).to_contain_text("5 % баллами")
    ends = page.locator(".sale-basket, .sale-keys, .sale-side").evaluate_all(
        "parts => parts.map((part) => Math.round(part.getBoundingClientRect().bottom))"
    )
    assert len(set(ends)) == 1


def test_what_came_of_a_sale_is_read_from_afar_on_a_wide_screen(
    till: Till, open_page: OpenPage
) -> None:
    member = str(till.shop.join()["member_id"])
    page = open_sale(open_page, till, member, "1000", viewport=DESK)

    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="+50\u00a0баллов")).to_be_visible()
    lines = page.locator(".result-figure h1, .result-figure .result-name")
    sizes = lines.evaluate_all("all => all.map((one) => getComputedStyle(one).fontSize)")
    assert sizes == ["44px"] * 3  # name, points, amount
    box = page.locator(".result-figure").bounding_box()
    assert box
    assert box["width"] * box["height"] > 0.5 * DESK["width"] * DESK["height"]


@pytest.mark.parametrize(("width", "text"), [(320, "16px"), (390, "32px")])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_few_letters_in_a_line_break_no_word(
    base_url: str, open_page: OpenPage, language: str, width: int, text: str
) -> None:
    till = set_up(open_shop(base_url, stamps={"category": "coffee", "every": 6}))
    member = str(till.shop.join()["member_id"])
    page = open_page(**{**HAND, "viewport": {"width": width, "height": 640}})
    bind(page, till, language)
    page.evaluate("size => { document.documentElement.style.fontSize = size }", text)

    sign_in(page)
    home = page.locator(".ways").evaluate_all(BROKEN)
    scan(page, till.pass_code(member))
    expect(page.locator("form.sale")).to_be_visible()
    page.keyboard.type("450", delay=HAND_MS)
    expect(page.locator(".preview")).to_contain_text("22")
    sale = page.locator(".segments, .chips, .extras, .preview").evaluate_all(BROKEN)
    press(page, "Enter")
    expect(page.locator(".result-figure.earned")).to_be_visible()
    result = page.locator(".result").evaluate_all(BROKEN)

    assert (home, sale, result) == ([], [], [])


def test_long_names_leave_each_other_room_and_the_sign_in_begins_above(
    till: Till, open_page: OpenPage
) -> None:
    shop = till.shop

    def made(path: str, body: Any) -> Any:
        return shop.post(path, body, key=shop.integration_key).json

    store = made("/v1/stores", {"name": LONG_STORE})["store_id"]
    put_up = made("/v1/tills", {"store_id": store, "name": "Касса у самого входа"})
    made("/v1/staff", {"name": LONG_NAME, "role": "cashier", "pin": PIN})
    page = open_page(**HAND)
    till = replace(till, till_id=put_up["till_id"])
    bind(page, till, people=3)

    top = page.get_by_role("heading", name="Кто на кассе").evaluate(
        "one => one.getBoundingClientRect().top"
    )
    sign_in(page, LONG_NAME)
    parts = page.locator(".where > span > span")

    expect(parts).to_have_count(3)
    widths = parts.evaluate_all("all => all.map((one) => one.getBoundingClientRect().width)")
    assert top < 844 / 4
    assert min(widths) > 24
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("width", [320, 390, 899, 900, 1100, 1366])
def test_nothing_lies_over_a_button_of_a_receipt(
    till: Till, open_page: OpenPage, width: int
) -> None:
    page = open_till(open_page, till, viewport={"width": width, "height": 768})
    page.get_by_role("button", name="Без карты").click()
    enter(page, "900")
    page.keyboard.press("Enter")
    page.locator("[data-next]").click()

    page.keyboard.press("F4")
    page.locator("button.open-row").first.click()
    page.get_by_role("button", name="Вернуть всё").click()
    expect(page.locator(".go")).to_contain_text("900")

    buttons = page.locator(".desk button")
    assert buttons.count() > 5
    for place in range(buttons.count()):
        buttons.nth(place).scroll_into_view_if_needed()
        assert buttons.nth(place).evaluate(f"one => ({COVERED})([one])") == []


def test_one_button_leads_where_nobody_is_found(till: Till, open_page: OpenPage) -> None:
    page = open_till(open_page, till, **HAND)
    page.get_by_role("button", name="По телефону").tap()
    leading = page.locator("form .button:not(.quiet)")

    page.locator("#find").fill("+79990000000")
    expect(leading).to_have_text(["Найти"])
    page.keyboard.press("Enter")
    expect(leading).to_have_text(["Завести карту на этот номер"])
    page.get_by_role("button", name="7", exact=True).tap()

    expect(leading).to_have_text(["Найти"])


def test_one_button_leads_at_a_gift_card_whatever_is_done_with_it(
    base_url: str, open_page: OpenPage
) -> None:
    till = set_up(open_shop(base_url, gift_card={}))
    page = open_till(open_page, till, **HAND)
    page.get_by_role("button", name="Подарочные карты").tap()
    leading = page.locator(".desk .button:not(.quiet)")

    page.get_by_role("button", name="1\u00a0000").tap()
    expect(leading).to_have_text(["Продать карту на 1\u00a0000\u00a0₽"])
    page.locator(".go").tap()
    code = page.locator("[data-gift-code]").inner_text()
    page.locator("#gift-code").fill(code)
    page.get_by_role("button", name="Показать").tap()
    expect(page.locator("h2.gift-balance")).to_be_visible()
    expect(leading).to_have_text(["Напечатать код"])
    page.get_by_role("button", name="Следующий покупатель").tap()
    page.get_by_role("button", name="Подарочные карты").tap()
    page.locator("#gift-code").fill(code)
    page.get_by_role("button", name="Показать").tap()
    expect(leading).to_have_text(["Оплатить этой картой"])
    page.get_by_role("button", name="Пополнить", exact=True).tap()
    expect(leading).to_have_text(["Введите сумму"])
    page.get_by_role("button", name="Отменить продажу карты").tap()

    final = page.get_by_role("dialog").locator(".button")
    assert final.evaluate("one => getComputedStyle(one).backgroundColor") == token(
        page, "danger"
    )


def test_no_stumps_of_names_stand_beside_what_waits_for_the_network(
    till: Till, open_page: OpenPage
) -> None:
    page = open_till(open_page, till, **HAND, service_workers="block")
    page.wait_for_load_state("networkidle")  # an answer on its way says that there is one

    page.context.set_offline(True)
    expect(page.locator(".pill")).to_have_text("Нет связи")

    shown = page.locator(".where > span > span:visible")
    expect(shown).to_have_text([CASHIER], use_inner_text=True)
    assert shown.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_a_number_with_hyphens_stays_one_word(till: Till, open_page: OpenPage) -> None:
    page = open_till(open_page, till, viewport=DESK)
    page.get_by_role("button", name="Без карты").click()
    enter(page, "100")
    page.keyboard.press("Enter")

    number = page.locator(".result .pair", has_text="Номер чека").locator("dd")
    expect(number).to_contain_text("-")

    # As wide as a figure, Inter's tabular hyphen stands like a dash between two numbers.
    assert number.evaluate(WIDTHS, "-") < number.evaluate(WIDTHS, "0")


@pytest.mark.parametrize("width", [320, 390])
def test_what_comes_back_has_room_for_its_name(
    till: Till, open_page: OpenPage, width: int
) -> None:
    page = open_till(open_page, till, viewport={"width": width, "height": 768})
    page.get_by_role("button", name="Без карты").click()
    enter(page, "1234567,89")
    page.keyboard.press("Enter")
    page.locator("[data-next]").click()

    page.keyboard.press("F4")
    page.locator("button.open-row").first.click()

    box = page.locator(".line-name").bounding_box()
    assert box
    assert box["width"] >= 160


def test_a_tablet_keeps_its_two_columns_from_top_to_bottom(
    till: Till, open_page: OpenPage
) -> None:
    member = str(till.shop.join()["member_id"])
    page = open_sale(open_page, till, member, "1000", viewport={"width": 768, "height": 1024})

    beside = page.locator(".sale-side > *")
    expect(beside).to_have_count(2)

    assert left_of(page.locator(".sale-keys")) == left_of(beside.last)


def test_the_head_of_a_very_wide_screen_is_in_line_with_the_sale(
    till: Till, open_page: OpenPage
) -> None:
    member = str(till.shop.join()["member_id"])
    page = open_sale(open_page, till, member, "1000", viewport={"width": 1920, "height": 1080})

    assert left_of(page.locator(".top .square")) == left_of(page.locator(".sale-basket"))


def test_a_button_under_the_pointer_says_so(till: Till, open_page: OpenPage) -> None:
    page = open_till(open_page, till, viewport=DESK)
    way = page.get_by_role("button", name="По телефону")
    before = way.evaluate("one => getComputedStyle(one).backgroundColor")

    way.hover()

    expect(way).not_to_have_css("background-color", before)
