"""Certificates at work: pushes by pass type to a real server, and the alarms of `tick`."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.apns import ApnsSender
from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import DeviceRegistration
from chalicelib.domain.pass_certificates import CertificateFiles
from chalicelib.jobs.outbox import sweep
from chalicelib.jobs.schedule import tick
from chalicelib.usecases.pass_certificates import drop_certificate, keep_certificate
from local.apns_server import ApnsServer
from local.certificates import Certificates, ensure_certificates
from passes.apple_certificate import read_certificate
from tests.certificate_maker import PASS_TYPE, TEAM, Wish, make
from tests.fakes.clock import NOON
from tests.jobs.conftest import Context, Deployment

OPERATORS = "pass.app.kopilka"
LASTING = Wish(ends=datetime(2046, 1, 31, 12, tzinfo=UTC))  # TLS goes by the machine's clock


def bring(deployment: Deployment, wish: Wish = LASTING) -> None:
    """Let the merchant bring a certificate."""
    made = make(wish)
    texts = (made.certificate, made.key, made.wwdr)
    files, known = read_certificate(
        CertificateFiles(*(text.encode() for text in texts)),
        merchant_id=deployment.shop.merchant_id,
        pass_type=PASS_TYPE,
        team=TEAM,
        at=NOON,
    )
    keep_certificate(known, files, desk=deployment.ports.certificate_desk)


def take_phone(deployment: Deployment, member: MemberRef, pass_type: str, token: str) -> None:
    """Put a pass of a type on a phone."""
    serial = f"{member.merchant_id}.{member.member_id}"
    phone = DeviceRegistration(f"phone-{token}", pass_type, serial, token, NOON)
    deployment.ports.devices.register(member, phone)


@pytest.fixture
def apple(
    deployment: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ApnsServer]:
    """Apple's like, which knows both authorities; the deployment pushes to it for real."""
    made = ensure_certificates(
        tmp_path / "apple", pass_type_identifier=OPERATORS, team_identifier="KOPILKA000"
    )
    both = tmp_path / "both.pem"
    both.write_text(made.wwdr.read_text() + make(LASTING).wwdr)
    server = ApnsServer(_with_wwdr(made, both)).start()
    ports = deployment.ports
    ports.settings = replace(
        ports.settings,
        apns_host="127.0.0.1",
        apns_port=server.port,
        apns_ca_file=str(made.pass_ca),
        pass_certificate_file=str(made.pass_certificate),
        pass_key_file=str(made.pass_key),
        wwdr_certificate_file=str(made.wwdr),
    )
    monkeypatch.setattr(ports, "_sender", _patient(ports._sender))
    for name in ("pushers", "pusher", "pass_pem"):
        ports.__dict__.pop(name, None)
    yield server
    server.stop()


def _patient(make: Callable[..., ApnsSender]) -> Callable[..., ApnsSender]:
    """Give senders the time that a busy machine takes."""

    def made(*given: Any) -> ApnsSender:
        sender = make(*given)
        sender.connect_seconds, sender.deadline_seconds = 20.0, 60.0
        return sender

    return made


def _with_wwdr(made: Certificates, wwdr: Path) -> Certificates:
    return replace(made, wwdr=wwdr)


def test_each_phone_is_pushed_by_the_certificate_of_its_pass_type(
    deployment: Deployment, apple: ApnsServer
) -> None:
    ann, bob = deployment.join(), deployment.join()
    bring(deployment)
    take_phone(deployment, ann, OPERATORS, "aa01")
    take_phone(deployment, ann, PASS_TYPE, "aa02")
    take_phone(deployment, bob, PASS_TYPE, "bb01")

    for _ in range(2):
        for member in (ann, bob):
            deployment.shop.give(member.member_id, 5)
        sweep({}, Context())
        deployment.ports.clock.advance(60)

    pushed = {(push["token"], push["apns-topic"], push["status"]) for push in apple.requests}
    assert pushed == {
        ("aa01", OPERATORS, 200),
        ("aa02", PASS_TYPE, 200),
        ("bb01", PASS_TYPE, 200),
    }
    assert apple.handshakes == 2  # one kept connection for each type
    assert not deployment.is_dirty(ann)
    assert not deployment.is_dirty(bob)


def test_a_type_whose_certificate_was_taken_away_holds_up_nothing(
    deployment: Deployment, apple: ApnsServer, caplog: pytest.LogCaptureFixture
) -> None:
    ann = deployment.join()
    bring(deployment)
    take_phone(deployment, ann, PASS_TYPE, "aa02")
    drop_certificate(ann.merchant_id, desk=deployment.ports.certificate_desk)
    deployment.shop.give(ann.member_id, 5)

    swept = sweep({}, Context())

    assert swept["passes"] == 1
    assert (apple.handshakes, deployment.is_dirty(ann)) == (0, False)
    assert len(deployment.ports.devices.devices_of(ann)) == 1
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


def test_a_key_that_is_not_in_the_store_is_an_alarm_and_stops_that_type_alone(
    deployment: Deployment, apple: ApnsServer, caplog: pytest.LogCaptureFixture
) -> None:
    ann, bob = deployment.join(), deployment.join()
    bring(deployment)
    take_phone(deployment, ann, PASS_TYPE, "aa02")
    take_phone(deployment, bob, OPERATORS, "bb01")
    deployment.ports.pass_certificates.delete(ann.merchant_id)
    for member in (ann, bob):
        deployment.shop.give(member.member_id, 5)

    sweep({}, Context())

    assert [push["token"] for push in apple.requests] == ["bb01"]
    assert (deployment.is_dirty(ann), deployment.is_dirty(bob)) == (True, False)
    assert "pass certificate unusable" in caplog.messages


def test_the_ends_of_certificates_are_told_of_once_by_the_hourly_tick(
    deployment: Deployment, caplog: pytest.LogCaptureFixture
) -> None:
    bring(deployment, Wish(ends=NOON + timedelta(days=40)))
    days = [9, 10, 11, 32, 33, 34, 41]
    told: dict[int, int] = {}

    for day in days:
        for hour in range(2):
            deployment.ports.clock.set(NOON + timedelta(days=day, hours=hour))
            tick({}, Context())
        told[day] = deployment.events.names().count("certificate.expiring")

    said = [one for one in caplog.records if one.message == "pass certificate expires"]
    assert told == {9: 0, 10: 1, 11: 1, 32: 1, 33: 2, 34: 2, 41: 2}
    assert [vars(one)["days_left"] for one in said] == [30, 7]


def test_trouble_with_certificates_holds_up_no_day(
    deployment: Deployment, caplog: pytest.LogCaptureFixture
) -> None:
    bring(deployment, Wish(ends=NOON + timedelta(days=40)))
    deployment.events.is_down = True
    deployment.ports.clock.set(NOON + timedelta(days=20))

    ticked = tick({}, Context())

    assert ticked == {"merchants": 1}
    assert "pass certificates could not be looked at" in caplog.messages


def test_the_operators_certificate_is_watched_too(
    deployment: Deployment, apple: ApnsServer, caplog: pytest.LogCaptureFixture
) -> None:
    certificate = deployment.ports.operators_certificate
    assert certificate is not None
    deployment.ports.clock.set(certificate.expires_at - timedelta(days=7))

    for _ in range(2):
        tick({}, Context())

    said = [one for one in caplog.records if one.message == "pass certificate expires"]
    assert [(vars(one)["merchant"], vars(one)["days_left"]) for one in said] == [
        ("operator", 7)
    ]
    assert "certificate.expiring" not in deployment.events.names()
