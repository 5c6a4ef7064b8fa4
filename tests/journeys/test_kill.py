"""`kill -9` under load, and a restart on the same data: nothing promised is lost.

LEDGER P1, P2, P3, P5, P8, P9, P10. Tills buy and redeem from several threads, shoppers sign
up, and the process dies after a seeded number of answers. The engine's file is all that is
left; the operator of messages lives in the test and hangs until after the kill.
"""

import base64
import json
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import urllib3

from local.environment import ensure_secrets
from local.testing import ServiceProcess
from tests.adapters.sms_operator import SMSC_PATH, Behaviour, OperatorServer
from tests.journeys.calling import Answer, Service, eventually
from tests.journeys.conftest import RAISED_LIMITS
from tests.journeys.shop import Joined, Shop, assert_ledger_adds_up, new_phone, open_shop, sale
from tests.journeys.wallet import Phone, shown, take_pass

TILLS = 5
MEMBERS = 3
PURCHASES_MAX = 400  # of one till; the kill comes long before
ANSWERS_FIRST, ANSWERS_LAST = 20, 60  # the kill comes after so many
BUSY = "00000503"  # tokens that begin so are answered 503 for ever: their pass stays dirty
TROUBLE = urllib3.exceptions.HTTPError


@dataclass(slots=True)
class Load:
    """What was asked under load, and what is known of it."""

    asked: dict[str, dict[str, Any]] = field(default_factory=dict)  # key → body
    acknowledged: dict[str, Answer] = field(default_factory=dict)
    promised: list[str] = field(default_factory=list)  # phones whose sign-up was answered
    lock: threading.Lock = field(default_factory=threading.Lock)
    enough: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def operator() -> Iterator[OperatorServer]:
    """An operator that sends the codes of the first members, then hangs, then sends again."""
    script = [Behaviour.TAKE] * MEMBERS + [Behaviour.HANG] * 2
    with OperatorServer(*script) as serving:
        yield serving


@pytest.fixture
def process(tmp_path: Path, operator: OperatorServer) -> Iterator[ServiceProcess]:
    folder = tmp_path / "data"
    folder.mkdir()
    ensure_secrets(folder / "secrets.json")
    secrets = json.loads((folder / "secrets.json").read_text())
    (folder / "secrets.json").write_text(json.dumps(secrets | {"sms_routes": {"main": "pw"}}))
    route = {"route": "main", "format": "smsc", "url": operator.url(SMSC_PATH), "login": "me"}
    settings = {**RAISED_LIMITS, "SMS_SENDER": "http", "SMS_ROUTES": json.dumps([route])}
    started = ServiceProcess(folder, settings).start()
    yield started
    started.stop()


LEASE_SECONDS = 100  # a code that was being sent at the kill is nobody else's so long


@pytest.mark.parametrize("seed", [1, 2])
def test_a_kill_under_load_loses_nothing_and_doubles_nothing(
    process: ServiceProcess, operator: OperatorServer, seed: int
) -> None:
    service = Service(process.base_url)
    shop = open_shop(service, expiry_days=None)
    members = [join_by(operator, shop) for _ in range(MEMBERS)]
    phones = [held(service, member, n) for n, member in enumerate(members)]
    load = Load()

    work_until_killed(process, shop, [member.member_id for member in members], load, seed)
    process.start()

    again = Service(process.base_url)
    reached = Shop(again, *reached_by(shop))
    phones = [moved(phone, again) for phone in phones]
    eventually(phones[-1].pushes, "a push of the pass that was dirty")
    assert_all_present_once(reached, [member.member_id for member in members], load)
    for member, phone in zip(members, phones, strict=True):
        assert_phone_is_told(reached, member.member_id, phone, process.folder)
    again.call("POST", "/local/clock", {"advance_seconds": LEASE_SECONDS})
    for phone_number in load.promised:
        eventually(lambda number=phone_number: sent_to(operator, number), "a promised code")
    assert process.stop() == 0
    process.start()
    third = Shop(Service(process.base_url), *reached_by(shop))
    for member in members:
        assert_ledger_adds_up(third, member.member_id)


def test_a_pass_whose_push_fails_is_pushed_again_before_and_after_a_kill(
    process: ServiceProcess, operator: OperatorServer
) -> None:
    service = Service(process.base_url)
    shop = open_shop(service)
    member = join_by(operator, shop)
    phone = held(service, member, MEMBERS - 1)

    shop.buy(member.member_id, 10_000)
    eventually(lambda: len(phone.pushes()) > 2, "the sweep's pushes")  # the stream's comes once
    process.kill()
    process.start()

    eventually(moved(phone, Service(process.base_url)).pushes, "a push after the restart")


def reached_by(shop: Shop) -> tuple[str, str, str]:
    return shop.merchant, shop.till_key, shop.integration_key


