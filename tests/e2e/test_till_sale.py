"""A sale at the till, from the card to the result, against the real service."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Route, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.shop import PROGRAM, Shop, ask, new_phone, open_shop
from tests.e2e.till import (
    DESK,
    GO,
    HAND,
    HAND_MS,
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
    sign_out,
)


def give(till: Till, member: str, points: int) -> None:
    """Let a member have points to redeem."""
    given = till.shop.post(
        f"/v1/members/{member}/grants",
        {"points": points, "reason": "welcome"},
        key=till.shop.integration_key,
        idempotency_key=f"grant-{member}",
    )
    assert given.status == 201, given.text


def test_two_touches_lead_from_the_card_to_the_points(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_till(open_page, till, **HAND)
    page.get_by_role("button", name="По коду").tap()
    page.locator("#find").fill(till.pass_code(member))
    page.keyboard.press("Enter")

    for digit in "1250":
        page.get_by_role("button", name=digit, exact=True).tap()
    expect(page.locator("#amount")).to_have_value("1\u00a0250")
    expect(page.locator(".preview")).to_contain_text("+62\u00a0балла")
    page.get_by_role("button", name="Провести · к оплате 1\u00a0250\u00a0₽").tap()

    expect(page.get_by_role("heading", name="+62\u00a0балла")).to_be_visible()
    assert till.balance(member) == 62
    [receipt] = till.receipts(member)
    assert receipt["gross_minor"] == 125_000


def test_what_only_earned_is_undone_at_once(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_sale(open_page, till, member, "500")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="+25\u00a0баллов")).to_be_visible()

    page.get_by_role("button", name="Отменить").click()

    expect(page.get_by_role("heading", name="Чек отменён")).to_be_visible()
    assert till.balance(member) == 0
    page.get_by_role("button", name="Исправить").click()
    expect(page.locator("#amount")).to_have_value("500")


def test_undoing_is_offered_for_half_a_minute(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_page(viewport=DESK)
    page.clock.install()
    bind(page, till)
    sign_in(page)
    by_code(page, till.pass_code(member))
    page.locator("#amount").fill("500")
    page.clock.run_for(1_000)
    expect(page.get_by_role("button", name=GO)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile(r"Отменить · (30|2\d)"))).to_be_visible()

    page.clock.run_for(31_000)

    expect(page.get_by_role("button", name="Отменить")).to_be_hidden()
    expect(page.get_by_role("heading", name="+25\u00a0баллов")).to_be_visible()


def test_nothing_is_redeemed_unless_somebody_asks_and_agrees(
    till: Till, member: str, open_page: OpenPage
) -> None:
    give(till, member, 300)
    page = open_sale(open_page, till, member, "1000")
    expect(page.locator('[data-redeem="none"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator('[data-redeem="max"]')).to_contain_text("200\u00a0баллов")
    expect(page.locator('[data-redeem="max"]')).to_contain_text("20 % чека")
    page.locator('[data-redeem="max"]').click()
    page.get_by_role("button", name="Провести · к оплате 800\u00a0₽").click()
    assert till.balance(member) == 300
    page.get_by_role("button", name="Списать 200\u00a0баллов").click()

    expect(page.get_by_role("heading", name="800\u00a0₽")).to_be_visible()
    expect(page.get_by_role("button", name="Отменить")).to_be_hidden()
    assert till.balance(member) == 100


def test_the_reasons_are_one_touch_away(till: Till, member: str, open_page: OpenPage) -> None:
    page = open_sale(open_page, till, member, "1000", **HAND)

    page.get_by_role("button", name="Почему столько").tap()

    expect(page.get_by_role("dialog")).to_contain_text("Уровень «Basic»: 5 % баллами")


def test_above_the_limit_a_redemption_needs_the_members_code(
    base_url: str, open_page: OpenPage
) -> None:
    till = set_up(open_shop(base_url, confirm_above=100))
    phone = new_phone()
    member = joined(till.shop, phone)
    give(till, member, 300)
    till.shop.post("/local/clock", {"advance_seconds": 120})  # past the pause between codes
    page = open_sale(open_page, till, member, "1000")
    page.locator('[data-redeem="max"]').click()
    page.get_by_role("button", name="Провести · к оплате 800\u00a0₽").click()

    expect(page.get_by_role("dialog")).to_contain_text("Без кода сегодня можно списать: 100")
    page.locator("#proof").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Код не подошёл")
    page.get_by_role("button", name="Отправить код по SMS").click()
    expect(page.get_by_label("Шесть цифр из SMS")).to_be_focused()
    page.locator("#proof").fill(till.shop.code_sent(phone, after=1))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="800\u00a0₽")).to_be_visible()
    assert till.balance(member) == 100


def test_a_code_asked_for_right_after_another_message_says_when_there_is_one(
    base_url: str, open_page: OpenPage
) -> None:
    till = set_up(open_shop(base_url, confirm_above=100))
    member = joined(till.shop, new_phone())  # the code of the sign-up has just been sent
    give(till, member, 300)
    page = open_sale(open_page, till, member, "1000")
    page.locator('[data-redeem="max"]').click()
    page.get_by_role("button", name="Провести · к оплате 800\u00a0₽").click()

    page.get_by_role("button", name="Отправить код по SMS").click()

    told = re.compile(r"уже отправили сообщение. Повторите через \d+\s?(с|сек\.|минут)")
    expect(page.get_by_role("alert")).to_contain_text(told)


def test_the_code_that_a_card_shows_now_allows_a_redemption(
    base_url: str, open_page: OpenPage
) -> None:
    till = set_up(open_shop(base_url, confirm_above=100))
    membership = till.shop.join()
    member = str(membership["member_id"])
    give(till, member, 300)
    card = open_page()
    card.goto(membership["card_url"])
    page = open_sale(open_page, till, member, "1000")
    page.locator('[data-redeem="max"]').click()
    page.get_by_role("button", name="Провести · к оплате 800\u00a0₽").click()
    expect(page.locator("#proof")).to_be_focused()
    digits = re.sub(r"\D", "", card.locator(".one-time strong").inner_text())

    scan(page, f"L3{till.pass_code(member)[2:]}{digits}")

    expect(page.get_by_role("heading", name="800\u00a0₽")).to_be_visible()
    assert till.balance(member) == 100


def joined(shop: Shop, phone: str) -> str:
    """Sign a phone up and return its member."""
    path, nonce = f"/v1/merchants/{shop.merchant}/sign-ups", "nonce-of-a-test"
    consents = [{"purpose": "program", "granted": True, "text_version": "test"}]
    body = {"phone": phone, "language": "ru", "consents": consents, "client_nonce": nonce}
    asked = shop.post(path, body).json
    said = {"code": shop.code_sent(phone), "client_nonce": nonce}
    return str(shop.post(f"/v1/sign-ups/{asked['sign_up_id']}/verify", said).json["member_id"])


def test_a_keyboard_and_a_scanner_are_enough(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_till(open_page, till)

    scan(page, till.pass_code(member))
    expect(page.locator("form.sale")).to_be_visible()
    page.keyboard.type("899,90", delay=HAND_MS)
    expect(page.get_by_role("button", name=GO)).to_be_visible()
    press(page, "Enter")
    expect(page.get_by_role("heading", name="+44\u00a0балла")).to_be_visible()
    expect(page.locator("[data-next]")).to_be_focused()
    press(page, "Enter")

    expect(page.locator(".home")).to_be_visible()
    assert till.balance(member) == 44
    page.keyboard.type("9")
    expect(page.get_by_label("Телефон", exact=True)).to_have_value("9")
    page.keyboard.press("Escape")
    expect(page.locator(".home")).to_be_visible()


def test_a_scanner_leaves_no_digits_in_the_amount(
    till: Till, member: str, open_page: OpenPage
) -> None:
    other = str(till.shop.join()["member_id"])
    till.shop.sell(other, 100_000)
    page = open_sale(open_page, till, member, "700")

    scan(page, till.pass_code(other))

    expect(page.locator(".member-balance")).to_contain_text("50")
    expect(page.locator("#amount")).to_have_value("700")
    expect(page.get_by_role("button", name=GO)).to_be_enabled()
    press(page, "Enter")
    expect(page.get_by_role("heading", name="+35\u00a0баллов")).to_be_visible()
    assert (till.balance(member), till.balance(other)) == (0, 85)


def test_nothing_is_recorded_while_another_card_is_looked_up(
    till: Till, member: str, open_page: OpenPage
) -> None:
    other = str(till.shop.join()["member_id"])
    page = open_sale(open_page, till, member, "700", service_workers="block")
    held: list[Route] = []
    page.route("**/v1/lookups", lambda route: held.append(route))  # noqa: PLW0108  it marks it

    with page.expect_request("**/v1/lookups"):
        scan(page, till.pass_code(other))
    press(page, "Enter")
    expect(page.locator(".go")).to_be_disabled()
    held[0].continue_()

    expect(page.locator(".go")).to_be_enabled()
    assert till.receipts(member) == till.receipts(other) == []


def test_a_reload_keeps_the_basket(till: Till, member: str, open_page: OpenPage) -> None:
    page = open_sale(open_page, till, member, "321,50")

    page.reload()

    expect(page.locator("#amount")).to_have_value("321,50")
    expect(page.get_by_role("button", name=GO)).to_be_visible()


def lose(route: Route) -> None:
    """Let the service do its work, and lose its answer."""
    route.fetch()
    route.abort()


def test_a_lost_answer_is_found_out_and_nothing_is_doubled(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_sale(open_page, till, member, "1000", service_workers="block")
    page.route("**/v1/purchases", lose)
    page.route("**/v1/purchase-batches", lambda route: route.abort())

    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Проверяем чек")).to_be_visible()
    page.unroute("**/v1/purchase-batches")
    page.evaluate("dispatchEvent(new Event('online'))")

    expect(page.get_by_role("heading", name="+50\u00a0баллов")).to_be_visible()
    assert len(till.receipts(member)) == 1
    assert till.balance(member) == 50


def test_after_a_power_cut_the_truth_about_the_receipt_is_told(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_sale(open_page, till, member, "1000", service_workers="block")
    page.route("**/v1/purchases", lose)
    page.route("**/v1/purchase-batches", lambda route: route.abort())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Проверяем чек")).to_be_visible()

    page.unroute_all()
    page.reload()

    expect(page.get_by_role("heading", name="+50\u00a0баллов")).to_be_visible()
    assert len(till.receipts(member)) == 1


def test_what_is_not_known_yet_is_found_out_by_whoever_signs_in_next(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_sale(open_page, till, member, "1000", service_workers="block")
    page.route("**/v1/purchases", lose)
    page.route("**/v1/purchase-batches", lambda route: route.abort())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Проверяем чек")).to_be_visible()

    sign_out(page)
    page.unroute_all()
    sign_in(page)

    expect(page.get_by_role("heading", name="+50\u00a0баллов")).to_be_visible()
    assert len(till.receipts(member)) == 1


def test_a_till_whose_clock_is_ahead_takes_a_sale_back(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_page(viewport=DESK)
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=2))
    bind(page, till)
    sign_in(page)
    by_code(page, till.pass_code(member))
    enter(page, "1000")
    page.keyboard.press("Enter")

    page.get_by_role("button", name="Отменить").click()

    expect(page.get_by_role("heading", name="Чек отменён")).to_be_visible()
    assert till.balance(member) == 0


def test_a_result_nobody_may_have_read_is_shown_again_until_it_is_left(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_sale(open_page, till, member, "1000")
    page.keyboard.press("Enter")
    told = page.get_by_role("heading", name="+50\u00a0баллов")
    expect(told).to_be_visible()

    page.reload()
    expect(told).to_be_visible()
    page.get_by_role("button", name="Следующий").click()
    expect(page.get_by_role("heading", name="Отсканируйте карту")).to_be_visible()

    page.reload()
    expect(page.get_by_role("heading", name="Отсканируйте карту")).to_be_visible()
    assert len(till.receipts(member)) == 1


def test_without_a_network_a_sale_is_kept_and_sends_itself(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_till(open_page, till)
    code = till.pass_code(member)
    scan(page, code)  # the till has seen the card before
    expect(page.locator("form.sale")).to_be_visible()
    page.keyboard.press("Escape")
    page.context.set_offline(True)

    scan(page, code)
    expect(page.locator(".sale")).to_contain_text("Без связи · как было в")
    page.locator("#amount").fill("400")
    expect(page.locator(".preview")).to_contain_text("Баллы посчитаются")
    expect(page.locator('[data-redeem="max"]')).to_be_disabled()
    page.get_by_role("button", name="Сохранить · к оплате 400\u00a0₽").click()
    expect(page.get_by_role("heading", name="Покупка сохранена")).to_be_visible()
    expect(page.locator("[data-network]")).to_contain_text("1 в очереди")
    page.context.set_offline(False)

    expect(page.get_by_role("heading", name="+20\u00a0баллов")).to_be_visible()
    expect(page.locator("[data-network]")).to_contain_text("На связи")
    assert till.balance(member) == 20


def test_what_was_reckoned_without_a_network_has_its_price_once_there_is_one(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_sale(open_page, till, member, "300")
    page.context.set_offline(True)
    page.locator("#amount").fill("400")
    expect(page.locator(".preview")).to_contain_text("Баллы посчитаются")

    page.context.set_offline(False)

    expect(page.locator(".preview")).to_contain_text("+20")
    expect(page.locator("#amount")).to_have_value("400")
    page.get_by_role("button", name=GO).click()
    expect(page.get_by_role("heading", name="+20\u00a0баллов")).to_be_visible()


def test_a_till_that_is_opened_without_a_network_sells_and_settles_later(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_till(open_page, till)
    scan(page, till.pass_code(member))
    expect(page.locator("form.sale")).to_be_visible()
    page.keyboard.press("Escape")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.reload()

    expect(page.locator(".home")).to_be_visible()
    scan(page, till.pass_code(member))
    page.locator("#amount").fill("400")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("heading", name="Покупка сохранена")).to_be_visible()
    page.context.set_offline(False)

    expect(page.get_by_role("heading", name="+20\u00a0баллов")).to_be_visible()
    page.get_by_role("button", name="Следующий").click()
    by_code(page, till.pass_code(member))
    expect(page.locator(".member-balance")).to_contain_text("20")


def test_a_till_whose_clock_is_wrong_sells_by_the_services_also_without_a_network(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_page()
    page.clock.install(time=datetime.now(UTC) + timedelta(days=300))
    bind(page, till)
    sign_in(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator(".home")).to_be_visible()

    page.get_by_role("button", name="Без карты").click()
    page.locator("#amount").fill("400")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("heading", name="Покупка сохранена")).to_be_visible()
    page.context.set_offline(False)

    expect(page.get_by_role("heading", name="Покупка сохранена")).to_have_count(0)
    assert "не принята" not in page.locator("header").inner_text()


def test_a_refused_sale_of_the_queue_is_shown_until_somebody_has_seen_it(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_till(open_page, till, service_workers="block")
    refused: dict[str, Any] = {"code": "receipt_exists", "retryable": False, "status": 409}
    answer = {"items": [{"status": 409, "is_replay": False, "problem": refused}]}
    page.get_by_role("button", name="Без карты").click()
    page.context.set_offline(True)
    page.locator("#amount").fill("400")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("heading", name="Покупка сохранена")).to_be_visible()
    page.route("**/v1/purchase-batches", lambda route: route.fulfill(json=answer))

    page.context.set_offline(False)
    page.get_by_role("button", name="1 не принята").click()

    expect(page.locator("main")).to_contain_text("Чек с таким номером уже записан")
    page.get_by_role("button", name="Понятно").click()
    expect(page.locator("main")).to_contain_text("Всё отправлено")


def test_somebody_new_earns_at_once_by_a_phone(till: Till, open_page: OpenPage) -> None:
    page, phone = open_till(open_page, till), new_phone()
    page.keyboard.type(phone[1:], delay=HAND_MS)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Завести карту на этот номер").click()
    page.get_by_label("Имя").fill("Вера Ким")
    page.get_by_role("button", name="Завести карту").click()

    expect(page.locator("form.sale")).to_contain_text("Вера К.")
    expect(page.locator("form.sale")).to_contain_text("Карта не подтверждена")
    enter(page, "600")
    expect(page.locator('[data-redeem="max"]')).to_be_disabled()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="+30\u00a0баллов")).to_be_visible()


def test_goods_are_sold_by_weight_and_categories_by_amount(
    till: Till, member: str, open_page: OpenPage
) -> None:
    page = open_till(open_page, till)
    by_code(page, till.pass_code(member))

    page.get_by_role("button", name="Товары").click()
    page.get_by_role("button", name="Добавить товар").click()
    page.get_by_label("Артикул").fill("APPLE-1")
    page.get_by_label("Количество").fill("0,350")
    page.get_by_label("Цена", exact=True).fill("200")
    page.get_by_label("На вес").check()
    page.keyboard.press("Enter")
    expect(page.locator("[data-total]")).to_have_text("70\u00a0₽")
    page.get_by_role("button", name=GO).click()

    expect(page.locator(".result")).to_be_visible()
    [receipt] = till.receipts(member)
    [line] = receipt["lines"]
    assert (line["sku"], line["quantity"], line["unit"]) == ("APPLE-1", "0.35", "kg")
    assert receipt["gross_minor"] == 7_000


def test_after_a_refusal_the_most_points_are_asked_for_anew(
    till: Till, member: str, open_page: OpenPage
) -> None:
    give(till, member, 300)
    page = open_till(open_page, till)
    by_code(page, till.pass_code(member))
    most = page.locator('[data-redeem="max"]')
    enter(page, "1000")
    most.click()
    expect(page.locator(".go")).to_contain_text("800")
    allow_less(till.shop)

    page.locator(".go").click()
    page.get_by_role("button", name="Списать 200\u00a0баллов").click()
    notice = page.locator(".sale [role=alert]")
    expect(notice).to_contain_text("Сумма изменилась")
    expect(most).to_contain_text("100\u00a0баллов")
    expect(page.locator(".go")).to_contain_text("900")
    page.locator('[data-redeem="none"]').click()
    expect(page.locator(".go")).to_contain_text("1\u00a0000")
    expect(notice).to_be_hidden()
    most.click()
    page.locator(".go", has_text="900").click()
    page.get_by_role("button", name="Списать 100\u00a0баллов").click()

    expect(page.get_by_role("heading", name="900\u00a0₽")).to_be_visible()
    assert till.balance(member) == 200


def test_a_price_that_is_too_old_is_asked_for_again(
    till: Till, member: str, open_page: OpenPage
) -> None:
    give(till, member, 300)
    page = open_till(open_page, till)
    page.clock.install()
    by_code(page, till.pass_code(member))
    enter(page, "1000")
    expect(page.locator('[data-redeem="max"]')).to_contain_text("200\u00a0баллов")
    page.clock.set_system_time(datetime.now(UTC) + timedelta(days=1))

    with page.expect_request("**/v1/quotes"):
        page.keyboard.press("F2")

    expect(page.locator(".go")).to_contain_text("800")


def allow_less(shop: Shop) -> None:
    """Publish a program by which points pay a tenth of a receipt and no more."""
    program = json.loads(PROGRAM.read_text(encoding="utf-8"))
    program["rates"]["Basic"]["offline"]["redeem"] = 10
    headers = {"Authorization": f"Bearer {shop.integration_key}", "Idempotency-Key": "less"}
    draft = f"{shop.base_url}/v1/program/draft"
    kept = ask(draft, body=program, headers=headers, method="PUT")
    assert kept.status == 200, kept.text
    published = ask(f"{draft}/publish", body={}, headers=headers)
    assert published.status in {200, 201}, published.text
