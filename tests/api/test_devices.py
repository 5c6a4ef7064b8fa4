"""Where a member's card is, and how it is taken from a lost phone."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.wiring import services
from tests.api.caller import Caller
from tests.api.iphone import HeldPass, Iphone
from tests.api.shop import Shop, new_phone

ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/141.0 Mobile Safari/537.36"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.6 Safari/604.1"


def sign_in(shop: Shop, phone: str, browser: str = ANDROID) -> dict[str, Any]:
    """Sign a phone in as a browser; minutes after the last code."""
    clock = services().clock
    clock.set(clock.now() + timedelta(seconds=61))
    sign_up_id = shop.ask_for_code(phone).json["sign_up_id"]
    body = {"code": shop.code_sent(phone), "client_nonce": "a-phone-of-a-shopper"}
    return (
        Caller(shop.client)
        .call(
            "POST", f"/v1/sign-ups/{sign_up_id}/verify", body, headers={"User-Agent": browser}
        )
        .json
    )


def member(shop: Shop, joined: dict[str, Any]) -> Caller:
    return Caller(shop.client, joined["member_token"])


def devices(caller: Caller) -> list[dict[str, Any]]:
    answer = caller.get("/v1/me/devices")
    assert answer.status == 200
    return answer.json["items"]


def card_status(shop: Shop, joined: dict[str, Any]) -> int:
    return (
        Caller(shop.client).get(joined["card_url"].removeprefix("https://cards.example")).status
    )


def code_of(shop: Shop, joined: dict[str, Any]) -> str:
    found = shop.office.get(f"/v1/members/{joined['member_id']}").json
    return found["identifiers"][0]["value"]


def pass_by_link(shop: Shop, joined: dict[str, Any]) -> HeldPass:
    """Download a pass from the card that the link on another pass opens."""
    first = Iphone(Caller(shop.client)).take(joined["apple_pass_url"])
    fields = first.content["storeCard"]["backFields"]
    link = next(one["value"] for one in fields if one["key"] == "card_url")
    token = link.rpartition("/c/")[2].removeprefix(f"{first.serial}.")
    return Iphone(Caller(shop.client)).take(f"/passes/{first.serial}.pkpass?token={token}")


def test_each_sign_in_is_a_browser_of_its_own(shop: Shop) -> None:
    phone = new_phone()
    first, second = sign_in(shop, phone, SAFARI), sign_in(shop, phone)

    found = devices(member(shop, second))

    assert [(one["label"], one["is_this"]) for one in found] == [
        ("Safari · iPhone", False),
        ("Chrome · Android", True),
    ]
    assert first["member_token"] != second["member_token"]
    assert {one["kind"] for one in found} == {"browser"}


def test_a_removed_browser_opens_nothing_and_the_code_it_showed_is_dead(shop: Shop) -> None:
    phone = new_phone()
    lost, kept = sign_in(shop, phone), sign_in(shop, phone, SAFARI)
    seen = code_of(shop, lost)
    [there, _] = devices(member(shop, kept))

    answer = member(shop, kept).call("DELETE", f"/v1/me/devices/{there['id']}")

    assert [one["label"] for one in answer.json["items"]] == ["Safari · iPhone"]
    assert member(shop, lost).get("/v1/me").status == 401
    assert card_status(shop, lost) == 404
    assert (member(shop, kept).get("/v1/me").status, card_status(shop, kept)) == (200, 200)
    looked_up = shop.till.post("/v1/lookups", {"code": seen})
    assert (looked_up.status, looked_up.code) == (404, "code_replaced")


def test_a_used_code_lets_a_removed_browser_in_no_more(shop: Shop) -> None:
    phone = new_phone()
    kept = sign_in(shop, phone)
    clock = services().clock
    clock.set(clock.now() + timedelta(seconds=61))
    sign_up_id = shop.ask_for_code(phone).json["sign_up_id"]
    code = shop.code_sent(phone)
    lost = shop.verify(sign_up_id, code).json
    [_, there] = devices(member(shop, kept))
    member(shop, kept).call("DELETE", f"/v1/me/devices/{there['id']}")

    again = shop.verify(sign_up_id, code)

    assert (again.status, again.json["member_token"]) == (200, lost["member_token"])
    assert member(shop, again.json).get("/v1/me").status == 401


def test_a_removed_phone_learns_nothing_while_the_other_gets_the_new_code(shop: Shop) -> None:
    phone = new_phone()
    on_lost, on_kept = sign_in(shop, phone, SAFARI), sign_in(shop, phone, SAFARI)
    lost = Iphone(Caller(shop.client), device_id="lost")
    kept = Iphone(Caller(shop.client), device_id="kept", push_token="0c")
    there, here = lost.add(on_lost["apple_pass_url"]), kept.add(on_kept["apple_pass_url"])
    listed = {
        one["browser_id"]: one for one in devices(member(shop, on_kept)) if one["browser_id"]
    }
    [of_lost] = [one for one in listed.values() if not one["is_this"]]

    left = member(shop, on_kept).call("DELETE", f"/v1/me/devices/{of_lost['id']}").json["items"]

    assert [one["kind"] for one in left] == ["browser", "apple_wallet"]
    assert member(shop, on_lost).get("/v1/me").status == 401
    anybody = Caller(shop.client)
    assert anybody.get(there.path, **there.credential).status == 401
    assert lost.register(there).status == 401
    assert anybody.get(here.path, **here.credential).status == 200
    assert kept.woken() == [here.serial]
    message = kept.held[here.serial].content["barcodes"][0]["message"]
    assert message == code_of(shop, on_kept)
    assert devices(member(shop, on_kept)) == left


def test_a_pass_that_never_registered_dies_with_its_browser(shop: Shop) -> None:
    phone = new_phone()
    on_lost, on_kept = sign_in(shop, phone, SAFARI), sign_in(shop, phone)
    there = Iphone(Caller(shop.client)).take(on_lost["apple_pass_url"])
    [of_lost, _] = devices(member(shop, on_kept))

    member(shop, on_kept).call("DELETE", f"/v1/me/devices/{of_lost['id']}")

    assert Caller(shop.client).get(there.path, **there.credential).status == 401


def test_all_others_are_signed_out_at_once(shop: Shop) -> None:
    phone = new_phone()
    others = [sign_in(shop, phone), sign_in(shop, phone, SAFARI)]
    Iphone(Caller(shop.client), device_id="theirs").add(others[1]["apple_pass_url"])
    own = sign_in(shop, phone)

    answer = member(shop, own).post("/v1/me/sign-out-others")

    assert [one["is_this"] for one in answer.json["items"]] == [True]
    assert [member(shop, one).get("/v1/me").status for one in others] == [401, 401]
    assert member(shop, own).get("/v1/me").status == 200


@pytest.mark.parametrize("is_code_replaced", [False, True])
def test_a_pass_that_came_by_the_link_on_a_pass_is_signed_out_with_the_others(
    shop: Shop, is_code_replaced: bool
) -> None:
    phone = new_phone()
    of_link = pass_by_link(shop, sign_in(shop, phone, SAFARI))
    own = sign_in(shop, phone)
    if is_code_replaced:
        shop.office.post(f"/v1/members/{own['member_id']}/code")
    before = Caller(shop.client).get(of_link.path, **of_link.credential).status

    member(shop, own).post("/v1/me/sign-out-others")

    after = Caller(shop.client).get(of_link.path, **of_link.credential).status
    assert (before, after) == (200, 401)


def test_a_phone_whose_pass_came_by_a_link_is_forgotten_with_any_removed(shop: Shop) -> None:
    phone = new_phone()
    lost = sign_in(shop, phone, SAFARI)
    theirs = Iphone(Caller(shop.client), device_id="theirs")
    theirs.register(pass_by_link(shop, lost))
    own = sign_in(shop, phone)
    [there, *_] = devices(member(shop, own))

    answer = member(shop, own).call("DELETE", f"/v1/me/devices/{there['id']}")

    assert [one["is_this"] for one in answer.json["items"]] == [True]


def test_the_link_on_a_pass_opens_the_card_and_dies_with_the_code(shop: Shop) -> None:
    phone = new_phone()
    own = sign_in(shop, phone)
    held = Iphone(Caller(shop.client)).take(own["apple_pass_url"])
    link = next(
        field["value"] for field in held.content["storeCard"]["backFields"]
        if field["key"] == "card_url"
    )  # fmt: skip
    path = link.removeprefix("https://cards.example")
    anybody = Caller(shop.client)
    before = anybody.get(path).status

    shop.office.post(f"/v1/members/{own['member_id']}/code")

    assert (before, anybody.get(path).status) == (200, 404)
    assert card_status(shop, own) == 200


def test_the_link_on_a_pass_makes_no_token_of_a_member(shop: Shop) -> None:
    own = sign_in(shop, new_phone())
    held = Iphone(Caller(shop.client)).take(own["apple_pass_url"])
    texts = str(held.content)
    link = texts[texts.index("/c/") + 3 :].split('"', maxsplit=1)[0].split("'", maxsplit=1)[0]

    answer = Caller(shop.client, f"mt_{link}").get("/v1/me")

    assert answer.status == 401


@pytest.mark.parametrize("device_id", ["nobody", "apple-0123456789abcdef"])
def test_an_unknown_device_is_404(shop: Shop, device_id: str) -> None:
    own = member(shop, sign_in(shop, new_phone()))

    answer = own.call("DELETE", f"/v1/me/devices/{device_id}")

    assert (answer.status, answer.code) == (404, "device_not_found")


def test_another_members_device_is_404(shop: Shop) -> None:
    own, other = sign_in(shop, new_phone()), sign_in(shop, new_phone())
    [theirs] = devices(member(shop, other))

    answer = member(shop, own).call("DELETE", f"/v1/me/devices/{theirs['id']}")

    assert (answer.status, answer.code) == (404, "device_not_found")
    assert member(shop, other).get("/v1/me").status == 200


def test_googles_wallet_is_listed_but_cannot_be_removed_here(shop: Shop) -> None:
    own = member(shop, sign_in(shop, new_phone()))

    answer = own.call("DELETE", "/v1/me/devices/google_wallet")

    assert (answer.status, answer.code) == (409, "device_not_removable")


def test_a_browser_that_comes_back_is_seen_on_that_day(shop: Shop) -> None:
    own = member(shop, sign_in(shop, new_phone()))
    clock = services().clock
    clock.set(clock.now() + timedelta(days=3))

    [found] = devices(own)

    assert found["last_seen_on"] == clock.now().date().isoformat()
