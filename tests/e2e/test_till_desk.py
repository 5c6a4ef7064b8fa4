"""What a till does beside selling: returns, corrections, gift cards, the shift, slips."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.shop import ask, open_shop
from tests.e2e.test_till_sale import give
from tests.e2e.till import (
    CASHIER,
    HAND,
    HAND_MS,
    MANAGER,
    MANAGER_PIN,
    Till,
    bind,
    open_till,
    press,
    put_up_another,
    scan,
    set_up,
    sign_in,
)

MONEY = "\u00a0₽"


@pytest.fixture
def till(base_url: str) -> Till:
    return set_up(open_shop(base_url, gift_card={}))


@pytest.fixture
def member(till: Till) -> str:
    return str(till.shop.join()["member_id"])


def sold(till: Till, member: str | None, number: str = "61122-1", **more: Any) -> Any:
    """Record two mugs and a weighed cheese at this till's own number."""
    body = {
        "receipt_id": number,
        "channel": "offline",
        "lines": [
            {"sku": "MUG", "quantity": "2", "unit_price_minor": 40_000},
            {"sku": "CHEESE", "quantity": "0.5", "unit": "kg", "unit_price_minor": 100_000},
        ],
        **({"member_id": member} if member else {}),
        **more,
    }
    key = till.shop.till_key
    found = till.shop.post("/v1/purchases", body, key=key, idempotency_key=number)
    assert found.status == 201, found.text
    return found.json


def receipt_of(till: Till, purchase_id: str) -> Any:
    """Return a receipt as it stands now."""
    path = f"/v1/purchases/{purchase_id}"
    return till.shop.get(path, Authorization=f"Bearer {till.shop.till_key}").json


def open_receipt(page: Page, till: Till, member: str) -> None:
    """Find a member's latest receipt by the card: it is another till's."""
    page.keyboard.press("F4")
    expect(page.get_by_role("heading", name="Возвраты и чеки")).to_be_visible()
    scan(page, till.pass_code(member))
    expect(page.get_by_role("heading", name=re.compile("^Чеки: "))).to_be_visible()
    page.locator(".open-row").first.click()
    expect(page.get_by_role("heading", name=re.compile("^Чек "))).to_be_visible()


def sell(page: Page, amount: str) -> str:
    """Sell to nobody; the receipt's number."""
    page.get_by_role("button", name="Без карты").click()
    page.locator("#amount").fill(amount)
    expect(page.locator(".go")).to_contain_text("Провести · к оплате")
    page.keyboard.press("Enter")
    expect(page.locator("[data-next]")).to_be_visible()
    number = page.locator(".pair", has_text="Номер чека").locator("dd").inner_text()
    page.locator("[data-next]").click()
    return number


def allow(page: Page, pin: str = MANAGER_PIN) -> None:
    """Say why, and let the manager allow it."""
    page.get_by_label("Причина").fill("Ошибка кассира")
    page.locator("#approval-pin").fill(pin)
    page.keyboard.press("Enter")


