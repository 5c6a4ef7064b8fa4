"""Who may redeem at the till, how much, and what is paid; with a network and without one."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.bare_till import open_bare, run
from tests.e2e.conftest import OpenPage
from tests.e2e.looks import faults_of
from tests.e2e.shop import Shop, ask, new_phone, open_shop
from tests.e2e.test_till_sale import enter, give
from tests.e2e.till import HAND, Till, by_code, open_till, scan, set_up

EVIDENCE = {"evidence": "passport seen"}
UNTIL = re.compile(r"До \d+\s\S+ \d\d:\d\d")
MOST = '[data-redeem="max"]'


def pause(shop: Shop, joined: Any) -> None:
    """Change a member's number without the old one, and let the office approve."""
    new, mine = new_phone(), {"Authorization": f"Bearer {joined['member_token']}"}
    path = f"{shop.base_url}/v1/me/phone-changes"
    begun = ask(path, body={"phone": new, "without_old": True}, headers=mine)
    change = begun.json["id"]
    proof = {"new_code": shop.code_sent(new)}
    proven = ask(f"{path}/{change}/verify", body=proof, headers=mine)
    assert proven.json["state"] == "awaiting_approval", proven.text
    path = f"/v1/phone-changes/{change}/approve"
    approved = shop.post(path, EVIDENCE, key=shop.integration_key)
    assert approved.json["redemption_paused_until"], approved.text


def test_a_member_whose_redemption_is_paused_buys_and_earns_and_is_told_until_when(
    shop: Shop, open_page: OpenPage
) -> None:
    till, joined = set_up(shop), shop.join()
    member = str(joined["member_id"])
    give(till, member, 300)
    page = open_till(open_page, till, **HAND)
    by_code(page, till.pass_code(member))
    pause(shop, joined)  # the till looked before that, and asks for the most

    enter(page, "1000")
    expect(page.locator(MOST)).to_be_disabled()
    expect(page.locator(MOST)).to_contain_text(UNTIL)
    page.locator(".go").tap()
    expect(page.get_by_role("heading", name="+50\u00a0баллов")).to_be_visible()
    page.locator("[data-next]").tap()
    by_code(page, till.pass_code(member))

    expect(page.locator(".badges")).to_contain_text("Номер сменили: списание с")
    enter(page, "200")
    expect(page.locator(MOST)).to_contain_text(UNTIL)
    assert faults_of(page) == []
    assert till.balance(member) == 350


def test_points_that_were_chosen_before_the_pause_are_taken_out_of_the_sale(
    shop: Shop, open_page: OpenPage
) -> None:
    till, joined = set_up(shop), shop.join()
    member = str(joined["member_id"])
    give(till, member, 300)
    page = open_till(open_page, till)
    by_code(page, till.pass_code(member))
    enter(page, "1000")
    page.locator(MOST).click()
    expect(page.locator(".go")).to_contain_text("800")
    pause(shop, joined)

    page.locator("#amount").fill("900")

    expect(page.locator(".sale [role=alert]")).to_contain_text("Номер недавно сменили")
    expect(page.locator('[data-redeem="none"]')).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Провести · к оплате 900\u00a0₽")).to_be_enabled()


def test_points_redeemed_without_a_network_are_agreed_to_paid_less_and_gone_once(
    base_url: str, open_page: OpenPage
) -> None:
    till = set_up(open_shop(base_url, offline_redeem_limit=500))
    member = str(till.shop.join()["member_id"])
    give(till, member, 600)
    page = open_till(open_page, till)
    code = seen(page, till, member)
    page.context.set_offline(True)

    scan(page, code)
    page.locator("#amount").fill("5000")
    expect(page.locator(MOST)).to_contain_text("500\u00a0баллов")
    expect(page.locator(MOST)).to_contain_text("Предел без связи")
    page.locator(MOST).click()
    expect(page.locator(".preview")).to_contain_text("\u2212500\u00a0баллов")
    expect(page.locator(".to-pay")).to_contain_text("4\u00a0500\u00a0₽")
    page.get_by_role("button", name="Сохранить · к оплате 4\u00a0500\u00a0₽").click()
    expect(page.get_by_role("dialog")).to_contain_text("4\u00a0500\u00a0₽")
    expect(page.get_by_role("dialog")).to_contain_text("100\u00a0баллов")
    assert faults_of(page) == []
    page.get_by_role("button", name="Списать 500\u00a0баллов").click()
    expect(page.get_by_role("heading", name="Покупка сохранена")).to_be_visible()
    expect(page.locator(".result")).to_contain_text("4\u00a0500\u00a0₽")
    assert faults_of(page) == []
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.post_data or ""))
    page.context.set_offline(False)

    expect(page.get_by_role("heading", name="4\u00a0500\u00a0₽")).to_be_visible()
    assert till.balance(member) == 100
    [receipt] = till.receipts(member)
    assert (receipt["redeemed"], receipt["money_minor"]) == (500, 450_000)
    assert any('"offline":true' in body for body in sent)


