"""Members to a till, to the office and to themselves."""

from datetime import timedelta

import pytest

from chalicelib.wiring import services
from tests.api.caller import Caller
from tests.api.shop import Shop, new_phone


def test_a_till_finds_a_member_by_code_phone_and_card(shop: Shop) -> None:
    phone = new_phone()
    member_id = shop.join(phone, name="Anna Petrova")["member_id"]
    shop.till.post(f"/v1/members/{member_id}/identifiers", {"type": "card", "value": "C-1"})
    full = shop.office.get(f"/v1/members/{member_id}").json
    code = full["identifiers"][0]["value"]

    found = [
        shop.till.post("/v1/lookups", body).json
        for body in (
            {"code": code.lower()},
            {"phone": f"8{phone.removeprefix('+7')}"},
            {"card_number": "C-1"},
        )
    ]

    assert [one["member_id"] for one in found] == [member_id] * 3
    assert found[0]["name_short"] == "Anna P."
    assert found[0]["phone_masked"] == f"+•••••••••{phone[-2:]}"
    assert found[0]["recent"][0]["kind"] == "join"


@pytest.mark.parametrize(
    "body",
    [
        {"code": "L1AAAAAAAAAAAA"},
        {"code": "?"},
        {"phone": "89997654321"},
        {"card_number": "C-0"},
    ],
)
def test_nobody_is_not_found(shop: Shop, body: dict[str, str]) -> None:
    answer = shop.till.post("/v1/lookups", body)

    assert (answer.status, answer.code) == (404, "member_not_found")


def test_a_look_up_takes_one_of_three(shop: Shop) -> None:
    answer = shop.till.post("/v1/lookups", {"code": "L1", "phone": "1"})

    assert (answer.status, answer.code) == (400, "bad_input")


def test_a_till_does_not_see_personal_data(shop: Shop) -> None:
    member_id = shop.join(name="Anna Petrova", email="anna@example.com")["member_id"]

    to_till = shop.till.get(f"/v1/members/{member_id}").json
    to_office = shop.office.get(f"/v1/members/{member_id}").json

    assert to_office["name"] == "Anna Petrova"
    assert to_office["email"] == "anna@example.com"
    assert not {"name", "phone", "email", "birth_date", "consents"} & to_till.keys()


