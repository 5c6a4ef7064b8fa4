"""What a cashier does alone at a till, and what a manager allows; and who did it."""

from datetime import timedelta

import pytest

from chalicelib.wiring import services
from tests.api.caller import Caller
from tests.api.shop import Shop
from tests.api.till import Browser

PIN, MANAGER_PIN = "4071", "9382"
MISTAKE = {"reason": "a mistake"}


def hire(shop: Shop, name: str, role: str, pin: str) -> str:
    body = {"name": name, "role": role, "pin": pin}
    return str(shop.office.post("/v1/staff", body).json["staff_id"])


@pytest.fixture
def cashier(shop: Shop) -> str:
    return hire(shop, "Vera", "cashier", PIN)


@pytest.fixture
def manager(shop: Shop) -> str:
    return hire(shop, "Olga", "manager", MANAGER_PIN)


@pytest.fixture
def till(shop: Shop, cashier: str) -> Browser:
    store = shop.office.post("/v1/stores", {"name": "North"}).json["store_id"]
    body = {"store_id": store, "name": "Till"}
    till_id = shop.office.post("/v1/tills", body).json["till_id"]
    code = shop.office.post(f"/v1/tills/{till_id}/activations").json["code"]
    browser = Browser(Caller(shop.client))
    assert browser.post("/v1/till/activations", {"code": code}).status == 201
    assert sign_in(browser, cashier, PIN) == 200
    return browser


def sign_in(browser: Browser, staff_id: str, pin: str) -> int:
    return browser.post("/v1/till/sign-in", {"staff_id": staff_id, "pin": pin}).status


def sell(till: Browser, shop: Shop, member: str | None, number: str = "r1", **more) -> str:
    body = shop.sale(member, number, **more)
    sold = till.post("/v1/purchases", body, Idempotency_Key=f"sell-{number}")
    assert sold.status == 201, sold.json
    return str(sold.json["id"])


def void(till: Browser, purchase_id: str, **headers: str):
    path = f"/v1/purchases/{purchase_id}/void"
    return till.post(path, MISTAKE, **{"Idempotency_Key": f"void-{purchase_id}", **headers})


def approval(till: Browser, manager: str, path: str) -> str:
    body = {"staff_id": manager, "pin": MANAGER_PIN, "method": "POST", "path": path}
    return str(till.post("/v1/till/approvals", body).json["approval_id"])


def wait(seconds: float) -> None:
    clock = services().clock
    clock.set(clock.now() + timedelta(seconds=seconds))


def test_a_cashier_undoes_a_sale_at_once_and_again_after_a_lost_answer(
    shop: Shop, till: Browser
) -> None:
    sold = sell(till, shop, shop.join()["member_id"])

    first = void(till, sold)
    wait(120)
    again = void(till, sold)

    assert (first.status, again.status) == (201, 200)


def test_after_a_minute_it_takes_a_manager(shop: Shop, till: Browser, manager: str) -> None:
    sold = sell(till, shop, shop.join()["member_id"])
    wait(61)

    refused = void(till, sold)
    made = approval(till, manager, f"/v1/purchases/{sold}/void")
    allowed = void(till, sold, Approval_Id=made)

    assert (refused.status, refused.code) == (403, "approval_required")
    assert allowed.status == 201


def test_what_points_have_paid_takes_a_manager_at_once(shop: Shop, till: Browser) -> None:
    member = shop.join()["member_id"]
    shop.give(member, 50)
    sold = sell(till, shop, member, redeem={"mode": "exact", "points": 10})

    refused = void(till, sold)

    assert (refused.status, refused.code) == (403, "approval_required")


def test_a_manager_at_the_till_needs_nobodys_leave(
    shop: Shop, till: Browser, manager: str
) -> None:
    sold = sell(till, shop, None)
    sign_in(till, manager, MANAGER_PIN)
    wait(120)

    assert void(till, sold).status == 201


def test_a_tills_api_key_voids_as_before(shop: Shop) -> None:
    sold = shop.till.post("/v1/purchases", shop.sale(None)).json["id"]
    wait(120)

    assert shop.till.post(f"/v1/purchases/{sold}/void", MISTAKE).status == 201


