"""Referral codes, rewarded actions and benefits, as the API shows them."""

import base64
import json
from itertools import count
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.adapters.dynamo.items import Item
from chalicelib.jobs.outbox import relay, sweep
from tests.api.caller import Caller
from tests.api.shop import PROGRAM, Shop, new_phone, open_shop

SWEEPS_MAX = 5  # of 100 members each
_NUMBERS = count(1)
REWARDING = {
    **PROGRAM,
    "referral": {"referrer_points": 500, "friend_points": 200},
    "welcome_points": {"points": 50, "expires_in_days": 30},
    "actions": {"review": {"points": 10}, "subscription": {"points": 40}},
    "benefits": {"Basic": ["Free coffee"], "Gold": ["Free delivery", "Closed sales"]},
}


@pytest.fixture
def generous(client: Client) -> Shop:
    return open_shop(client, f"generous-{next(_NUMBERS)}", REWARDING)


def bring(shop: Shop, code: str) -> dict[str, Any]:
    """Sign somebody up with a referral code."""
    phone = new_phone()
    asked = shop.ask_for_code(phone, referral_code=code)
    return shop.verify(asked.json["sign_up_id"], shop.code_sent(phone)).json


def available(shop: Shop, member_id: str) -> int:
    answer: int = shop.office.get(f"/v1/members/{member_id}").json["balance"]["available"]
    return answer


def act(shop: Shop, member_id: str, action: str, **more: Any) -> Any:
    return shop.office.post(f"/v1/members/{member_id}/actions", {"action": action}, **more)


def images_of(merchant_id: str) -> list[dict[str, Any]]:
    """Return a merchant's ledger entries as the stream hands them over."""
    table = Item._get_connection().connection.client
    pages = table.get_paginator("scan").paginate(TableName=Item.Meta.table_name)
    found = [
        json.loads(json.dumps(item, default=lambda content: base64.b64encode(content).decode()))
        for page in pages
        for item in page["Items"]
    ]
    return [item for item in found if f"T#{merchant_id}#M#" in item["pk"]["S"]]


class TestReferral:
    def test_a_member_has_one_code_for_everybody_to_see(self, generous: Shop) -> None:
        joined = generous.join()
        path = f"/v1/members/{joined['member_id']}"

        seen = {
            generous.office.get(path).json["referral_code"],
            generous.till.get(path).json["referral_code"],
            Caller(generous.client, joined["member_token"]).get("/v1/me").json["referral_code"],
        }

        (code,) = seen
        assert code.startswith("R1")
        assert joined["member_id"] not in code

    def test_a_referral_code_finds_nobody_at_a_till(self, generous: Shop) -> None:
        member_id = generous.join()["member_id"]
        code = generous.till.get(f"/v1/members/{member_id}").json["referral_code"]

        answer = generous.till.post("/v1/lookups", {"code": code})

        assert (answer.status, answer.code) == (404, "member_not_found")

    @pytest.mark.parametrize("way", ["relay", "sweep"])
    def test_the_first_purchase_of_a_friend_rewards_both(
        self, generous: Shop, way: str
    ) -> None:
        ann = generous.join()["member_id"]
        code = generous.till.get(f"/v1/members/{ann}").json["referral_code"]
        friend = bring(generous, code)["member_id"]
        generous.till.post("/v1/purchases", generous.sale(friend))

        if way == "relay":
            records = [
                {"eventName": "INSERT", "dynamodb": {"NewImage": i, "SequenceNumber": "1"}}
                for i in images_of(generous.merchant_id)
            ]
            assert relay({"Records": records}, None) == {"batchItemFailures": []}
        else:
            for _ in range(SWEEPS_MAX):  # the table is that of other tests too
                sweep({}, None)

        assert available(generous, ann) == 50 + 500
        assert available(generous, friend) == 50 + 5 + 200

    def test_a_code_of_another_merchant_is_nobodys(self, generous: Shop, shop: Shop) -> None:
        ann = shop.join()["member_id"]
        code = shop.till.get(f"/v1/members/{ann}").json["referral_code"]

        friend = bring(generous, code)["member_id"]
        generous.till.post("/v1/purchases", generous.sale(friend))
        sweep({}, None)

        assert available(shop, ann) == 0


