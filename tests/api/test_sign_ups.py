"""Signing up, through the whole application."""

from datetime import timedelta

import pytest

from chalicelib.wiring import services
from tests.api.caller import Caller
from tests.api.shop import NONCE, Shop, new_phone


def test_a_phone_becomes_a_member(shop: Shop) -> None:
    phone = new_phone()
    asked = shop.ask_for_code(phone)

    answer = shop.verify(asked.json["sign_up_id"], shop.code_sent(phone))

    assert (asked.status, answer.status) == (202, 201)
    assert asked.json["resend_after_seconds"] == 60
    assert asked.json["expires_in_seconds"] == 300
    assert answer.json["card_url"].startswith("https://cards.example/c/")
    assert answer.json["apple_pass_url"].startswith("https://cards.example/passes/")
    assert answer.json["google_save_url"] is None


def test_known_and_unknown_phones_get_the_same_answer(shop: Shop) -> None:
    phone = new_phone()
    known_id = shop.join(phone)["member_id"]
    services().clock.advance(90)

    unknown = shop.ask_for_code(new_phone())
    known = shop.ask_for_code(phone)
    back = shop.verify(known.json["sign_up_id"], shop.code_sent(phone))

    assert known.status == unknown.status == 202
    assert known.json.keys() == unknown.json.keys()
    assert len(known.body) == len(unknown.body)
    assert (back.status, back.json["member_id"]) == (200, known_id)


def test_a_lost_answer_is_given_again_to_the_same_client(shop: Shop) -> None:
    phone = new_phone()
    sign_up_id = shop.ask_for_code(phone).json["sign_up_id"]
    code = shop.code_sent(phone)
    first = shop.verify(sign_up_id, code)

    repeat = shop.verify(sign_up_id, code)
    stranger = shop.verify(sign_up_id, code, client_nonce="another-phone")

    assert (repeat.status, repeat.json) == (first.status, first.json)
    assert (stranger.status, stranger.code) == (409, "code_used")


def test_a_wrong_code_says_how_many_guesses_are_left(shop: Shop) -> None:
    phone = new_phone()
    sign_up_id = shop.ask_for_code(phone).json["sign_up_id"]
    wrong = f"{(int(shop.code_sent(phone)) + 1) % 1_000_000:06d}"

    guesses = [shop.verify(sign_up_id, wrong) for _ in range(6)]

    assert [guess.status for guess in guesses] == [400] * 5 + [429]
    assert [guess.json.get("attempts_left") for guess in guesses[:5]] == [4, 3, 2, 1, 0]
    assert guesses[5].code == "code_locked"
    assert "Retry-After" in guesses[5].headers


def test_an_old_code_is_gone(shop: Shop) -> None:
    phone = new_phone()
    sign_up_id = shop.ask_for_code(phone).json["sign_up_id"]
    code = shop.code_sent(phone)
    services().clock.advance(timedelta(minutes=6).total_seconds())

    answer = shop.verify(sign_up_id, code)

    assert (answer.status, answer.code) == (410, "code_expired")


def test_a_second_code_within_a_minute_is_refused(shop: Shop) -> None:
    phone = new_phone()
    shop.ask_for_code(phone)

    answer = shop.ask_for_code(phone)

    assert (answer.status, answer.code) == (429, "too_many_codes")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"phone": "+7 800 555 35 35"}, 400, "phone_invalid"),
        ({"phone": "\u202e+79990000001"}, 400, "bad_input"),
        ({"phone": "+44 7400 123456"}, 403, "phone_not_allowed"),
        ({"consents": []}, 400, "consent_missing"),
        ({"language": "de"}, 400, "bad_input"),
        ({"client_nonce": "short"}, 400, "bad_input"),
        ({"merchant": "other"}, 400, "unknown_field"),
    ],
)
def test_a_bad_sign_up_is_refused(shop: Shop, change: dict, status: int, code: str) -> None:
    answer = shop.ask_for_code(change.pop("phone", new_phone()), **change)

    assert (answer.status, answer.code) == (status, code)


def test_the_alternatives_are_named_where_codes_are_not_sent(shop: Shop) -> None:
    answer = shop.ask_for_code("+44 7400 123456")

    assert answer.json["countries"] == "RU"
    assert answer.json["alternatives"] == ["email", "card_only"]


def test_an_unknown_merchant_is_not_found(shop: Shop) -> None:
    path = "/v1/merchants/nobody/sign-ups"
    body = {"phone": new_phone(), "language": "ru", "client_nonce": NONCE}
    consents = [{"purpose": "program", "granted": True, "text_version": "1"}]

    answer = Caller(shop.client).post(path, {**body, "consents": consents})

    assert (answer.status, answer.code) == (404, "merchant_not_found")


