"""A cashier in a hurry: keys too many, answers too late, two tabs, a code not yet read.

Nothing is recorded that was not agreed to, nothing twice, and nobody is left without a way on.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.bare_till import open_bare, run
from tests.e2e.conftest import OpenPage
from tests.e2e.shop import new_phone, open_shop
from tests.e2e.till import (
    CASHIER,
    DESK,
    GO,
    HAND,
    MANAGER_PIN,
    PIN,
    Till,
    bind,
    by_code,
    enter,
    open_sale,
    open_till,
    scan,
    set_up,
    sign_in,
    sign_out,
)

# Touches once more as soon as something is seen: quicker than any test can.
_TAP_ON_SIGHT = """([x, y, wanted]) => {
  const seen = new MutationObserver(() => {
    if (!document.querySelector(wanted)) return;
    seen.disconnect();
    document.elementFromPoint(x, y)?.closest("button")?.click();
  });
  seen.observe(document.body, { childList: true, subtree: true });
}"""
PURCHASES = "**/v1/purchases"
GIFT_CARDS = "**/v1/gift-cards"


def hold(page: Page, pattern: str) -> Callable[[], None]:
    """Keep calls back from now on; returns what lets them go."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(pattern, keep)

    def let_go() -> None:
        for route in held:
            route.continue_()
        page.unroute(pattern)

    return let_go


def sell_a_card(page: Page, amount: str = "1000") -> str:
    """Sell a gift card; its code."""
    page.get_by_role("button", name="Подарочные карты").click()
    page.locator("#gift-amount").fill(amount)
    page.keyboard.press("Enter")
    return page.locator("[data-gift-code]").inner_text()


def _busy(route: Route) -> None:
    route.fulfill(status=503, json={"code": "busy", "title": "busy", "retryable": True})


def _one_level() -> Any:
    return {"window_days": 365, "compare": "gte", "levels": [{"name": "Basic", "over": "0"}]}


