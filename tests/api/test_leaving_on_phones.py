"""Members who go, as a phone that keeps to Apple's rules learns of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.jobs.outbox import sweep
from chalicelib.jobs.schedule import work
from chalicelib.ports import PushKind, PushOutcome
from chalicelib.wiring import Services, services
from tests.api.caller import Caller
from tests.api.iphone import HeldPass, Iphone
from tests.api.shop import Shop
from tests.api.test_leaving import erase, merge
from tests.fakes.pusher import FakePusher
from tests.infra.test_policy_use import Context, messages

NAME, POINTS = "Anna Petrova", 7_319


@pytest.fixture
def pusher(wired: Services, shop: Shop) -> Iterator[FakePusher]:
    """Apple's push service, when nobody else's pass waits for it."""
    found = FakePusher()
    wired.__dict__["pusher"] = found
    sweep({}, Context())
    found.pushed.clear()
    yield found
    wired.__dict__.pop("pusher")


@pytest.fixture
def joined(shop: Shop, pusher: FakePusher) -> dict[str, Any]:
    found = shop.join(name=NAME)
    shop.give(found["member_id"], POINTS)
    return found


@pytest.fixture
def phone(shop: Shop) -> Iphone:
    return Iphone(Caller(shop.client), device_id=f"d-{shop.merchant_id}", push_token="0a1b")


@pytest.fixture
def held(phone: Iphone, joined: dict[str, Any]) -> HeldPass:
    one = phone.add(joined["apple_pass_url"])
    sweep({}, Context())
    phone.woken()
    return one


def a_minute_later() -> None:
    """Let the sweep run when no pass rests from its last push."""
    services().clock.advance(60)
    sweep({}, Context())


def code_on(one: HeldPass) -> str:
    return str(one.content["barcodes"][0]["message"])


def check_void(one: HeldPass, code: str) -> None:
    """See that a pass is void and says nothing of whom it was."""
    said = str({**one.content, "authenticationToken": ""})  # random: it may say anything
    assert one.content["voided"] is True
    for personal in (NAME, "Anna", code, str(POINTS), "7\u00a0319"):
        assert personal not in said
    assert "barcodes" not in one.content


def test_an_erased_members_phone_is_pushed_and_gets_a_void_pass(
    shop: Shop, pusher: FakePusher, phone: Iphone, joined: dict[str, Any], held: HeldPass
) -> None:
    code = code_on(held)
    pusher.pushed.clear()

    erase(shop, joined["member_id"])
    a_minute_later()

    assert pusher.pushed == [phone.push_token]
    assert phone.woken() == [held.serial]
    check_void(held, code)
    assert phone.refresh(held.serial) == 304
    assert phone.woken() == []


def test_a_merged_members_phone_gets_a_void_pass_and_the_survivors_the_points(
    shop: Shop, pusher: FakePusher, phone: Iphone, joined: dict[str, Any], held: HeldPass
) -> None:
    code = code_on(held)
    survivor = shop.join(name="Boris")
    other_phone = Iphone(phone.caller, device_id=f"{phone.device_id}-b", push_token="0c1d")
    other = other_phone.add(survivor["apple_pass_url"])
    a_minute_later()
    other_phone.woken()
    pusher.pushed.clear()

    assert merge(shop, survivor["member_id"], joined["member_id"]).status == 201
    a_minute_later()

    assert sorted(pusher.pushed) == [phone.push_token, other_phone.push_token]
    assert phone.woken() == [held.serial]
    check_void(held, code)
    assert phone.refresh(held.serial) == 304
    assert other_phone.woken() == [other.serial]
    assert other.points == POINTS
    found = shop.till.post("/v1/lookups", {"code": code})
    assert found.json["member_id"] == survivor["member_id"]


def test_a_phone_that_was_off_gets_the_void_pass_long_after_the_push(
    wired: Services, shop: Shop, phone: Iphone, joined: dict[str, Any], held: HeldPass
) -> None:
    erase(shop, joined["member_id"])
    a_minute_later()
    wired.clock.advance(3 * 86_400)
    a_minute_later()

    assert phone.woken() == [held.serial]
    assert held.content["voided"] is True
    phone.remove(held.serial)
    phone.reboot()
    assert phone.list().status == 204


@pytest.mark.usefixtures("held")
def test_a_push_of_all_passes_leaves_out_who_has_gone(
    wired: Services, shop: Shop, pusher: FakePusher, phone: Iphone, joined: dict[str, Any]
) -> None:
    erase(shop, joined["member_id"])
    a_minute_later()
    phone.device_id, phone.push_token = f"{phone.device_id}-b", "0c1d"
    phone.add(shop.join()["apple_pass_url"])
    a_minute_later()
    pusher.pushed.clear()

    begun = shop.office.post("/v1/pass-pushes")
    work(messages(wired, "schedule"), Context())

    assert begun.status in (200, 201, 202)
    assert pusher.pushed == [phone.push_token]


@pytest.mark.usefixtures("held")
def test_a_phone_that_could_not_be_told_is_pushed_until_it_is(
    shop: Shop, pusher: FakePusher, phone: Iphone, joined: dict[str, Any]
) -> None:
    pusher.outcomes[phone.push_token] = PushOutcome(PushKind.RETRY, 503)
    erase(shop, joined["member_id"])
    a_minute_later()
    pusher.outcomes.clear()
    pusher.pushed.clear()

    for _ in range(3):
        a_minute_later()

    assert pusher.pushed == [phone.push_token]