def test_a_grant_shows_as_a_lot_and_expires_with_its_last_day(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    granted = shop.give(member_id, 30, expires_in_days=10).json

    before = shop.office.get(f"/v1/members/{member_id}").json
    services().clock.advance(timedelta(days=11).total_seconds())
    after = shop.office.get(f"/v1/members/{member_id}").json

    assert [lot["lot_id"] for lot in before["lots"]] == [granted["lot_id"]]
    assert before["next_expiry"] == {"points": 30, "on": "2026-06-11"}
    assert after["lots"] == []
    assert after["balance"]["available"] == 0


def test_a_past_balance_is_folded_from_the_ledger(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    shop.give(member_id, 30)
    services().clock.advance(timedelta(days=2).total_seconds())
    shop.give(member_id, 12)

    then = shop.office.get(f"/v1/members/{member_id}/balance?on=2026-06-02").json
    now = shop.office.get(f"/v1/members/{member_id}/balance").json

    assert (then["available"], now["available"]) == (30, 42)
    assert (then["on"], now["on"]) == ("2026-06-02", "2026-06-03")


def test_the_ledger_is_paged_newest_first(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    for _ in range(4):
        shop.give(member_id, 1)
    path = f"/v1/members/{member_id}/ledger"

    first = shop.office.get(f"{path}?limit=3").json
    second = shop.office.get(f"{path}?limit=3&cursor={first['next_cursor']}").json

    assert [entry["version"] for entry in first["items"]] == [5, 4, 3]
    assert [entry["version"] for entry in second["items"]] == [2, 1]
    assert second["next_cursor"] is None


@pytest.mark.parametrize("cursor", ["5", "v", "v-1", "v٣", "x" * 65])
def test_a_cursor_that_is_none_of_ours_is_refused(shop: Shop, cursor: str) -> None:
    member_id = shop.join()["member_id"]

    answer = shop.office.get(f"/v1/members/{member_id}/ledger?cursor={cursor}")

    assert (answer.status, answer.code) == (400, "bad_input")


def test_a_given_tier_ends_after_its_last_day(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    body = {"tier": "Gold", "days": 3, "reason": "friend of the house"}
    shop.office.post(f"/v1/members/{member_id}/tier-overrides", body)

    now = shop.office.get(f"/v1/members/{member_id}").json["tier"]
    services().clock.advance(timedelta(days=4).total_seconds())
    later = shop.office.get(f"/v1/members/{member_id}").json["tier"]

    assert (now["name"], now["until"]) == ("Gold", "2026-06-04")
    assert later["name"] == "Basic"


def test_an_unknown_tier_is_refused(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    body = {"tier": "Platinum", "days": 3, "reason": "friend"}

    answer = shop.office.post(f"/v1/members/{member_id}/tier-overrides", body)

    assert (answer.status, answer.code) == (400, "tier_unknown")


def test_history_counts_for_the_tier_and_judges_each_row(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    good = {"at": "2026-05-01T12:00:00Z", "net_paid_minor": 1_000_000, "receipt_id": "h1"}
    rows = [
        {"member_id": member_id, **good},
        {"member_id": "mem_nobody", **good},
        {"member_id": member_id, **good, "at": "2027-05-01T12:00:00Z"},
        {"member_id": member_id},
        "row",
    ]

    answer = shop.office.post("/v1/history", rows, key="h1")
    repeat = shop.office.post("/v1/history", rows, key="h1")
    member = shop.office.get(f"/v1/members/{member_id}").json

    assert [row["status"] for row in answer.json["items"]] == [201, 404, 400, 400, 400]
    assert repeat.json["items"][0] == {
        **answer.json["items"][0],
        "status": 200,
        "is_replay": True,
    }
    assert member["tier"]["name"] == "Gold"
    assert member["tier"]["turnover_minor"] == 1_000_000
    assert member["balance"]["available"] == 0


def test_points_are_redeemed_without_a_receipt(shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    shop.give(member_id, 30)
    body = {"member_id": member_id, "points": 30, "reason": "mug"}

    first = shop.till.post("/v1/redemptions", body)
    again = shop.till.post("/v1/redemptions", body)

    assert (first.status, first.json["points"]) == (201, -30)
    assert (again.status, again.code) == (409, "insufficient_points")


def test_a_card_belongs_to_one_member(shop: Shop) -> None:
    ann, bob = shop.join()["member_id"], shop.join()["member_id"]
    body = {"type": "card", "value": "C-9"}

    first = shop.till.post(f"/v1/members/{ann}/identifiers", body)
    same = shop.till.post(f"/v1/members/{ann}/identifiers", body)
    other = shop.till.post(f"/v1/members/{bob}/identifiers", body)

    assert (first.status, same.status) == (200, 200)
    assert (other.status, other.code) == (409, "card_number_taken")


def test_members_see_and_change_their_own_things(shop: Shop) -> None:
    me = Caller(shop.client, shop.join()["member_token"])

    changed = me.call(
        "PATCH",
        "/v1/me",
        {
            "name": "Anna",
            "birth_date": "1990-06-05",
            "anniversaries": [{"kind": "wedding", "day": "2015-08-01"}],
        },
    ).json

    assert changed["name"] == "Anna"
    assert changed["birth_date"] == "1990-06-05"
    assert changed["anniversaries"] == [{"kind": "wedding", "day": "2015-08-01"}]
    assert me.get("/v1/me").json == changed
    assert me.get("/v1/me/ledger").json["items"][0]["kind"] == "join"


def test_members_take_their_name_and_address_back(shop: Shop) -> None:
    joined = shop.join(name="Anna", email="anna@example.com")
    me = Caller(shop.client, joined["member_token"])

    left = me.call("PATCH", "/v1/me", {"language": "en"}).json
    taken = me.call("PATCH", "/v1/me", {"name": "", "email": ""}).json

    assert (left["name"], left["email"]) == ("Anna", "anna@example.com")
    assert (taken["name"], taken["email"], taken["name_short"]) == (None, None, None)


@pytest.mark.parametrize(
    "email", ["anna", "anna@gmail", "anna@gmail.", "anna@.com", "a@b@c.ru", "an na@b.ru"]
)
def test_an_address_that_no_letter_reaches_is_refused(shop: Shop, email: str) -> None:
    me = Caller(shop.client, shop.join()["member_token"])

    refused = me.call("PATCH", "/v1/me", {"email": email})
    asked = shop.ask_for_code(None, email=email)

    assert [one["pointer"] for one in refused.json["errors"]] == ["/email"]
    assert [one["pointer"] for one in asked.json["errors"]] == ["/email"]


def test_a_birth_date_is_corrected_once_by_the_member_and_later_by_staff(shop: Shop) -> None:
    joined = shop.join(birth_date="1990-06-05")
    me = Caller(shop.client, joined["member_token"])
    days = [{"birth_date": f"1990-06-0{n}"} for n in (6, 7)]

    first = me.call("PATCH", "/v1/me", days[0])
    second = me.call("PATCH", "/v1/me", days[1])
    staff = shop.office.call("PATCH", f"/v1/members/{joined['member_id']}", days[1])

    assert (first.status, second.status, second.code) == (200, 409, "birth_date_fixed")
    assert (staff.status, staff.json["birth_date"]) == (200, "1990-06-07")


def test_a_birth_date_in_the_future_is_refused(shop: Shop) -> None:
    me = Caller(shop.client, shop.join()["member_token"])

    answer = me.call("PATCH", "/v1/me", {"birth_date": "2026-06-03"})

    assert (answer.status, answer.code) == (400, "date_refused")


def test_every_consent_is_kept(shop: Shop) -> None:
    me = Caller(shop.client, shop.join()["member_token"])
    answers = [
        {"purpose": "advertising", "granted": granted, "text_version": "2"}
        for granted in (True, False)
    ]

    for one in answers:
        me.post("/v1/me/consents", {"consents": [one]})

    kept = me.get("/v1/me/consents").json["items"]
    assert [(one["purpose"], one["granted"], one["source"]) for one in kept] == [
        ("program", True, "sign_up"),
        ("advertising", True, "me"),
        ("advertising", False, "me"),
    ]


def test_a_birthday_is_near_within_a_week(shop: Shop) -> None:
    phone = new_phone()
    shop.join(phone, birth_date="1990-06-08")
    shop.join(other := new_phone(), birth_date="1990-06-09")

    near = shop.till.post("/v1/lookups", {"phone": phone}).json["birthday_near"]
    far = shop.till.post("/v1/lookups", {"phone": other}).json["birthday_near"]

    assert (near, far) == (True, False)
