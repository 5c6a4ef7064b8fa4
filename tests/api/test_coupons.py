"""Members' coupons through the API: given, got, sent, used (R41, F048, F051)."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.jobs.outbox import sweep
from chalicelib.wiring import services
from tests.api.caller import Answer, Caller
from tests.api.shop import PROGRAM, Shop, new_phone, open_shop

ASKERS = 8
SWEEPS_MAX = 5  # of 100 members each
_NUMBERS = count(1)
FIVE = {"id": "five", "discount_percent": 10, "price_points": 500, "valid_months": 6}
GIFT = {"id": "gift", "points": 300, "valid_days": 14, "min_receipt": "50.00"}


def opened(client: Client, *coupons: dict[str, Any]) -> Shop:
    program = {**PROGRAM, "coupons": list(coupons)}
    return open_shop(client, f"coupons-{next(_NUMBERS)}", program)


@pytest.fixture
def town(client: Client, shop: Shop) -> Shop:
    """A shop with coupons, at noon of 1 June 2026."""
    return opened(client, FIVE, GIFT)


@pytest.fixture
def ann(town: Shop) -> dict[str, Any]:
    """A member with 700 points."""
    joined = town.join()
    town.give(joined["member_id"], 700)
    return joined


def bring(shop: Shop, member_id: str, coupon: str, pay: str = "none", **more: Any) -> Answer:
    key = more.pop("key", "new")
    body = {"coupon": coupon, "pay": pay, **more}
    return shop.office.post(f"/v1/members/{member_id}/coupons", body, key=key)


def coupons(shop: Shop, member_id: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = shop.office.get(f"/v1/members/{member_id}/coupons").json[
        "items"
    ]
    return items


def available(shop: Shop, member_id: str) -> int:
    answer: int = shop.office.get(f"/v1/members/{member_id}").json["balance"]["available"]
    return answer


def own(shop: Shop, joined: dict[str, Any]) -> Caller:
    return Caller(shop.client, joined["member_token"])


def agree(shop: Shop, joined: dict[str, Any]) -> None:
    consent = {"purpose": "advertising", "granted": True, "text_version": "1"}
    own(shop, joined).post("/v1/me/consents", {"consents": [consent]})


def messages_to(shop: Shop, phone: str) -> list[str]:
    """Return the texts that wait to be sent to a phone."""
    outbox = services().sms_outbox
    waiting = [outbox.find(*one) for one in outbox.waiting(1_000) if one[0] == shop.merchant_id]
    return [one.text for one in waiting if one and one.to == phone]


class TestExchange:
    def test_points_become_a_coupon(self, town: Shop, ann: dict[str, Any]) -> None:
        answer = bring(town, ann["member_id"], "five", "points")

        code = answer.json["code"]
        assert answer.status == 201
        assert answer.json == {
            "object": "coupon",
            "created_at": "2026-06-01T12:00:00Z",
            "member_id": ann["member_id"],
            "code": code,
            "coupon": "five",
            "valid_through": "2026-12-01",
            "points": 500,
        }
        assert len(code) == 8
        assert available(town, ann["member_id"]) == 200
        assert coupons(town, ann["member_id"]) == [{**answer.json, "state": "usable"}]

    def test_a_repeat_tells_the_same_code(self, town: Shop, ann: dict[str, Any]) -> None:
        first = bring(town, ann["member_id"], "five", "points", key="k")

        again = bring(town, ann["member_id"], "five", "points", key="k")
        other = bring(town, ann["member_id"], "gift", key="k")

        assert (again.status, again.json) == (200, first.json)
        assert (other.status, other.code) == (422, "idempotency_key_reused")

    def test_too_few_points_are_told(self, town: Shop, ann: dict[str, Any]) -> None:
        bring(town, ann["member_id"], "five", "points")

        answer = bring(town, ann["member_id"], "five", "points")

        assert (answer.status, answer.code) == (409, "insufficient_points")
        assert (answer.json["asked"], answer.json["available"]) == (500, 200)

    def test_a_member_exchanges_by_themselves(self, town: Shop, ann: dict[str, Any]) -> None:
        me = own(town, ann)

        got = me.post("/v1/me/coupons", {"coupon": "five"}, key="k")
        again = me.post("/v1/me/coupons", {"coupon": "five"}, key="k")

        assert (got.status, again.status, again.json) == (201, 200, got.json)
        assert me.get("/v1/me/coupons").json["items"] == [{**got.json, "state": "usable"}]

    def test_the_same_key_of_another_member_is_another_operation(
        self, town: Shop, ann: dict[str, Any]
    ) -> None:
        bob = town.join()
        town.give(bob["member_id"], 500)

        first = own(town, ann).post("/v1/me/coupons", {"coupon": "five"}, key="k")
        second = own(town, bob).post("/v1/me/coupons", {"coupon": "five"}, key="k")

        assert (first.status, second.status) == (201, 201)
        assert first.json["member_id"] != second.json["member_id"]

    def test_a_gift_is_not_for_sale(self, town: Shop, ann: dict[str, Any]) -> None:
        answer = own(town, ann).post("/v1/me/coupons", {"coupon": "gift"})

        assert (answer.status, answer.code) == (409, "coupon_not_offered")

    def test_a_till_may_exchange_but_not_give(self, town: Shop, ann: dict[str, Any]) -> None:
        path = f"/v1/members/{ann['member_id']}/coupons"

        given = town.till.post(path, {"coupon": "gift", "pay": "none"})
        got = town.till.post(path, {"coupon": "five", "pay": "points"})

        assert (given.status, given.code) == (403, "scope_missing")
        assert got.status == 201

    def test_a_phone_said_aloud_is_turned_into_a_coupon_by_a_code_alone(
        self, town: Shop
    ) -> None:
        phone = new_phone()
        member_id = town.join(phone)["member_id"]
        town.give(member_id, 700)
        town.till.post("/v1/lookups", {"phone": phone})
        path, wish = f"/v1/members/{member_id}/coupons", {"coupon": "five", "pay": "points"}

        refused = town.till.post(path, wish)
        services().clock.advance(seconds=61)
        sent = town.till.post("/v1/confirmations", {"member_id": member_id, "method": "sms"})
        named = {"confirmation_id": sent.json["id"]}
        town.till.post(
            f"/v1/confirmations/{sent.json['id']}/verify", {"code": town.code_sent(phone)}
        )
        got = town.till.post(path, {**wish, **named}, key="k")
        again = town.till.post(path, {**wish, **named}, key="k")
        used = town.till.post(path, {**wish, **named})

        assert (refused.status, refused.code) == (403, "confirmation_required")
        assert (refused.json["asked"], refused.json["identified_by"]) == (500, "phone")
        assert (got.status, again.status, again.json) == (201, 200, got.json)
        assert used.code == "insufficient_points"
        assert available(town, member_id) == 200

    def test_points_that_become_a_coupon_count_for_the_day_of_the_till(
        self, client: Client
    ) -> None:
        program = {**PROGRAM, "coupons": [FIVE], "confirm_above": 600}
        town = open_shop(client, f"coupons-{next(_NUMBERS)}", program)
        member_id = town.join()["member_id"]
        town.give(member_id, 1_500)
        path, wish = f"/v1/members/{member_id}/coupons", {"coupon": "five", "pay": "points"}

        first, second = town.till.post(path, wish), town.till.post(path, wish)

        assert (first.status, second.code) == (201, "confirmation_required")
        assert (second.json["allowed"], second.json["used_today"]) == (100, 500)
        assert bring(town, member_id, "five", "points").status == 201

    def test_it_comes_by_itself_where_the_program_says_so(self, client: Client) -> None:
        town = opened(client, {**FIVE, "exchange": "automatic"})
        member_id = town.join()["member_id"]
        town.give(member_id, 1_100)

        for _ in range(SWEEPS_MAX):  # the table is that of other tests too
            sweep({}, None)

        assert [one["points"] for one in coupons(town, member_id)] == [500, 500]
        assert available(town, member_id) == 100


class TestGift:
    def test_a_gift_is_shown_at_once(self, town: Shop, ann: dict[str, Any]) -> None:
        answer = bring(town, ann["member_id"], "gift", valid_days=3)

        ledger = town.office.get(f"/v1/members/{ann['member_id']}/ledger").json["items"]
        assert (answer.json["valid_through"], answer.json["points"]) == ("2026-06-04", 0)
        assert (ledger[0]["kind"], ledger[0]["points"]) == ("coupon", 0)

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({"coupon": "other", "pay": "none"}, 400, "coupon_unknown"),
            ({"coupon": "five", "pay": "points", "valid_days": 3}, 400, "bad_input"),
            ({"coupon": "five"}, 400, "bad_input"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, town: Shop, ann: dict[str, Any], body: dict[str, Any], status: int, code: str
    ) -> None:
        answer = town.office.post(f"/v1/members/{ann['member_id']}/coupons", body)

        assert (answer.status, answer.code) == (status, code)

    def test_another_merchants_member_is_nobody(self, town: Shop, other_shop: Shop) -> None:
        stranger = other_shop.join()["member_id"]

        answer = bring(town, stranger, "gift")

        assert (answer.status, answer.code) == (404, "member_not_found")


class TestMessage:
    def test_a_member_who_agreed_is_sent_the_code_and_its_terms(self, town: Shop) -> None:
        phone = new_phone()
        joined = town.join(phone)
        agree(town, joined)

        given = bring(town, joined["member_id"], "gift", notify="sms")

        code = given.json["code"]
        assert messages_to(town, phone) == [
            f"Roastery: ваш купон {code[:4]} {code[4:]} — 300 баллов в чеке от 50,00 ₽."
            " Действует по 15.06.2026."
        ]

    def test_a_member_who_did_not_is_given_nothing(
        self, town: Shop, ann: dict[str, Any]
    ) -> None:
        answer = bring(town, ann["member_id"], "gift", notify="sms")

        assert (answer.status, answer.code) == (409, "no_consent")
        assert coupons(town, ann["member_id"]) == []

    def test_a_member_who_wants_no_offers_by_sms_is_given_nothing(
        self, town: Shop, ann: dict[str, Any]
    ) -> None:
        agree(town, ann)
        me = Caller(town.client, ann["member_token"])
        me.call("PATCH", "/v1/me", {"notices": {"offers": {"sms": False}}})

        answer = bring(town, ann["member_id"], "gift", notify="sms")

        assert (answer.status, answer.code) == (409, "no_consent")
        assert coupons(town, ann["member_id"]) == []

    def test_a_phone_is_sent_only_so_many(self, town: Shop, ann: dict[str, Any]) -> None:
        agree(town, ann)
        most = services().sms_policy.per_phone_day

        answers = [bring(town, ann["member_id"], "gift", notify="sms") for _ in range(most + 1)]

        assert [one.status for one in answers] == [201] * most + [429]
        assert answers[-1].code == "too_many_messages"
        assert int(answers[-1].headers["Retry-After"]) > 0
        assert len(coupons(town, ann["member_id"])) == most

    def test_codes_for_signing_in_are_still_sent(self, town: Shop) -> None:
        phone = new_phone()
        joined = town.join(phone)
        agree(town, joined)
        for _ in range(services().sms_policy.per_phone_day):
            bring(town, joined["member_id"], "gift", notify="sms")
        services().clock.advance(seconds=61)

        assert town.ask_for_code(phone).status == 202


class TestUse:
    def test_it_is_used_once_by_its_member(self, town: Shop, ann: dict[str, Any]) -> None:
        member_id = ann["member_id"]
        code = bring(town, member_id, "five", "points").json["code"]
        spaced = f"{code[:4]} {code[4:]}"

        first = town.till.post(
            "/v1/purchases", town.sale(member_id, "r1", promo_codes=[spaced])
        )
        second = town.till.post("/v1/purchases", town.sale(member_id, "r2", promo_codes=[code]))

        assert first.json["discount_minor"] == 1_000
        assert (second.status, second.json["reason"]) == (409, "used_up")
        assert [one["state"] for one in coupons(town, member_id)] == ["used"]

    def test_anothers_coupon_is_unknown(self, town: Shop, ann: dict[str, Any]) -> None:
        code = bring(town, ann["member_id"], "gift").json["code"]
        bob = town.join()["member_id"]

        for buyer in (bob, None):
            answer = town.till.post("/v1/purchases", town.sale(buyer, "r1", promo_codes=[code]))
            assert (answer.status, answer.json["reason"]) == (409, "unknown")

    def test_a_void_gives_it_back(self, town: Shop, ann: dict[str, Any]) -> None:
        member_id = ann["member_id"]
        code = bring(town, member_id, "gift").json["code"]
        sold = town.till.post("/v1/purchases", town.sale(member_id, "r1", promo_codes=[code]))

        town.till.post(f"/v1/purchases/{sold.json['id']}/void", {"reason": "mistake"})

        assert [one["state"] for one in coupons(town, member_id)] == ["usable"]


class TestOffers:
    def test_a_look_up_tells_what_can_be_used_and_got(
        self, town: Shop, ann: dict[str, Any]
    ) -> None:
        member = town.office.get(f"/v1/members/{ann['member_id']}").json
        by_code = {"code": member["identifiers"][0]["value"]}
        before = town.till.post("/v1/lookups", by_code).json["offers"]

        given = bring(town, ann["member_id"], "gift").json
        bring(town, ann["member_id"], "five", "points")
        after = town.till.post("/v1/lookups", by_code).json["offers"]

        assert before == [
            {
                "kind": "exchange",
                "coupon": "five",
                "text": "скидка 10\xa0%",
                "code": None,
                "valid_through": None,
                "points": 500,
            }
        ]
        assert {one["coupon"] for one in after} == {"five", "gift"}
        assert {one["kind"] for one in after} == {"coupon"}
        assert given["code"] in {one["code"] for one in after}


class TestCardPage:
    def test_its_button_turns_points_into_a_coupon(
        self, town: Shop, ann: dict[str, Any]
    ) -> None:
        page = ann["card_url"].removeprefix("https://cards.example")
        body = {"coupon": "five"}

        got = Caller(town.client).call(
            "POST", f"{page}/coupons", body, headers={"Idempotency-Key": "k"}
        )
        again = Caller(town.client).call(
            "POST", f"{page}/coupons", body, headers={"Idempotency-Key": "k"}
        )

        code = got.json["code"]
        shown = Caller(town.client).get(page).body.decode()
        assert (got.status, again.status, again.json) == (201, 200, got.json)
        assert f"{code[:4]} {code[4:]}" in shown
        assert available(town, ann["member_id"]) == 200

    def test_an_address_that_is_not_a_cards_turns_nothing(
        self, town: Shop, ann: dict[str, Any]
    ) -> None:
        page = ann["card_url"].removeprefix("https://cards.example")
        wrong = page[:-1] + ("A" if page[-1] != "A" else "B")

        answer = Caller(town.client).call(
            "POST", f"{wrong}/coupons", {"coupon": "five"}, headers={"Idempotency-Key": "k"}
        )

        assert (answer.status, answer.code) == (404, "member_not_found")
        assert available(town, ann["member_id"]) == 700


def test_points_for_one_coupon_buy_one_however_many_ask_at_once(
    town: Shop, ann: dict[str, Any]
) -> None:
    barrier = Barrier(ASKERS)

    def ask(number: int) -> int:
        barrier.wait()
        return bring(town, ann["member_id"], "five", "points", key=f"k{number}").status

    with ThreadPoolExecutor(ASKERS) as pool:
        statuses = sorted(pool.map(ask, range(ASKERS)))

    assert statuses == [201] + [409] * (ASKERS - 1)
    assert len(coupons(town, ann["member_id"])) == 1
    assert available(town, ann["member_id"]) == 200