@pytest.mark.parametrize("sign_up_id", ["sup_1", "sup_1.shop", ".", "sup_%00"])
def test_an_unknown_sign_up_is_not_found(shop: Shop, sign_up_id: str) -> None:
    assert shop.verify(sign_up_id, "123456").status == 404


class TestARecycledNumber:
    """A number that was silent for half a year may have another owner by now."""

    def test_is_asked_for_the_birth_date_and_opens_the_card_with_it(self, shop: Shop) -> None:
        phone = new_phone()
        known = shop.join(phone, birth_date="1990-06-10")["member_id"]
        services().clock.advance(181 * 86_400)
        sign_up_id = shop.ask_for_code(phone).json["sign_up_id"]
        code = shop.code_sent(phone)

        asked = shop.verify(sign_up_id, code)
        wrong = shop.verify(sign_up_id, code, birth_date="1990-06-11")
        right = shop.verify(sign_up_id, code, birth_date="1990-06-10")

        assert (asked.status, asked.code) == (409, "birth_date_needed")
        assert (wrong.status, wrong.code) == (409, "birth_date_needed")
        assert (right.status, right.json["member_id"]) == (200, known)

    def test_gives_its_new_owner_a_card_of_their_own(self, shop: Shop) -> None:
        phone = new_phone()
        former = shop.join(phone, birth_date="1990-06-10")
        shop.give(former["member_id"], 100)
        services().clock.advance(181 * 86_400)
        sign_up_id = shop.ask_for_code(phone).json["sign_up_id"]

        fresh = shop.verify(sign_up_id, shop.code_sent(phone), starts_anew=True)
        me = Caller(shop.client, fresh.json["member_token"]).get("/v1/me")
        found = shop.till.post("/v1/lookups", {"phone": phone}).json["member_id"]
        old = shop.office.get(f"/v1/members/{former['member_id']}").json

        assert (fresh.status, found) == (201, me.json["id"])
        assert me.json["balance"]["available"] == 0
        assert (old["balance"]["available"], old["phone"]) == (100, None)


class TestOtherWaysIn:
    """Where no SMS arrives: a code by e-mail, or a card that only earns."""

    def test_are_named_where_a_phone_is_not_allowed(self, shop: Shop) -> None:
        foreign = shop.ask_for_code("+447400123456")
        asked = shop.ask_for_code(new_phone())

        assert (foreign.status, foreign.code) == (403, "phone_not_allowed")
        assert foreign.json["alternatives"] == ["email", "card_only"]
        assert asked.json["alternatives"] == ["email", "card_only"]

    def test_a_code_by_email_becomes_a_member(self, shop: Shop) -> None:
        asked = shop.ask_for_code(None, email="ann@example.com")
        code = shop.code_sent("ann@example.com")

        answer = shop.verify(asked.json["sign_up_id"], code)
        me = Caller(shop.client, answer.json["member_token"]).get("/v1/me").json

        assert (asked.status, answer.status) == (202, 201)
        assert (me["email"], me["phone"], me["member_verified"]) == (
            "ann@example.com",
            None,
            True,
        )

    def test_a_card_without_a_phone_earns_at_once(self, shop: Shop) -> None:
        opened = shop.ask_for_code(None, card_only=True, client_nonce="another-nonce")
        member_id = opened.json["member_id"]

        sold = shop.till.post("/v1/purchases", shop.sale(member_id))
        held = shop.till.post("/v1/holds", {"member_id": member_id, "points": 1})

        assert (opened.status, sold.json["earned"]) == (201, 5)
        assert opened.json["card_url"].startswith("https://cards.example/c/")
        assert (held.status, held.code) == (409, "member_unverified")

    @pytest.mark.parametrize(
        "more", [{}, {"email": "a@b.example", "card_only": True}], ids=["none", "two"]
    )
    def test_one_way_is_to_be_named(self, shop: Shop, more: dict) -> None:
        answer = shop.ask_for_code(None, **more)

        assert (answer.status, answer.code) == (400, "bad_input")

    def test_a_phone_that_is_added_later_lets_the_card_redeem(self, shop: Shop) -> None:
        opened = shop.ask_for_code(None, card_only=True, client_nonce="a-third-nonce").json
        member, phone = Caller(shop.client, opened["member_token"]), new_phone()
        shop.give(opened["member_id"], 100)
        asked = member.post("/v1/me/phone-changes", {"phone": phone}).json
        code = {"new_code": shop.code_sent(phone)}

        done = member.post(f"/v1/me/phone-changes/{asked['id']}/verify", code)
        held = shop.till.post("/v1/holds", {"member_id": opened["member_id"], "points": 1})

        assert (done.status, held.status) == (200, 201)
        assert member.get("/v1/me").json["member_verified"] is True
