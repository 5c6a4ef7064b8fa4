"""What a member does behind the card, in a real browser: settings, devices, data, erasure."""

import json
import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from chalicelib.web import formats
from tests.e2e.conftest import OpenPage
from tests.e2e.looks import OPEN_ALL, faults_in_all_looks, too_wide
from tests.e2e.shop import Shop, open_shop
from tests.e2e.test_journey import ask_for_code
from tests.e2e.test_looks import give
from tests.e2e.till import Till

MOSCOW = ZoneInfo("Europe/Moscow")
OWN = ("settings", "devices", "my-data", "history", "phone", "receipts", "gift-cards")


@pytest.fixture(scope="module")
def owned(base_url: str) -> tuple[Shop, Any]:
    """A shop, and a member of it whose card nothing here ends."""
    shop = open_shop(base_url, gift_card={})
    joined = shop.join()
    shop.sell(joined["member_id"], 840_000)
    wish = {"amount_minor": 123_456_700, "activate": True}
    made = shop.post("/v1/gift-cards", wish, key=shop.till_key, idempotency_key="kept").json
    code = {"code": made["code"]}
    kept = shop.post("/v1/me/gift-cards", code, key=joined["member_token"])
    assert kept.status == 201, kept.text
    return shop, joined


def sign_in(page: Page, shop: Shop, query: str = "") -> str:
    """Join in the browser and open the card; the phone."""
    phone = ask_for_code(page, shop, query)
    page.get_by_label("Код из SMS", exact=True).fill(shop.code_sent(phone))
    page.get_by_role("button", name="Пропустить").click()
    page.wait_for_url("**/c/**")
    return phone


def go(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Ещё").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def saved(page: Page, button: str) -> None:
    """Press a button and wait until it says that it is done."""
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("[data-said]")).to_have_text("Изменения сохранены")


