"""Answers that come late, or never, or to somebody else: no sale is lost, doubled or hidden."""

import re

from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.shop import new_phone, open_shop
from tests.e2e.test_till_desk import open_receipt, receipt_of, sell, sold
from tests.e2e.test_till_hurry import GIFT_CARDS, PURCHASES, hold, sell_a_card
from tests.e2e.test_till_sale import give, joined
from tests.e2e.till import (
    CASHIER,
    DESK,
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
)

BATCHES = "**/v1/purchase-batches"
EARNED = "+25\u00a0баллов"
NOTHING_KEPT = "indexedDB.open = () => { throw new DOMException('full') }"
# Presses Enter on what has the focus as soon as something is seen: quicker than any test can.
ENTER_ON_SIGHT = """(wanted) => {
  const seen = new MutationObserver(() => {
    if (!document.querySelector(wanted)) return;
    seen.disconnect();
    setTimeout(() => document.activeElement.matches(wanted) && document.activeElement.click());
  });
  seen.observe(document.body, { childList: true, subtree: true });
}"""
Spot = tuple[float, float]


def middle(page: Page, selector: str) -> Spot:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def way_to_english(page: Page) -> list[Spot]:
    """Where to touch the menu, and then English in it."""
    page.locator(".menu summary").click()
    spots = [middle(page, ".menu summary"), middle(page, ".menu button[lang=en]")]
    page.keyboard.press("Escape")
    return spots


def seen(page: Page) -> None:
    """Let the page draw what has come."""
    page.evaluate("() => new Promise((next) => requestAnimationFrame(() => setTimeout(next)))")


def touch(page: Page, spots: list[Spot]) -> None:
    for spot in spots:
        page.mouse.click(*spot)


