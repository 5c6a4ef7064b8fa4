"""The second factor of a redemption over the API, from the scan to the sale."""

import re
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.confirmations import Method
from chalicelib.domain.members import Scope
from chalicelib.domain.rotating import step_of, totp
from chalicelib.usecases.confirmations import rotating_key
from chalicelib.usecases.merchants import add_key
from chalicelib.wiring import services
from passes.rotating import payload_start
from tests.api.caller import Answer, Caller
from tests.api.shop import PROGRAM, Shop, new_phone

RULE = {
    **PROGRAM,
    "confirm_above": 100,
    "tiers": None,
    "rates": None,
    "earn_percent": 5,
    "redeem_percent": 100,
}
METHODS = ["totp", "one_time_code", "sms"]


@pytest.fixture
def ruled(shop: Shop) -> Shop:
    """The merchant with a rule: 100 points a day without a second factor."""
    shop.office.call("PUT", "/v1/program/draft", RULE)
    shop.office.post("/v1/program/draft/publish")
    services().merchants.forget(shop.merchant_id)  # what tills know is up to a minute old
    return shop


@pytest.fixture
def ann(ruled: Shop) -> str:
    member_id = ruled.join()["member_id"]
    ruled.give(member_id, 5_000)
    return member_id


def pass_code(shop: Shop, member_id: str) -> str:
    return shop.office.get(f"/v1/members/{member_id}").json["identifiers"][0]["value"]


def shown(shop: Shop, member_id: str, method: Method = Method.ONE_TIME_CODE) -> str:
    """Return what the member's card shows now."""
    code = pass_code(shop, member_id)
    key = rotating_key(shop.merchant_id, code, method, services().keyring)
    digits = totp(key, step_of(method, services().clock.now()))
    return payload_start(method, code) + digits


def confirm(shop: Shop, member_id: str, code: str, method: str = "one_time_code") -> Answer:
    body = {"member_id": member_id, "method": method, "code": code}
    return shop.till.post("/v1/confirmations", body)


def sell(
    shop: Shop, member_id: str, points: int, receipt_id: str = "r1", **more: Any
) -> Answer:
    redeem = {"mode": "exact", "points": points} if points else {"mode": "none"}
    body = shop.sale(member_id, receipt_id, redeem=redeem, **more)
    body["lines"] = [{"quantity": "1", "unit_price_minor": 100_000}]
    return shop.till.post("/v1/purchases", body, key=f"sale-{receipt_id}")


