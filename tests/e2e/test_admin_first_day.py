"""A shop's first day, all of it in browsers: nothing seeded, nothing by hand on a server."""

from base64 import b64decode
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.office import DESK, PASSWORD, Office, sign_up
from tests.e2e.shop import Shop, new_phone

BOTH = 2  # wallets
WHEN_SMALL = """field => new Promise((done) => {
    const look = () => (field.files[0].size < 1_000_000 ? done() : requestAnimationFrame(look));
    look();
})"""


def desk_page(open_page: OpenPage) -> Page:
    return open_page(viewport=DESK)


@pytest.fixture
def office(open_page: OpenPage, base_url: str) -> Office:
    return sign_up(desk_page(open_page), base_url)


def launch_done(page: Page) -> str:
    return page.locator("#launch-done").text_content() or ""


def test_from_sign_up_to_the_first_member_with_points(
    office: Office, open_page: OpenPage
) -> None:
    page = office.page
    assert launch_done(page) == "1 из 6 готово"

    publish_rules(office)
    publish_colours(office)
    code_link = connect_till(office)
    hire(office, "Ольга", "4071")
    open_the_till(open_page(viewport=DESK), code_link, "Ольга", "4071")
    phone = first_member(office, open_page())
    grant(office, phone, "150", "Первый гость")

    expect(page.locator("#balance")).to_have_text("150")
    expect(page.get_by_text("Первый гость")).to_be_visible()
    office.open("/admin")
    expect(page.get_by_role("heading", name="Запуск программы")).to_have_count(0)
    expect(page.locator(".figure", has_text="Новые участники")).to_contain_text("1")
    office.open("/admin/audit")
    for deed in ("Программа создана", "Касса добавлена", "Сотрудник добавлен"):
        expect(page.get_by_role("row", name=deed).first).to_contain_text("Анна Петрова")
    for deed in ("Правила опубликованы", "Дизайн карты опубликован"):
        row = page.get_by_role("row", name=deed)
        expect(row).to_contain_text("Анна Петрова")
        expect(row).to_contain_text("Версия")


def publish_rules(office: Office) -> None:
    """Take the template's numbers, change one, see the difference, publish."""
    page = office.page
    office.open("/admin/program")
    expect(page.get_by_text("Пример 1")).to_be_visible()
    page.get_by_role("link", name="Изменить числа").click()
    page.get_by_label("За новую карту").fill("50")
    page.get_by_role("button", name="Сохранить черновик").click()
    expect(page.get_by_role("row", name="За новую карту")).to_contain_text("50")
    page.get_by_role("button", name="Опубликовать правила").click()
    expect(page.get_by_role("status")).to_contain_text("Правила опубликованы")
    expect(page.get_by_text("Версия 2")).to_be_visible()


def publish_colours(office: Office) -> None:
    """Choose colours while the cards follow; what cannot be read is refused with its figure."""
    page = office.page
    office.open("/admin/design")
    page.get_by_label("Фон", exact=True).fill("#8a4719")
    expect(page.locator("#cards [role=status]")).to_contain_text("текст не прочесть")
    apple, google = cards_drawn(page)  # poor as they are, they show
    assert 'fill="rgb(138, 71, 25)"' in apple
    assert 'fill="#8a4719"' in google
    page.get_by_role("button", name="Сохранить черновик").click()
    expect(page.get_by_role("alert")).to_contain_text("Не сохранено")
    page.get_by_label("Текст", exact=True).fill("#ffffff")
    page.get_by_label("Подписи", exact=True).fill("#fff4d6")
    expect(page.locator("#cards [role=status]")).to_contain_text("читается на солнце")
    page.get_by_role("button", name="Сохранить черновик").click()
    page.get_by_role("button", name="Опубликовать дизайн").click()
    expect(page.get_by_role("status").first).to_contain_text("Дизайн опубликован")


