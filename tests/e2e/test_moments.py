"""Moments at the counter, whole: the till in one browser, the shopper's phones beside it."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.shop import Shop, new_phone, open_shop
from tests.e2e.test_journey import member_of
from tests.e2e.test_own_pages import sign_in as join
from tests.e2e.test_pages import IPHONE
from tests.e2e.test_phone_link import link_sent
from tests.e2e.till import (
    DESK,
    HAND_MS,
    MANAGER_PIN,
    Till,
    bind,
    open_till,
    press,
    scan,
    set_up,
    sign_in,
)
from tests.journeys.calling import Service, eventually
from tests.journeys.wallet import Phone, files_of, shown, take_pass

CODE_PAUSE_SECONDS = 120  # between two codes to a phone
MONEY = "\u00a0₽"


@dataclass(frozen=True, slots=True)
class Member:
    """Who has joined with an iPhone, and a pass of theirs on a phone that hears of changes."""

    member_id: str
    number: str
    phone: Phone
    code: str  # what the pass's barcode says

    def points_shown(self) -> Any:
        """Return what the phone shows after it has asked for the pass."""
        return shown(self.phone.fetch().body)["points"]


def joined(open_page: OpenPage, shop: Shop) -> Member:
    """Join on an iPhone, and hold the pass on some phone: the owner's, or one of the family."""
    card = open_page(user_agent=IPHONE)
    number = join(card, shop)
    url = card.locator("a.wallet").get_attribute("href") or ""
    service = Service(shop.base_url)
    names = {"device_id": uuid4().hex, "push_token": f"a1{uuid4().hex}{uuid4().hex}"[:64]}
    phone = take_pass(service, url, **names)
    assert phone.register().status == 201
    content = json.loads(files_of(phone.fetch().body)["pass.json"])
    return Member(member_of(card), number, phone, content["barcodes"][0]["message"])


def give(till: Till, member_id: str, points: int) -> None:
    """Let a member have points to redeem."""
    path, key = f"/v1/members/{member_id}/grants", f"grant-{member_id}"
    body = {"points": points, "reason": "welcome"}
    shop = till.shop
    given = shop.post(path, body, key=shop.integration_key, idempotency_key=key)
    assert given.status == 201, given.text


def say_number(page: Page, number: str) -> None:
    """Type a phone number that somebody has said aloud."""
    page.keyboard.type(number[1:], delay=HAND_MS)
    page.keyboard.press("Enter")


def record(page: Page, amount: str) -> None:
    """Sell without redeeming, and go on to the next."""
    page.locator("#amount").fill(amount)
    expect(page.locator(".go")).to_contain_text("Провести · к оплате")
    page.keyboard.press("Enter")
    expect(page.locator("[data-next]")).to_be_visible()
    page.locator("[data-next]").click()
    expect(page.locator(".home")).to_be_visible()


def redeem_most(page: Page, amount: str) -> None:
    """Ask for the most points, and record."""
    page.locator("#amount").fill(amount)
    page.locator('[data-redeem="max"]').click()
    expect(page.locator('[data-redeem="max"]')).to_have_attribute("aria-pressed", "true")
    page.locator(".go").click()
    expect(page.locator("#proof")).to_be_focused()


def read_out(page: Page, shop: Shop, number: str) -> None:
    """Send a second message to the owner's phone, and type the code that is read out."""
    page.get_by_role("button", name=re.compile("SMS")).click()
    expect(page.get_by_label(re.compile("из SMS|of the message"))).to_be_focused()
    page.locator("#proof").fill(shop.code_sent(number, after=1))
    page.keyboard.press("Enter")


@pytest.fixture
def limited(base_url: str) -> Till:
    """A till where more than 100 points a day need a code."""
    return set_up(open_shop(base_url, confirm_above=100))


def test_a_typed_phone_earns_at_once_and_after_one_tap_it_redeems_by_a_code(
    till: Till, open_page: OpenPage
) -> None:
    page, shopper, number = open_till(open_page, till), open_page(), new_phone()
    say_number(page, number)
    page.get_by_role("button", name="Завести карту на этот номер").click()
    page.get_by_role("button", name="Завести карту").click()
    expect(page.locator("form.sale")).to_contain_text("Карта не подтверждена")
    record(page, "600")

    say_number(page, number)
    expect(page.locator(".member-balance")).to_contain_text("30")
    page.locator("#amount").fill("100")
    expect(page.locator(".go")).to_contain_text("Провести · к оплате")
    expect(page.locator('[data-redeem="max"]')).to_be_disabled()
    expect(page.locator('[data-redeem="max"]')).to_contain_text("Карта не подтверждена")
    page.keyboard.press("Escape")
    shopper.goto(link_sent(till.shop, number))
    expect(shopper.get_by_role("heading", name="Номер подтверждён")).to_be_visible()
    till.shop.post("/local/clock", {"advance_seconds": CODE_PAUSE_SECONDS})
    say_number(page, number)
    redeem_most(page, "100")
    read_out(page, till.shop, number)

    expect(page.get_by_role("heading", name=f"80{MONEY}")).to_be_visible()
    found = till.shop.post("/v1/lookups", {"phone": number}, key=till.shop.till_key).json
    assert (found["member_verified"], found["balance"]["available"]) == (True, 10)


