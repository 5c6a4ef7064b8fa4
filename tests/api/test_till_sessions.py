"""A device becomes a till, people sign in by PIN, and the till's API answers its cookie."""

from datetime import timedelta

import pytest

from chalicelib.wiring import services
from tests.api.caller import Answer, Caller
from tests.api.shop import Shop
from tests.api.till import Browser, set_cookies

PIN, MANAGER_PIN = "4071", "9382"
UNBIND = {"method": "DELETE", "path": "/v1/till/session"}


@pytest.fixture
def store(shop: Shop) -> str:
    return shop.office.post("/v1/stores", {"name": "North"}).json["store_id"]


@pytest.fixture
def till_id(shop: Shop, store: str) -> str:
    return shop.office.post("/v1/tills", {"store_id": store, "name": "Till"}).json["till_id"]


@pytest.fixture
def cashier(shop: Shop) -> str:
    return hire(shop, "Vera", "cashier", PIN)


@pytest.fixture
def manager(shop: Shop) -> str:
    return hire(shop, "Olga", "manager", MANAGER_PIN)


@pytest.fixture
def bound(shop: Shop, till_id: str) -> Browser:
    return bind(shop, till_id)


@pytest.fixture
def till(bound: Browser, cashier: str) -> Browser:
    bound.post("/v1/till/sign-in", {"staff_id": cashier, "pin": PIN})
    return bound


def hire(shop: Shop, name: str, role: str, pin: str) -> str:
    body = {"name": name, "role": role, "pin": pin}
    return shop.office.post("/v1/staff", body).json["staff_id"]


def bind(shop: Shop, till_id: str) -> Browser:
    made = shop.office.post(f"/v1/tills/{till_id}/activations")
    browser = Browser(Caller(shop.client))
    answer = browser.post("/v1/till/activations", {"code": made.json["code"]})
    assert answer.status == 201, answer.json
    return browser


def wait(**time: float) -> None:
    clock = services().clock
    clock.set(clock.now() + timedelta(**time))


def sign_in(browser: Browser, staff_id: str, pin: str) -> Answer:
    return browser.post("/v1/till/sign-in", {"staff_id": staff_id, "pin": pin})


class TestActivation:
    def test_a_code_binds_a_device_once(self, shop: Shop, till_id: str) -> None:
        made = shop.office.post(f"/v1/tills/{till_id}/activations").json
        body = {"code": made["code"].lower()[:4] + " " + made["code"][4:]}

        first = shop.till.call("POST", "/v1/till/activations", body)
        second = shop.till.call("POST", "/v1/till/activations", body)

        assert first.status == 201
        assert first.json["till"]["till_id"] == till_id
        assert first.json["signed_in"] is None
        assert (second.status, second.code) == (400, "activation_refused")
        assert made["url"] == f"https://cards.example/till#{made['code']}"

    def test_a_code_is_good_for_ten_minutes(self, shop: Shop, till_id: str) -> None:
        made = shop.office.post(f"/v1/tills/{till_id}/activations").json
        wait(minutes=10)

        answer = shop.till.call("POST", "/v1/till/activations", {"code": made["code"]})

        assert (answer.status, answer.code) == (400, "activation_refused")

    def test_the_cookie_is_of_this_host_alone_and_no_script_reads_it(
        self, shop: Shop, till_id: str
    ) -> None:
        made = shop.office.post(f"/v1/tills/{till_id}/activations").json

        answer = shop.till.call("POST", "/v1/till/activations", {"code": made["code"]})

        (line,) = set_cookies(answer)
        assert line.startswith("__Host-kopilka-till=")
        assert "; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=" in line
        assert "Domain" not in line

    def test_a_till_that_is_switched_off_unbinds_its_devices(
        self, shop: Shop, bound: Browser, till_id: str
    ) -> None:
        shop.office.call("PATCH", f"/v1/tills/{till_id}", {"is_active": False})

        answer = bound.get("/v1/till/session")

        assert (answer.status, answer.code) == (401, "session_expired")
        invited = shop.office.post(f"/v1/tills/{till_id}/activations")
        assert (invited.status, invited.code) == (404, "till_not_found")