def cards_drawn(page: Page) -> list[str]:
    """Return the pictures of both wallets' cards."""
    cards = [card.get_attribute("src") or "" for card in page.locator("#cards img").all()]
    assert len(cards) == BOTH
    return [b64decode(card.partition("base64,")[2]).decode() for card in cards]


def connect_till(office: Office) -> str:
    """Open a second store with a till; the link that connects a device to it."""
    page = office.page
    office.open("/admin/stores")
    page.get_by_text("Добавить магазин").first.click()
    page.locator("#new-name").fill("На Мира")
    page.locator("#new-address").fill("Мира, 12")
    page.get_by_role("button", name="Добавить магазин").click()
    store = page.locator("section", has=page.get_by_role("heading", name="На Мира"))
    store.locator("summary", has_text="Добавить кассу").click()
    store.get_by_label("Название кассы").fill("Касса у входа")
    store.get_by_role("button", name="Добавить кассу").click()
    expect(page.get_by_role("heading", name="Касса у входа")).to_be_visible()
    page.get_by_role("button", name="Показать код подключения").click()
    expect(page.locator("#till-code")).to_have_text(link_code(page))
    return str(page.locator("#till-link").get_attribute("href"))


def link_code(page: Page) -> str:
    """Return the code of the link, as it is written beside it."""
    code = str(page.locator("#till-link").get_attribute("href")).partition("#")[2]
    return f"{code[:4]}\u00a0{code[4:]}"


def hire(office: Office, name: str, pin: str) -> None:
    """Add a cashier; a PIN that anybody tries first is refused beside its field."""
    page = office.page
    office.open("/admin/staff")
    page.locator("#new-name").fill(name)
    page.locator("#new-pin").fill("1234")
    page.get_by_role("button", name="Добавить сотрудника").click()
    expect(page.locator("#new-pin-said")).to_contain_text("не подряд")
    expect(page.locator("#new-name")).to_have_value(name)
    page.locator("#new-pin").fill(pin)
    page.get_by_role("button", name="Добавить сотрудника").click()
    expect(page.get_by_text("Кассир · PIN задан")).to_be_visible()


def open_the_till(page: Page, link: str, name: str, pin: str) -> None:
    """Open the link on the device, and sign the cashier in."""
    page.goto(link)
    greeting = page.get_by_role("heading", name=f"Здравствуйте, {name}")  # the only one there
    expect(greeting).to_be_visible()
    page.locator("#pin").fill(pin)
    page.keyboard.press("Enter")
    expect(page.locator(".home")).to_be_visible()


def first_member(office: Office, phone_page: Page) -> str:
    """Join by the poster's link on another phone; the phone number."""
    office.open("/admin/posters")
    link = office.page.locator("code.secret").last.text_content() or ""
    for file in office.page.locator("a[download]").all():
        printed = office.page.request.get(f"{office.base_url}{file.get_attribute('href')}")
        assert printed.ok
        assert printed.headers["content-type"] in {"application/pdf", "image/svg+xml"}
    shop = Shop(office.base_url, "", "", "")
    phone = new_phone()
    phone_page.goto(link)
    phone_page.get_by_label("Телефон", exact=True).fill(phone)
    phone_page.locator("#consent-program").check()
    phone_page.get_by_role("button", name="Получить код").click()
    phone_page.get_by_label("Код из SMS", exact=True).fill(shop.code_sent(phone))
    phone_page.get_by_label("Имя", exact=True).fill("Мария Иванова")
    phone_page.get_by_role("button", name="Сохранить и открыть карту").click()
    phone_page.wait_for_url("**/c/**")
    return phone