def test_a_moved_receipt_changes_both_passes(till: Till, open_page: OpenPage) -> None:
    wrong, right = joined(open_page, till.shop), joined(open_page, till.shop)
    receipt = till.shop.sell(wrong.member_id, 100_000)
    eventually(wrong.phone.pushes, "a push of the sale")
    assert points_shown([wrong, right]) == [50, 0]
    is_told = pushes_from_now([wrong, right])
    page = open_till(open_page, till)

    page.keyboard.press("F4")
    expect(page.get_by_role("heading", name="Возвраты и чеки")).to_be_visible()
    scan(page, wrong.code)
    page.locator(".open-row").first.click()
    page.get_by_role("button", name="Перенести на другую карту").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    scan(page, right.code)
    page.get_by_role("button", name="Выбрать эту карту").click()
    page.get_by_label("Причина").fill("Отсканировали не ту карту")
    page.locator("#approval-pin").fill(MANAGER_PIN)
    press(page, "Enter")

    expect(page.get_by_text("Чек перенесён")).to_be_visible()
    eventually(lambda: all(is_told()), "a push to each phone")
    assert points_shown([wrong, right]) == [0, receipt["earned"]] == [0, 50]


def pushes_from_now(members: Sequence[Member]) -> Callable[[], list[bool]]:
    """Return what asks of each member's phone whether it has been pushed since."""
    before = [len(member.phone.pushes()) for member in members]
    return lambda: [
        len(member.phone.pushes()) > many for member, many in zip(members, before, strict=True)
    ]


def points_shown(members: Sequence[Member]) -> list[Any]:
    return [member.points_shown() for member in members]


def test_a_shared_pass_earns_and_above_the_limit_its_owner_is_asked(
    limited: Till, open_page: OpenPage
) -> None:
    family = joined(open_page, limited.shop)
    give(limited, family.member_id, 300)
    limited.shop.post("/local/clock", {"advance_seconds": CODE_PAUSE_SECONDS})
    page = open_till(open_page, limited)

    scan(page, family.code)
    expect(page.locator("form.sale")).to_be_visible()
    record(page, "500")
    earned = limited.balance(family.member_id)
    scan(page, family.code)
    expect(page.locator("form.sale")).to_be_visible()
    redeem_most(page, "1000")
    expect(page.get_by_role("dialog")).to_contain_text("Без кода сегодня можно списать: 100")
    scan(page, family.code)
    expect(page.get_by_role("alert")).to_contain_text("Этот код не меняется")
    asked = limited.balance(family.member_id)
    read_out(page, limited.shop, family.number)

    expect(page.get_by_role("heading", name=f"800{MONEY}")).to_be_visible()
    assert (earned, asked, limited.balance(family.member_id)) == (325, 325, 125)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", "Карту нашли по номеру телефона: чтобы списать баллы, нужен код."),
        ("en", "The card was found by a phone number: redeeming needs a code."),
    ],
    ids=["ru", "en"],
)
def test_a_number_said_aloud_needs_a_code_even_below_the_limit(
    limited: Till, open_page: OpenPage, language: str, words: str
) -> None:
    card = open_page()
    number, member_id = join(card, limited.shop), member_of(card)
    give(limited, member_id, 50)
    limited.shop.post("/local/clock", {"advance_seconds": CODE_PAUSE_SECONDS})
    page = open_page(viewport=DESK)
    bind(page, limited, language)
    sign_in(page)

    say_number(page, number)
    redeem_most(page, "1000")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(words)
    expect(dialog).not_to_contain_text(re.compile("Без кода|Without a code|ещё раз|once more"))
    asked = limited.balance(member_id)
    read_out(page, limited.shop, number)

    expect(page.locator("[data-next]")).to_be_visible()
    assert (asked, limited.balance(member_id)) == (50, 0)


def test_after_a_number_said_aloud_the_card_itself_is_a_proof_and_another_is_none(
    limited: Till, open_page: OpenPage
) -> None:
    card = open_page()
    number, member_id = join(card, limited.shop), member_of(card)
    other = str(limited.shop.join()["member_id"])
    give(limited, member_id, 50)
    page = open_till(open_page, limited)
    say_number(page, number)
    redeem_most(page, "1000")

    scan(page, limited.pass_code(other))
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Это другая карта")
    scan(page, limited.pass_code(member_id))
    page.get_by_role("button", name="Списать 50\u00a0баллов").click()

    expect(page.get_by_role("heading", name=f"950{MONEY}")).to_be_visible()
    assert limited.balance(member_id) == 0


def test_above_the_limit_a_card_that_was_shown_still_needs_a_code(
    limited: Till, open_page: OpenPage
) -> None:
    card = open_page()
    number, member_id = join(card, limited.shop), member_of(card)
    give(limited, member_id, 300)
    limited.shop.post("/local/clock", {"advance_seconds": CODE_PAUSE_SECONDS})
    page = open_till(open_page, limited)
    say_number(page, number)
    redeem_most(page, "1000")

    scan(page, limited.pass_code(member_id))
    expect(page.get_by_role("dialog")).to_contain_text("Без кода сегодня можно списать: 100")
    asked = limited.balance(member_id)
    read_out(page, limited.shop, number)

    expect(page.get_by_role("heading", name=f"800{MONEY}")).to_be_visible()
    assert (asked, limited.balance(member_id)) == (300, 100)
