"""Training: the program's own prices for members who are nobody, and nothing written."""

from chalicelib.api.models.members import SampleMembersAnswer
from chalicelib.api.models.purchases import QuoteAnswer
from chalicelib.domain.samples import SAMPLE_POINTS
from tests.api.shop import Shop

MEMBERS = "/v1/till/training-members"
QUOTES = "/v1/till/training-quotes"


def basket(shop: Shop, member: str | None, **more):
    sale = shop.sale(member, **more)
    del sale["receipt_id"]
    return sale


def test_sample_members_look_like_members(shop: Shop) -> None:
    answer = shop.till.get(MEMBERS).json

    SampleMembersAnswer.model_validate(answer)
    assert [one["balance"]["available"] for one in answer["items"]] == [SAMPLE_POINTS, 0]
    assert all(one["phone_masked"] is None for one in answer["items"])


def test_a_training_sale_costs_and_earns_what_a_real_one_does(shop: Shop) -> None:
    member = shop.join()["member_id"]
    shop.give(member, SAMPLE_POINTS)
    wish = {"redeem": {"mode": "max"}}

    trained = shop.till.post(QUOTES, basket(shop, "sample_1", **wish)).json
    real = shop.till.post("/v1/quotes", basket(shop, member, **wish)).json

    QuoteAnswer.model_validate(trained)
    for name in ("earned", "redeemed", "redeem_max", "to_pay_minor", "balance"):
        assert trained[name] == real[name], name
    assert trained["redeemed"] > 0


def test_a_training_sale_without_a_card_earns_nothing(shop: Shop) -> None:
    answer = shop.till.post(QUOTES, basket(shop, None))

    assert (answer.status, answer.json["earned"]) == (200, 0)


def test_a_real_member_is_not_trained_on(shop: Shop) -> None:
    member = shop.join()["member_id"]

    answer = shop.till.post(QUOTES, basket(shop, member))

    assert (answer.status, answer.code) == (404, "member_not_found")


def test_a_sample_member_buys_nothing_for_real(shop: Shop) -> None:
    answer = shop.till.post("/v1/purchases", shop.sale("sample_1"))

    assert (answer.status, answer.code) == (404, "member_not_found")


def test_training_leaves_nothing_behind(shop: Shop) -> None:
    shop.till.post(QUOTES, basket(shop, "sample_1"))

    assert shop.till.get("/v1/till/operations").json["items"] == []
