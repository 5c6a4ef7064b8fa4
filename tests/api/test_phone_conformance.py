"""Apple's web service, asked by a phone that keeps to the rules (`iphone.py`)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import watch
from chalicelib.adapters.dynamo.members import ProfileItem
from chalicelib.domain.account import MemberRef, MemberStatus
from chalicelib.domain.entries import EntryKind, LedgerChange, LedgerEntry, Operation
from chalicelib.domain.joining import join
from chalicelib.domain.members import DeviceRegistration, Profile
from chalicelib.domain.occasion import Occasion
from chalicelib.usecases.card_tokens import apple_token, serial_of
from chalicelib.wiring import Services
from tests.api.caller import Caller
from tests.api.iphone import BASE, TYPE, HeldPass, Iphone
from tests.api.shop import Shop
from tests.passes.counting_key import CountingKey

PASSES = 1_000


@pytest.fixture
def joined(shop: Shop) -> dict[str, Any]:
    return shop.join(name="Anna")


@pytest.fixture
def phone(shop: Shop) -> Iphone:
    return Iphone(Caller(shop.client), device_id=f"device-of-{shop.merchant_id}")


@pytest.fixture
def held(phone: Iphone, joined: dict[str, Any]) -> HeldPass:
    return phone.add(joined["apple_pass_url"])


@pytest.fixture
def calls(wired: Services) -> Iterator[list[str]]:
    found: list[str] = []
    stop = watch(wired.connection, lambda name, _: found.append(name))
    yield found
    stop()


@pytest.fixture
def signed(wired: Services, monkeypatch: pytest.MonkeyPatch) -> CountingKey:
    key = CountingKey(wired.apple_signer.private_key)
    monkeypatch.setattr(wired.apple_signer, "private_key", key)
    return key


def test_the_life_of_a_pass_on_a_phone(
    shop: Shop, phone: Iphone, joined: dict[str, Any]
) -> None:
    one = phone.add(joined["apple_pass_url"])
    assert phone.register(one).status == 200

    seen = []
    for points in (10, 20, 30):
        shop.give(joined["member_id"], points)
        assert phone.woken() == [one.serial]
        seen.append(one.points)
    assert phone.woken() == []
    phone.remove(one.serial)
    shop.give(joined["member_id"], 40)

    assert seen == [10, 30, 60]
    assert phone.woken() == []


def test_changes_within_one_second_each_reach_the_phone(
    shop: Shop, phone: Iphone, joined: dict[str, Any], held: HeldPass
) -> None:
    me = Caller(shop.client, joined["member_token"])

    shop.give(joined["member_id"], 1)
    first = phone.woken()
    me.call("PATCH", "/v1/me", {"name": "Anna Petrova"})
    second = phone.woken()
    me.call("PATCH", "/v1/me", {"language": "en"})
    third = phone.woken()
    shop.give(joined["member_id"], 1)
    fourth = phone.woken()

    assert [first, second, third, fourth] == [[held.serial]] * 4
    assert "Anna Petrova" in str(held.content)
    assert held.points == 2


def test_a_new_look_reaches_every_pass_in_the_same_second(
    wired: Services, shop: Shop, phone: Iphone, held: HeldPass
) -> None:
    other = phone.add(shop.join()["apple_pass_url"])

    wired.pass_designs.renew(shop.merchant_id)

    assert sorted(phone.woken()) == sorted([held.serial, other.serial])
    assert phone.woken() == []


def test_a_pass_behind_another_merchants_many_looks_is_listed_too(
    wired: Services, shop: Shop, other_shop: Shop, phone: Iphone, held: HeldPass
) -> None:
    for _ in range(100):  # its passes' versions are a hundred seconds ahead
        wired.pass_designs.renew(shop.merchant_id)
    member = other_shop.join()
    other = phone.add(member["apple_pass_url"])
    phone.woken()

    other_shop.give(member["member_id"], 7)

    assert phone.woken() == [other.serial]
    assert other.points == 7
    assert held.serial in phone.held


def test_a_change_under_a_clock_that_was_moved_back_is_newer_all_the_same(
    wired: Services, shop: Shop, phone: Iphone, joined: dict[str, Any], held: HeldPass
) -> None:
    shop.give(joined["member_id"], 1)
    phone.woken()

    wired.clock.advance(-timedelta(hours=5).total_seconds())
    shop.give(joined["member_id"], 1)

    assert phone.woken() == [held.serial]
    assert held.points == 2


def test_a_push_that_comes_twice_fetches_once(
    shop: Shop, phone: Iphone, joined: dict[str, Any], held: HeldPass
) -> None:
    shop.give(joined["member_id"], 1)

    listed = [phone.woken() for _ in range(3)]

    assert listed == [[held.serial], [], []]
    assert phone.refresh(held.serial) == 304


def test_after_a_restart_without_a_tag_all_is_listed_and_nothing_signed(
    shop: Shop, phone: Iphone, held: HeldPass, signed: CountingKey
) -> None:
    other = phone.add(shop.join()["apple_pass_url"])
    signed.operations = 0
    phone.reboot()

    listed = phone.woken()

    assert sorted(listed) == sorted([held.serial, other.serial])
    assert signed.operations == 0


def test_a_phone_that_asks_head_first_gets_the_same_pass(
    shop: Shop, phone: Iphone, joined: dict[str, Any], held: HeldPass
) -> None:
    phone.asks_head_first = True
    shop.give(joined["member_id"], 5)

    assert phone.woken() == [held.serial]
    assert held.points == 5
    assert phone.refresh(held.serial) == 304


def test_a_pass_that_has_not_changed_costs_one_read_and_nothing_is_drawn(
    wired: Services,
    phone: Iphone,
    held: HeldPass,
    calls: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wired, "apple_signer", None)  # neither key nor images may be touched

    status = phone.refresh(held.serial)
    head = phone.caller.call("HEAD", held.path, headers=held.credential)

    assert (status, head.status) == (304, 200)
    assert calls == ["BatchGetItem", "BatchGetItem"]


def test_a_changed_pass_is_signed_once(
    shop: Shop, phone: Iphone, joined: dict[str, Any], held: HeldPass, signed: CountingKey
) -> None:
    shop.give(joined["member_id"], 5)

    phone.woken()

    assert held.points == 5
    assert signed.operations == 1


def test_a_thousand_passes_on_one_phone(wired: Services, shop: Shop, phone: Iphone) -> None:
    for _ in range(PASSES):
        hold(phone, wired, shop)
    answer = phone.list()
    phone.tag = answer.json["lastUpdated"]
    unchanged = phone.list()
    changed = next(iter(phone.held))
    shop.give(changed.partition(".")[2], 5)

    listed = phone.list().json["serialNumbers"]

    assert set(answer.json["serialNumbers"]) == set(phone.held)
    assert unchanged.status == 204
    assert changed in listed
    assert len(listed) < PASSES / 10


def hold(phone: Iphone, ports: Services, shop: Shop) -> None:
    """Make a member and hold the pass, by the stores alone."""
    member = MemberRef(shop.merchant_id, ports.keyring.new_id("mem"))
    at, serial = ports.clock.now(), serial_of(member)
    program = ports.merchants.program(shop.merchant_id)
    assert program is not None
    operation = Operation(shop.merchant_id, "sign_up", member.member_id, "0" * 64)
    profile = Profile(member, None, "ru", at, code=ports.keyring.new_pass_code())
    first = join(member, Occasion(program, at, operation))
    ports.members.register(profile, first, phone_hash=None, sign_up=None)
    known = DeviceRegistration(phone.device_id, TYPE, serial, "0a", at)
    ports.devices.register(member, known)
    token = apple_token(member, "browser-1", keyring=ports.keyring)
    phone.held[serial] = HeldPass(serial, token, {}, "")


def test_a_wrong_token_is_401_on_every_call_that_needs_one_and_says_nothing(
    shop: Shop, phone: Iphone, held: HeldPass
) -> None:
    stranger = Iphone(phone.caller, device_id="of-a-stranger")
    other = stranger.take(shop.join()["apple_pass_url"])
    tries = [
        replace(held, token="x" * 32),
        replace(held, token=other.token),
        replace(held, serial=f"{shop.merchant_id}.mem_nobody"),
        replace(held, serial="nobody.mem_nobody"),
        replace(held, serial="no-serial"),
        replace(held, token=held.token[:-1]),
        replace(held, token=held.token + "x"),
    ]

    answers = [answer for one in tries for answer in asked_with(phone, one)]

    assert {answer.status for answer in answers} == {401}
    assert len({answer.body for answer in answers if answer.body}) == 1


def test_another_pass_type_is_401_like_a_wrong_token_and_holds_nothing(
    phone: Iphone, held: HeldPass
) -> None:
    foreign = f"{BASE}/devices/{phone.device_id}/registrations/pass.other"
    sent = held.credential
    body = {"pushToken": "0a"}

    answers = [
        phone.caller.call("POST", f"{foreign}/{held.serial}", body, headers=sent),
        phone.caller.call("DELETE", f"{foreign}/{held.serial}", headers=sent),
        phone.caller.call("GET", f"{BASE}/passes/pass.other/{held.serial}", headers=sent),
        phone.caller.call("GET", foreign),
    ]

    assert [answer.status for answer in answers] == [401, 401, 401, 204]


def asked_with(phone: Iphone, one: HeldPass) -> list[Any]:
    """Return the answers to all four calls that need a token."""
    place = f"{phone.registrations}/{one.serial}"
    call, sent = phone.caller.call, one.credential
    return [
        call("POST", place, {"pushToken": "0a"}, headers=sent),
        call("DELETE", place, headers=sent),
        call("GET", one.path, headers=sent),
        call("HEAD", one.path, headers=sent),
    ]


@pytest.mark.parametrize("device_id", ["d" * 200, "a%23b%25c", "~!$&'()*+,;=:@", "ж" * 50])
def test_a_device_may_be_called_anything(
    phone: Iphone, joined: dict[str, Any], device_id: str
) -> None:
    phone.device_id = device_id

    one = phone.add(joined["apple_pass_url"])

    assert set(phone.list().json["serialNumbers"]) == {one.serial} if not phone.tag else True
    phone.reboot()
    assert phone.woken() == [one.serial]
    phone.remove(one.serial)
    phone.reboot()
    assert phone.woken() == []


@pytest.mark.parametrize("device_id", ["d" * 201, "%25" * 199, "%23" * 200])
def test_a_name_too_long_for_a_device_is_refused_and_never_fails(
    phone: Iphone, joined: dict[str, Any], device_id: str
) -> None:
    one = phone.take(joined["apple_pass_url"])
    phone.device_id = device_id

    place = f"{phone.registrations}/{one.serial}"
    registered = phone.caller.call("POST", place, {"pushToken": "0a"}, headers=one.credential)
    gone = phone.caller.call("DELETE", place, headers=one.credential)

    assert (registered.status, phone.list().status, gone.status) == (400, 204, 200)


def test_of_more_than_twenty_phones_the_oldest_is_dropped_whole(
    wired: Services, phone: Iphone, joined: dict[str, Any], held: HeldPass
) -> None:
    phones = [Iphone(phone.caller, f"{phone.device_id}-{n}", f"{n:02x}") for n in range(20)]
    for one in phones:
        wired.clock.advance(1)
        one.add(joined["apple_pass_url"])

    phone.reboot()
    listed = [phone.woken(), *([one.reboot(), one.woken()][1] for one in phones)]

    assert listed == [[], *[[held.serial]] * 20]
    member = MemberRef(*held.serial.split("."))
    assert len(wired.devices.devices_of(member)) == 20


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'{"logs": "text"}', 400),
        (b'{"logs": []}', 200),
        (b'{"logs": ["a", 7, null, {}], "more": 1}', 200),
        (b'{"logs": ["\\ud800"]}', 400),
        (b"\xff\xfe", 400),
        (b'{"logs": [%s]}' % b",".join([b'"x"'] * 1_000), 200),
    ],
)
def test_a_phones_log_never_fails_the_service(phone: Iphone, raw: bytes, status: int) -> None:
    answer = phone.caller.call("POST", f"{BASE}/log", raw=raw)

    assert answer.status == status


class TestErased:
    """A member who was erased: the phone learns it once, and nothing personal."""

    @pytest.fixture
    def erase(self, wired: Services, held: HeldPass) -> Callable[[], None]:
        def erased() -> None:
            member = MemberRef(*held.serial.split("."))
            account = wired.ledger.account(member)
            assert account is not None
            version, at = account.version + 1, wired.clock.now()
            entry = LedgerEntry(member, version, EntryKind.REMIND, at, at.date(), (), 0)
            after = replace(
                account,
                version=version,
                pass_version=account.pass_version + 1,
                status=MemberStatus.ERASED,
            )
            operation = Operation(member.merchant_id, "erase", "", "0" * 64)
            wired.ledger.commit(LedgerChange(operation, account.version, after, entry))
            ProfileItem(*keys.profile_key(member)).update([ProfileItem.sealed.remove()])

        return erased

    def test_a_registered_phone_gets_a_void_pass_once(
        self, phone: Iphone, held: HeldPass, erase: Callable[[], None]
    ) -> None:
        erase()

        listed = [phone.woken(), phone.woken()]

        assert listed == [[held.serial], []]
        assert held.content["voided"] is True
        assert "Anna" not in str(held.content)
        assert phone.refresh(held.serial) == 304

    def test_the_right_token_still_unregisters_and_no_new_phone_registers(
        self, phone: Iphone, held: HeldPass, erase: Callable[[], None]
    ) -> None:
        erase()
        newcomer = Iphone(phone.caller, device_id="newcomer")

        again, new = phone.register(held), newcomer.register(held)
        phone.remove(held.serial)

        assert (again.status, new.status) == (200, 401)
        phone.reboot()
        assert phone.list().status == 204

    def test_a_wrong_token_is_401_as_ever(
        self, phone: Iphone, held: HeldPass, erase: Callable[[], None]
    ) -> None:
        erase()

        answers = asked_with(phone, replace(held, token="x" * 32))

        assert {answer.status for answer in answers} == {401}

    def test_the_cards_address_downloads_nothing(
        self, phone: Iphone, joined: dict[str, Any], erase: Callable[[], None]
    ) -> None:
        erase()

        path = joined["apple_pass_url"].removeprefix("https://cards.example")

        assert phone.caller.get(path).status == 404