def join_by(operator: OperatorServer, shop: Shop) -> Joined:
    """Sign a shopper up with the code that the operator was given."""
    phone, nonce = new_phone(), base64.b16encode(random.Random(0).randbytes(8)).decode()
    sign_up_id = shop.ask_for_code(phone, nonce).json["sign_up_id"]
    text = eventually(lambda: sent_to(operator, phone), "the code")[0]
    code = next(word for word in text.replace(".", " ").split() if word.isdigit())
    answer = shop.verify(sign_up_id, code, nonce)
    assert answer.status == 201, answer.body
    member_id = answer.json["member_id"]
    return Joined(member_id, phone, sign_up_id, code, nonce, answer.json)


def sent_to(operator: OperatorServer, phone: str) -> list[str]:
    """Return the texts that will reach a phone."""
    return [form["mes"] for form in list(operator.taken) if form["phones"] == phone]


def held(service: Service, member: Joined, number: int) -> Phone:
    """Put the pass on a phone; the last member's push service is out of order."""
    begins = BUSY if number == MEMBERS - 1 else f"a{number}a{number}a{number}a{number}"
    url = member.answer["apple_pass_url"]
    phone = take_pass(service, url, device_id=f"phone-{number}", push_token=begins * 8)
    assert phone.register().status == 201
    return phone


def work_until_killed(
    process: ServiceProcess, shop: Shop, members: list[str], load: Load, seed: int
) -> None:
    chosen = random.Random(seed)
    answers = chosen.randint(ANSWERS_FIRST, ANSWERS_LAST)
    threads = [
        threading.Thread(target=till, args=(shop, members, load, f"{seed}-{n}", answers))
        for n in range(TILLS)
    ]
    threads.append(threading.Thread(target=sign_up, args=(shop, load)))
    for thread in threads:
        thread.start()
    assert load.enough.wait(60), f"only {len(load.acknowledged)} answers"
    process.kill()
    for thread in threads:
        thread.join()


def till(shop: Shop, members: list[str], load: Load, name: str, enough: int) -> None:
    """Buy and redeem until the service is gone; the name is the seed."""
    chosen = random.Random(name)
    for number in range(PURCHASES_MAX):
        key = f"till-{name}-{number}"
        redeem = {"mode": chosen.choice(["none", "max"])}
        amount = chosen.randint(1, 500) * 100
        body = sale(chosen.choice(members), amount, key, redeem=redeem)
        load.asked[key] = body
        try:
            answer = shop.till("POST", "/v1/purchases", body, key=key)
        except TROUBLE:
            return
        if answer.status != 201:  # busy: its outcome is settled after the restart
            continue
        with load.lock:
            load.acknowledged[key] = answer
            if len(load.acknowledged) >= enough and load.promised:
                load.enough.set()


def sign_up(shop: Shop, load: Load) -> None:
    """Ask for codes until the service is gone."""
    for _ in range(PURCHASES_MAX):
        phone = new_phone()
        try:
            answer = shop.ask_for_code(phone)
        except TROUBLE:
            return
        if answer.status == 202:
            load.promised.append(phone)


def assert_all_present_once(shop: Shop, members: list[str], load: Load) -> None:
    """Repeat everything: acknowledged answers return, unknown outcomes settle."""
    settled = {}
    for key, body in load.asked.items():
        answer = shop.till("POST", "/v1/purchases", body, key=key)
        known = load.acknowledged.get(key)
        if known is not None:
            assert answer.is_replay, key
            assert answer.json == known.json, key
        assert answer.status in (200, 201), answer.body
        settled[key] = answer.json
    written = [
        entry["key"]
        for member_id in members
        for entry in shop.ledger(member_id)
        if entry["kind"] == "purchase"
    ]
    assert sorted(written) == sorted(load.asked)
    for member_id in members:
        assert_ledger_adds_up(shop, member_id)
        own = [answer for answer in settled.values() if answer["member_id"] == member_id]
        expected = sum(answer["earned"] - answer["redeemed"] for answer in own)
        assert shop.available(member_id) == expected


def assert_phone_is_told(shop: Shop, member_id: str, phone: Phone, folder: Path) -> None:
    """Check that the last push came after the last change, and what the phone shows then."""
    changed_at = datetime.fromisoformat(shop.ledger(member_id)[-1]["at"])
    eventually(lambda: last_push(folder, phone.push_token) > changed_at, "the last push")
    assert shown(phone.fetch().body)["points"] == shop.available(member_id)


def moved(phone: Phone, service: Service) -> Phone:
    """Return the phone as it reaches the restarted service."""
    return Phone(service, phone.device_id, phone.push_token, phone.serial, phone.secret)


def last_push(folder: Path, token: str) -> datetime:
    """Return when the push server, before or after the kill, last heard of a token."""
    pushes = map(json.loads, (folder / "apns.log").read_text().splitlines())
    return max(datetime.fromisoformat(push["at"]) for push in pushes if push["token"] == token)