class TestSignIn:
    def test_a_till_lists_who_can_sign_in(
        self, shop: Shop, bound: Browser, cashier: str
    ) -> None:
        hire(shop, "Gone", "cashier", "8264")
        gone = shop.office.get("/v1/staff").json["items"]
        left = next(one["staff_id"] for one in gone if one["name"] == "Gone")
        shop.office.call("PATCH", f"/v1/staff/{left}", {"is_active": False})
        shop.office.post("/v1/staff", {"name": "No PIN", "role": "cashier"})

        found = bound.get("/v1/till/session").json

        vera = {"staff_id": cashier, "name": "Vera", "role": "cashier"}
        assert found["staff"] == [vera]
        assert found["signed_in"] is None
        assert found["merchant"]["merchant_id"] == shop.merchant_id
        assert found["store"]["name"] == "North"
        assert found["program"]["point_value"] == [100, 1]
        assert found["program"]["redeem_ppm"]["Basic"] == 200_000

    def test_a_sign_in_makes_a_new_session_and_a_new_token(
        self, bound: Browser, cashier: str
    ) -> None:
        before, token = dict(bound.cookies), bound.token

        answer = sign_in(bound, cashier, PIN)

        assert answer.status == 200
        assert answer.json["signed_in"]["staff_id"] == cashier
        assert bound.cookies != before
        assert bound.token != token

    def test_the_old_cookie_stays_bound_but_nobody_is_signed_in_by_it(
        self, bound: Browser, cashier: str
    ) -> None:
        lost = bound.copy()
        sign_in(bound, cashier, PIN)

        assert lost.get("/v1/till/session").json["signed_in"] is None
        assert lost.get("/v1/program").code == "session_locked"
        assert sign_in(lost, cashier, PIN).status == 200

    def test_the_old_cookie_is_over_after_ten_minutes(
        self, bound: Browser, cashier: str
    ) -> None:
        lost = bound.copy()
        sign_in(bound, cashier, PIN)
        wait(minutes=10)

        assert lost.get("/v1/till/session").code == "session_expired"
        assert bound.get("/v1/till/session").status == 200

    def test_five_wrong_pins_lock_for_a_minute_then_for_two(
        self, bound: Browser, cashier: str
    ) -> None:
        wrong = [sign_in(bound, cashier, "0000") for _ in range(5)]
        locked = sign_in(bound, cashier, PIN)
        wait(seconds=60)
        sixth = sign_in(bound, cashier, "0000")
        again = sign_in(bound, cashier, PIN)
        wait(seconds=120)

        assert [one.code for one in wrong] == ["pin_wrong"] * 5
        assert [one.json["attempts_left"] for one in wrong] == [4, 3, 2, 1, 0]
        assert (locked.status, locked.code) == (429, "pin_locked")
        assert locked.headers["Retry-After"] == "60"
        assert sixth.code == "pin_wrong"
        assert again.headers["Retry-After"] == "120"
        assert sign_in(bound, cashier, PIN).status == 200

    def test_the_right_pin_takes_the_wrong_ones_away(
        self, bound: Browser, cashier: str
    ) -> None:
        for _ in range(4):
            sign_in(bound, cashier, "0000")
        sign_in(bound, cashier, PIN)

        assert sign_in(bound, cashier, "0000").json["attempts_left"] == 4

    def test_an_unknown_person_is_answered_like_a_wrong_pin(self, bound: Browser) -> None:
        answer = sign_in(bound, "stf_nobody", PIN)

        assert (answer.status, answer.code) == (400, "pin_wrong")
        assert answer.json["attempts_left"] == 4

    def test_one_person_locked_out_locks_nobody_else_out(
        self, bound: Browser, cashier: str, manager: str
    ) -> None:
        for _ in range(6):
            sign_in(bound, cashier, "0000")

        assert sign_in(bound, manager, MANAGER_PIN).status == 200

    def test_a_locked_till_answers_nothing_but_its_session(self, till: Browser) -> None:
        assert till.get("/v1/program").status == 200

        till.post("/v1/till/lock")

        assert till.get("/v1/program").code == "session_locked"
        assert till.get("/v1/till/session").json["signed_in"] is None

    def test_a_shift_ends_after_an_hour_without_a_call(self, till: Browser) -> None:
        wait(minutes=59)
        assert till.get("/v1/program").status == 200
        wait(minutes=60)

        assert till.get("/v1/program").code == "session_locked"
        wait(minutes=1)
        assert till.get("/v1/program").code == "session_locked"
        assert till.get("/v1/till/session").json["signed_in"] is None

    def test_a_shift_ends_after_sixteen_hours(self, till: Browser) -> None:
        for _ in range(16 * 2 - 1):
            wait(minutes=30)
            assert till.get("/v1/program").status == 200
        wait(minutes=30)

        assert till.get("/v1/program").code == "session_locked"

    def test_a_device_that_is_not_seen_for_90_days_is_no_till(self, bound: Browser) -> None:
        wait(days=90)

        assert bound.get("/v1/till/session").code == "session_expired"

    def test_somebody_who_is_let_go_is_signed_out_at_once(
        self, shop: Shop, till: Browser, cashier: str
    ) -> None:
        shop.office.call("PATCH", f"/v1/staff/{cashier}", {"is_active": False})

        assert till.get("/v1/program").code == "session_locked"
        assert sign_in(till, cashier, PIN).code == "pin_wrong"

    def test_a_pin_is_no_row_of_digits(self, shop: Shop) -> None:
        for pin in ["1234", "987654", "0000", "12345678", "12a4", "٤٠٧١", "123"]:
            body = {"name": "Vera", "role": "cashier", "pin": pin}

            answer = shop.office.post("/v1/staff", body)

            assert (answer.status, answer.code) == (400, "pin_invalid"), pin