class TestTheRule:
    def test_above_it_a_till_is_told_what_is_needed(self, ruled: Shop, ann: str) -> None:
        sell(ruled, ann, 70)

        answer = sell(ruled, ann, 31, "r2")

        assert (answer.status, answer.code) == (403, "confirmation_required")
        told = {
            name: answer.json[name] for name in ("asked", "allowed", "used_today", "reason")
        }
        assert told == {"asked": 31, "allowed": 30, "used_today": 70, "reason": "missing"}
        assert answer.json["methods"] == METHODS

    def test_a_quote_says_so_before(self, ruled: Shop, ann: str) -> None:
        body = {"member_id": ann, "channel": "offline", "total_minor": 100_000}

        much = ruled.till.post("/v1/quotes", {**body, "redeem": {"mode": "max"}})
        little = ruled.till.post(
            "/v1/quotes", {**body, "redeem": {"mode": "exact", "points": 100}}
        )
        nothing = ruled.till.post("/v1/quotes", body)

        need = {"allowed": 100, "used_today": 0, "methods": METHODS}
        assert much.json["confirmation"] == {"is_required": True, **need}
        assert little.json["confirmation"] == {"is_required": False, **need}
        assert nothing.json["confirmation"] is None

    def test_a_confirmation_lets_one_sale_through(self, ruled: Shop, ann: str) -> None:
        confirmation = confirm(ruled, ann, shown(ruled, ann)).json

        sold = sell(ruled, ann, 900, confirmation_id=confirmation["id"])
        again = sell(ruled, ann, 900, confirmation_id=confirmation["id"])
        other = sell(ruled, ann, 101, "r2", confirmation_id=confirmation["id"])

        assert (sold.status, sold.json["redeemed"]) == (201, 900)
        assert (again.status, again.is_replay) == (200, True)
        assert (other.code, other.json["reason"]) == ("confirmation_required", "used")
        found = ruled.till.get(f"/v1/confirmations/{confirmation['id']}").json
        assert found["state"] == "used"

    @pytest.mark.parametrize("path", ["/v1/redemptions", "/v1/holds"])
    def test_redemptions_and_holds_are_asked_too(
        self, ruled: Shop, ann: str, path: str
    ) -> None:
        body = {"member_id": ann, "points": 101}
        if path == "/v1/redemptions":
            body["reason"] = "a mug"

        refused = ruled.till.post(path, body)
        confirmation = confirm(ruled, ann, shown(ruled, ann)).json
        done = ruled.till.post(path, {**body, "confirmation_id": confirmation["id"]})

        assert (refused.status, refused.code) == (403, "confirmation_required")
        assert done.status == 201

    def test_an_online_shop_is_not_asked(self, ruled: Shop, ann: str) -> None:
        body = {"member_id": ann, "points": 900, "reason": "an order"}

        assert ruled.office.post("/v1/redemptions", body).status == 201

    def test_a_manager_at_the_till_is(self, ruled: Shop, ann: str) -> None:
        scopes = frozenset({Scope.TILL, Scope.MANAGER, Scope.GRANTS})
        key = add_key(ruled.merchant_id, "till-2", scopes, office=services().office)
        body = {"member_id": ann, "points": 900, "reason": "a mug"}

        answer = Caller(ruled.client, key).post("/v1/redemptions", body)

        assert answer.code == "confirmation_required"

    def test_an_item_of_a_batch_is_refused_alone(self, ruled: Shop, ann: str) -> None:
        redeem = {"mode": "exact", "points": 101}
        much = ruled.sale(ann, "b1", redeem=redeem, total_minor=100_000)
        del much["lines"]
        items = [
            {"idempotency_key": "b1", "purchase": much},
            {"idempotency_key": "b2", "purchase": ruled.sale(ann, "b2")},
        ]

        answer = ruled.till.post("/v1/purchase-batches", {"items": items})

        assert [item["status"] for item in answer.json["items"]] == [403, 201]

    def test_a_void_gives_the_day_back(self, ruled: Shop, ann: str) -> None:
        sold = sell(ruled, ann, 100).json
        ruled.till.post(f"/v1/purchases/{sold['id']}/void", {"reason": "a mistake"})

        assert sell(ruled, ann, 100, "r2").status == 201

    def test_without_the_rule_nothing_is_asked(self, shop: Shop) -> None:
        member_id = shop.join()["member_id"]
        shop.give(member_id, 5_000)
        body = {"member_id": member_id, "points": 5_000, "reason": "a mug"}

        assert shop.till.post("/v1/redemptions", body).status == 201


class TestLookups:
    @pytest.mark.parametrize("method", [Method.TOTP, Method.ONE_TIME_CODE])
    def test_by_a_fresh_code_confirm_at_once(
        self, ruled: Shop, ann: str, method: Method
    ) -> None:
        found = ruled.till.post("/v1/lookups", {"code": shown(ruled, ann, method)}).json

        assert (found["member_id"], found["verified"]) == (ann, True)
        assert found["unverified_reason"] is None
        sold = sell(ruled, ann, 900, confirmation_id=found["confirmation_id"])
        assert sold.status == 201

    def test_by_a_code_that_was_used_still_identify(self, ruled: Shop, ann: str) -> None:
        code = shown(ruled, ann)
        ruled.till.post("/v1/lookups", {"code": code})

        found = ruled.till.post("/v1/lookups", {"code": code}).json

        assert (found["member_id"], found["verified"]) == (ann, False)
        assert (found["confirmation_id"], found["unverified_reason"]) == (None, "used")

    def test_by_a_stale_code_still_identify(self, ruled: Shop, ann: str) -> None:
        code = shown(ruled, ann)
        services().clock.set(services().clock.now() + timedelta(minutes=3))

        found = ruled.till.post("/v1/lookups", {"code": code}).json

        assert (found["member_id"], found["unverified_reason"]) == (ann, "stale")

    def test_after_too_many_wrong_codes_still_identify(self, ruled: Shop, ann: str) -> None:
        wrong = shown(ruled, ann)[:-6]
        answers = [
            ruled.till.post("/v1/lookups", {"code": f"{wrong}{n:06d}"}).json for n in range(11)
        ]

        assert [one["unverified_reason"] for one in answers] == ["stale"] * 10 + ["locked"]
        assert {one["member_id"] for one in answers} == {ann}

    def test_by_what_can_be_copied_never_verify(self, ruled: Shop) -> None:
        phone = new_phone()
        member_id = ruled.join(phone)["member_id"]
        card = {"type": "card", "value": "C-77"}
        ruled.till.post(f"/v1/members/{member_id}/identifiers", card)

        found = [
            ruled.till.post("/v1/lookups", body).json
            for body in (
                {"code": pass_code(ruled, member_id)},
                {"phone": phone},
                {"card_number": "C-77"},
            )
        ]

        assert [(one["verified"], one["confirmation_id"]) for one in found] == [
            (False, None)
        ] * 3

    def test_of_another_merchant_find_nobody(
        self, ruled: Shop, other_shop: Shop, ann: str
    ) -> None:
        answer = other_shop.till.post("/v1/lookups", {"code": shown(ruled, ann)})

        assert (answer.status, answer.code) == (404, "member_not_found")