class TestOneSale:
    """Between the main button and its answer."""

    def test_a_key_after_enter_neither_changes_the_sale_nor_stops_the_till(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, till)
        by_code(page, till.pass_code(member))
        page.locator("#amount").focus()

        page.keyboard.type("500")
        page.keyboard.press("Enter")
        page.keyboard.type("0")

        expect(page.get_by_role("heading", name="+25\u00a0баллов")).to_be_visible()
        [receipt] = till.receipts(member)
        assert receipt["gross_minor"] == 50_000

    def test_what_is_being_recorded_is_asked_about_after_a_reload_whatever_was_typed_since(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_sale(open_page, till, member, "500", service_workers="block")
        page.route(PURCHASES, lambda route: route.fetch() and None)  # the answer is lost
        with page.expect_request(PURCHASES):
            page.keyboard.press("Enter")

        page.keyboard.type("9")
        page.reload()
        page.unroute(PURCHASES)

        expect(page.locator("form.sale, .result")).to_be_visible()
        expect(page.locator("form.sale")).to_have_count(0)
        expect(page.get_by_role("heading", name="+25\u00a0баллов")).to_be_visible()
        assert len(till.receipts(member)) == 1

    def test_nobody_leaves_a_sale_that_is_being_recorded(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_sale(open_page, till, member, "500", service_workers="block")
        let_go = hold(page, PURCHASES)
        with page.expect_request(PURCHASES):
            page.keyboard.press("Enter")

        page.keyboard.press("Escape")
        page.keyboard.press("F4")
        expect(page.locator("form.sale")).to_be_visible()
        let_go()

        expect(page.get_by_role("heading", name="+25\u00a0баллов")).to_be_visible()

    def test_a_second_tap_on_the_main_button_takes_nothing_back(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_sale(open_page, till, member, "500", **HAND)
        box = page.locator("button.go").bounding_box()
        assert box is not None
        middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

        page.evaluate(_TAP_ON_SIGHT, [*middle, ".result button"])
        page.touchscreen.tap(*middle)

        expect(page.get_by_role("button", name="Следующий покупатель")).to_be_focused()
        expect(page.get_by_role("heading", name="+25\u00a0баллов")).to_be_visible()
        assert till.balance(member) == 25

    def test_a_sale_is_found_as_it_was_left(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_sale(open_page, till, member, "500")
        page.keyboard.press("F4")
        expect(page.locator("#receipt-number")).to_be_visible()

        page.keyboard.press("Escape")
        expect(page.locator("#amount")).to_have_value("500")
        page.locator(".menu summary").click()
        page.get_by_role("button", name="English").click()

        expect(page.locator("#amount")).to_have_value("500")
        expect(page.get_by_role("button", name=re.compile("to pay"))).to_be_enabled()

    def test_what_was_taken_back_stays_so_in_another_language(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_sale(open_page, till, member, "500")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Отменить").click()
        expect(page.get_by_role("heading", name="Чек отменён")).to_be_visible()

        page.locator(".menu summary").click()
        page.get_by_role("button", name="English").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Receipt voided")

    def test_a_browser_that_keeps_nothing_still_sells_and_is_left(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_page(viewport=DESK)
        page.add_init_script("indexedDB.open = () => { throw new DOMException('full') }")
        bind(page, till)
        sign_in(page)
        by_code(page, till.pass_code(member))
        enter(page, "500")

        page.keyboard.press("Enter")

        expect(page.get_by_role("button", name="Следующий покупатель")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".home")).to_be_visible()
        assert till.balance(member) == 25


class TestOldTablet:
    """A browser of some years ago."""

    def test_it_asks_for_prices_and_sells(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_page(viewport=DESK)
        page.add_init_script("delete AbortSignal.any")
        bind(page, till)
        sign_in(page)
        by_code(page, till.pass_code(member))
        enter(page, "500")

        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", name="+25\u00a0баллов")).to_be_visible()


class TestLateAnswers:
    """What comes when nobody waits for it any more."""

    def test_a_card_found_too_late_opens_nothing(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, till, service_workers="block")
        page.get_by_role("button", name="По коду").first.click()
        page.locator("#find").fill(till.pass_code(member))
        let_go = hold(page, "**/v1/lookups")
        with page.expect_request("**/v1/lookups"):
            page.keyboard.press("Enter")
        expect(page.locator("button[aria-busy]")).to_be_visible()
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Без карты").click()
        page.locator("#amount").fill("700")

        with page.expect_response("**/v1/lookups"):
            let_go()

        expect(page.get_by_role("button", name=GO)).to_be_visible()
        expect(page.locator("#amount")).to_have_value("700")
        expect(page.get_by_role("heading", name="Без карты")).to_be_visible()

    def test_an_undo_that_was_not_answered_in_time_is_asked_for_again(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_sale(open_page, till, member, "500", service_workers="block")
        page.keyboard.press("Enter")
        page.route("**/void", _busy)
        undo = page.get_by_role("button", name="Отменить")
        undo.click()
        expect(page.locator(".notice")).to_have_count(1)

        page.unroute("**/void")
        undo.click()

        expect(page.get_by_role("heading", name="Чек отменён")).to_be_visible()
        assert till.balance(member) == 0


class TestSignedOut:
    """A session that ended under the cashier's hands."""

    def test_a_sale_that_was_refused_for_it_waits_for_a_decision(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_sale(open_page, till, member, "300")
        page.context.clear_cookies()
        page.keyboard.press("Enter")
        expect(page.locator("#activation-code")).to_be_visible()

        bind(page, till)
        sign_in(page)

        expect(page.locator("#amount")).to_have_value("300")
        assert till.receipts(member) == []

    def test_a_result_is_left_for_the_code_that_binds_the_device_anew(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_sale(open_page, till, member, "300")
        page.keyboard.press("Enter")
        expect(page.locator("[data-next]")).to_be_focused()
        page.context.clear_cookies()

        scan(page, till.pass_code(member))

        expect(page.locator("#activation-code")).to_be_visible()

    def test_a_card_whose_opening_was_not_answered_is_opened_once(
        self, till: Till, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, till, service_workers="block")
        page.get_by_role("button", name="Новый участник").click()
        page.locator("#new-phone").fill(new_phone())
        page.route("**/v1/members", lambda route: route.fetch() and route.abort())
        page.keyboard.press("Enter")
        expect(page.locator("#phone-error")).not_to_be_empty()
        page.unroute("**/v1/members")

        page.keyboard.press("Enter")

        expect(page.locator("form.sale")).to_contain_text("Карта не подтверждена")
        expect(page.locator("form.sale")).not_to_contain_text("предел сообщений")


class TestQueue:
    """Sales that wait, looked at."""

    def test_a_sale_that_is_being_sent_is_not_said_to_wait(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_sale(open_page, till, member, "500", service_workers="block")
        let_go = hold(page, PURCHASES)
        with page.expect_request(PURCHASES):
            page.keyboard.press("Enter")

        expect(page.locator("button.go[aria-busy]")).to_be_visible()
        expect(page.locator(".pill")).to_have_text("На связи")

        let_go()
        expect(page.locator("[data-next]")).to_be_focused()

    def test_it_empties_before_the_eyes_and_says_when_nobody_answers(
        self, till: Till, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, till)
        page.get_by_role("button", name="Без карты").click()
        page.context.set_offline(True)
        page.locator("#amount").fill("100")
        page.get_by_role("button", name=re.compile("Сохранить")).click()
        expect(page.get_by_role("heading", name="Покупка сохранена")).to_be_visible()
        page.locator(".pill").click()
        page.get_by_role("button", name="Отправить сейчас").click()
        expect(page.get_by_role("alert")).to_contain_text("Нет связи")

        page.context.set_offline(False)

        expect(page.locator("main")).to_contain_text("Всё отправлено")


class TestTwoTabs:
    """One browser, one session, two pages of it."""

    def test_a_tab_goes_on_after_another_has_signed_the_cashier_in_anew(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, till)
        other = page.context.new_page()
        other.goto(f"{till.shop.base_url}/till")
        expect(other.locator(".home")).to_be_visible()
        sign_out(other)
        sign_in(other)

        by_code(page, till.pass_code(member))
        enter(page, "500")
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", name="+25\u00a0баллов")).to_be_visible()

    def test_a_pin_is_taken_after_another_tab_was_quicker(
        self, till: Till, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, till)
        other = page.context.new_page()
        other.goto(f"{till.shop.base_url}/till")
        expect(other.locator(".home")).to_be_visible()
        sign_out(page)
        other.reload()
        sign_in(other)

        page.locator(".person", has_text=CASHIER).click()
        page.locator("#pin").fill(PIN)
        page.keyboard.press("Enter")

        expect(page.locator(".home")).to_be_visible()


class TestIdle:
    """A till that nobody touches."""

    def test_no_dialog_stays_open_over_the_sign_in(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_page(viewport=DESK)
        page.clock.install()
        bind(page, till)
        sign_in(page)
        by_code(page, till.pass_code(member))
        page.locator(".member-more").click()
        expect(page.locator("dialog[open]")).to_contain_text("Здесь появится первая покупка")

        page.clock.run_for(6 * 60_000)

        expect(page.locator(".person").first).to_be_visible()
        expect(page.locator("dialog")).to_have_count(0)


class TestClock:
    """A sale is dated by the service's clock."""

    def test_a_clock_that_is_set_during_the_day_dates_no_sale(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_page(viewport=DESK)
        page.clock.install()
        bind(page, till)
        sign_in(page)
        page.clock.set_system_time(till.shop.now() + timedelta(days=3))
        by_code(page, till.pass_code(member))
        page.locator("#amount").fill("500")
        page.clock.run_for(1_000)
        expect(page.get_by_role("button", name=GO)).to_be_visible()

        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", name="+25\u00a0баллов")).to_be_visible()
        [receipt] = till.receipts(member)
        late = abs(till.shop.now() - datetime.fromisoformat(receipt["at"]))
        assert late < timedelta(hours=1)

    def test_an_answer_is_compared_with_our_clock_once(
        self, open_page: OpenPage, base_url: str
    ) -> None:
        page = open_bare(open_page(), base_url)

        ahead = run(
            page,
            "clock.js",
            """const now = new Date(Date.now() + 60_000).toISOString();
            const first = m.timed({ csrf_token: "one", now });
            const later = m.timed({ ...first, now: new Date(0).toISOString() });
            return [first.clock_ahead_ms, later.clock_ahead_ms];""",
        )

        assert ahead[0] == ahead[1]
        assert ahead[0] == pytest.approx(60_000, abs=5_000)


class TestAmounts:
    """What is typed is what is asked to be paid."""

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ("1 250,50", "1\u00a0250,50"),
            ("1.250,50", "1\u00a0250,50"),
            ("1,250.50", "1\u00a0250,50"),
            ("1,250,000", "1\u00a0250\u00a0000"),
            ("12,5", "12,5"),
            (",5", "0,5"),
        ],
    )
    def test_marks_between_thousands_are_no_decimals(
        self, till: Till, open_page: OpenPage, given: str, shown: str
    ) -> None:
        page = open_till(open_page, till)
        page.get_by_role("button", name="Без карты").click()

        page.locator("#amount").fill(given)

        expect(page.locator("#amount")).to_have_value(shown)

    def test_what_no_receipt_can_hold_is_said_to_be_too_much(
        self, till: Till, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, till)
        page.get_by_role("button", name="Без карты").click()
        page.get_by_role("button", name="Товары").click()
        page.locator("[data-add]").click()
        page.locator("#line-quantity").fill("999999")
        page.locator("#line-price").fill("999999999")

        page.keyboard.press("Enter")

        expect(page.locator(".sale .notice")).to_contain_text("Проверьте количество и цену")
        expect(page.locator("button.go")).to_be_disabled()

    @pytest.mark.parametrize(("currency", "minor"), [("HUF", 125_000), ("JPY", 1_250)])
    def test_a_currency_has_the_hundredths_that_the_service_counts(
        self, base_url: str, open_page: OpenPage, currency: str, minor: int
    ) -> None:
        rate = {"earn": 5, "redeem": 20}
        rates = {"Basic": {"offline": rate, "online": rate}}
        shop = open_shop(base_url, currency=currency, tiers=_one_level(), rates=rates)
        till, member = set_up(shop), str(shop.join()["member_id"])
        page = open_till(open_page, till)
        by_code(page, till.pass_code(member))
        has_decimals = page.locator(".sale-keys .key", has_text=",").count() > 0

        enter(page, "1250")
        page.keyboard.press("Enter")

        expect(page.locator("[data-next]")).to_be_focused()
        [receipt] = till.receipts(member)
        assert receipt["gross_minor"] == minor
        assert has_decimals == (minor > 100_000)


class TestGiftCard:
    """Its code is shown once: it must be read first."""

    def test_the_code_is_there_again_when_the_printer_jams_and_after_a_power_cut(
        self, gift_till: Till, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, gift_till)
        code = sell_a_card(page)
        page.get_by_role("button", name="Напечатать код").click()
        page.locator("main").get_by_role("button", name="Назад").click()
        expect(page.locator("[data-gift-code]")).to_have_text(code)

        page.reload()
        expect(page.locator("[data-gift-code]")).to_have_text(code)
        page.get_by_role("button", name="Следующий покупатель").click()
        page.reload()

        expect(page.locator(".home")).to_be_visible()

    def test_a_key_that_leads_back_warns_before_the_code_is_gone(
        self, gift_till: Till, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, gift_till)
        code = sell_a_card(page)

        page.keyboard.press("Escape")

        expect(page.get_by_role("alert").filter(has_text="больше не появится")).to_be_visible()
        expect(page.locator("[data-gift-code]")).to_have_text(code)
        page.keyboard.press("Escape")
        expect(page.locator(".home")).to_be_visible()

    def test_a_sale_that_was_not_answered_is_asked_for_again_after_a_reload(
        self, gift_till: Till, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, gift_till, service_workers="block")
        page.get_by_role("button", name="Подарочные карты").click()
        codes = []

        def lose(route: Route) -> None:
            codes.append(route.fetch().json()["code"])
            route.abort()

        page.route(GIFT_CARDS, lose)
        page.locator("#gift-amount").fill("2000")
        page.keyboard.press("Enter")
        expect(page.locator("#sell-error")).not_to_be_empty()
        page.unroute(GIFT_CARDS)
        page.reload()
        expect(page.locator("#sell-error")).to_have_text(re.compile("дважды не запишется"))

        page.get_by_role("button", name="Продать карту на 2\u00a0000\u00a0₽").click()

        expect(page.locator("[data-gift-code]")).to_have_text(codes[0])

    def test_whoever_takes_a_card_back_sees_that_nobody_has_answered(
        self, gift_till: Till, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, gift_till, service_workers="block")
        code = sell_a_card(page)
        page.get_by_role("button", name="Следующий покупатель").click()
        page.get_by_role("button", name="Подарочные карты").click()
        page.locator("#gift-code").fill(code)
        page.keyboard.press("Enter")
        page.route("**/void", lambda route: route.abort())
        page.get_by_role("button", name="Отменить продажу карты").click()
        page.locator("#reason").fill("Ошиблись суммой")
        page.locator("#approval-pin").fill(MANAGER_PIN)

        page.keyboard.press("Enter")

        trouble = page.get_by_role("alert").filter(has_text="Нет связи")
        expect(trouble).to_be_visible()