def grant(office: Office, phone: str, points: str, reason: str) -> None:
    """Find the member by the search's own key, and give points with a reason."""
    page = office.page
    office.open("/admin/members")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type(phone)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Мария Иванова").click()
    expect(page.locator("#balance")).to_have_text("50")  # for the new card
    page.get_by_label("Сколько баллов").fill("100000000")
    page.get_by_label("Причина").fill(reason)
    page.get_by_role("button", name="Начислить").click()
    expect(page.locator("#points-said")).to_contain_text("не больше 50 000 баллов")
    page.get_by_label("Сколько баллов").fill(str(int(points) - 50))
    page.get_by_role("button", name="Начислить").click()
    expect(page.get_by_role("status")).to_contain_text("Баллы начислены")


def test_signing_out_and_in_again_by_a_recovery_code(office: Office) -> None:
    page = office.page
    page.get_by_role("button", name="Выйти").first.click()
    expect(page.get_by_role("status")).to_contain_text("Вы вышли")

    page.get_by_label("Электронная почта").fill(office.email)
    page.get_by_label("Пароль", exact=True).fill("не тот пароль совсем")
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("alert")).to_contain_text("не подошли")
    expect(page.get_by_label("Электронная почта")).to_have_value(office.email)
    expect(page.get_by_label("Пароль", exact=True)).to_be_focused()
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    page.get_by_text("Нет телефона под рукой").click()
    page.get_by_label("Код восстановления").fill("AAAAA-BBBBB")
    page.get_by_role("button", name="Войти по коду восстановления").click()
    expect(page.get_by_text("Код восстановления не подошёл")).to_be_visible()
    expect(page.get_by_label("Код восстановления")).to_be_focused()
    expect(page.get_by_text("Не сохранено")).to_have_count(0)
    page.get_by_label("Код восстановления").fill(office.recovery_codes[0])
    page.get_by_role("button", name="Войти по коду восстановления").click()

    expect(page.get_by_role("heading", name="Обзор")).to_be_visible()
    office.open("/admin/security")
    expect(page.get_by_text("Осталось кодов восстановления: 9")).to_be_visible()


def test_a_key_is_shown_once_and_revoked(office: Office) -> None:
    page = office.page
    office.open("/admin/keys")

    page.get_by_label("Название", exact=True).fill("Сайт")
    page.get_by_role("button", name="Создать ключ").click()
    secret = page.locator("#secret").text_content() or ""
    office.open("/admin/keys")
    shown_again = page.get_by_text(secret).count()
    page.get_by_text("Отозвать").first.click()
    page.get_by_role("button", name="Отозвать").click()

    assert secret.startswith("lk_")
    assert shown_again == 0
    expect(page.get_by_text("Отозван", exact=True)).to_be_visible()


def test_a_member_is_erased_after_the_effect_is_named(
    office: Office, open_page: OpenPage
) -> None:
    page, phone = office.page, first_member(office, open_page())
    office.open(f"/admin/members?q=%2B{phone[1:]}")
    page.get_by_role("link", name="Мария Иванова").click()
    address = page.url

    page.get_by_role("link", name="Удалить данные участника").click()
    expect(page.get_by_text("Сгорят: 0 баллов")).to_be_visible()
    page.get_by_label("Причина").fill("Попросил покупатель")
    page.get_by_role("button", name="Удалить навсегда").click()

    expect(page.get_by_role("status")).to_contain_text("Данные участника удалены")
    assert page.goto(address).status == 404  # type: ignore[union-attr]
    expect(page.get_by_role("heading", name="Страница не найдена")).to_be_visible()


def test_a_template_is_looked_at_and_taken(office: Office) -> None:
    page = office.page
    office.open("/admin/program/templates")

    page.get_by_role("link", name="Постоянная скидка").click()
    expect(page.get_by_role("heading", name="Шаблон «Постоянная скидка»")).to_be_visible()
    page.get_by_role("button", name="Взять этот шаблон").click()

    expect(page.get_by_role("row", name="Скидка на всё")).to_contain_text("5")
    office.open("/admin/program/templates")
    expect(page.get_by_text("Шаблон заменит черновик")).to_be_visible()
    office.open("/admin/program/draft")
    page.get_by_role("button", name="Опубликовать правила").click()
    expect(page.get_by_role("status")).to_contain_text("Правила опубликованы")