class TestByCode:
    def test_the_six_digits_may_be_read_out(self, ruled: Shop, ann: str) -> None:
        digits = shown(ruled, ann)[-6:]

        answer = confirm(ruled, ann, f"{digits[:3]} {digits[3:]}")

        assert (answer.status, answer.json["state"]) == (201, "verified")

    def test_a_code_is_good_once(self, ruled: Shop, ann: str) -> None:
        code = shown(ruled, ann)
        confirm(ruled, ann, code)

        answer = confirm(ruled, ann, code)

        assert (answer.status, answer.code) == (409, "confirmation_used")

    def test_another_members_code_is_wrong(self, ruled: Shop, ann: str) -> None:
        bob = ruled.join()["member_id"]

        answer = confirm(ruled, ann, shown(ruled, bob))

        assert (answer.status, answer.code) == (400, "confirmation_code_wrong")

    def test_the_static_code_is_wrong(self, ruled: Shop, ann: str) -> None:
        answer = confirm(ruled, ann, pass_code(ruled, ann))

        assert answer.code == "confirmation_code_wrong"

    @pytest.mark.parametrize(
        "body",
        [
            {"method": "totp"},
            {"method": "sms", "code": "123456"},
            {"method": "face", "code": "123456"},
        ],
    )
    def test_a_body_that_does_not_agree_is_refused(
        self, ruled: Shop, ann: str, body: dict[str, str]
    ) -> None:
        answer = ruled.till.post("/v1/confirmations", {"member_id": ann, **body})

        assert (answer.status, answer.code) == (400, "bad_input")

    def test_nobody_can_be_confirmed(self, ruled: Shop) -> None:
        answer = confirm(ruled, "mem_nobody", "123456")

        assert (answer.status, answer.code) == (404, "member_not_found")


class TestBySms:
    def joined(self, shop: Shop) -> tuple[str, str]:
        phone = new_phone()
        member_id = shop.join(phone)["member_id"]
        shop.give(member_id, 1_000)
        services().clock.set(services().clock.now() + timedelta(seconds=61))
        return member_id, phone

    def test_a_code_is_sent_and_verified_and_spent(self, ruled: Shop) -> None:
        member_id, phone = self.joined(ruled)
        asked = ruled.till.post("/v1/confirmations", {"member_id": member_id, "method": "sms"})
        path = f"/v1/confirmations/{asked.json['id']}"
        early = sell(ruled, member_id, 900, confirmation_id=asked.json["id"])

        verified = ruled.till.post(f"{path}/verify", {"code": ruled.code_sent(phone)})

        assert (asked.status, asked.json["state"]) == (201, "pending")
        assert (early.code, early.json["reason"]) == ("confirmation_required", "pending")
        assert (verified.status, verified.json["state"]) == (200, "verified")
        assert sell(ruled, member_id, 900, confirmation_id=asked.json["id"]).status == 201

    def test_a_phone_gets_one_a_minute(self, ruled: Shop) -> None:
        member_id, _ = self.joined(ruled)
        body = {"member_id": member_id, "method": "sms"}
        ruled.till.post("/v1/confirmations", body)

        answer = ruled.till.post("/v1/confirmations", body)

        assert (answer.status, answer.code) == (429, "too_many_codes")
        assert re.fullmatch(r"\d+", answer.headers["Retry-After"])

    def test_guesses_end(self, ruled: Shop) -> None:
        member_id, phone = self.joined(ruled)
        body = {"member_id": member_id, "method": "sms"}
        asked = ruled.till.post("/v1/confirmations", body).json
        right = ruled.code_sent(phone)
        path = f"/v1/confirmations/{asked['id']}/verify"
        wrong = "000000" if right != "000000" else "111111"

        codes = [ruled.till.post(path, {"code": wrong}).code for _ in range(5)]
        late = ruled.till.post(path, {"code": right})

        assert codes == ["confirmation_code_wrong"] * 5
        assert (late.status, late.code) == (429, "confirmation_locked")

    def test_a_code_is_not_sent_to_another_merchants_member(
        self, ruled: Shop, other_shop: Shop
    ) -> None:
        member_id, _ = self.joined(ruled)

        answer = other_shop.till.post(
            "/v1/confirmations", {"member_id": member_id, "method": "sms"}
        )

        assert (answer.status, answer.code) == (404, "member_not_found")