def test_a_gift_card_is_taken_back_by_a_manager_alone(
    shop: Shop, till: Browser, manager: str
) -> None:
    body = {"amount_minor": 10_000, "activate": True}
    code = till.post("/v1/gift-cards", body, Idempotency_Key="gift").json["code"]
    path, key = f"/v1/gift-cards/{code}/void", {"Idempotency_Key": "gift-void"}

    refused = till.post(path, MISTAKE, **key)
    allowed = till.post(path, MISTAKE, **key, Approval_Id=approval(till, manager, path))

    assert (refused.status, refused.code) == (403, "approval_required")
    assert allowed.status == 201


def test_a_shift_says_which_cashier_did_what(
    shop: Shop, till: Browser, cashier: str, manager: str
) -> None:
    sell(till, shop, None, "r1")
    sold = sell(till, shop, shop.join()["member_id"], "r2")
    sign_in(till, manager, MANAGER_PIN)
    till.post("/v1/gift-cards", {"amount_minor": 500, "activate": True}, Idempotency_Key="g")
    void(till, sold)

    shift = till.get("/v1/till/shift").json

    by = {one["staff_id"]: one for one in shift["cashiers"]}
    assert set(by) == {cashier, manager}
    assert (by[cashier]["sales"], by[cashier]["returns"]) == (2, 0)
    assert (by[manager]["sales"], by[manager]["returns"]) == (0, 1)
    assert by[manager]["gift_cards"] == 1
    assert shift["flags"] == [
        {
            "kind": "returns_without_sale",
            "staff_id": manager,
            "member_id": None,
            "count": 1,
        }
    ]


def test_the_office_finds_what_a_cashier_did(shop: Shop, till: Browser, cashier: str) -> None:
    sell(till, shop, None, "r1")
    shop.till.post("/v1/purchases", shop.sale(None, "r2"))

    found = shop.office.get(f"/v1/operations?staff_id={cashier}").json["items"]

    assert [item["receipt_id"] for item in found] == ["r1"]
    assert found[0]["staff_id"] == cashier


def test_an_attached_sale_stays_with_who_sold_it(
    shop: Shop, till: Browser, cashier: str, manager: str
) -> None:
    sold = sell(till, shop, None, "r1")
    sign_in(till, manager, MANAGER_PIN)
    body = {"member_id": shop.join()["member_id"], "total_minor": 10_000}
    till.post(f"/v1/purchases/{sold}/attach", body, Idempotency_Key="attach")

    (row,) = till.get("/v1/till/operations").json["items"]

    assert (row["staff_id"], row["member_id"]) == (cashier, body["member_id"])


def audited(shop: Shop, deed: str) -> list[tuple[str, str, dict[str, str]]]:
    """Return the records of a deed: who, to what, and what is told of it."""
    found = shop.office.get("/v1/audit").json["items"]
    return [
        (one["actor"], one["subject"], one["facts"]) for one in found if one["deed"] == deed
    ]


def test_what_a_manager_does_at_the_till_is_noted_once_with_its_reason(
    shop: Shop, till: Browser, manager: str
) -> None:
    anna, boris = (shop.join()["member_id"] for _ in range(2))
    moved, voided = sell(till, shop, anna, "r1"), sell(till, shop, anna, "r2")
    wait(120)
    assert sign_in(till, manager, MANAGER_PIN) == 200
    till_id = till.get("/v1/till/session").json["till"]["till_id"]

    body = {"member_id": boris, "reason": "the wrong card was scanned"}
    for _ in range(2):  # the answer was lost
        path = f"/v1/purchases/{moved}/move"
        assert till.post(path, body, Idempotency_Key="move-r1").status < 300
        assert void(till, voided).status < 300

    place = {"till": till_id}
    assert audited(shop, "receipt_moved") == [
        (manager, "r1", {**place, "member": boris, "reason": body["reason"]})
    ]
    assert audited(shop, "receipt_voided") == [
        (manager, "r2", {**place, "member": anna, **MISTAKE})
    ]


def test_a_cashiers_void_says_who_allowed_it(
    shop: Shop, till: Browser, cashier: str, manager: str
) -> None:
    sold = sell(till, shop, shop.join()["member_id"])
    wait(120)

    allowed = approval(till, manager, f"/v1/purchases/{sold}/void")
    assert void(till, sold, Approval_Id=allowed).status == 201

    ((actor, subject, facts),) = audited(shop, "receipt_voided")
    assert (actor, subject, facts["approved_by"]) == (cashier, "r1", manager)


def test_what_an_api_key_does_is_no_deed_of_staff(shop: Shop) -> None:
    member_id = shop.join()["member_id"]

    assert shop.give(member_id, 100).status == 201

    assert audited(shop, "points_granted") == []