def test_without_a_network_nobody_redeems_whose_redemption_was_paused(
    base_url: str, open_page: OpenPage
) -> None:
    till = set_up(open_shop(base_url, offline_redeem_limit=500))
    joined = till.shop.join()
    member = str(joined["member_id"])
    give(till, member, 600)
    pause(till.shop, joined)
    page = open_till(open_page, till)
    code = seen(page, till, member)
    page.context.set_offline(True)

    scan(page, code)
    page.locator("#amount").fill("5000")

    expect(page.locator(".badges")).to_contain_text("Номер сменили: списание с")
    expect(page.locator(".preview")).to_contain_text("Нет связи")
    expect(page.locator(MOST)).to_be_disabled()
    expect(page.locator('[data-redeem="exact"]')).to_be_disabled()


def seen(page: Page, till: Till, member: str) -> str:
    """Let the till see a card and go home; what its pass shows."""
    code = till.pass_code(member)
    scan(page, code)
    expect(page.locator("form.sale")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".home")).to_be_visible()
    return code


PROGRAM = {
    "offline_redeem_limit": 500,
    "confirm_above": None,
    "point_value": [100, 1],
    "redeem_ppm": {"Basic": 200_000},
    "min_receipt_for_redeem_minor": 0,
    "min_money_minor": 0,
}
MEMBER = {
    "balance": {"available": 600},
    "tier": {"name": "Basic"},
    "member_verified": True,
    "redemption_paused_until": None,
}


def until(hours: int) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


@pytest.fixture
def bare(open_page: OpenPage, base_url: str) -> Page:
    """A page with nothing on it but an empty catalogue: modules read it when fetched."""
    page = open_bare(open_page(), base_url)
    page.evaluate(
        """() => {
          const words = Object.assign(document.createElement("template"), { id: "till-words" });
          words.textContent = '{"en": {}}';
          document.body.append(words);
        }"""
    )
    return page


@pytest.mark.parametrize(
    ("total", "member", "program", "promised"),
    [
        (500_000, {}, {}, (500, "redeem_offline_limit")),
        (100_000, {}, {}, (200, "redeem_rules")),
        (100_099, {}, {"point_value": [300, 2]}, (133, "redeem_rules")),
        (500_000, {"balance": {"available": 40}}, {}, (40, "redeem_all")),
        (500_000, {}, {"confirm_above": 100}, (100, "redeem_offline_limit")),
        (500_000, {}, {"min_money_minor": 480_000}, (200, "redeem_rules")),
        (500_000, {}, {"min_receipt_for_redeem_minor": 500_001}, (0, "redeem_rules")),
        (500_000, {"tier": {"name": "New"}}, {}, (0, "redeem_rules")),
        (500_000, {}, {"redeem_ppm": {"": 50_000}}, (250, "redeem_rules")),
        (500_000, {}, {"redeem_ppm": None}, (0, "redeem_rules")),
        (0, {}, {}, (0, "redeem_amount_first")),
        (500_000, {}, {"offline_redeem_limit": 0}, (0, "redeem_offline")),
        (500_000, {"member_verified": False}, {}, (0, "redeem_offline")),
        (500_000, {"redemption_paused_until": until(1)}, {}, (0, "redeem_offline")),
        (500_000, {"redemption_paused_until": until(-1)}, {}, (500, "redeem_offline_limit")),
        (500_000, {"is_spoken": True}, {}, (0, "redeem_offline")),
    ],
)
def test_without_a_network_no_more_is_promised_than_is_known(
    bare: Page,
    total: int,
    member: dict[str, Any],
    program: dict[str, Any],
    promised: tuple[int, str],
) -> None:
    basket = {"way": "total", "total": total, "redeem": {"mode": "max"}}
    known = {key: value for key, value in (PROGRAM | program).items() if value is not None}
    session = {"program": known, "merchant": {"currency": "RUB"}}
    script = "return [m.offlineLimit(v[0], v[1], v[2].program), m.offlineSale(...v)];"

    limit, sale = run(bare, "offline.js", script, basket, MEMBER | member, session)

    points, why = promised
    value, each = known["point_value"]
    assert limit == {"points": points, "why": why}
    assert (sale["redeemed"], sale["money_minor"]) == (points, total - points * value // each)


def test_what_waiting_sales_have_promised_is_not_promised_again(bare: Page) -> None:
    def waits(member_id: str, points: int, state: str = "waiting") -> dict[str, Any]:
        redeem = {"mode": "exact", "points": points}
        return {"state": state, "purchase": {"member_id": member_id, "redeem": redeem}}

    queue = [waits("m1", 150), waits("m1", 50), waits("m2", 400), waits("m1", 90, "refused")]
    basket = {"way": "total", "total": 500_000, "redeem": {"mode": "max"}}
    member = MEMBER | {"member_id": "m1", "balance": {"available": 450}}
    session = {"program": PROGRAM, "merchant": {"currency": "RUB"}}
    script = """
      m.notePromises(v[0]);
      const limit = m.offlineLimit(v[1], v[2], v[3].program);
      const { balance } = m.offlineSale(...v.slice(1));
      m.notePromises([]);
      return [limit.points, balance.available, m.offlineLimit(v[1], v[2], v[3].program).points];
    """

    promised = run(bare, "offline.js", script, queue, basket, member, session)

    assert promised == [250, 0, 450]  # 200 of them are given away
