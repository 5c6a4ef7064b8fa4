"""What a manager does at the till, as the owner reads it in the office's log."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.office import DESK, Office, sign_up
from tests.e2e.shop import Shop
from tests.e2e.test_admin_guards import join
from tests.e2e.till import CASHIER, MANAGER, MANAGER_PIN, PIN, Till, bind
from tests.e2e.till import sign_in as sign_in_at_till

REASON = "Отсканировали не ту карту"
CALL = """async ([path, body, key]) => {
  const session = await (await fetch("/v1/till/session")).json();
  const headers = {"Content-Type": "application/json", "X-CSRF-Token": session.csrf_token};
  const answer = await fetch(path, {
    method: "POST", headers: {...headers, "Idempotency-Key": key}, body: JSON.stringify(body),
  });
  return [answer.status, await answer.json()];
}"""


def made(office: Office, path: str, body: dict[str, str]) -> Any:
    """Make a thing of the shop with the owner's session."""
    headers = {"X-CSRF-Token": office.token(), "Origin": office.base_url}
    answer = office.page.request.post(
        f"{office.base_url}{path}",
        data=body,
        headers={**headers, "Sec-Fetch-Site": "same-origin"},
    )
    assert answer.ok, answer.text()
    return answer.json()


def called(page: Page, path: str, body: dict[str, Any], key: str) -> Any:
    """Call the service as the till's own page does."""
    status, answer = page.evaluate(CALL, [path, body, key])
    assert status < 300, answer
    return answer


def test_a_receipt_a_manager_moves_at_the_till_is_in_the_log_with_its_reason(
    open_page: OpenPage, base_url: str
) -> None:
    office, desk = sign_up(open_page(viewport=DESK), base_url), open_page(viewport=DESK)
    shop = Shop(base_url, office.merchant_id, "", "")
    manager = {"name": MANAGER, "role": "manager", "pin": MANAGER_PIN}
    cashier = {"name": CASHIER, "role": "cashier", "pin": PIN}
    cashier_id = made(office, "/v1/staff", cashier)["staff_id"]
    manager_id = made(office, "/v1/staff", manager)["staff_id"]
    till_id = made(office, "/v1/tills", {"store_id": "main", "name": "У входа"})["till_id"]
    mistaken, right = join(office), join(office)
    bind(desk, Till(shop, till_id, cashier_id, manager_id))
    sign_in_at_till(desk, MANAGER, MANAGER_PIN)
    sale: dict[str, Any] = {"member_id": mistaken, "receipt_id": "7-001", "channel": "offline"}
    sale["lines"] = [{"quantity": "1", "unit_price_minor": 50_000}]
    sold = called(desk, "/v1/purchases", sale, "sell-1")

    move = {"member_id": right, "reason": REASON}
    called(desk, f"/v1/purchases/{sold['id']}/move", move, "move-1")

    office.open("/admin/audit")
    row = office.page.get_by_role("row", name="Чек перенесён на другую карту")
    for told in (REASON, MANAGER, "7-001", "У входа"):
        expect(row).to_contain_text(told)
    card = row.get_by_role("link", name="Участник")
    assert card.get_attribute("href") == f"/admin/members/{right}"