class TestPassCodes:
    def test_a_replaced_one_is_told_from_one_that_never_was(
        self, ruled: Shop, ann: str
    ) -> None:
        old, rotating = pass_code(ruled, ann), shown(ruled, ann)

        made = ruled.office.post(f"/v1/members/{ann}/code", key="k1")

        assert made.status == 201
        assert made.json["code"] == pass_code(ruled, ann)
        for code in (old, rotating):
            answer = ruled.till.post("/v1/lookups", {"code": code})
            assert (answer.status, answer.code) == (404, "code_replaced")
        found = ruled.till.post("/v1/lookups", {"code": made.json["code_text"]})
        assert found.json["member_id"] == ann

    def test_a_repeat_tells_the_same_code(self, ruled: Shop, ann: str) -> None:
        path = f"/v1/members/{ann}/code"
        first = ruled.office.post(path, key="k1")

        again = ruled.office.post(path, key="k1")
        other = ruled.office.post(path, key="k2")

        assert (again.status, again.is_replay) == (200, True)
        assert again.json == first.json
        assert other.json["code"] != first.json["code"]

    def test_a_till_may_not(self, ruled: Shop, ann: str) -> None:
        assert ruled.till.post(f"/v1/members/{ann}/code").code == "scope_missing"

    def test_the_ledger_tells_that_it_was_replaced(self, ruled: Shop, ann: str) -> None:
        ruled.office.post(f"/v1/members/{ann}/code")

        latest = ruled.office.get(f"/v1/members/{ann}/ledger").json["items"][0]

        assert (latest["kind"], latest["points"]) == ("code", 0)


class TestIdentifiers:
    @pytest.mark.parametrize(("kind", "shown"), [("card", "card_number"), ("old_code", "code")])
    def test_are_bound_to_a_phone_said_aloud_by_a_code_alone(
        self, shop: Shop, kind: str, shown: str
    ) -> None:
        phone = new_phone()
        member_id = shop.join(phone)["member_id"]
        path, card = f"/v1/members/{member_id}/identifiers", {"type": kind, "value": "C-91"}
        shop.till.post("/v1/lookups", {"phone": phone})

        refused = shop.till.post(path, card)
        by_it = shop.till.post("/v1/lookups", {shown: "C-91"})
        services().clock.advance(seconds=61)
        sent = shop.till.post("/v1/confirmations", {"member_id": member_id, "method": "sms"})
        named = {"confirmation_id": sent.json["id"]}
        pending = shop.till.post(path, card | named)
        shop.till.post(
            f"/v1/confirmations/{sent.json['id']}/verify", {"code": shop.code_sent(phone)}
        )
        bound, again = shop.till.post(path, card | named), shop.till.post(path, card)
        another = shop.till.post(path, card | named | {"value": "C-92"})

        assert (refused.status, refused.code) == (403, "confirmation_required")
        assert (refused.json["identified_by"], refused.json["reason"]) == ("phone", "missing")
        assert by_it.code == "member_not_found"
        assert pending.json["reason"] == "pending"
        assert (bound.status, again.status) == (200, 200)
        assert (another.status, another.json["reason"]) == (403, "used")

    def test_are_bound_to_a_phone_said_aloud_by_the_office_as_ever(self, shop: Shop) -> None:
        phone = new_phone()
        member_id = shop.join(phone)["member_id"]
        shop.till.post("/v1/lookups", {"phone": phone})
        card = {"type": "card", "value": "C-93"}

        answer = shop.office.post(f"/v1/members/{member_id}/identifiers", card)

        assert answer.status == 200

    def test_an_old_code_is_looked_up_like_a_code(self, shop: Shop) -> None:
        member_id = shop.join()["member_id"]
        path = f"/v1/members/{member_id}/identifiers"
        shop.till.post(path, {"type": "old_code", "value": "CLUB-0017"})

        found = shop.till.post("/v1/lookups", {"code": "club0017"})
        listed = shop.office.get(f"/v1/members/{member_id}").json["identifiers"]

        assert found.json["member_id"] == member_id
        assert listed[1:] == [{"type": "old_code", "value": "CLUB-0017"}]

    def test_an_old_code_may_look_like_one_of_ours(self, shop: Shop) -> None:
        member_id = shop.join()["member_id"]
        body = {"type": "old_code", "value": "990000000017"}
        shop.till.post(f"/v1/members/{member_id}/identifiers", body)

        found = shop.till.post("/v1/lookups", {"code": "990000000017"})

        assert found.json["member_id"] == member_id

    @pytest.mark.parametrize("kind", ["card", "old_code"])
    def test_are_forgotten(self, shop: Shop, kind: str) -> None:
        member_id = shop.join()["member_id"]
        path = f"/v1/members/{member_id}/identifiers"
        shop.till.post(path, {"type": kind, "value": "17"})

        answer = shop.office.call("DELETE", f"{path}/17")
        again = shop.office.call("DELETE", f"{path}/17")

        assert answer.status == 200
        assert [one["type"] for one in answer.json["identifiers"]] == ["pass"]
        assert (again.status, again.code) == (404, "identifier_not_found")
        name = "card_number" if kind == "card" else "code"
        assert shop.till.post("/v1/lookups", {name: "17"}).status == 404


