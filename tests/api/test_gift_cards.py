"""Gift cards over HTTP: sold, spent by racing tills, given back, never told to strangers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.api.caller import Answer
from tests.api.shop import Shop

TILLS = 6


def issue(shop: Shop, minor: int = 100_000, **more: Any) -> Answer:
    return shop.till.post("/v1/gift-cards", {"amount_minor": minor, "activate": True, **more})


def balance(shop: Shop, code: str) -> int:
    return shop.till.get(f"/v1/gift-cards/{code}").json["balance_minor"]


def buy(
    shop: Shop, code: str, /, number: str = "r1", minor: int = 10_000, **tender: Any
) -> Answer:
    wish = {"code": code, "mode": "max", **tender}
    lines = [{"quantity": "1", "unit_price_minor": minor}]
    return shop.till.post("/v1/purchases", shop.sale(None, number, lines=lines, gift_card=wish))


def test_a_card_is_sold_in_two_steps(shop: Shop) -> None:
    sold = shop.till.post("/v1/gift-cards", {"amount_minor": 100_000, "receipt_id": "r-1"})
    code = sold.json["code"]
    path = f"/v1/gift-cards/{code}"

    activated = shop.till.post(f"{path}/activate")

    assert (sold.status, sold.json["state"]) == (201, "issued")
    assert (activated.status, activated.json["state"]) == (201, "active")
    shown = shop.till.get(path).json
    assert (shown["balance_minor"], shown["receipt_id"]) == (100_000, "r-1")
    assert [entry["kind"] for entry in shown["entries"]] == ["activate", "issue"]


def test_a_repeat_of_a_lost_answer_tells_the_code_again(shop: Shop) -> None:
    body = {"amount_minor": 100_000}
    first = shop.till.post("/v1/gift-cards", body, key="k")

    again = shop.till.post("/v1/gift-cards", body, key="k")

    assert again.json == first.json
    assert (again.status, again.is_replay) == (200, True)


def test_the_same_key_for_another_amount_is_refused(shop: Shop) -> None:
    shop.till.post("/v1/gift-cards", {"amount_minor": 1}, key="k")

    answer = shop.till.post("/v1/gift-cards", {"amount_minor": 2}, key="k")

    assert (answer.status, answer.code) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("minor", [0, -1, 10**12 + 1, "100", 1.5, True])
def test_a_card_of_nothing_or_nonsense_is_refused(shop: Shop, minor: Any) -> None:
    assert shop.till.post("/v1/gift-cards", {"amount_minor": minor}).code == "bad_input"


def test_the_code_may_be_spelled_by_hand(shop: Shop) -> None:
    code = issue(shop).json["code"]

    assert balance(shop, code.replace("-", "").lower()) == 100_000


def test_a_receipt_is_paid_by_card_and_money(shop: Shop) -> None:
    code = issue(shop, 4_000).json["code"]

    bought = buy(shop, code).json

    money = [bought[name] for name in ("to_pay_minor", "gift_card_minor", "money_minor")]
    assert money == [10_000, 4_000, 6_000]
    assert balance(shop, code) == 0


def test_a_quote_tells_it_first(shop: Shop) -> None:
    code = issue(shop, 4_000).json["code"]
    body = {"channel": "offline", "total_minor": 10_000}

    quoted = shop.till.post(
        "/v1/quotes", {**body, "gift_card": {"code": code, "mode": "max"}}
    ).json

    assert quoted["money_minor"] == 6_000
    assert balance(shop, code) == 4_000


def test_a_return_gives_money_first_and_the_card_last(shop: Shop) -> None:
    code = issue(shop, 4_000).json["code"]
    purchase_id = buy(shop, code).json["id"]
    path = f"/v1/purchases/{purchase_id}/returns"
    half = {"lines": [{"line": 0, "quantity": "0.7"}]}

    first = shop.till.post(path, {"return_id": "a", **half}).json
    second = shop.till.post(path, {"return_id": "b", "all": True}).json

    assert [first["money_minor"], first["gift_card_minor"]] == [6_000, 1_000]
    assert [second["money_minor"], second["gift_card_minor"]] == [0, 3_000]
    assert balance(shop, code) == 4_000


def test_more_than_the_card_holds_is_refused_with_numbers(shop: Shop) -> None:
    code = issue(shop, 4_000).json["code"]

    answer = buy(shop, code, mode="exact", amount_minor=4_001)

    assert (answer.status, answer.code) == (409, "gift_card_insufficient")
    assert (answer.json["asked_minor"], answer.json["available_minor"]) == (4_001, 4_000)
    assert balance(shop, code) == 4_000


@pytest.mark.parametrize(
    "tender", [{"mode": "exact"}, {"mode": "all"}, {"amount_minor": 0}, {"code": ""}]
)
def test_a_wish_that_makes_no_sense_is_bad_input(shop: Shop, tender: dict) -> None:
    assert buy(shop, issue(shop).json["code"], **tender).code == "bad_input"


def test_an_offline_tills_batch_may_pay_by_card(shop: Shop) -> None:
    code = issue(shop, 4_000).json["code"]
    sale = shop.sale(None, gift_card={"code": code, "mode": "max"})
    unknown = shop.sale(None, "r2", gift_card={"code": "no", "mode": "max"})
    items = [
        {"idempotency_key": "a", "purchase": sale},
        {"idempotency_key": "b", "purchase": unknown},
    ]

    answer = shop.till.post("/v1/purchase-batches", {"items": items}).json

    assert answer["items"][0]["purchase"]["gift_card_minor"] == 4_000
    assert answer["items"][1]["problem"]["code"] == "gift_card_not_found"


def test_a_card_pays_what_is_no_purchase(shop: Shop) -> None:
    code = issue(shop, 4_000).json["code"]
    path = f"/v1/gift-cards/{code}/payments"

    refused = shop.till.post(path, {"amount_minor": 5_000})
    paid = shop.till.post(path, {"amount_minor": 5_000, "mode": "max"}, key="k")
    again = shop.till.post(path, {"amount_minor": 5_000, "mode": "max"}, key="k")

    assert refused.code == "gift_card_insufficient"
    assert (paid.json["gift_card_minor"], paid.json["money_minor"]) == (4_000, 1_000)
    assert again.json == paid.json
    assert balance(shop, code) == 0


def test_the_sale_of_a_card_is_undone_only_while_unused(shop: Shop) -> None:
    unused, used = (issue(shop).json["code"] for _ in range(2))
    buy(shop, used)

    voided = shop.till.post(f"/v1/gift-cards/{unused}/void", {"reason": "mistake"})
    refused = shop.till.post(f"/v1/gift-cards/{used}/void", {"reason": "mistake"})

    assert (voided.json["state"], voided.json["balance_minor"]) == ("voided", 0)
    assert (refused.status, refused.code) == (409, "gift_card_used")
    assert buy(shop, unused, "r2").code == "gift_card_refused"


@pytest.mark.parametrize("code", ["CCAZ-8R3P-FBQX-0GXJ-9", "nonsense", "код"])
def test_an_unknown_code_is_404(shop: Shop, code: str) -> None:
    answer = shop.till.get(f"/v1/gift-cards/{code}")

    assert (answer.status, answer.code) == (404, "gift_card_not_found")


def test_another_merchants_card_pays_nothing_here(shop: Shop, other_shop: Shop) -> None:
    code = issue(shop).json["code"]

    assert buy(other_shop, code).code == "gift_card_not_found"
    assert balance(shop, code) == 100_000


def test_racing_tills_spend_a_card_exactly_once(shop: Shop) -> None:
    code = issue(shop, 25_000).json["code"]
    barrier = Barrier(TILLS)

    def till(number: int) -> int:
        barrier.wait()
        return _until_answered(lambda: buy(shop, code, f"race-{number}")).json[
            "gift_card_minor"
        ]

    with ThreadPoolExecutor(TILLS) as pool:
        paid = sorted(pool.map(till, range(TILLS)), reverse=True)

    assert paid == [10_000, 10_000, 5_000, 0, 0, 0]
    assert balance(shop, code) == 0


def test_no_code_is_logged(shop: Shop, logged: Callable[[], str]) -> None:
    code = issue(shop).json["code"]
    buy(shop, code)
    shop.till.post(f"/v1/gift-cards/{code}/payments", {"amount_minor": 1_000_000})

    text = logged()

    assert "/v1/gift-cards/{code}/payments" in text
    assert code not in text


def _until_answered(ask: Callable[[], Answer]) -> Answer:
    """Ask until the service is not busy: what a till does with 503."""
    asks_max = 20
    for _ in range(asks_max):
        answer = ask()
        if answer.status != 503:
            return answer
    raise AssertionError("always busy")