def test_faults_of_the_document_are_told_with_their_place(office: Office) -> None:
    page = office.page
    office.open("/admin/program/document")

    page.get_by_label("Документ программы").fill('{"earn_percent": 101, "odd": 1}')
    page.get_by_role("button", name="Сохранить черновик").click()

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Ошибок: 2")
    expect(alert).to_contain_text("/earn_percent: Процент от 0 до 100")
    expect(page.get_by_label("Документ программы")).to_have_value(
        '{"earn_percent": 101, "odd": 1}'
    )


def test_a_logo_is_uploaded_and_seen(office: Office) -> None:
    page, picture = office.page, BytesIO()
    Image.new("RGB", (480, 150), "#ff0000").save(picture, "PNG")
    office.open("/admin/design")
    before = page.locator("#cards img").first.get_attribute("src") or ""

    choose(page, picture.getvalue())
    expect(page.locator("#cards img").first).not_to_have_attribute("src", before)
    unsaved = cards_drawn(page)
    page.get_by_role("button", name="Сохранить черновик").click()

    expect(page.get_by_role("status").first).to_contain_text("Черновик дизайна сохранён")
    assert cards_drawn(page) == unsaved
    upload(page, b"no picture")
    expect(page.locator("#logo-said")).to_contain_text("Это не PNG и не JPEG")


def test_a_photo_of_a_phone_is_made_small_enough_before_it_is_sent(office: Office) -> None:
    page, picture = office.page, BytesIO()
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(picture, "JPEG", quality=95)
    office.open("/admin/design")

    payload: FilePayload = {
        "name": "IMG_0117.jpg",
        "mimeType": "image/jpeg",
        "buffer": picture.getvalue(),
    }
    page.locator("#strip").set_input_files(payload)
    page.locator("#strip").evaluate(WHEN_SMALL)
    page.get_by_role("button", name="Сохранить черновик").click()

    assert len(picture.getvalue()) > 1_000_000
    said = page.locator("[role=status] .notice, #strip-said.error")
    expect(said.first).to_be_visible()
    expect(page.locator("#strip-said")).not_to_contain_text("больше 1 МБ")


def test_a_picture_too_large_is_told_at_its_field_and_the_rest_stays(
    open_page: OpenPage, base_url: str
) -> None:
    office = sign_up(desk_page(open_page), base_url)
    plain = open_page(viewport=DESK, java_script_enabled=False)
    plain.context.add_cookies(office.page.context.cookies())  # type: ignore[arg-type]
    plain.goto(f"{base_url}/admin/design")
    plain.locator('[id="support.phone"]').fill("+74951234567")

    upload(plain, b"\x89PNG\r\n\x1a\n" + bytes(2_500_000))

    expect(plain.locator("#logo-said")).to_contain_text("Файл больше 1 МБ")
    expect(plain.locator('[id="support.phone"]')).to_have_value("+74951234567")


def test_a_double_click_makes_one_key_and_shows_it(office: Office) -> None:
    page = office.page
    office.open("/admin/keys")
    page.get_by_label("Название", exact=True).fill("Сайт")

    page.locator("form[action='/admin/keys'] button").evaluate(
        "one => [one.click(), one.click()]"
    )

    expect(page.locator("#secret")).to_be_visible()
    office.open("/admin/keys")
    expect(page.get_by_text("Отозвать").first).to_be_visible()
    expect(page.locator("form[action$='/revoke']")).to_have_count(1)


def upload(page: Page, content: bytes) -> None:
    """Choose a file for the logo, and save."""
    choose(page, content)
    page.get_by_role("button", name="Сохранить черновик").click()


def choose(page: Page, content: bytes) -> None:
    """Choose a file for the logo."""
    payload: FilePayload = {"name": "logo.png", "mimeType": "image/png", "buffer": content}
    page.locator("#logo").set_input_files(payload)
