"""A purchase reaches the phone: pushed, listed, fetched, shown (LEDGER P10, WALLET 3 and 4)."""

import json
import threading
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest

from tests.journeys.calling import Service, eventually
from tests.journeys.shop import Joined, Shop, open_shop
from tests.journeys.wallet import Phone, is_signed, shown, take_pass

TIERS = {
    "tiers": {
        "compare": "gte",
        "levels": [{"name": "Basic", "over": "0"}, {"name": "Gold", "over": "1000.00"}],
    },
    "rates": {
        "Basic": {"offline": {"earn": 5, "redeem": 20}, "online": {"earn": 5, "redeem": 20}},
        "Gold": {"offline": {"earn": 10, "redeem": 30}, "online": {"earn": 10, "redeem": 30}},
    },
    "earn_percent": None,
    "redeem_percent": None,
}
GONE = "00000410"  # the local push server answers 410 to tokens that begin so


@pytest.fixture
def shop(service: Service) -> Shop:
    return open_shop(service, **TIERS)


@pytest.fixture
def member(service: Service, shop: Shop) -> Joined:
    """A member whose joining was pushed to nobody: later pushes are of later changes."""
    joined = shop.join(name="Anna Petrova")
    service.run_jobs()
    return joined


@pytest.fixture
def phone(service: Service, member: Joined) -> Phone:
    """A phone with the pass; not registered."""
    return held(service, member)


def held(service: Service, member: Joined, token_begins: str = "a1") -> Phone:
    token = (token_begins + uuid4().hex + uuid4().hex)[:64]
    url = member.answer["apple_pass_url"]
    return take_pass(service, url, device_id=uuid4().hex, push_token=token)


def test_the_pass_of_a_new_member_is_signed_by_the_authority_named_in_demo_json(
    service: Service, member: Joined, folder: Path, tmp_path: Path
) -> None:
    demo = json.loads((folder / "demo.json").read_text())

    answer = service.call("GET", member.answer["apple_pass_url"])

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/vnd.apple.pkpass"
    assert len(answer.body) < 40_000
    assert is_signed(answer.body, Path(demo["pass_ca"]), tmp_path)
    assert shown(answer.body) == {"tier": "Basic", "points": 0, "member": "Anna Petrova"}


def test_a_purchase_is_pushed_listed_fetched_and_shown(
    shop: Shop, member: Joined, phone: Phone, folder: Path, tmp_path: Path
) -> None:
    authority = Path(json.loads((folder / "demo.json").read_text())["pass_ca"])
    assert phone.register().status == 201
    before = phone.changed().json["lastUpdated"]

    bought = shop.buy(member.member_id, 100_000)

    assert (bought.status, bought.json["earned"]) == (201, 50)
    pushed = eventually(phone.pushes, "a push")
    assert pushed[0]["text"] == "200"
    listed = phone.changed(before)
    assert listed.json["serialNumbers"] == [phone.serial]
    assert isinstance(listed.json["lastUpdated"], str)  # iOS ignores a number
    assert int(listed.json["lastUpdated"]) > int(before)
    fetched = phone.fetch()
    assert is_signed(fetched.body, authority, tmp_path)
    front = shown(fetched.body)
    assert (front["points"], front["tier"]) == (50, "Gold")
    assert phone.changed(listed.json["lastUpdated"]).status == 204


def test_a_pass_that_has_not_changed_is_not_sent_again(
    shop: Shop, member: Joined, phone: Phone
) -> None:
    first = phone.fetch()
    same = phone.fetch(If_Modified_Since=first.headers["Last-Modified"])

    shop.buy(member.member_id, 10_000)

    assert (same.status, same.body) == (304, b"")
    newer = phone.fetch(If_Modified_Since=first.headers["Last-Modified"])
    assert (newer.status, shown(newer.body)["points"]) == (200, 5)


def test_two_changes_within_a_second_are_both_seen(
    shop: Shop, member: Joined, phone: Phone
) -> None:
    phone.register()
    tag = phone.changed().json["lastUpdated"]
    modified = phone.fetch().headers["Last-Modified"]
    seen = []

    for _ in range(4):  # faster than the second that HTTP dates can tell
        shop.buy(member.member_id, 10_000)
        listed = phone.changed(tag)
        fetched = phone.fetch(If_Modified_Since=modified)
        assert (listed.status, fetched.status) == (200, 200)
        tag, modified = listed.json["lastUpdated"], fetched.headers["Last-Modified"]
        seen.append(shown(fetched.body)["points"])

    assert seen == [5, 10, 15, 20]


def test_head_answers_as_get_does_but_without_the_pass(phone: Phone) -> None:
    got = phone.fetch()

    asked = phone.fetch("HEAD")

    assert (asked.status, asked.body) == (200, b"")
    assert asked.headers["Last-Modified"] == got.headers["Last-Modified"]
    assert phone.fetch("HEAD", If_Modified_Since=got.headers["Last-Modified"]).status == 304


def test_an_unreadable_date_is_answered_with_the_pass(phone: Phone) -> None:
    answer = phone.fetch(If_Modified_Since="the day before yesterday")

    assert answer.status == 200