class TestASpokenNumber:
    """A till that knows a member by a phone number alone redeems nothing without a code."""

    def test_never_redeems_whatever_the_program_says(self, shop: Shop) -> None:
        phone = new_phone()
        member_id = shop.join(phone)["member_id"]
        shop.give(member_id, 100)
        redeem = {"member_id": member_id, "points": 1, "reason": "mug"}

        shop.till.post("/v1/lookups", {"phone": phone})
        refused = shop.till.post("/v1/redemptions", redeem)
        code = shop.office.get(f"/v1/members/{member_id}").json["identifiers"][0]["value"]
        shop.till.post("/v1/lookups", {"code": code})
        scanned = shop.till.post("/v1/redemptions", redeem)

        assert (refused.status, refused.code) == (403, "confirmation_required")
        assert (refused.json["identified_by"], refused.json["allowed"]) == ("phone", 0)
        assert "sms" in refused.json["methods"]
        assert scanned.status == 201

    def test_redeems_with_the_code_that_was_sent(self, shop: Shop) -> None:
        phone = new_phone()
        member_id = shop.join(phone)["member_id"]
        shop.give(member_id, 100)
        services().clock.advance(61)
        shop.till.post("/v1/lookups", {"phone": phone})
        by_sms = {"member_id": member_id, "method": "sms"}
        asked = shop.till.post("/v1/confirmations", by_sms).json["id"]
        body = {"code": shop.code_sent(phone)}
        shop.till.post(f"/v1/confirmations/{asked}/verify", body)

        sold = shop.till.post(
            "/v1/purchases",
            shop.sale(member_id, redeem={"mode": "exact", "points": 5}, confirmation_id=asked),
        )

        assert (sold.status, sold.json["redeemed"]) == (201, 5)

    @pytest.mark.parametrize("how", ["search", "new member"])
    def test_other_ways_to_find_by_phone_are_no_way_around(self, shop: Shop, how: str) -> None:
        phone = new_phone()
        member_id = shop.join(phone)["member_id"]
        shop.give(member_id, 100)
        if how == "search":
            shop.till.get(f"/v1/members?phone=%2B{phone[1:]}")
        else:
            shop.till.post("/v1/members", {"phone": phone, "language": "ru"})

        answer = shop.till.post("/v1/holds", {"member_id": member_id, "points": 1})

        assert (answer.status, answer.code) == (403, "confirmation_required")

    def test_a_shop_that_has_signed_its_member_in_is_not_asked(self, shop: Shop) -> None:
        phone = new_phone()
        member_id = shop.join(phone)["member_id"]
        shop.give(member_id, 100)
        shop.office.post("/v1/lookups", {"phone": phone})

        answer = shop.office.post("/v1/holds", {"member_id": member_id, "points": 1})
        at_a_till = shop.till.post("/v1/holds", {"member_id": member_id, "points": 1})

        assert (answer.status, at_a_till.status) == (201, 201)
