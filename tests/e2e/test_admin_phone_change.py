"""A member whose old number is gone, from the card to the office and back, in browsers."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from chalicelib.web.formats import phone
from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_of
from tests.e2e.office import DESK, Office, sign_up
from tests.e2e.shop import Shop, new_phone
from tests.e2e.test_admin_guards import join
from tests.e2e.test_journey import member_of
from tests.e2e.test_own_pages import sign_in

EVIDENCE = "Назвал дату рождения и последнюю покупку"


@pytest.fixture
def office(open_page: OpenPage, base_url: str) -> Office:
    return sign_up(open_page(viewport=DESK), base_url)


@pytest.fixture
def shop(office: Office, base_url: str) -> Shop:
    """The office's shop, as shoppers see it."""
    return Shop(base_url, office.merchant_id, "", "")


@pytest.fixture
def minutes_later(shop: Shop) -> Iterator[Callable[[], None]]:
    """Pass the pause between messages to one phone; codes of the next owner need the time."""
    yield lambda: assert_moved(shop, {"advance_seconds": 120})
    assert_moved(shop, {})


def assert_moved(shop: Shop, body: dict[str, int]) -> None:
    assert shop.post("/local/clock", body).status == 200


def ask_without_old(card: Page, shop: Shop, new: str) -> None:
    """Prove the new number on the card's page; what is left is the staff's."""
    card.goto(f"{card.url}/phone")
    card.get_by_label("Новый номер", exact=True).fill(new)
    card.get_by_label("Прежнего номера у меня больше нет").check()
    card.get_by_role("button", name="Получить коды").click()
    card.get_by_label("Код с нового номера").fill(shop.code_sent(new))
    card.get_by_role("button", name="Подтвердить").click()
    expect(card.get_by_role("heading", name="Осталось подойти на кассу")).to_be_focused()


def moment_of(panel: Locator) -> str:
    """Return when the office says that points can be redeemed again: «25 ноября, 09:12»."""
    told = panel.get_by_text("Снова можно").text_content() or ""
    return told.partition("Снова можно: ")[2].strip().rstrip(".")


def test_from_the_card_to_the_offices_word_to_the_day_points_are_redeemed_again(
    office: Office, shop: Shop, open_page: OpenPage
) -> None:
    card, page, new = open_page(), office.page, new_phone()
    sign_in(card, shop)
    address = card.url
    member_id = member_of(card)
    ask_without_old(card, shop, new)
    office.open(f"/admin/members/{member_id}")
    panel = page.locator("#phone-panel")
    expect(panel).to_contain_text("Новый номер подтверждён кодом")

    panel.get_by_label("Чем подтверждена личность").fill(EVIDENCE)
    panel.get_by_role("button", name="Сменить номер").click()

    expect(page.get_by_role("status")).to_contain_text("Номер сменён")
    expect(panel).to_contain_text("баллы не списываются")
    expect(page.get_by_text(phone(new))).to_be_visible()
    expect(page.get_by_text(EVIDENCE)).to_be_visible()  # in the history
    card.goto(address)
    said = card.get_by_text("Номер недавно сменили: баллы не списываются до")
    expect(said).to_contain_text(moment_of(panel))
    office.open("/admin/audit")
    row = page.get_by_role("row", name="Номер сменён без прежнего")
    expect(row).to_contain_text(EVIDENCE)
    expect(row).to_contain_text("Анна Петрова")


def test_at_the_counter_the_office_sends_the_code_and_types_it_in(
    office: Office, shop: Shop, open_page: OpenPage
) -> None:
    card, page, new = open_page(), office.page, new_phone()
    old = sign_in(card, shop)
    office.open(f"/admin/members/{member_of(card)}")
    panel = page.locator("#phone-panel")
    panel.get_by_label("Новый номер").fill("12")
    panel.get_by_role("button", name="Отправить код").click()
    expect(panel.locator(".error")).to_contain_text("не номер мобильного")
    panel.get_by_label("Новый номер").fill(old)
    panel.get_by_role("button", name="Отправить код").click()
    expect(panel.locator(".error")).to_contain_text("уже на этом номере")

    panel.get_by_label("Новый номер").fill(new)
    panel.get_by_role("button", name="Отправить код").click()
    code = shop.code_sent(new)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    panel.get_by_label("Чем подтверждена личность").fill(EVIDENCE)
    panel.get_by_label("Код из SMS").fill(wrong)
    panel.get_by_role("button", name="Сменить номер").click()
    expect(panel.locator("#new_code-said")).to_contain_text("Код не тот")
    expect(panel.get_by_label("Чем подтверждена личность")).to_have_value(EVIDENCE)
    panel.get_by_label("Код из SMS").fill(code)
    panel.get_by_role("button", name="Сменить номер").click()

    expect(page.get_by_role("status")).to_contain_text("Номер сменён")
    expect(page.get_by_text(phone(new))).to_be_visible()


def test_a_number_of_another_card_offers_to_make_the_two_one(
    office: Office, shop: Shop, open_page: OpenPage, minutes_later: Callable[[], None]
) -> None:
    card, page, taken = open_page(), office.page, new_phone()
    gone = join(office, taken)
    sign_in(card, shop)
    minutes_later()
    office.open(f"/admin/members/{member_of(card)}")
    panel = page.locator("#phone-panel")
    panel.get_by_label("Новый номер").fill(taken)
    panel.get_by_role("button", name="Отправить код").click()
    panel.get_by_label("Чем подтверждена личность").fill(EVIDENCE)
    panel.get_by_label("Код из SMS").fill(shop.code_sent(taken, after=1))
    panel.get_by_role("button", name="Сменить номер").click()
    expect(panel).to_contain_text("Этот номер уже у другой карты")
    assert faults_of(page) == []

    panel.get_by_role("button", name="Объединить карты и сменить номер").click()

    expect(page.get_by_role("status")).to_contain_text("Карты объединены")
    expect(page.get_by_text(phone(taken))).to_be_visible()
    office.open("/admin/audit")
    row = page.get_by_role("row", name="Номер сменён без прежнего")
    merged = row.get_by_text("Объединена с картой").get_by_role("link")
    assert merged.get_attribute("href") == f"/admin/members/{gone}"