class TestUnderWay:
    """What moves money is not left, nor begun anew, before its answer is there."""

    def test_the_menu_makes_no_second_sale_of_one_that_is_being_sent(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_sale(open_page, till, member, "500", service_workers="block")
        english = way_to_english(page)
        let_go = hold(page, PURCHASES)
        page.locator("#amount").focus()
        with page.expect_request(PURCHASES):
            page.keyboard.press("Enter")

        touch(page, english)
        page.keyboard.press("Enter")
        let_go()

        expect(page.get_by_role("heading", name=EARNED)).to_be_visible()
        assert len(till.receipts(member)) == 1

    def test_a_return_is_not_left_by_the_menu_either(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        receipt = sold(till, member)
        page = open_till(open_page, till, service_workers="block")
        open_receipt(page, till, member)
        english = way_to_english(page)
        page.get_by_role("button", name="Больше: MUG").click()
        let_go = hold(page, "**/returns")
        with page.expect_request("**/returns"):
            page.locator(".go").click()

        touch(page, english)
        let_go()

        expect(page.get_by_role("heading", name="400\u00a0₽")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "ru")
        assert len(receipt_of(till, receipt["id"])["returns"]) == 1

    def test_a_gift_card_that_is_being_sold_shows_its_code_whatever_is_pressed(
        self, gift_till: Till, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, gift_till, service_workers="block")
        page.get_by_role("button", name="Подарочные карты").click()
        let_go = hold(page, GIFT_CARDS)
        page.locator("#gift-amount").fill("1000")
        with page.expect_request(GIFT_CARDS):
            page.keyboard.press("Enter")

        page.keyboard.press("Escape")
        let_go()

        expect(page.locator("[data-gift-code]")).to_be_visible()

    def test_a_top_up_is_told_whatever_is_pressed(
        self, gift_till: Till, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, gift_till, service_workers="block")
        code = sell_a_card(page)
        page.get_by_role("button", name="Следующий покупатель").click()
        page.get_by_role("button", name="Подарочные карты").click()
        page.locator("#gift-code").fill(code)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Пополнить").click()
        page.locator("#top-up-amount").fill("300")
        let_go = hold(page, "**/top-ups")
        with page.expect_request("**/top-ups"):
            page.keyboard.press("Enter")

        page.keyboard.press("Escape")
        let_go()

        expect(page.locator("[data-topped-up]")).to_have_text("1\u00a0300\u00a0₽")

    def test_whoever_takes_a_sale_back_hears_that_it_was_not(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_sale(open_page, till, member, "500", service_workers="block")
        page.keyboard.press("Enter")
        expect(page.locator("[data-next]")).to_be_focused()
        held: list[Route] = []
        page.route("**/void", lambda route: held.append(route))  # noqa: PLW0108  it marks it
        with page.expect_request("**/void"):
            page.keyboard.press("Backspace")

        page.keyboard.press("Enter")
        held[0].fulfill(status=503, json={"code": "busy", "title": "busy"})

        expect(page.locator(".result .notice")).to_be_visible()
        expect(page.locator("[data-next]")).to_be_focused()

    def test_nobody_else_begins_to_sign_in_while_a_pin_is_looked_at(
        self, till: Till, open_page: OpenPage
    ) -> None:
        page = open_page(viewport=DESK, service_workers="block")
        bind(page, till)
        page.locator(".person", has_text=CASHIER).click()
        page.locator("#pin").fill(PIN)
        let_go = hold(page, "**/v1/till/sign-in")
        with page.expect_request("**/v1/till/sign-in"):
            page.keyboard.press("Enter")

        page.keyboard.press("Escape")
        expect(page.locator("#pin")).to_be_visible()
        let_go()

        expect(page.locator(".home")).to_be_visible()

    def test_a_second_touch_asks_for_no_second_code(
        self, base_url: str, open_page: OpenPage
    ) -> None:
        till = set_up(open_shop(base_url, confirm_above=100))
        member = joined(till.shop, new_phone())
        give(till, member, 300)
        till.shop.post("/local/clock", {"advance_seconds": 120})  # past the pause between codes
        page = open_sale(open_page, till, member, "1000", service_workers="block")
        page.locator('[data-redeem="max"]').click()
        page.get_by_role("button", name="Провести · к оплате 800\u00a0₽").click()
        let_go = hold(page, "**/v1/confirmations")
        with page.expect_request("**/v1/confirmations"):
            page.get_by_role("button", name="Отправить код по SMS").click()

        page.get_by_role("button", name="Отправить код по SMS").click()
        seen(page)
        let_go()

        expect(page.get_by_label("Шесть цифр из SMS")).to_be_focused()
        expect(page.locator("#proof-error")).to_be_empty()


class TestOrder:
    """Two questions whose answers come the other way round."""

    def test_the_gift_card_that_was_asked_for_last_is_the_one_that_is_shown(
        self, gift_till: Till, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, gift_till, service_workers="block")
        codes = []
        for amount in ("1000", "2000"):
            codes.append(sell_a_card(page, amount))
            page.get_by_role("button", name="Следующий покупатель").click()
        page.get_by_role("button", name="Подарочные карты").click()
        let_go = hold(page, f"**/v1/gift-cards/{codes[0]}")
        with page.expect_request("**/v1/gift-cards/*"):
            page.locator("#gift-code").fill(codes[0])
            page.keyboard.press("Enter")
        page.locator("#gift-code").fill(codes[1])
        page.keyboard.press("Enter")
        balance = page.locator("h2.gift-balance")
        expect(balance).to_have_text("2\u00a0000\u00a0₽")

        with page.expect_response("**/v1/gift-cards/*"):
            let_go()

        seen(page)
        expect(balance).to_have_text("2\u00a0000\u00a0₽")

    def test_the_receipts_of_the_card_that_was_scanned_last_are_listed(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        other = str(till.shop.join()["member_id"])
        sold(till, member, "61122-1")
        sold(till, other, "61122-2")
        page = open_till(open_page, till, service_workers="block")
        page.keyboard.press("F4")
        expect(page.locator("#receipt-number")).to_be_focused()
        path = f"**/v1/purchases?member_id={member}"
        let_go = hold(page, path)
        with page.expect_request(path):
            scan(page, till.pass_code(member))
        scan(page, till.pass_code(other))
        expect(page.locator(".open-row")).to_contain_text("61122-2")

        with page.expect_response(path):
            let_go()

        seen(page)
        expect(page.locator(".open-row")).to_contain_text("61122-2")

    def test_the_sale_is_that_of_the_card_that_was_scanned_last(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        other = str(till.shop.join()["member_id"])
        give(till, other, 300)
        page = open_till(open_page, till, service_workers="block")
        page.get_by_role("button", name="По коду").first.click()
        page.locator("#find").fill(till.pass_code(member))
        held: list[Route] = []
        page.route("**/v1/lookups", lambda route: held.append(route))  # noqa: PLW0108  it marks it
        with page.expect_request("**/v1/lookups"):
            page.keyboard.press("Enter")
        with page.expect_request("**/v1/lookups"):
            scan(page, till.pass_code(other))

        for route in tuple(held):
            with page.expect_response("**/v1/lookups"):
                route.continue_()
            seen(page)

        expect(page.locator(".member-balance")).to_contain_text("300")

    def test_a_receipt_goes_to_the_card_that_was_scanned_last(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        sold(till, None)
        other = str(till.shop.join()["member_id"])
        page = open_till(open_page, till, service_workers="block")
        page.keyboard.press("F4")
        page.locator("#receipt-number").fill("61122-1")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Начислить на карту").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        held: list[Route] = []
        page.route("**/v1/lookups", lambda route: held.append(route), times=1)  # noqa: PLW0108
        with page.expect_request("**/v1/lookups"):
            scan(page, till.pass_code(member))
        scan(page, till.pass_code(other))
        take = page.get_by_role("button", name="Начислить на эту карту")
        expect(take).to_be_focused()

        with page.expect_response("**/v1/lookups"):
            held[0].continue_()
        seen(page)
        take.click()

        expect(page.get_by_text("Чек записан на карту")).to_be_visible()
        assert (till.balance(member), till.balance(other)) == (0, 65)

    def test_enter_pressed_twice_takes_no_card_unseen(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        sold(till, None)
        page = open_till(open_page, till)
        page.keyboard.press("F4")
        page.locator("#receipt-number").fill("61122-1")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Начислить на карту").click()
        page.get_by_label("Телефон или код карты").fill(till.pass_code(member))

        page.evaluate(ENTER_ON_SIGHT, "dialog .stack > button:not([type=submit])")
        page.keyboard.press("Enter")

        take = page.get_by_role("button", name="Начислить на эту карту")
        expect(take).to_be_focused()
        assert till.balance(member) == 0


class TestNothingKept:
    """A browser that keeps nothing, or answers nobody."""

    def test_a_sale_that_nobody_has_is_not_called_saved_and_is_sent_again(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_page(viewport=DESK, service_workers="block")
        page.add_init_script(NOTHING_KEPT)
        bind(page, till)
        sign_in(page)
        by_code(page, till.pass_code(member))
        enter(page, "500")
        page.route("**/v1/**", lambda route: route.abort())
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", name="Чек не сохранён")).to_be_visible()
        again = page.get_by_role("button", name="Повторить")
        expect(again).to_be_focused()
        page.unroute("**/v1/**")
        again.click()

        expect(page.get_by_role("heading", name=EARNED)).to_be_visible()
        assert len(till.receipts(member)) == 1

    def test_its_queue_is_said_to_be_empty(self, till: Till, open_page: OpenPage) -> None:
        page = open_page(viewport=DESK)
        page.add_init_script(NOTHING_KEPT)
        bind(page, till)
        sign_in(page)
        page.locator(".menu summary").click()

        page.locator(".menu").get_by_role("button", name="Очередь").click()

        expect(page.locator("main")).to_contain_text("Всё отправлено")

    def test_one_that_never_answers_stops_nobody(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_page(viewport=DESK)
        page.add_init_script("indexedDB.open = () => ({})")
        bind(page, till)
        sign_in(page)
        by_code(page, till.pass_code(member))
        enter(page, "500")

        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", name=EARNED)).to_be_visible()

    def test_a_full_disk_keeps_no_sale_from_being_sent(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_sale(open_page, till, member, "500", service_workers="block")
        page.route("**/v1/**", lambda route: route.abort())
        page.evaluate("dispatchEvent(new Event('offline'))")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Покупка сохранена")).to_be_visible()

        full = "() => { throw new DOMException('full', 'QuotaExceededError') }"
        page.evaluate(f"void (IDBObjectStore.prototype.put = {full})")
        page.unroute("**/v1/**")
        page.evaluate("dispatchEvent(new Event('online'))")

        expect(page.get_by_role("heading", name=EARNED)).to_be_visible()
        assert len(till.receipts(member)) == 1


class TestFate:
    """What became of a sale whose answer was lost."""

    def test_an_answer_that_comes_late_leaves_the_next_sale_as_it_is(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_till(open_page, till, service_workers="block")
        sell(page, "300")
        by_code(page, till.pass_code(member))
        enter(page, "500")
        page.route(PURCHASES, lambda route: route.abort())
        let_go = hold(page, BATCHES)
        with page.expect_request(BATCHES):
            page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Проверяем чек")).to_be_visible()
        page.locator(".menu summary").click()
        page.locator(".menu").get_by_role("button", name="Возвраты").click()
        page.locator(".open-row").first.click()
        page.get_by_role("button", name="Вернуть всё").click()
        page.locator(".go").click()
        page.locator("[data-next]").click()
        page.get_by_role("button", name="Без карты").click()
        page.locator("#amount").fill("700")
        expect(page.locator("button.go")).to_contain_text("700")

        with page.expect_response(BATCHES):
            let_go()
        expect(page.locator(".pill")).to_have_text("На связи")
        page.unroute_all()
        page.reload()

        expect(page.locator("#amount")).to_have_value("700")
        assert len(till.receipts(member)) == 1

    def test_whoever_asks_too_often_after_a_reload_sells_nothing_twice(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_sale(open_page, till, member, "500", service_workers="block")
        page.route(PURCHASES, lambda route: route.fetch() and None)  # the answer is lost
        with page.expect_request(PURCHASES):
            page.keyboard.press("Enter")
        page.unroute_all()
        flood = {"message": "Too Many Requests"}  # of what stands before the service
        page.route(PURCHASES, lambda route: route.fulfill(status=429, json=flood))

        page.reload()

        expect(page.get_by_role("heading", name=EARNED)).to_be_visible()
        assert len(till.receipts(member)) == 1

    def test_a_sale_that_was_refused_meanwhile_is_not_called_saved(
        self, till: Till, member: str, open_page: OpenPage
    ) -> None:
        page = open_sale(open_page, till, member, "500", service_workers="block")
        page.route("**/v1/purchase*", lambda route: route.abort())
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Проверяем чек")).to_be_visible()
        page.evaluate(REFUSED, {"code": "receipt_exists", "status": 409})

        page.reload()

        expect(page.locator("form.sale .notice")).to_contain_text(
            "Чек с таким номером уже записан"
        )


# As another tab leaves a sale that the service has refused.
REFUSED = """(problem) => new Promise((resolve, reject) => {
  const asked = indexedDB.open("kopilka.till", 1);
  asked.onsuccess = () => {
    const made = asked.result.transaction("receipts", "readwrite");
    const store = made.objectStore("receipts");
    store.getAll().onsuccess = ({ target: { result: [one] } }) =>
      store.put({ ...one, state: "refused", problem });
    made.oncomplete = () => (asked.result.close(), resolve());
    made.onabort = reject;
  };
})"""


class TestNotFetched:
    """A part of the till that did not come."""

    def test_a_cashier_whose_start_did_not_come_can_try_again(
        self, till: Till, open_page: OpenPage
    ) -> None:
        page = open_page(viewport=DESK, service_workers="block")
        page.route(re.compile(r"screens\.home-"), lambda route: route.abort())
        bind(page, till)
        page.locator(".person", has_text=CASHIER).click()
        page.locator("#pin").fill(PIN)
        page.keyboard.press("Enter")

        again = page.get_by_role("button", name="Повторить")
        expect(again).to_be_focused()
        page.unroute_all()
        again.click()

        expect(page.locator(".home")).to_be_visible()