def test_a_wrong_token_learns_nothing_about_a_serial(
    service: Service, member: Joined, phone: Phone
) -> None:
    unknown = Phone(service, "d1", "ab12", f"{phone.serial}x", phone.secret)
    wrong = {"Authorization": "ApplePass 0123456789abcdef0123"}

    refusals = [
        (known, other)
        for call in (Phone.register, Phone.fetch, Phone.unregister)
        for known, other in [(call(phone, **wrong), call(unknown, **wrong))]
    ]

    for known, other in refusals:
        assert (known.status, known.code) == (other.status, other.code) == (401, "pass_unknown")
        assert known.body == other.body
    assert phone.fetch(Authorization=f"Bearer {phone.secret}").status == 401
    assert phone.fetch(If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT", **wrong).status == 401
    assert phone.changed().status == 204


def test_a_phone_registers_once_and_a_new_push_token_replaces_the_old(
    shop: Shop, service: Service, member: Joined, phone: Phone
) -> None:
    newer = Phone(service, phone.device_id, "b2" * 32, phone.serial, phone.secret)

    statuses = [phone.register().status, phone.register().status, newer.register().status]

    assert statuses == [201, 200, 200]
    shop.buy(member.member_id, 10_000)
    eventually(newer.pushes, "a push to the new token")
    assert phone.pushes() == []


def test_a_phone_that_unregisters_is_not_pushed_any_more(
    shop: Shop, service: Service, member: Joined, phone: Phone
) -> None:
    other = held(service, member)
    phone.register()
    other.register()

    gone = [phone.unregister().status, phone.unregister().status]

    shop.buy(member.member_id, 10_000)
    eventually(other.pushes, "a push to the phone that stayed")
    assert gone == [200, 200]
    assert phone.pushes() == []
    assert phone.changed().status == 204


def test_every_phone_that_holds_the_pass_is_pushed(
    shop: Shop, service: Service, member: Joined
) -> None:
    phones = [held(service, member) for _ in range(3)]
    for one in phones:
        one.register()

    shop.buy(member.member_id, 10_000)

    for one in phones:
        eventually(one.pushes, "a push to each phone")


def test_a_phone_that_apple_calls_gone_is_forgotten(
    shop: Shop, service: Service, member: Joined
) -> None:
    lost, kept = held(service, member, GONE), held(service, member)
    lost.register()
    kept.register()

    shop.buy(member.member_id, 10_000)

    eventually(lambda: lost.changed().status == 204, "the lost phone forgotten")
    assert [push["text"] for push in lost.pushes()] == ["410 Unregistered"]
    tag = kept.changed().json["lastUpdated"]
    shop.buy(member.member_id, 10_000)
    eventually(lambda: len(kept.pushes()) > 1, "a second push to the other")
    assert len(lost.pushes()) == 1
    assert kept.changed(tag).json["serialNumbers"] == [kept.serial]


def test_a_tag_that_is_none_of_ours_means_everything(phone: Phone) -> None:
    phone.register()

    answers = [phone.changed(tag) for tag in (None, "", "yesterday", "-1", "9" * 40)]

    assert [answer.status for answer in answers] == [200] * len(answers)
    assert all(answer.json["serialNumbers"] == [phone.serial] for answer in answers)


def test_an_unknown_device_and_a_foreign_pass_type_have_nothing(
    service: Service, phone: Phone
) -> None:
    phone.register()

    unknown = service.call("GET", phone.registrations.replace(phone.device_id, "nobody"))
    foreign = service.call("GET", phone.registrations.replace("kopilka", "other"))

    assert [unknown.status, foreign.status] == [204, 204]


@pytest.mark.parametrize("name", ["a/b #1%", "%2F", "телефон", "..", "a+b;c=d&e?f"])
def test_a_device_may_be_called_anything_that_can_be_written_in_an_address(
    shop: Shop, service: Service, member: Joined, phone: Phone, name: str
) -> None:
    device_id = quote(name, safe="") if name != ".." else "%2E%2E"
    odd = Phone(service, device_id, phone.push_token, phone.serial, phone.secret)

    registered = odd.register().status
    listed = odd.changed().json["serialNumbers"]
    gone = odd.unregister().status

    assert (registered, listed, gone) == (201, [phone.serial], 200)
    assert odd.changed().status == 204


def test_purchases_at_once_end_with_the_last_balance_on_the_phone(
    shop: Shop, member: Joined, phone: Phone
) -> None:
    phone.register()
    threads = [
        threading.Thread(target=shop.buy, args=(member.member_id, 10_000)) for _ in range(6)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    eventually(phone.pushes, "a push")
    total = shop.available(member.member_id)
    assert total == shown(phone.fetch().body)["points"] > 0


def test_what_a_phone_complains_of_is_taken_but_never_fails(service: Service) -> None:
    path = "/wallet/apple/v1/log"

    good = service.call("POST", path, {"logs": ["[1] Web service error for pass", 5, None]})
    empty = service.call("POST", path, {"logs": []})
    broken = service.call("POST", path, {"logs": "text"})

    assert [good.status, empty.status, broken.status] == [200, 200, 400]
