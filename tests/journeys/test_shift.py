"""A till's day on a running service: the shift comes to what the receipts say."""

from typing import Any

from tests.journeys.shop import Shop


def test_the_shift_of_a_busy_till_is_the_sum_of_its_receipts(shop: Shop) -> None:
    buyers = [shop.join().member_id for _ in range(3)]
    shop.grant(buyers[0], 50)
    sold = [shop.buy(buyer, 10_000).json for buyer in buyers]
    sold.append(shop.buy(buyers[0], 20_000, redeem={"mode": "max"}).json)
    sold.append(anonymous(shop, "counter-1", 3_000))
    back = bring_back(shop, sold[1]["id"])
    voided = void(shop, sold[2]["id"])

    shift = shop.till("GET", "/v1/till/shift").json

    total = shift["total"]
    assert shift["is_complete"]
    assert (total["sales"], total["returns"]) == (5, 2)
    assert total["sales_minor"] == sum(
        one["gross_minor"] - one["discount_minor"] for one in sold
    )
    assert total["money_minor"] == sum(one["money_minor"] for one in sold) - (
        back["money_minor"] + voided["money_minor"]
    )
    assert total["points_redeemed"] == sum(one["redeemed"] for one in sold) > 0
    assert total["points_given"] == sum(one["earned"] for one in sold) - (
        back["clawed_back"] + voided["clawed_back"]
    )


def test_the_office_finds_the_same_operations_as_the_till(shop: Shop) -> None:
    buyer = shop.join().member_id
    shop.buy(buyer, 10_000)
    anonymous(shop, "counter-1", 3_000)

    at_the_till = shop.till("GET", "/v1/till/operations").json["items"]
    in_the_office = shop.office("GET", "/v1/operations").json["items"]

    assert [one["kind"] for one in at_the_till] == ["purchase", "purchase"]
    assert in_the_office == at_the_till


def anonymous(shop: Shop, number: str, total_minor: int) -> dict[str, Any]:
    body = {"receipt_id": number, "channel": "offline", "total_minor": total_minor}
    return dict(shop.till("POST", "/v1/purchases", body).json)


def bring_back(shop: Shop, purchase_id: str) -> dict[str, Any]:
    body = {"return_id": "back-1", "all": True}
    return dict(shop.till("POST", f"/v1/purchases/{purchase_id}/returns", body).json)


def void(shop: Shop, purchase_id: str) -> dict[str, Any]:
    path = f"/v1/purchases/{purchase_id}/void"
    return dict(shop.till("POST", path, {"reason": "a mistake"}).json)