class TestCalls:
    def test_a_sale_by_cookie_is_the_tills_and_names_the_cashier(
        self, shop: Shop, till: Browser, cashier: str, till_id: str, store: str
    ) -> None:
        member_id = shop.join()["member_id"]

        sold = till.post("/v1/purchases", shop.sale(member_id), Idempotency_Key="k1")

        assert sold.status == 201
        assert sold.json["staff_id"] == cashier
        entry = shop.office.get(f"/v1/members/{member_id}/ledger").json["items"][0]
        assert entry["staff_id"] == cashier
        assert entry["reference"] == "r1"
        assert till.get("/v1/purchases?receipt_id=r1").json["items"][0]["id"] == sold.json["id"]

    def test_nobody_rings_up_a_sale_to_their_own_card(
        self, shop: Shop, bound: Browser, cashier: str, manager: str
    ) -> None:
        own = shop.join()["member_id"]
        shop.office.call("PATCH", f"/v1/staff/{cashier}", {"member_id": own})
        sign_in(bound, cashier, PIN)

        refused = bound.post("/v1/purchases", shop.sale(own), Idempotency_Key="k1")
        others = bound.post("/v1/purchases", shop.sale(None), Idempotency_Key="k2")
        sign_in(bound, manager, MANAGER_PIN)
        by_another = bound.post("/v1/purchases", shop.sale(own, "r2"), Idempotency_Key="k3")

        assert (refused.status, refused.code) == (409, "own_card")
        assert others.status == 201
        assert by_another.status == 201

    def test_nobody_gives_a_strangers_receipt_or_a_coupon_to_their_own_card(
        self, shop: Shop, bound: Browser, cashier: str
    ) -> None:
        own = shop.join()["member_id"]
        shop.office.call("PATCH", f"/v1/staff/{cashier}", {"member_id": own})
        sign_in(bound, cashier, PIN)
        sold = bound.post("/v1/purchases", shop.sale(None), Idempotency_Key="k1").json["id"]

        attach = {"member_id": own, "total_minor": 10_000}
        attached = bound.post(f"/v1/purchases/{sold}/attach", attach, Idempotency_Key="k2")
        coupon = {"coupon": "spring", "pay": "points"}
        given = bound.post(f"/v1/members/{own}/coupons", coupon, Idempotency_Key="k3")

        assert (attached.status, attached.code) == (409, "own_card")
        assert (given.status, given.code) == (409, "own_card")

    @pytest.mark.parametrize(
        "asked", [("/v1/redemptions", {"reason": "coffee"}), ("/v1/holds", {})]
    )
    def test_nobody_takes_points_off_their_own_card(
        self,
        shop: Shop,
        bound: Browser,
        cashier: str,
        manager: str,
        asked: tuple[str, dict[str, str]],
    ) -> None:
        path, more = asked
        own = shop.join()["member_id"]
        shop.office.post(f"/v1/members/{own}/grants", {"points": 50, "reason": "gift"})
        shop.office.call("PATCH", f"/v1/staff/{cashier}", {"member_id": own})
        sign_in(bound, cashier, PIN)
        wish = {"member_id": own, "points": 20, **more}

        refused = bound.post(path, wish, Idempotency_Key="k1")
        sign_in(bound, manager, MANAGER_PIN)
        by_another = bound.post(path, wish, Idempotency_Key="k2")

        assert (refused.status, refused.code) == (409, "own_card")
        assert by_another.status == 201

    def test_the_key_of_a_till_names_no_cashier(self, shop: Shop) -> None:
        member_id = shop.join()["member_id"]

        sold = shop.till.post("/v1/purchases", shop.sale(member_id))

        assert "staff_id" not in sold.json
        entry = shop.office.get(f"/v1/members/{member_id}/ledger").json["items"][0]
        assert "staff_id" not in entry

    def test_a_cashier_may_not_do_what_a_manager_may(self, shop: Shop, till: Browser) -> None:
        assert till.get("/v1/audit").code == "scope_missing"
        assert till.get("/v1/funnel").code == "scope_missing"

    def test_a_manager_may_at_the_till(self, bound: Browser, manager: str) -> None:
        sign_in(bound, manager, MANAGER_PIN)

        assert bound.get("/v1/funnel?from=2026-05-01&to=2026-05-02").code != "scope_missing"
        assert bound.get("/v1/audit").code == "scope_missing"

    def test_without_the_token_nothing_is_changed(self, shop: Shop, till: Browser) -> None:
        for token in ["", "x", till.token[:-1], "я"]:
            answer = till.call(
                "POST",
                "/v1/purchases",
                shop.sale(None),
                {"X-CSRF-Token": token, "Idempotency-Key": "k1"},
            )
            assert (answer.status, answer.code) == (403, "csrf_refused"), token

        assert till.get("/v1/purchases?receipt_id=r1").json["items"] == []

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "none"},
            {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
            {"Sec-Fetch-Site": "", "Origin": "null"},
            {"Sec-Fetch-Site": "", "Origin": "https://cards.example.evil.example"},
            {"Sec-Fetch-Site": ""},
            {"Sec-Fetch-Site": "cross-site", "Origin": "https://cards.example"},
        ],
    )
    def test_another_sites_request_is_refused_even_with_the_token(
        self, till: Browser, headers: dict[str, str]
    ) -> None:
        answer = till.call("POST", "/v1/till/lock", None, headers)

        assert (answer.status, answer.code) == (403, "csrf_refused")
        assert till.get("/v1/till/session").json["signed_in"] is not None

    def test_an_old_browser_is_known_by_its_origin(self, till: Browser) -> None:
        headers = {"Sec-Fetch-Site": "", "Origin": "https://cards.example"}

        assert till.call("POST", "/v1/till/lock", None, headers).status == 200

    def test_without_a_cookie_there_is_no_session(self, shop: Shop) -> None:
        browser = Browser(Caller(shop.client))

        for method, path in [("GET", "session"), ("POST", "lock"), ("DELETE", "session")]:
            answer = browser.call(method, f"/v1/till/{path}")
            assert (answer.status, answer.code) == (401, "session_missing"), path

    @pytest.mark.parametrize(
        "value", ["", ".", "x", "shop.", ".x", "a.b.c", "я" * 9, "x" * 900]
    )
    def test_a_made_up_cookie_opens_nothing(self, shop: Shop, value: str) -> None:
        cookie = f"__Host-kopilka-till={value}"

        answer = Caller(shop.client).call("GET", "/v1/till/session", headers={"Cookie": cookie})

        assert answer.status == 401

    def test_another_merchants_name_in_the_cookie_opens_nothing(
        self, till: Browser, other_shop: Shop
    ) -> None:
        ((name, value),) = till.cookies.items()
        secret = value.rpartition(".")[2]
        till.cookies[name] = f"{other_shop.merchant_id}.{secret}"

        assert till.get("/v1/program").code == "session_expired"

    def test_another_merchants_people_sign_in_at_no_till_of_ours(
        self, bound: Browser, other_shop: Shop
    ) -> None:
        stranger = hire(other_shop, "Eve", "manager", MANAGER_PIN)
        body = {"staff_id": stranger, "pin": MANAGER_PIN}

        signed_in = bound.post("/v1/till/sign-in", body)
        approved = bound.post("/v1/till/approvals", {**body, **UNBIND})

        assert (signed_in.code, approved.code) == ("pin_wrong", "pin_wrong")

    def test_another_merchants_approval_is_none(
        self, shop: Shop, other_shop: Shop, till: Browser
    ) -> None:
        store = other_shop.office.post("/v1/stores", {"name": "South"}).json["store_id"]
        body = {"store_id": store, "name": "Till"}
        theirs = bind(other_shop, other_shop.office.post("/v1/tills", body).json["till_id"])
        made = approval(theirs, hire(other_shop, "Eve", "manager", MANAGER_PIN), UNBIND)

        answer = till.call("DELETE", "/v1/till/session", None, {"Approval-Id": made})

        assert answer.code == "approval_refused"

    def test_an_api_key_decides_before_any_cookie(self, shop: Shop, till: Browser) -> None:
        cookie = "; ".join(f"{name}={value}" for name, value in till.cookies.items())

        answer = shop.office.call("GET", "/v1/audit", headers={"Cookie": cookie})

        assert answer.status == 200