def test_a_name_and_a_birth_date_are_kept_and_the_date_is_corrected_once(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    sign_in(page, shop)
    go(page, "Настройки")
    date = page.get_by_label("Дата рождения")

    page.get_by_label("Имя").fill("Анна")
    date.fill("1990-05-06")
    saved(page, "Сохранить")
    page.reload()
    expect(page.locator("#birth-hint")).to_have_text(
        "Это последнее исправление: дальше поможет только касса."
    )
    date.fill("1990-05-07")
    saved(page, "Сохранить")
    page.reload()

    expect(page.get_by_label("Имя")).to_have_value("Анна")
    expect(date).to_have_value("1990-05-07")
    expect(date).to_have_attribute("readonly", "")


def test_an_address_that_is_none_is_explained_at_its_field(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    sign_in(page, shop)
    go(page, "Настройки")

    page.get_by_label("Электронная почта").fill("anna")
    page.get_by_role("button", name="Сохранить", exact=True).click()

    expect(page.locator("#email-error")).to_contain_text("Это не адрес почты")
    expect(page.get_by_label("Электронная почта")).to_be_focused()


def test_the_shop_where_a_card_was_opened_is_told_by_its_name(
    shop: Shop, till: Till, open_page: OpenPage
) -> None:
    page = open_page()
    [store] = shop.get("/v1/stores", Authorization=f"Bearer {shop.integration_key}").json[
        "items"
    ]
    sign_in(page, shop, f"?s={store['store_id']}")

    go(page, "Мои данные")

    expect(page.locator(".facts div").filter(has_text="Магазин")).to_contain_text("Мира, 12")


def test_the_language_chosen_is_the_cards(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, shop)
    go(page, "Настройки")

    page.get_by_label("Язык", exact=True).select_option("en")
    page.get_by_role("button", name="Сменить язык").click()

    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    page.get_by_role("link", name="To the card").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_consent_is_given_and_taken_back(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, shop)
    go(page, "Настройки")
    page.get_by_label("Хочу получать новости").check()
    saved(page, "Сохранить выбор")
    page.get_by_role("link", name="К карте").click()
    go(page, "Мои данные")

    page.get_by_role("button", name="Отозвать согласие").click()

    expect(page.get_by_text(re.compile(r"^Отозвано \d"))).to_be_visible()
    expect(page.get_by_role("button", name="Отозвать согласие")).to_have_count(0)


def test_a_notice_is_switched_off_and_stays_so(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, shop)
    go(page, "Настройки")
    points = page.get_by_role("group", name="Начисления и списания")
    offers = page.get_by_role("group", name="Купоны")
    expect(points.get_by_role("checkbox")).to_have_count(1)  # the shop sends no SMS of points

    points.get_by_label("Уведомление карты в телефоне").uncheck()
    offers.get_by_label("SMS").uncheck()
    saved(page, "Сохранить уведомления")
    page.reload()

    expect(points.get_by_label("Уведомление карты в телефоне")).not_to_be_checked()
    expect(offers.get_by_label("SMS")).not_to_be_checked()
    expect(offers.get_by_label("Уведомление карты в телефоне")).to_be_checked()


def test_a_lost_phone_is_removed_from_a_new_one_and_its_card_dies(
    shop: Shop, open_page: OpenPage
) -> None:
    lost, new = open_page(), open_page()
    phone = sign_in(lost, shop)
    code = lost.locator(".code").inner_text()
    shop.post("/local/clock", {"advance_seconds": 120})  # past the pause between codes
    new.goto(shop.join_url)
    new.get_by_label("Телефон", exact=True).fill(phone)
    new.locator("#consent-program").check()
    new.get_by_role("button", name="Получить код").click()
    new.get_by_label("Код из SMS", exact=True).fill(shop.code_sent(phone, after=1))
    new.wait_for_url("**/c/**")
    go(new, "Где моя карта")

    new.locator(".removal summary").click()
    new.get_by_role("button", name="Убрать карту", exact=True).click()

    expect(new.locator(".removal")).to_have_count(0)
    expect(new.locator("[data-done-before]")).to_have_text("Карта убрана, код сменился")
    expect(lost.get_by_role("heading", name="Здесь карта закрыта")).to_be_visible()
    new.get_by_role("link", name="К карте").click()
    expect(new.locator(".code")).not_to_have_text(code)


def test_a_device_that_came_in_the_shops_night_was_there_on_the_shops_day(
    shop: Shop, open_page: OpenPage
) -> None:
    first, second = open_page(), open_page()
    night = shop.now().replace(hour=22, minute=0) + timedelta(days=1)  # 1 o'clock in Moscow
    ahead = int((night - shop.now()).total_seconds())
    shop.post("/local/clock", {"advance_seconds": ahead})
    phone = sign_in(first, shop)
    shop.post("/local/clock", {"advance_seconds": 120})
    ask_for_code(second, shop, phone=phone)
    second.get_by_label("Код из SMS", exact=True).fill(shop.code_sent(phone, after=1))
    second.wait_for_url("**/c/**")

    go(second, "Где моя карта")

    today = shop.now().astimezone(MOSCOW).date()
    day = formats.day(today, today, "ru")
    expect(second.locator(".rows li").last).to_contain_text(f"Был здесь {day}")


def test_everything_that_is_known_is_one_file(owned: Any, open_page: OpenPage) -> None:
    _, joined = owned
    page = open_page()
    page.goto(f"{joined['card_url']}/my-data")

    with page.expect_download() as taken:
        page.get_by_role("button", name="Скачать файл").click()

    document = json.loads(taken.value.path().read_text(encoding="utf-8"))
    assert document["person"]["member"]["id"] == joined["member_id"]
    assert [entry["kind"] for entry in document["ledger"]] == ["purchase", "join"]
    assert document["next_cursor"] is None


def test_who_erases_the_card_says_so_with_a_code_and_nothing_stays(
    shop: Shop, open_page: OpenPage
) -> None:
    page = open_page()
    phone = sign_in(page, shop)
    member_id = page.url.split("/c/")[1].split(".")[1]
    give(shop, member_id, f"give-{member_id}", points=120)
    shop.post("/local/clock", {"advance_seconds": 120})
    address = page.url
    go(page, "Мои данные")

    page.get_by_text("Удалить карту", exact=True).click()
    page.get_by_role("button", name="Получить код").click()
    code = shop.code_sent(phone, after=1)
    page.locator("#erase-code").fill("000000" if code != "000000" else "111111")
    page.get_by_role("button", name="Удалить 120 баллов и все данные").click()
    expect(page.locator("#erase-error")).to_have_text("Код не подошёл. Проверьте цифры.")
    expect(page.locator("#erase-code")).to_have_attribute("aria-invalid", "true")
    page.locator("#erase-code").fill(code)
    page.get_by_role("button", name="Удалить 120 баллов и все данные").click()

    expect(page.get_by_role("heading", name="Карта и данные удалены")).to_be_focused()
    page.goto(address)
    expect(page.get_by_role("heading", name="Здесь карта закрыта")).to_be_visible()
    assert page.evaluate("caches.keys()") == []


def test_what_was_never_there_is_not_said_to_be_lost(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    phone = sign_in(page, shop)

    go(page, "Мои данные")

    expect(page.get_by_text("Не дано: вы отказались")).to_be_visible()
    expect(page.get_by_text("Баллов на карте нет.")).to_be_visible()
    erasing = page.get_by_role("button", name="Удалить карту и все данные", include_hidden=True)
    expect(erasing).to_have_count(1)
    digits = f"+7\xa0999\xa0{phone[5:8]}\u2011{phone[8:10]}\u2011{phone[10:]}"
    expect(page.get_by_text(digits)).to_be_visible()


def test_a_link_that_was_passed_on_shows_nothing_personal(
    owned: Any, open_page: OpenPage
) -> None:
    shop, joined = owned
    iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"
    page = open_page(user_agent=iphone)
    address = shop.link_on_pass(joined)

    page.goto(address)
    links = page.get_by_role("navigation", name="Ещё").get_by_role("link").all_inner_texts()
    page.goto(f"{address}/my-data")

    assert links == ["Правила программы"]
    expect(page.get_by_role("link", name="Войти по номеру телефона")).to_be_visible()
    assert not re.search(r"\+7(&nbsp;|\s)?999", page.content())
    assert "mt_" not in page.content()


@pytest.fixture
def stamped(base_url: str) -> Any:
    """The card of a member with five stamps, where nothing gives points."""
    no_points = dict.fromkeys(("rates", "tiers", "anniversaries"))
    shop = open_shop(base_url, **no_points, stamps={"category": "coffee", "every": 6})
    joined = shop.join()
    cups = {"quantity": "5", "unit_price_minor": 20_000, "category": "coffee"}
    shop.sell(joined["member_id"], 0, lines=[cups])
    return joined


def test_where_nothing_gives_points_a_line_of_the_history_tells_none(
    stamped: Any, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(stamped["card_url"])

    page.get_by_role("link", name="Покупка на 1 000 ₽").click()

    expect(page.get_by_text("Штамп за каждую единицу")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("балл")


def test_an_erasure_names_the_stamps_it_takes(stamped: Any, open_page: OpenPage) -> None:
    page = open_page()

    page.goto(f"{stamped['card_url']}/my-data")

    erasure = page.get_by_role("region", name="Удалить карту и данные")
    expect(erasure).to_contain_text("Штампы сгорят: 5 из 6.")
    expect(erasure).not_to_contain_text("Баллов на карте нет")


def test_a_line_of_the_history_says_why_it_gave_what_it_gave(
    owned: Any, open_page: OpenPage
) -> None:
    _, joined = owned
    page = open_page()
    page.goto(joined["card_url"])

    page.get_by_role("link", name="Покупка на 8 400 ₽").click()

    expect(page.locator(".sum")).to_have_text("+420 начислено")
    expect(page.get_by_text("Уровень «Basic»: 5 % баллами")).to_be_visible()


@pytest.mark.parametrize("number", ["0", "99", "x"])
def test_a_line_that_is_not_there_is_a_page_that_says_so(owned: Any, number: str) -> None:
    shop, joined = owned
    path = joined["card_url"].removeprefix(shop.base_url)

    assert shop.get(f"{path}/operations/{number}").status == 404


def test_a_long_history_goes_on_page_by_page(shop: Shop, open_page: OpenPage) -> None:
    page, joined = open_page(), shop.join()
    for n in range(31):
        give(shop, joined["member_id"], f"g-{n}", points=10)
    page.goto(f"{joined['card_url']}/history")
    expect(page.locator("a.row")).to_have_count(30)

    page.get_by_role("link", name="Показать ещё").click()

    expect(page.locator("a.row")).to_have_count(2)
    page.get_by_role("link", name="Карта открыта").click()
    page.get_by_role("link", name="К истории").click()
    expect(page.locator("a.row")).to_have_count(2)


@pytest.mark.parametrize(
    ("first", "link", "back"),
    [
        ("settings", "Сменить номер", "К настройкам"),
        ("my-data", "Вся история", "К моим данным"),
        ("history", "Карта открыта", "К истории"),
    ],
)
def test_a_page_leads_back_to_the_one_that_led_to_it(
    owned: Any, open_page: OpenPage, first: str, link: str, back: str
) -> None:
    _, joined = owned
    page = open_page()
    page.goto(f"{joined['card_url']}/{first}?lang=ru")

    page.get_by_role("link", name=link).click()
    page.get_by_role("link", name=back).click()

    expect(page).to_have_url(f"{joined['card_url']}/{first}?lang=ru")


@pytest.mark.parametrize("which", [*OWN, "operations/2"])
def test_axe_finds_nothing_behind_the_card(owned: Any, open_page: OpenPage, which: str) -> None:
    _, joined = owned
    page = open_page()

    page.goto(f"{joined['card_url']}/{which}")
    page.evaluate(OPEN_ALL)

    assert faults_in_all_looks(page) == []


@pytest.mark.parametrize("language", ["ru", "en"])
def test_nothing_behind_the_card_scrolls_sideways(
    owned: Any, open_page: OpenPage, language: str
) -> None:
    _, joined = owned
    page, wide = open_page(), {}

    for name in (*OWN, "operations/2"):
        page.goto(f"{joined['card_url']}/{name}?lang={language}")
        wide[name] = too_wide(page)

    assert {name: found for name, found in wide.items() if found} == {}
