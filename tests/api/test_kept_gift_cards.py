"""Gift cards kept with a card, over HTTP: added by code, paid with by name, taken off."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.caller import Answer, Caller
from tests.api.shop import Shop, new_phone

NEVER_SOLD = "CCAZ-8R3P-FBQX-0GXJ-9"
PATH = "/v1/me/gift-cards"


def issue(shop: Shop, minor: int = 100_000) -> dict[str, Any]:
    body = {"amount_minor": minor, "activate": True}
    return dict(shop.till.post("/v1/gift-cards", body).json)


class Shopper:
    """A member with a token, and the pass code."""

    def __init__(self, shop: Shop, phone: str | None = None) -> None:
        self.phone = phone or new_phone()
        joined = shop.join(self.phone)
        self.member_id = joined["member_id"]
        self.me = Caller(shop.client, joined["member_token"])
        shown = shop.office.get(f"/v1/members/{self.member_id}").json
        self.pass_code = shown["identifiers"][0]["value"]

    def keep(self, code: str) -> Answer:
        return self.me.post(PATH, {"code": code})


@pytest.fixture
def ann(shop: Shop) -> Shopper:
    return Shopper(shop)


def buy(shop: Shop, who: Shopper, card_id: str, number: str = "r1", **more: Any) -> Answer:
    tender = {"gift_card_id": card_id, "mode": "max"}
    return shop.till.post(
        "/v1/purchases", shop.sale(who.member_id, number, gift_card=tender, **more)
    )


def test_a_card_is_kept_listed_and_taken_off(shop: Shop, ann: Shopper) -> None:
    card = issue(shop)

    kept = ann.keep(card["code"].lower())
    again = ann.keep(card["code"])
    listed = ann.me.get(PATH).json["items"]
    left = ann.me.call("DELETE", f"{PATH}/{card['id']}")

    assert (kept.status, again.status, left.status) == (201, 200, 200)
    assert listed == [kept.json] == [again.json]
    assert kept.json | {"created_at": ""} == {
        "id": card["id"],
        "object": "kept_gift_card",
        "created_at": "",
        "ending": card["code"].replace("-", "")[-5:],
        "currency": "RUB",
        "balance_minor": 100_000,
        "state": "active",
    }
    assert (left.json["items"], ann.me.get(PATH).json["items"]) == ([], [])
    assert shop.till.get(f"/v1/gift-cards/{card['code']}").json["balance_minor"] == 100_000


def test_a_till_sees_it_and_pays_without_a_code(shop: Shop, ann: Shopper) -> None:
    card = issue(shop, 4_000)
    ann.keep(card["code"])

    found = shop.till.post("/v1/lookups", {"code": ann.pass_code})
    bought = buy(shop, ann, card["id"])
    again = shop.till.post("/v1/lookups", {"code": ann.pass_code}).json

    ending = card["code"].replace("-", "")[-5:]
    offered = {"id": card["id"], "ending": ending, "balance_minor": 4_000}
    assert found.json["gift_cards"] == [offered]
    assert card["code"] not in str(found.json)
    assert (bought.status, bought.json["gift_card_minor"]) == (201, 4_000)
    assert again["gift_cards"] == []  # nothing is left on it


def test_a_number_that_was_said_alone_pays_nothing(shop: Shop, ann: Shopper) -> None:
    card = issue(shop)
    ann.keep(card["code"])
    shop.till.post("/v1/lookups", {"phone": ann.phone})

    refused = buy(shop, ann, card["id"])
    tender = {"gift_card_id": card["id"], "mode": "max"}
    body = {"member_id": ann.member_id, "channel": "offline", "total_minor": 10_000}
    quoted = shop.till.post("/v1/quotes", {**body, "gift_card": tender}).json

    assert (refused.status, refused.code) == (403, "confirmation_required")
    assert (refused.json["identified_by"], refused.json["pays_by"]) == ("phone", "gift_card")
    assert (quoted["confirmation"]["is_required"], quoted["gift_card_minor"]) == (True, 10_000)
    assert ann.me.get(PATH).json["items"][0]["balance_minor"] == 100_000


def test_nobody_pays_with_what_another_member_keeps(shop: Shop, ann: Shopper) -> None:
    card, bob = issue(shop), Shopper(shop)
    ann.keep(card["code"])

    by_bob = buy(shop, bob, card["id"])
    tender = {"gift_card_id": card["id"], "mode": "max"}
    by_nobody = shop.till.post("/v1/purchases", shop.sale(None, "r2", gift_card=tender))
    taken_off = bob.me.call("DELETE", f"{PATH}/{card['id']}")

    for answer in (by_bob, by_nobody, taken_off):
        assert (answer.status, answer.code) == (404, "gift_card_not_found")
    assert len(ann.me.get(PATH).json["items"]) == 1


def test_a_repeat_is_told_the_first_receipt_though_the_card_is_off(
    shop: Shop, ann: Shopper
) -> None:
    card = issue(shop)
    ann.keep(card["code"])
    tender = {"gift_card_id": card["id"], "mode": "max"}
    body = shop.sale(ann.member_id, gift_card=tender)
    first = shop.till.post("/v1/purchases", body, key="k")
    ann.me.call("DELETE", f"{PATH}/{card['id']}")

    again = shop.till.post("/v1/purchases", body, key="k")

    assert (again.json, again.is_replay) == (first.json, True)


@pytest.mark.parametrize(
    "tender",
    [{"mode": "max"}, {"mode": "max", "code": NEVER_SOLD, "gift_card_id": "gft_1"}],
    ids=["neither", "both"],
)
def test_a_card_is_named_in_one_way(shop: Shop, ann: Shopper, tender: Any) -> None:
    answer = shop.till.post("/v1/purchases", shop.sale(ann.member_id, gift_card=tender))

    assert (answer.status, answer.code) == (400, "bad_input")


def test_codes_are_not_to_be_guessed(shop: Shop, ann: Shopper) -> None:
    wrong = [ann.keep(NEVER_SOLD).status for _ in range(5)]

    locked = ann.keep(issue(shop)["code"])

    assert wrong == [404] * 5
    assert (locked.status, locked.code) == (429, "gift_card_locked")
    assert Shopper(shop).keep(NEVER_SOLD).status == 404  # others have tries of their own


def test_another_merchants_card_is_not_found(
    shop: Shop, other_shop: Shop, ann: Shopper
) -> None:
    foreign = ann.keep(issue(other_shop)["code"])
    unknown = ann.keep(NEVER_SOLD)

    assert (foreign.status, foreign.json) == (404, unknown.json)


def test_a_card_that_cannot_pay_and_one_too_many_are_refused(shop: Shop, ann: Shopper) -> None:
    blank = shop.till.post("/v1/gift-cards", {"amount_minor": 1}).json
    refused = ann.keep(blank["code"])
    for _ in range(5):
        assert ann.keep(issue(shop)["code"]).status == 201

    answer = ann.keep(issue(shop)["code"])

    assert (refused.status, refused.code) == (409, "gift_card_refused")
    assert (answer.status, answer.code) == (409, "too_many_gift_cards")


def test_the_export_has_it_without_its_code(shop: Shop, ann: Shopper) -> None:
    card = issue(shop)
    ann.keep(card["code"])

    exported = ann.me.get("/v1/me/export")

    (kept,) = exported.json["person"]["gift_cards"]
    assert (kept["id"], kept["balance_minor"]) == (card["id"], 100_000)
    assert card["code"] not in str(exported.json)
    assert card["code"].replace("-", "")[:12] not in str(exported.json)


def test_no_code_is_logged(shop: Shop, ann: Shopper, logged: Callable[[], str]) -> None:
    card = issue(shop)
    ann.keep(card["code"])
    ann.keep(NEVER_SOLD)
    buy(shop, ann, card["id"])

    text = logged()

    assert PATH in text
    assert card["code"] not in text
    assert NEVER_SOLD not in text
