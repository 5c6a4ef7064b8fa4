"""Operations of a day and shifts over the API, and what a return would move."""

import pytest

from chalicelib.api.models.day_book import OperationsAnswer, ShiftAnswer
from chalicelib.api.models.returns import ReturnQuoteAnswer
from tests.api.shop import Shop


def kinds(shop: Shop, path: str = "/v1/till/operations") -> list[str]:
    caller = shop.till if path.startswith("/v1/till") else shop.office
    return [item["kind"] for item in caller.get(path).json["items"]]


def test_what_was_sold_is_there_at_once(shop: Shop) -> None:
    member = shop.join()["member_id"]
    sold = shop.till.post("/v1/purchases", shop.sale(member)).json
    shop.till.post("/v1/purchases", shop.sale(None, "r2"))

    answer = shop.till.get("/v1/till/operations").json

    OperationsAnswer.model_validate(answer)
    by_receipt = {item["receipt_id"]: item for item in answer["items"]}
    assert by_receipt["r1"]["purchase_id"] == sold["id"]
    assert by_receipt["r1"]["member_id"] == member
    assert by_receipt["r1"]["points_given"] == sold["earned"]
    assert by_receipt["r2"]["member_id"] is None


def test_a_shift_is_what_its_receipts_say(shop: Shop) -> None:
    member = shop.join()["member_id"]
    sold = shop.till.post("/v1/purchases", shop.sale(member)).json
    back = shop.till.post(
        f"/v1/purchases/{sold['id']}/returns",
        {"return_id": "t1", "lines": [{"line": 0, "quantity": "0.4"}]},
    ).json
    shop.till.post("/v1/gift-cards", {"amount_minor": 50_000, "activate": True})

    shift = shop.till.get("/v1/till/shift").json

    ShiftAnswer.model_validate(shift)
    total = shift["total"]
    assert (total["sales"], total["sales_minor"]) == (1, sold["to_pay_minor"])
    assert (total["returns"], total["returns_minor"]) == (1, back["refund_minor"])
    assert total["money_minor"] == sold["money_minor"] - back["money_minor"] + 50_000
    assert total["points_given"] == sold["earned"] - back["clawed_back"]
    assert shift["is_complete"]
    assert [one["sales"] for one in shift["cashiers"]] == [1]


def test_an_empty_day_is_a_shift_of_nothing(shop: Shop) -> None:
    shift = shop.till.get("/v1/till/shift?on=2026-01-01").json

    assert (shift["on"], shift["total"]["sales"], shift["cashiers"]) == ("2026-01-01", 0, [])


def test_the_office_sees_every_till_page_by_page(shop: Shop) -> None:
    for number in range(3):
        shop.till.post("/v1/purchases", shop.sale(None, f"r{number}"))

    first = shop.office.get("/v1/operations?limit=2").json
    rest = shop.office.get(f"/v1/operations?limit=2&cursor={first['next_cursor']}").json

    found = [item["receipt_id"] for item in first["items"] + rest["items"]]
    assert sorted(found) == ["r0", "r1", "r2"]
    assert rest["next_cursor"] is None


def test_operations_of_another_till_or_cashier_are_left_out(shop: Shop) -> None:
    shop.till.post("/v1/purchases", shop.sale(None))

    assert kinds(shop, "/v1/operations?till_id=no-such-till") == []
    assert kinds(shop, "/v1/operations?staff_id=st_nobody") == []
    assert kinds(shop, "/v1/operations") == ["purchase"]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "20260101~a",
        "~",
        "00010101T000000.000000%2B1400~x",
        "99991231T235959.999999-1400~x",
    ],
)
def test_a_cursor_of_somebody_elses_making_is_refused(shop: Shop, cursor: str) -> None:
    answer = shop.office.get(f"/v1/operations?cursor={cursor}")

    assert (answer.status, answer.code) == (400, "bad_input")


def test_a_quoted_return_is_what_the_return_then_is(shop: Shop) -> None:
    member = shop.join()["member_id"]
    shop.give(member, 100)
    sold = shop.till.post("/v1/purchases", shop.sale(member, redeem={"mode": "max"})).json
    lines = [{"line": 0, "quantity": "0.5"}]

    quoted = shop.till.post(f"/v1/purchases/{sold['id']}/returns/quote", {"lines": lines}).json
    body = {"return_id": "t1", "lines": lines}
    done = shop.till.post(f"/v1/purchases/{sold['id']}/returns", body).json

    ReturnQuoteAnswer.model_validate(quoted)
    assert quoted["restored"] > 0
    assert quoted == {name: done[name] for name in quoted if name != "object"} | {
        "object": "return_quote"
    }


def test_a_quoted_return_writes_nothing(shop: Shop) -> None:
    sold = shop.till.post("/v1/purchases", shop.sale(shop.join()["member_id"])).json
    path = f"/v1/purchases/{sold['id']}"

    shop.till.post(f"{path}/returns/quote", {"all": True})

    assert shop.till.get(path).json["returns"] == []
    assert kinds(shop) == ["purchase"]


def test_more_than_was_bought_is_refused_in_a_quote_too(shop: Shop) -> None:
    sold = shop.till.post("/v1/purchases", shop.sale(shop.join()["member_id"])).json
    body = {"lines": [{"line": 0, "quantity": "2"}]}

    answer = shop.till.post(f"/v1/purchases/{sold['id']}/returns/quote", body)

    assert (answer.status, answer.code) == (409, "return_refused")
