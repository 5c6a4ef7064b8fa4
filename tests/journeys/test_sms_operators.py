"""Codes by a misbehaving operator: second route, delivery reports, tills meanwhile (P18)."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from chalicelib.adapters.keyring import PepperKeyring
from chalicelib.adapters.secrets import FileSecrets
from local.environment import ensure_secrets
from local.testing import ServiceProcess
from passes.codes import new_code
from tests.adapters.sms_operator import (
    SMSC_PATH,
    SMSRU_PATH,
    Behaviour,
    OperatorServer,
    smsc_report,
)
from tests.journeys.calling import Service, eventually
from tests.journeys.conftest import RAISED_LIMITS
from tests.journeys.shop import Shop, new_phone, open_shop

REPORT_SECRET = "as set in the operator's cabinet"
DELIVERED, UNDELIVERABLE = 1, 20  # smsc's status codes
NONCE = "a-phone-of-a-shopper"


@dataclass(frozen=True, slots=True)
class Deployment:
    """A service with two operators; the first does as it is told."""

    shop: Shop
    first: OperatorServer
    second: OperatorServer
    report_path: str

    def texts(self, phone: str) -> tuple[list[str], list[str]]:
        """Return what reaches a phone by either route."""
        return (
            [form["mes"] for form in list(self.first.taken) if form["phones"] == phone],
            [form["msg"] for form in list(self.second.taken) if form["to"] == phone[1:]],
        )

    def report(self, phone: str, status: int, secret: str = REPORT_SECRET) -> int:
        """Post the first operator's report on its latest message to the phone."""
        taken = [form for form in list(self.first.taken) if form["phones"] == phone]
        form = smsc_report(taken[-1]["id"], phone, status, secret=secret, ts=int(time.time()))
        url = self.shop.service.base_url + self.report_path
        return self.first.report(url, [form])[0][0]


@contextmanager
def deployed(folder: Path, *script: Behaviour) -> Iterator[Deployment]:
    """Start a service whose first operator follows the script."""
    secrets = folder / "secrets.json"
    folder.mkdir()
    ensure_secrets(secrets)
    ours = {
        "sms_routes": {"main": "password", "spare": "api-id"},
        "sms_reports": {"main": REPORT_SECRET},
    }
    secrets.write_text(json.dumps(json.loads(secrets.read_text()) | ours))
    token = PepperKeyring(FileSecrets(secrets), new_code).token("sms-report", "main")
    with OperatorServer(*script) as first, OperatorServer() as second:
        routes = [
            {"route": "main", "format": "smsc", "url": first.url(SMSC_PATH), "login": "me"},
            {"route": "spare", "format": "smsru", "url": second.url(SMSRU_PATH)},
        ]
        settings = {
            **RAISED_LIMITS,
            "SMS_SENDER": "http",
            "SMS_ROUTES": json.dumps(routes),
        }
        process = ServiceProcess(folder, settings).start()
        try:
            shop = open_shop(Service(process.base_url))
            yield Deployment(shop, first, second, f"/sms-reports/main/{token}")
        finally:
            process.stop()


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment whose operators behave well."""
    with deployed(tmp_path_factory.mktemp("operators") / "data") as running:
        yield running


def verified(deployment: Deployment, sign_up_id: str, text: str) -> int:
    code = next(word for word in text.replace(".", " ").split() if word.isdigit())
    return deployment.shop.verify(sign_up_id, code, NONCE).status


def sign_up(deployment: Deployment) -> tuple[str, str]:
    """Ask for a code and wait until the first operator has it; return phone and sign-up."""
    phone = new_phone()
    answer = deployment.shop.ask_for_code(phone, NONCE)
    assert answer.status == 202
    eventually(lambda: deployment.texts(phone)[0], "the first route")
    return phone, answer.json["sign_up_id"]


def test_a_code_arrives_by_the_second_route_when_the_first_hangs_and_tills_go_on(
    tmp_path: Path,
) -> None:
    with deployed(tmp_path / "data", *[Behaviour.HANG] * 3) as deployment:
        shop, phone = deployment.shop, new_phone()
        asked = shop.ask_for_code(phone, NONCE)
        eventually(lambda: deployment.first.requests, "the first route asked")

        sold = [shop.buy(None, 10_000).status for _ in range(5)]

        assert deployment.texts(phone) == ([], [])  # the first route still hangs
        assert sold == [201] * 5
        text = eventually(lambda: deployment.texts(phone)[1], "the second route")[0]
        assert verified(deployment, asked.json["sign_up_id"], text) == 201
        member_id = shop.till("POST", "/v1/lookups", {"phone": phone}).json["member_id"]
        assert shop.buy(member_id, 10_000).json["earned"] == 10


def test_a_message_that_an_operator_reports_as_failed_goes_by_the_second_route(
    deployment: Deployment,
) -> None:
    phone, sign_up_id = sign_up(deployment)

    eventually(lambda: deployment.report(phone, UNDELIVERABLE) == 200, "the report taken")

    text = eventually(lambda: deployment.texts(phone)[1], "the second route")[0]
    assert text == deployment.texts(phone)[0][0]
    assert verified(deployment, sign_up_id, text) == 201


def test_repeated_reports_send_the_message_once(deployment: Deployment) -> None:
    phone, _ = sign_up(deployment)

    statuses = [deployment.report(phone, UNDELIVERABLE) for _ in range(4)]

    eventually(lambda: deployment.texts(phone)[1], "the second route")
    deployment.shop.service.run_jobs()
    assert statuses == [200] * 4
    assert [len(texts) for texts in deployment.texts(phone)] == [1, 1]


def test_a_delivery_is_never_undone_by_a_later_report(deployment: Deployment) -> None:
    phone, _ = sign_up(deployment)
    deployment.shop.service.run_jobs()

    statuses = [deployment.report(phone, DELIVERED), deployment.report(phone, UNDELIVERABLE)]

    deployment.shop.service.run_jobs()
    assert statuses == [200, 200]
    assert deployment.texts(phone)[1] == []


def test_a_forged_report_changes_nothing(deployment: Deployment) -> None:
    phone, _ = sign_up(deployment)
    deployment.shop.service.run_jobs()

    forged = deployment.report(phone, UNDELIVERABLE, "a guess")
    elsewhere = deployment.shop.service.call("POST", "/sms-reports/main/a-guess", raw=b"id=1")

    deployment.shop.service.run_jobs()
    assert [forged, elsewhere.status] == [400, 404]
    assert deployment.texts(phone)[1] == []


def test_a_report_on_an_unknown_message_is_answered_like_any_other(
    deployment: Deployment,
) -> None:
    form = smsc_report("sms_unknown", "+79990000000", UNDELIVERABLE, secret=REPORT_SECRET, ts=1)
    url = deployment.shop.service.base_url + deployment.report_path

    answers = deployment.first.report(url, [form])

    assert answers == [(200, "OK")]