class TestWelcome:
    def test_a_new_member_has_points_at_once_and_sees_what_for(self, generous: Shop) -> None:
        member_id = generous.join()["member_id"]

        found = generous.office.get(f"/v1/members/{member_id}").json

        (lot,) = found["lots"]
        assert (lot["points"], lot["source"]) == (50, "welcome")


class TestActions:
    def test_an_action_gives_its_points_once(self, generous: Shop) -> None:
        member_id = generous.join()["member_id"]

        first = act(generous, member_id, "review")
        second = act(generous, member_id, "review")

        assert (first.status, first.json["points"]) == (201, 10)
        assert (second.status, second.code) == (409, "action_rewarded")
        assert available(generous, member_id) == 60

    def test_a_repeat_under_its_key_gets_the_first_answer(self, generous: Shop) -> None:
        member_id = generous.join()["member_id"]

        first = act(generous, member_id, "review", key="k")
        again = act(generous, member_id, "review", key="k")
        other = act(generous, member_id, "subscription", key="k")

        assert (again.status, again.json) == (200, first.json)
        assert (other.status, other.code) == (422, "idempotency_key_reused")

    def test_an_action_the_program_does_not_know_is_refused(self, generous: Shop) -> None:
        member_id = generous.join()["member_id"]

        answer = act(generous, member_id, "repost")

        assert (answer.status, answer.code) == (400, "action_unknown")

    def test_a_till_may_not_reward_actions(self, generous: Shop) -> None:
        member_id = generous.join()["member_id"]

        answer = generous.till.post(f"/v1/members/{member_id}/actions", {"action": "review"})

        assert (answer.status, answer.code) == (403, "scope_missing")

    def test_another_merchants_member_is_nobody(self, generous: Shop, shop: Shop) -> None:
        answer = act(generous, shop.join()["member_id"], "review")

        assert (answer.status, answer.code) == (404, "member_not_found")


class TestBenefits:
    def test_a_look_up_tells_those_of_the_tier(self, generous: Shop) -> None:
        joined = generous.join()
        member = generous.office.get(f"/v1/members/{joined['member_id']}").json
        by_code = {"code": member["identifiers"][0]["value"]}
        before = generous.till.post("/v1/lookups", by_code).json["benefits"]

        gold = {"tier": "Gold", "days": 30, "reason": "club", "paid_minor": 99_000}
        generous.office.post(f"/v1/members/{joined['member_id']}/tier-overrides", gold)
        after = generous.till.post("/v1/lookups", by_code).json["benefits"]

        assert (before, after) == (["Free coffee"], ["Free delivery", "Closed sales"])


class TestStampCard:
    def test_tills_members_and_the_card_page_see_the_stamps(self, client: Client) -> None:
        rules = {**PROGRAM, "stamps": {"category": "coffee", "every": 6}}
        shop = open_shop(client, f"stamps-{next(_NUMBERS)}", rules)
        joined = shop.join()
        cups = [{"quantity": "4", "unit_price_minor": 15_000, "category": "coffee"}]
        shop.till.post("/v1/purchases", shop.sale(joined["member_id"], lines=cups))

        own = Caller(client, joined["member_token"]).get("/v1/me").json
        code = own["identifiers"][0]["value"]
        seen = shop.till.post("/v1/lookups", {"code": code}).json
        page = Caller(client).get(f"/c/{joined['card_url'].rpartition('/')[2]}?lang=en")

        stamps = {"category": "coffee", "collected": 4, "every": 6}
        assert (own["stamps"], seen["stamps"]) == (stamps, stamps)
        assert "4 of 6" in page.body.decode()

    def test_a_program_without_a_stamp_card_tells_of_none(self, generous: Shop) -> None:
        member_id = generous.join()["member_id"]

        member = generous.till.get(f"/v1/members/{member_id}").json

        assert member["stamps"] is None