class TestReturns:
    def test_a_part_comes_back_as_it_was_quoted(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        receipt = sold(till, member)
        page = open_till(open_page, till)
        open_receipt(page, till, member)
        expect(page.locator(".go")).to_be_disabled()

        page.get_by_role("button", name="Больше: MUG").click()
        expect(page.locator(".go")).to_have_text(f"Вернуть 400{MONEY}")
        expect(page.locator(".pair", has_text="Спишем начисленное")).to_contain_text("20")
        page.locator(".go").click()

        expect(page.get_by_role("heading", name=f"400{MONEY}")).to_be_visible()
        (back,) = receipt_of(till, receipt["id"])["returns"]
        assert (back["refund_minor"], back["clawed_back"]) == (40_000, 20)
        assert till.balance(member) == receipt["earned"] - 20

    def test_the_next_card_is_scanned_while_the_last_return_is_still_shown(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        sold(till, member)
        page = open_till(open_page, till)
        open_receipt(page, till, member)
        page.get_by_role("button", name="Вернуть всё").click()
        page.locator(".go").click()
        expect(page.locator("[data-next]")).to_be_visible()

        scan(page, "L1AAAAAAAAAAAAA")
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.locator("[data-next]")).to_be_visible()
        scan(page, till.pass_code(member))

        expect(page.locator("form.sale")).to_be_visible()

    def test_points_that_paid_go_back_to_the_card_as_the_preview_says(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        give(till, member, 300)
        receipt = sold(till, member, redeem={"mode": "exact", "points": 100})
        paid = till.balance(member)
        page = open_till(open_page, till)
        open_receipt(page, till, member)

        page.get_by_role("button", name="Вернуть всё").click()
        expect(page.locator(".pair", has_text="Вернём на карту")).to_contain_text(
            "+100\u00a0баллов"
        )
        expect(page.locator(".pair", has_text="Останется")).to_contain_text("300\u00a0баллов")
        page.get_by_role("button", name=f"Вернуть 1\u00a0200{MONEY}").click()

        expect(page.get_by_role("heading", name=f"1\u00a0200{MONEY}")).to_be_visible()
        expect(page.locator(".pair", has_text="Вернём на карту")).to_contain_text("100")
        (back,) = receipt_of(till, receipt["id"])["returns"]
        assert (back["restored"], back["clawed_back"]) == (100, 0)
        assert (paid, till.balance(member)) == (200, 300)

    def test_a_weighed_quantity_is_typed_and_never_more_than_is_left(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        sold(till, member)
        page = open_till(open_page, till)
        open_receipt(page, till, member)
        field = page.get_by_label("Сколько вернуть: CHEESE")

        field.fill("0,25")
        expect(page.locator(".go")).to_have_text(f"Вернуть 250{MONEY}")
        field.fill("3")
        page.keyboard.press("Tab")

        expect(field).to_have_value("0,5")
        expect(page.locator(".go")).to_have_text(f"Вернуть 500{MONEY}")

    def test_what_was_returned_whole_cannot_be_returned_again(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        sold(till, member)
        page = open_till(open_page, till)
        open_receipt(page, till, member)
        page.get_by_role("button", name="Вернуть всё").click()
        expect(page.locator(".go")).to_be_enabled()
        page.locator(".go").click()
        expect(page.get_by_text("Возврат записан")).to_be_visible()
        page.get_by_role("button", name="Следующий покупатель").click()

        open_receipt(page, till, member)

        expect(page.get_by_text("Возвращён целиком").first).to_be_visible()
        expect(page.locator(".go")).to_have_count(0)

    def test_a_return_whose_answer_was_lost_is_made_once(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        receipt = sold(till, member)
        page = open_till(open_page, till)
        open_receipt(page, till, member)
        page.get_by_role("button", name="Вернуть всё").click()
        expect(page.locator(".go")).to_be_enabled()
        lose_answers(page, "**/returns")

        page.locator(".go").click()
        expect(page.get_by_role("alert")).to_contain_text("дважды не запишется")
        page.unroute("**/returns")
        page.locator(".go").click()

        expect(page.get_by_text("Возврат записан")).to_be_visible()
        assert len(receipt_of(till, receipt["id"])["returns"]) == 1

    def test_a_return_is_made_by_keyboard_alone(self, till: Till, open_page: OpenPage) -> None:
        page = open_till(open_page, till)
        number = sell(page, "900")

        page.keyboard.press("F4")
        expect(page.locator("#receipt-number")).to_be_focused()
        page.keyboard.type(number, delay=HAND_MS)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=f"Чек {number}")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".go")).to_have_text(f"Вернуть 900{MONEY}")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", name=f"900{MONEY}")).to_be_visible()

    def test_a_receipt_of_another_till_is_found_by_its_number_however_it_is_typed(
        self, till: Till, open_page: OpenPage
    ) -> None:
        number = sell(open_till(open_page, till), "1300")
        page = open_till(open_page, put_up_another(till))

        page.keyboard.press("F4")
        page.locator("#receipt-number").fill(number.replace("-", ""))
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", name=f"Чек {number}")).to_be_visible()
        page.get_by_role("button", name="Вернуть всё").click()
        page.locator(".go").click()
        expect(page.get_by_role("heading", name=f"1\u00a0300{MONEY}")).to_be_visible()

    def test_a_number_that_several_receipts_have_is_chosen_from(
        self, till: Till, open_page: OpenPage
    ) -> None:
        for number in ("A-17", "a-17"):
            sold(till, None, number)
        page = open_till(open_page, till)

        page.keyboard.press("F4")
        page.locator("#receipt-number").fill("A\u201317")
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", name="Чеки: A\u201317")).to_be_focused()
        expect(page.locator(".open-row")).to_have_count(2)
        page.locator(".open-row").first.click()
        expect(page.get_by_role("heading", name="Чек A-17")).to_be_visible()

    def test_the_latest_receipts_come_too_late_for_who_has_scanned_a_card(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        sold(till, member)
        page = open_till(open_page, till, service_workers="block")
        held: list[Route] = []
        page.route("**/v1/till/operations", lambda route: held.append(route))  # noqa: PLW0108
        with page.expect_request("**/v1/till/operations"):
            page.keyboard.press("F4")
        scan(page, till.pass_code(member))
        expect(page.get_by_role("heading", name=re.compile("^Чеки: "))).to_be_visible()

        with page.expect_response("**/v1/till/operations"):
            held[0].continue_()

        page.evaluate("() => new Promise(requestAnimationFrame)")
        expect(page.get_by_role("heading", name=re.compile("^Чеки: "))).to_be_visible()
        expect(page.locator(".open-row")).to_have_count(1)

    def test_an_unknown_number_says_where_else_to_look(
        self, till: Till, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, till)
        page.keyboard.press("F4")

        page.locator("#receipt-number").fill("no-such")
        page.keyboard.press("Enter")

        expect(page.get_by_role("alert")).to_contain_text("отсканируйте карту покупателя")
        expect(page.locator("#receipt-number")).to_be_focused()


class TestCorrections:
    def test_a_manager_allows_a_void_with_a_reason(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        receipt = sold(till, member)
        page = open_till(open_page, till)
        open_receipt(page, till, member)

        page.get_by_role("button", name="Отменить чек").click()
        allow(page, "1357")
        expect(page.locator("#approval-error")).to_contain_text("PIN не подошёл")
        allow(page)

        expect(page.get_by_text("Чек отменён")).to_be_visible()
        now = receipt_of(till, receipt["id"])
        assert (now["status"], till.balance(member)) == ("voided", 0)

    def test_a_receipt_moves_to_the_card_that_is_scanned(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        receipt = sold(till, member)
        other = str(till.shop.join()["member_id"])
        page = open_till(open_page, till)
        open_receipt(page, till, member)

        page.get_by_role("button", name="Перенести на другую карту").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        scan(page, till.pass_code(other))
        page.get_by_role("button", name="Выбрать эту карту").click()
        allow(page)

        expect(page.get_by_text("Чек перенесён")).to_be_visible()
        assert (till.balance(member), till.balance(other)) == (0, receipt["earned"])

    def test_a_forgotten_card_gets_its_receipt(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, till)
        sell(page, "900")
        page.keyboard.press("F4")
        page.locator(".open-row").first.click()

        page.get_by_role("button", name="Начислить на карту").click()
        page.get_by_label("Телефон или код карты").fill(till.pass_code(member))
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Начислить на эту карту").click()

        expect(page.get_by_text("Чек записан на карту")).to_be_visible()
        assert till.balance(member) == 45


class TestGiftCards:
    def test_a_card_is_sold_looked_at_and_pays(self, till: Till, open_page: OpenPage) -> None:
        page = open_till(open_page, till)
        page.get_by_role("button", name="Подарочные карты").click()
        page.locator("#gift-amount").fill("2000")
        page.get_by_role("button", name=f"Продать карту на 2\u00a0000{MONEY}").click()
        code = page.locator("[data-gift-code]").inner_text()
        page.get_by_role("button", name="Напечатать код").click()
        expect(page.locator(".paper")).to_contain_text(code)
        page.keyboard.press("Escape")

        scan(page, code)
        expect(page.locator(".gift-balance")).to_have_text(f"2\u00a0000{MONEY}")
        page.get_by_role("button", name="Оплатить этой картой").click()
        page.locator("#amount").fill("500")
        expect(page.locator(".go")).to_contain_text(f"к оплате 0{MONEY}")
        page.locator(".go").click()
        expect(page.locator("[data-next]")).to_be_visible()

        path = f"/v1/gift-cards/{code}"
        shown = till.shop.get(path, Authorization=f"Bearer {till.shop.till_key}").json
        assert shown["balance_minor"] == 150_000

    def test_a_sale_whose_answer_was_lost_makes_one_card(
        self, till: Till, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, till)
        page.get_by_role("button", name="Подарочные карты").click()
        page.locator("#gift-amount").fill("1000")
        codes = lose_answers(page, "**/v1/gift-cards")

        page.locator(".go").click()
        expect(page.locator("#sell-error")).to_contain_text("дважды не запишется")
        page.unroute("**/v1/gift-cards")
        page.locator(".go").click()

        expect(page.locator("[data-gift-code]")).to_have_text(codes[0]["code"])


class TestShift:
    def test_the_shift_comes_to_what_was_done(self, till: Till, open_page: OpenPage) -> None:
        page = open_till(open_page, till)
        sell(page, "900")
        number = sell(page, "100")
        page.keyboard.press("F4")
        page.locator("#receipt-number").fill(number)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Вернуть всё").click()
        expect(page.locator(".go")).to_be_enabled()
        page.locator(".go").click()
        page.get_by_role("button", name="Следующий покупатель").click()

        from_menu(page, "Смена")

        expect(page.locator(".shift-money")).to_have_text(f"900{MONEY}")
        expect(page.locator(".pair", has_text="2 продажи")).to_contain_text(
            f"1\u00a0000{MONEY}"
        )
        expect(page.locator(".pair", has_text="1 возврат")).to_contain_text(f"\u2212100{MONEY}")

    def test_an_empty_shift_names_the_next_thing_to_do(
        self, till: Till, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, till)

        from_menu(page, "Смена")

        expect(page.locator("main")).to_contain_text("Проведите первую покупку")


class TestSlips:
    def test_whoever_has_no_phone_reads_card_balance_and_tier_on_paper(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        receipt = sold(till, member)
        page = open_till(open_page, till)
        open_receipt(page, till, member)

        page.get_by_role("button", name="Напечатать чек").click()

        paper = page.locator(".paper")
        expect(paper).to_contain_text("0,5\u00a0кг")
        expect(paper).to_contain_text("Карта участника")
        expect(paper).to_contain_text(f"{receipt['balance']['available']}\u00a0баллов")
        expect(paper).to_contain_text(receipt["tier"]["after"])

    def test_who_brings_something_back_is_not_thanked_for_coming(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        sold(till, member)
        page = open_till(open_page, till)
        open_receipt(page, till, member)
        page.get_by_role("button", name="Напечатать чек").click()
        expect(page.locator(".slip-end")).to_have_text("Спасибо, ждём вас снова")
        page.keyboard.press("Escape")

        page.get_by_role("button", name="Вернуть всё").click()
        page.locator(".go").click()
        page.get_by_role("button", name="Напечатать чек").click()

        expect(page.locator(".paper")).to_contain_text("1\u00a0300")
        expect(page.locator(".slip-end")).to_have_count(0)

    def test_paper_has_the_slip_alone_at_the_width_that_is_chosen(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        sold(till, member)
        page = open_till(open_page, till)
        open_receipt(page, till, member)
        page.get_by_role("button", name="Напечатать чек").click()

        page.get_by_role("button", name="80 мм").click()
        page.emulate_media(media="print")

        assert page.locator(".paper").bounding_box()["width"] == pytest.approx(272, abs=2)
        expect(page.locator("header.top")).to_be_hidden()
        expect(page.get_by_role("button", name="Напечатать")).to_be_hidden()


class TestTraining:
    def test_nothing_of_it_is_written(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, till)
        start_training(page)

        scan(page, till.pass_code(member))
        expect(page.get_by_role("heading", name="Елена О.")).to_be_visible()
        page.locator("#amount").fill("900")
        expect(page.locator(".preview")).to_contain_text("+45")
        press(page, "Enter")
        expect(page.get_by_role("heading", name="+45\u00a0баллов")).to_be_visible()

        assert till.receipts(member) == []
        assert operations(till) == []
        expect(page.locator(".band")).to_contain_text("ничего не записывается")

    def test_what_has_no_rehearsal_is_refused_in_words(
        self, till: Till, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, till)
        start_training(page)

        page.get_by_role("button", name="Подарочные карты").click()
        page.locator("#gift-amount").fill("1000")
        page.locator(".go").click()

        expect(page.locator("#sell-error")).to_contain_text("В учебном режиме")
        assert operations(till) == []

    def test_it_outlives_a_reload_and_ends_with_the_cashier(
        self, till: Till, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, till)
        start_training(page)
        page.reload()
        expect(page.locator(".band")).to_be_visible()

        from_menu(page, "Сменить кассира")
        sign_in(page)

        expect(page.locator(".band")).to_have_count(0)
        sell(page, "900")
        assert len(operations(till)) == 1


class TestForgottenPin:
    def test_a_manager_gives_a_new_one(self, till: Till, open_page: OpenPage) -> None:
        page = open_page()
        bind(page, till)
        page.locator(".person", has_text=CASHIER).click()
        page.get_by_role("button", name="Забыли PIN").click()

        page.get_by_label("Новый PIN, от 4 до 6 цифр").fill("2580")
        page.get_by_label("Новый PIN ещё раз").fill("2580")
        page.locator("#approval-pin").fill(MANAGER_PIN)
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", name=f"Здравствуйте, {CASHIER}")).to_be_visible()
        page.locator("#pin").fill("2580")
        page.keyboard.press("Enter")
        expect(page.locator(".home")).to_be_visible()

    def test_two_that_differ_and_ones_anybody_tries_are_refused(
        self, till: Till, open_page: OpenPage
    ) -> None:
        page = open_page(**HAND)
        bind(page, till)
        page.locator(".person", has_text=CASHIER).tap()
        page.get_by_role("button", name="Забыли PIN").tap()
        first, again = page.locator("#new-pin"), page.locator("#new-pin-again")
        page.locator("#approval-pin").fill(MANAGER_PIN)

        first.fill("2580")
        again.fill("2581")
        page.get_by_role("button", name="Сменить PIN").tap()
        expect(page.locator("#new-pin-error")).to_contain_text("не совпали")
        first.fill("1111")
        again.fill("1111")
        page.get_by_role("button", name="Сменить PIN").tap()

        expect(page.locator("#new-pin-error")).to_contain_text("подберут первым")

    def test_a_managers_pin_is_the_owners_to_change(
        self, till: Till, open_page: OpenPage
    ) -> None:
        page = open_page()
        bind(page, till)
        page.locator(".person", has_text=MANAGER).click()

        page.get_by_role("button", name="Забыли PIN").click()

        expect(page.get_by_role("alert").filter(has_text="Разрешить некому")).to_be_visible()


def from_menu(page: Page, name: str) -> None:
    page.locator(".menu summary").click()
    page.locator(".menu").get_by_role("button", name=name).click()


def start_training(page: Page) -> None:
    from_menu(page, "Учебный режим")
    page.get_by_role("button", name="Включить учебный режим").click()
    expect(page.locator(".band")).to_be_visible()
    expect(page.locator(".home")).to_be_visible()


def operations(till: Till) -> list[Any]:
    """Return what the office sees of the day."""
    headers = {"Authorization": f"Bearer {till.shop.integration_key}"}
    return list(ask(f"{till.shop.base_url}/v1/operations", headers=headers).json["items"])


def lose_answers(page: Page, pattern: str) -> list[Any]:
    """Let calls reach the service and their answers be lost; the answers."""
    lost: list[Any] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().json())
        route.abort()

    page.route(pattern, lose)
    return lost
