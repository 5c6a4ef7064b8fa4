"""A member's link brings a friend in, in a real browser, against the real service."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_in_all_looks
from tests.e2e.shop import Shop, new_phone, open_shop
from tests.e2e.test_journey import member_of

REFERRAL = {"referrer_points": 200, "friend_points": 100}


@pytest.fixture
def generous(base_url: str) -> Shop:
    return open_shop(base_url, referral=REFERRAL)


def link_on(page: Page, shop: Shop) -> str:
    """Open a new member's card and return the link it shares."""
    page.goto(shop.join()["card_url"])
    address = page.get_by_role("link", name=f"/j/{shop.merchant}?r=").get_attribute("href")
    assert address is not None
    return address


def join_by(page: Page, shop: Shop, address: str) -> None:
    """Join in the browser, from a link to the card."""
    phone = new_phone()
    page.goto(address)
    page.get_by_label("Телефон", exact=True).fill(phone)
    page.locator("#consent-program").check()
    page.get_by_role("button", name="Получить код").click()
    page.get_by_label("Код из SMS", exact=True).fill(shop.code_sent(phone))
    page.get_by_role("button", name="Пропустить").click()
    page.wait_for_url("**/c/**")


def test_both_are_rewarded_when_a_friend_comes_by_the_link_and_buys(
    generous: Shop, open_page: OpenPage
) -> None:
    member, friend = open_page(), open_page()
    address = link_on(member, generous)

    friend.goto(address)
    expect(friend.locator(".invitation")).to_have_text(
        "Вас пригласили: после первой покупки начислим 100 баллов."
    )
    join_by(friend, generous, address)
    generous.sell(member_of(friend), 100_000)

    expect(member.locator("[data-balance]")).to_have_text("200")
    expect(friend.locator("[data-balance]")).to_have_text("150")


def test_the_link_is_copied_and_that_is_said(generous: Shop, open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    address = link_on(page, generous)

    page.get_by_role("button", name="Скопировать ссылку").click()

    expect(page.locator("[data-said]")).to_have_text("Ссылка скопирована")
    assert page.evaluate("navigator.clipboard.readText()") == address


@pytest.mark.parametrize("code", ["R1", "x" * 200, "<b>", "R10000-0000-0000"])
def test_a_bad_code_keeps_nobody_from_joining(
    generous: Shop, open_page: OpenPage, code: str
) -> None:
    page = open_page()

    join_by(page, generous, f"{generous.join_url}?r={code}")

    expect(page.locator("[data-balance]")).to_have_text("0")


def test_the_other_language_keeps_the_invitation(generous: Shop, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(link_on(page, generous))

    page.locator(".menu summary").click()
    page.get_by_role("link", name="English").click()

    expect(page.locator(".invitation")).to_have_text(
        "You were invited: 100 points for you after your first purchase."
    )


def test_a_program_that_rewards_no_friends_says_nothing_of_them(
    shop: Shop, generous: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    code = link_on(page, generous).partition("?")[2]

    page.goto(f"{shop.join_url}?{code}")
    expect(page.locator(".invitation")).to_have_count(0)

    page.goto(shop.join()["card_url"])
    expect(page.locator("[data-copy]")).to_have_count(0)


def test_axe_finds_nothing_on_invited_pages(generous: Shop, open_page: OpenPage) -> None:
    page = open_page()

    address = link_on(page, generous)
    assert faults_in_all_looks(page) == []

    page.goto(address)
    assert faults_in_all_looks(page) == []
