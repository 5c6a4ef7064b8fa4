"""The log of a whole journey names nobody and opens nothing (P22).

The codes go to an operator, as in a deployment: on a laptop the console prints them.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.sms_operator import Behaviour
from tests.journeys.calling import eventually
from tests.journeys.shop import Shop, new_phone
from tests.journeys.test_sms_operators import NONCE, Deployment, deployed
from tests.journeys.wallet import PASS_TYPE, Phone, take_pass

FIRST, LAST, EMAIL = "Аглая", "Вышнеградская", "aglaya@example.com"
CARD = "C-7788991122"
DEVICE, PUSH_TOKEN = "device-5f2c8d1e9b7a", "c0ffee" * 10 + "0abc"
STARTED = "ready"


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, set[str]]]:
    """Go through everything once; give the log and what must not be in it."""
    folder = tmp_path_factory.mktemp("logs") / "data"
    with deployed(folder, Behaviour.REJECT_ACCOUNT) as deployment:
        secrets = whole_journey(deployment)
        deployment.shop.service.run_jobs()
        log = folder / "service.log"
        eventually(lambda: '"status":404' in log.read_text(), "the last request's line")
        yield log.read_text(), secrets


def whole_journey(deployment: Deployment) -> set[str]:
    """Do what a shopper, a till, a phone and a clumsy stranger do; return the secrets."""
    shop, number = deployment.shop, new_phone()
    member, sent = join(deployment, number)
    member_id = member["member_id"]
    phone = take_pass(
        shop.service, member["apple_pass_url"], device_id=DEVICE, push_token=PUSH_TOKEN
    )
    phone.register()
    code = shop.office("GET", f"/v1/members/{member_id}").json["identifiers"][0]["value"]
    card = {"type": "card", "value": CARD}
    shop.office("POST", f"/v1/members/{member_id}/identifiers", card)
    for wish in ({"code": code}, {"phone": number}, {"card_number": CARD}):
        assert shop.till("POST", "/v1/lookups", wish).status == 200
    bought = shop.buy(member_id, 50_000)
    eventually(phone.pushes, "a push")
    look_around(shop, phone, member)
    stumble(shop, phone, member, number)
    shop.till("POST", f"/v1/purchases/{bought.json['id']}/void", {"reason": f"для {FIRST}"})
    shop.service.call("GET", "/v1/nothing")
    return {
        *(number, number[1:], sent, NONCE, FIRST, LAST, EMAIL, CARD, code, code[2:]),
        *(DEVICE, PUSH_TOKEN, phone.secret, phone.serial, member["member_token"]),
        *(member["member_token"].rpartition(".")[2], member["card_url"].rpartition(".")[2]),
        *(shop.till_key, shop.integration_key, shop.till_key.removeprefix("lk_live_")),
    }


def join(deployment: Deployment, number: str) -> tuple[dict[str, Any], str]:
    shop = deployment.shop
    sign_up_id = shop.ask_for_code(number, NONCE).json["sign_up_id"]
    text = eventually(lambda: deployment.texts(number)[1], "the code")[0]
    sent = next(word for word in text.replace(".", " ").split() if word.isdigit())
    wrong = f"{(int(sent) + 1) % 1_000_000:06d}"
    assert shop.verify(sign_up_id, wrong, NONCE).code == "code_wrong"
    profile = {"name": f"{FIRST} {LAST}", "email": EMAIL, "birth_date": "1990-05-20"}
    joined = shop.verify(sign_up_id, sent, NONCE, **profile)
    assert joined.status == 201
    return joined.json, sent


def look_around(shop: Shop, phone: Phone, member: dict[str, Any]) -> None:
    """Read everything that a holder of the card reads."""
    for path in ("/v1/me", "/v1/me/ledger", "/v1/me/consents"):
        assert shop.service.call("GET", path, credential=member["member_token"]).status == 200
    assert shop.service.call("GET", member["card_url"]).status in (200, 404)
    assert phone.changed().status == 200
    assert phone.fetch().status == 200
    lines = [f"[7] Get pass task (pass type {PASS_TYPE}, serial {phone.serial}) for {DEVICE}"]
    assert shop.service.call("POST", "/wallet/apple/v1/log", {"logs": lines}).status == 200


def stumble(shop: Shop, phone: Phone, member: dict[str, Any], number: str) -> None:
    """Make the mistakes that answers and logs would best repeat."""
    service = shop.service
    tried = [
        service.call("GET", f"/passes/{phone.serial}.pkpass?token={phone.secret}"),
        service.call("GET", f"/c/{phone.serial}.{phone.secret}"),
        service.call("GET", f"/v1/members/{number}?token={member['member_token']}"),
        service.call("GET", "/v1/me", credential=shop.till_key),
        service.call("GET", "/v1/program", credential=member["member_token"]),
        service.call("GET", "/v1/program", credential=shop.till_key + "x"),
        shop.till("POST", "/v1/lookups", {"phone": number, "name": LAST}),
        shop.till("POST", "/v1/lookups", {"phone": f"{number}99"}),
        service.call("POST", f"/v1/merchants/{EMAIL}/sign-ups", {"phone": number}),
        service.call("DELETE", f"/v1/members/{member['member_id']}?phone={number}"),
        phone.fetch(Authorization=f"ApplePass {member['member_token']}"),
        service.call("POST", "/sms-reports/main/guess", raw=f"phone={number}".encode()),
    ]
    assert all(400 <= answer.status < 500 for answer in tried), [a.status for a in tried]


def occurs(secret: str, log: str) -> bool:
    """Return whether the log says it; six digits inside a longer number are no code."""
    if secret not in log:
        return False
    return re.search(rf"(?<![0-9A-Za-z]){re.escape(secret)}(?![0-9A-Za-z])", log) is not None


def test_nothing_personal_or_secret_is_in_the_log(journey: tuple[str, set[str]]) -> None:
    log, secrets = journey

    found = {secret for secret in secrets if occurs(secret, log)}

    assert found == set()


def test_every_line_is_one_json_object(journey: tuple[str, set[str]]) -> None:
    lines = journey[0].splitlines()

    served = lines[lines.index(STARTED) + 1 :]

    for line in served:
        assert isinstance(json.loads(line), dict), line


def test_every_request_has_a_line_with_its_route_and_never_its_path(
    journey: tuple[str, set[str]],
) -> None:
    lines = [json.loads(line) for line in journey[0].splitlines() if line.startswith("{")]

    requests = [line for line in lines if line.get("message") == "request"]

    routes = {line["route"] for line in requests}
    assert {"/v1/purchases", "/v1/lookups", "/passes/{file_name}"} <= routes
    for line in requests:
        assert line["request_id"]
        assert line["status"] in range(200, 500)
        assert line["duration_ms"] >= 0


def test_metrics_are_counted_in_the_embedded_format(journey: tuple[str, set[str]]) -> None:
    lines = [json.loads(line) for line in journey[0].splitlines() if line.startswith("{")]

    names = {
        metric["Name"]
        for line in lines
        if "_aws" in line
        for group in line["_aws"]["CloudWatchMetrics"]
        for metric in group["Metrics"]
    }

    assert {"CodeRequested", "MemberJoined", "PurchaseRecorded", "PassBuilt"} <= names


def test_the_answers_to_mistakes_repeat_nothing_personal(shop: Shop) -> None:
    number = new_phone()

    answers = [
        shop.till("POST", "/v1/lookups", {"phone": number, "name": LAST}),
        shop.till("POST", "/v1/lookups", {"phone": number}),
        shop.ask_for_code(f"{number}99"),
        shop.service.call("GET", f"/v1/members/{number}", credential=shop.till_key),
    ]

    assert all(answer.status >= 400 for answer in answers)
    assert not [a.body for a in answers if number.encode() in a.body or LAST.encode() in a.body]


def test_the_service_keeps_its_secrets_to_its_owner(folder: Path) -> None:
    names = [folder / "secrets.json", folder / "demo.json"]
    kept = [*names, *(folder / "certificates").iterdir()]

    assert [path.name for path in kept if path.stat().st_mode & 0o077] == []