class TestApprovals:
    def test_an_approval_lets_a_cashier_void_once(
        self, shop: Shop, till: Browser, cashier: str, manager: str
    ) -> None:
        member_id = shop.join()["member_id"]
        sold = [
            till.post("/v1/purchases", shop.sale(member_id, r), Idempotency_Key=r).json["id"]
            for r in ("r1", "r2")
        ]
        path = "/v1/purchases/{}/move"
        other = shop.join()["member_id"]
        body = {"member_id": other, "reason": "a mistake"}
        refused = till.post(path.format(sold[0]), body, Idempotency_Key="m1")
        made = approval(till, manager, post(path.format(sold[0])))
        wait(seconds=1)

        moved = till.post(path.format(sold[0]), body, Idempotency_Key="m1", Approval_Id=made)
        repeated = till.post(path.format(sold[0]), body, Idempotency_Key="m1", Approval_Id=made)
        second = till.post(path.format(sold[1]), body, Idempotency_Key="m2", Approval_Id=made)

        assert refused.code == "scope_missing"
        assert moved.status == 201
        assert repeated.is_replay
        assert (second.status, second.code) == (403, "approval_refused")
        entry = shop.office.get(f"/v1/members/{other}/ledger").json["items"][0]
        assert (entry["staff_id"], entry["approved_by"]) == (cashier, manager)
        told = shop.office.get("/v1/audit").json["items"]
        [record] = [one for one in told if one["deed"] == "approval_used"]
        assert record["actor"] == manager
        assert record["facts"] == {
            "route": "/v1/purchases/{purchase_id}/move",
            "for": cashier,
        }

    def test_an_approval_is_good_for_two_minutes(self, till: Browser, manager: str) -> None:
        made = approval(till, manager, UNBIND)
        wait(minutes=2)

        answer = till.call("DELETE", "/v1/till/session", None, {"Approval-Id": made})

        assert answer.code == "approval_refused"
        assert till.get("/v1/till/session").status == 200

    def test_an_approval_of_another_till_is_none(
        self, shop: Shop, till: Browser, store: str, manager: str
    ) -> None:
        body = {"store_id": store, "name": "Second"}
        other = bind(shop, shop.office.post("/v1/tills", body).json["till_id"])

        made = approval(till, manager, UNBIND)

        answer = other.call("DELETE", "/v1/till/session", None, {"Approval-Id": made})

        assert answer.code == "approval_refused"

    def test_a_cashier_cannot_approve(self, till: Browser, cashier: str) -> None:
        body = {"staff_id": cashier, "pin": PIN, **UNBIND}

        answer = till.post("/v1/till/approvals", body)

        assert (answer.status, answer.code) == (403, "approver_refused")

    def test_a_device_is_unbound_by_a_manager_alone(self, till: Browser, manager: str) -> None:
        refused = till.call("DELETE", "/v1/till/session")
        made = approval(till, manager, UNBIND)
        gone = till.call("DELETE", "/v1/till/session", None, {"Approval-Id": made})

        assert refused.code == "scope_missing"
        assert gone.status == 200
        assert set_cookies(gone)[0].startswith("__Host-kopilka-till=; ")

    def test_a_forgotten_pin_is_reset_at_the_till(
        self, shop: Shop, bound: Browser, cashier: str, manager: str
    ) -> None:
        for _ in range(5):
            sign_in(bound, cashier, "0000")
        body = {"staff_id": cashier, "pin": "7415"}
        made = approval(bound, manager, reset_of(cashier))
        wait(seconds=1)

        reset = bound.post("/v1/till/pin-resets", body, Approval_Id=made)

        assert reset.status == 200
        assert sign_in(bound, cashier, "7415").status == 200
        records = shop.office.get("/v1/audit?limit=2").json["items"]
        assert {one["deed"] for one in records} == {"pin_reset", "approval_used"}
        assert {one["actor"] for one in records} == {manager}

    def test_a_manager_resets_no_other_managers_pin(
        self, shop: Shop, bound: Browser, manager: str
    ) -> None:
        other = hire(shop, "Ivan", "manager", "5820")
        body = {"staff_id": other, "pin": "7415"}

        made = approval(bound, manager, reset_of(other))
        answer = bound.post("/v1/till/pin-resets", body, Approval_Id=made)

        assert answer.code == "approver_refused"

    def test_an_approval_does_what_it_was_asked_for_and_nothing_else(
        self, shop: Shop, till: Browser, cashier: str, manager: str
    ) -> None:
        sold = till.post("/v1/purchases", shop.sale(None), Idempotency_Key="k1").json["id"]
        made = approval(till, manager, post(f"/v1/purchases/{sold}/void"))

        reset = till.post(
            "/v1/till/pin-resets", {"staff_id": cashier, "pin": "7415"}, Approval_Id=made
        )
        unbound = till.call("DELETE", "/v1/till/session", None, {"Approval-Id": made})
        void = till.post(
            f"/v1/purchases/{sold}/void",
            {"reason": "a mistake"},
            Idempotency_Key="v1",
            Approval_Id=made,
        )

        assert (reset.status, reset.code) == (403, "approval_refused")
        assert unbound.code == "approval_refused"
        assert void.status == 201

    def test_a_pin_is_reset_for_whom_the_manager_was_shown(
        self, shop: Shop, bound: Browser, cashier: str, manager: str
    ) -> None:
        made = approval(bound, manager, reset_of(cashier))
        other = hire(shop, "Nina", "cashier", "6037")
        body = {"staff_id": other, "pin": "7415"}

        answer = bound.post("/v1/till/pin-resets", body, Approval_Id=made)

        assert (answer.status, answer.code) == (403, "approval_refused")
        assert sign_in(bound, other, "6037").status == 200

    def test_the_same_key_with_another_body_is_another_operation(
        self, bound: Browser, cashier: str, manager: str
    ) -> None:
        made = approval(bound, manager, reset_of(cashier))
        sent = {"Idempotency_Key": "k1", "Approval_Id": made}
        path, body = "/v1/till/pin-resets", {"staff_id": cashier, "pin": "7415"}
        first = bound.post(path, body, **sent)

        repeated = bound.post(path, body, **sent)
        changed = bound.post(path, {**body, "pin": "6037"}, **sent)

        assert (first.status, repeated.status) == (200, 200)
        assert (changed.status, changed.code) == (403, "approval_refused")
        assert sign_in(bound, cashier, "7415").status == 200

    def test_an_approval_never_sets_the_approvers_own_pin(
        self, till: Browser, manager: str
    ) -> None:
        made = approval(till, manager, reset_of(manager))
        body = {"staff_id": manager, "pin": "7415"}

        answer = till.post("/v1/till/pin-resets", body, Approval_Id=made)

        assert (answer.status, answer.code) == (403, "approver_refused")
        assert sign_in(till, manager, "7415").code == "pin_wrong"
        assert sign_in(till, manager, MANAGER_PIN).status == 200

    def test_a_manager_who_is_signed_in_sets_their_own_pin(
        self, bound: Browser, manager: str
    ) -> None:
        sign_in(bound, manager, MANAGER_PIN)

        answer = bound.post("/v1/till/pin-resets", {"staff_id": manager, "pin": "7415"})

        assert answer.status == 200
        assert sign_in(bound, manager, "7415").status == 200


def post(path: str) -> dict[str, str]:
    return {"method": "POST", "path": path}


def reset_of(staff_id: str) -> dict[str, str]:
    return {**post("/v1/till/pin-resets"), "target": staff_id}


def approval(browser: Browser, staff_id: str, wish: dict[str, str]) -> str:
    body = {"staff_id": staff_id, "pin": MANAGER_PIN, **wish}
    return browser.post("/v1/till/approvals", body).json["approval_id"]
