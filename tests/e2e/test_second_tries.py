"""A shopper for whom it did not go at once: what is said, and the way on, in a real browser."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_in_all_looks, too_wide
from tests.e2e.shop import Shop, ask, new_phone, open_shop
from tests.e2e.test_offline_card import opened
from tests.e2e.test_other_ways_in import refuse_phone
from tests.e2e.test_own_pages import go, saved, sign_in
from tests.e2e.test_phone_change import ask_to_change

PAUSE_SECONDS = 120  # between two codes to a phone
PAUSE_TOLD = re.compile(r"^Код уже отправлен\. Новый можно получить через \d+ [^ .]+\.$")


def wait_out(shop: Shop) -> None:
    shop.post("/local/clock", {"advance_seconds": PAUSE_SECONDS})


def test_a_closed_card_leads_back_in(shop: Shop, open_page: OpenPage) -> None:
    page, joined = open_page(), shop.join()
    erased = shop.erase(joined["member_id"])
    assert erased.status == 200, erased.text

    page.goto(joined["card_url"])

    expect(page.get_by_role("heading", name="Здесь карта закрыта")).to_be_visible()
    expect(page.get_by_text("Карта пекарни")).to_be_visible()
    assert (faults_in_all_looks(page), too_wide(page)) == ([], [])
    page.get_by_role("link", name="Войти по номеру телефона").click()
    expect(page.get_by_role("heading", name="Заведите карту")).to_be_visible()


def test_whoever_was_signed_out_meanwhile_is_led_back_in(
    shop: Shop, open_page: OpenPage
) -> None:
    page, joined = open_page(), shop.join()
    page.goto(f"{joined['card_url']}/settings")
    token = {"Authorization": f"Bearer {joined['member_token']}"}
    device = ask(f"{shop.base_url}/v1/me/devices", headers=token).json["items"][0]["id"]
    gone = ask(f"{shop.base_url}/v1/me/devices/{device}", headers=token, method="DELETE")
    assert gone.status == 200, gone.text

    page.get_by_label("Имя").fill("Анна")
    page.get_by_role("button", name="Сохранить", exact=True).click()

    expect(page.get_by_text("Карта на этом устройстве закрыта.")).to_be_visible()
    way = page.get_by_role("link", name="Войти по номеру телефона")
    expect(way).to_have_attribute("href", re.compile(rf"^/j/{shop.merchant}\?"))


def test_half_a_date_is_not_called_saved(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{shop.join()['card_url']}/settings")

    page.get_by_label("Дата рождения").press_sequentially("0506")
    page.get_by_role("button", name="Сохранить", exact=True).click()

    expect(page.locator("#birth-error")).to_have_text(
        "Введите дату целиком: день, месяц и год."
    )
    expect(page.locator("[data-said]")).to_have_text("")


def test_a_name_and_an_address_are_taken_back(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{shop.join()['card_url']}/settings")
    name, email = page.get_by_label("Имя"), page.get_by_label("Электронная почта")
    name.fill("Анна")
    email.fill("anna@example.com")
    saved(page, "Сохранить")
    page.reload()
    expect(name).to_have_value("Анна")

    name.fill("")
    email.fill("")
    saved(page, "Сохранить")
    page.reload()

    expect(name).to_have_value("")
    expect(email).to_have_value("")


def test_a_saved_date_says_at_once_how_often_it_can_be_corrected(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(f"{shop.join()['card_url']}/settings")
    date, hint = page.get_by_label("Дата рождения"), page.locator("#birth-hint")

    date.fill("1990-05-06")
    saved(page, "Сохранить")
    expect(hint).to_have_text("Это последнее исправление: дальше поможет только касса.")
    date.fill("1990-05-07")
    page.get_by_role("button", name="Сохранить", exact=True).or_(
        page.get_by_role("button", name="Изменения сохранены")
    ).first.click()

    expect(hint).to_have_text("Дату уже исправляли. Изменить её помогут на кассе.")
    expect(date).to_have_attribute("readonly", "")


def test_a_slow_answer_is_waited_for_in_words(shop: Shop, open_page: OpenPage) -> None:
    page = open_page(service_workers="block")
    page.goto(f"{shop.join()['card_url']}/settings")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/v1/me", hold)

    page.get_by_label("Имя").fill("Анна")
    button = page.locator("form:has(#name) [type=submit]")
    with page.expect_request("**/v1/me"):
        button.click()
    expect(button).to_have_text("Отправляем…")
    held[0].continue_()

    expect(button).to_have_text("Изменения сохранены")
    expect(button).to_have_text("Сохранить")
    assert len(held) == 1


def test_what_is_typed_while_an_answer_is_awaited_is_kept_and_not_called_saved(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page(service_workers="block")
    page.goto(f"{shop.join()['card_url']}/settings")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/v1/me", hold, times=1)
    address = page.get_by_label("Электронная почта")
    button = page.locator("form:has(#name) [type=submit]")
    page.get_by_label("Имя").fill("Анна")
    with page.expect_request("**/v1/me"):
        button.click()
    expect(button).to_have_text("Отправляем…")

    address.fill("anna@example.com")
    held[0].continue_()
    expect(button).to_have_text("Сохранить")
    button.click()
    expect(button).to_have_text("Изменения сохранены")
    page.reload()

    expect(page.get_by_label("Имя")).to_have_value("Анна")
    expect(address).to_have_value("anna@example.com")


def test_the_codes_of_a_new_number_survive_a_reload(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    old, new = ask_to_change(page, shop)
    page.get_by_role("button", name="Получить коды").click()
    expect(page.locator("#new-code")).to_be_visible()

    page.reload()
    page.get_by_label("Код с нового номера").fill(shop.code_sent(new))
    page.get_by_label("Код с номера").fill(shop.code_sent(old, after=1))
    page.get_by_role("button", name="Подтвердить").click()

    expect(page.get_by_role("heading", name="Номер сменён")).to_be_focused()
    page.reload()
    expect(page.get_by_role("heading", name="На какой номер перенести карту")).to_be_visible()


def test_the_codes_of_a_new_number_are_sent_again_after_the_pause(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    old, new = ask_to_change(page, shop)
    page.get_by_role("button", name="Получить коды").click()
    again = page.get_by_role("button", name="Отправить код ещё раз")

    again.click()
    expect(page.locator("#codes-error")).to_have_text(PAUSE_TOLD)
    wait_out(shop)
    again.click()
    expect(page.get_by_role("button", name="Код отправлен")).to_be_visible()
    page.get_by_label("Код с нового номера").fill(shop.code_sent(new, after=1))
    page.get_by_label("Код с номера").fill(shop.code_sent(old, after=2))
    page.get_by_role("button", name="Подтвердить").click()

    expect(page.get_by_role("heading", name="Номер сменён")).to_be_focused()


def test_a_mistyped_new_number_is_corrected(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    ask_to_change(page, shop)
    page.get_by_role("button", name="Получить коды").click()

    page.get_by_role("button", name="Изменить номер").click()

    expect(page.get_by_role("heading", name="На какой номер перенести карту")).to_be_focused()
    assert faults_in_all_looks(page) == []


def test_a_change_that_waits_for_the_staff_is_still_told_later(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    _, new = ask_to_change(page, shop)
    page.get_by_label("Прежнего номера у меня больше нет").check()
    page.get_by_role("button", name="Получить коды").click()
    page.get_by_label("Код с нового номера").fill(shop.code_sent(new))
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_role("heading", name="Осталось подойти на кассу")).to_be_focused()

    page.reload()

    told = page.get_by_text("ждёт вас на кассе до")
    expect(told).to_contain_text(re.compile(rf"\+7\s•••\s•••.••.{new[-2:]} "))


def test_the_code_to_erase_by_is_sent_again(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    phone = sign_in(page, shop)
    wait_out(shop)
    go(page, "Мои данные")
    page.get_by_text("Удалить карту", exact=True).click()
    page.get_by_role("button", name="Получить код").click()
    again = page.get_by_role("button", name="Отправить код ещё раз")

    again.click()
    expect(page.locator("#erase-error")).to_have_text(PAUSE_TOLD)
    wait_out(shop)
    again.click()
    expect(page.get_by_role("button", name="Код отправлен")).to_be_visible()
    page.locator("#erase-code").fill(shop.code_sent(phone, after=2))
    page.get_by_role("button", name="Удалить карту и все данные").click()

    expect(page.get_by_role("heading", name="Карта и данные удалены")).to_be_focused()


def coupon(base_url: str, page: Page) -> tuple[Shop, Any]:
    """Open a card with a coupon that its points are enough for; the shop and its member."""
    offer = {"id": "ten", "discount_percent": 10, "price_points": 50}
    shop = open_shop(base_url, coupons=[offer])
    joined = shop.join()
    shop.sell(joined["member_id"], 100_000)
    page.goto(joined["card_url"])
    page.get_by_text("Получить за 50 баллов").click()
    return shop, joined


def test_a_lost_exchange_is_told_beside_its_button(base_url: str, open_page: OpenPage) -> None:
    page = open_page()
    coupon(base_url, page)
    page.route("**/coupons", lambda route: route.abort())

    page.get_by_role("button", name="Обменять 50 баллов").click()

    fault = page.locator(".offer .error").first
    expect(fault).to_have_text("Обмен не прошёл. Баллы на месте, попробуйте ещё раз.")
    expect(fault).to_be_in_viewport()


def test_an_exchange_is_told_to_who_listens(base_url: str, open_page: OpenPage) -> None:
    page = open_page()
    coupon(base_url, page)

    page.get_by_role("button", name="Обменять 50 баллов").click()

    expect(page.get_by_role("heading", name="Купоны")).to_be_focused()
    expect(page.locator("[data-said]")).to_have_text(re.compile("Купон на карте|0 баллов"))


def test_a_code_by_e_mail_is_spoken_of_as_such(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    refuse_phone(page, shop)
    expect(page.locator("#phone-error")).to_contain_text("Другие способы — под кнопкой.")
    page.get_by_label("Электронная почта").fill(f"{new_phone()[1:]}@example.com")
    page.get_by_role("button", name="Получить код по почте").click()
    expect(page.get_by_label("Код из письма", exact=True)).to_be_focused()

    page.get_by_role("button", name="Подтвердить").click()

    expect(page.locator("#code-error")).to_have_text("Введите 6 цифр кода.")
    page.get_by_role("button", name="Ввести номер телефона").click()
    expect(page.get_by_role("heading", name="Заведите карту")).to_be_focused()


@pytest.mark.parametrize("name", ["settings", "devices", "my-data", "phone", "receipts"])
def test_without_scripts_a_page_of_ones_own_says_so(
    shop: Shop, open_page: OpenPage, name: str
) -> None:
    page = open_page(java_script_enabled=False)

    page.goto(f"{shop.join()['card_url']}/{name}")

    expect(page.locator("noscript .notice")).to_be_visible()


def test_a_card_that_was_left_is_looked_at_anew(shop: Shop, open_page: OpenPage) -> None:
    shop = open_shop(shop.base_url, gift_card={})
    page, joined = open_page(), shop.join()
    page.goto(joined["card_url"])
    wish = {"amount_minor": 100_000, "activate": True}
    card = shop.post("/v1/gift-cards", wish, key=shop.till_key, idempotency_key="left").json
    kept = {"code": card["code"]}
    added = shop.post("/v1/me/gift-cards", kept, key=joined["member_token"])
    assert added.status == 201, added.text

    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    expect(page.get_by_text("1 000 ₽", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [320, 360, 390, 412, 430, 440])
def test_the_code_fills_most_of_any_phone(shop: Shop, open_page: OpenPage, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 640})

    page.goto(shop.join()["card_url"])

    box = page.locator(".qr").bounding_box()
    assert box is not None
    assert box["width"] >= 0.7 * width
    assert box["y"] + box["height"] <= 640  # above the fold


def test_the_code_is_whole_on_a_phone_on_its_side(shop: Shop, open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 740, "height": 330})

    page.goto(shop.join()["card_url"])

    box = page.locator(".qr").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 330
    assert too_wide(page, (740, "32px")) == []


def test_an_offline_card_writes_the_time_as_the_history_does(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page(locale="en-US")
    opened(page, f"{shop.join()['card_url']}?lang=en")
    page.context.set_offline(True)

    page.reload()

    written = re.compile(r"^No connection\. Shown as of \d\d:\d\d\. ")
    expect(page.locator("[data-status]")).to_have_text(written)
