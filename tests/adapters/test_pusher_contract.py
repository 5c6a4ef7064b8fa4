"""The `DevicePusher` port: one contract for the fake and the sender to Apple's like."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.adapters.apns import ApnsSender
from chalicelib.ports import DevicePusher, PushKind
from local.apns_server import ApnsServer
from local.certificates import Certificates, ensure_certificates
from tests.fakes.pusher import FakePusher

TOPIC = "pass.test.kopilka"
TOKENS = tuple(f"ab{number:062x}" for number in range(30))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder: Path = tmp_path_factory.mktemp("tls")
    return ensure_certificates(folder, pass_type_identifier=TOPIC, team_identifier="TEAM000001")


@pytest.fixture(params=["fake", "real"])
def pusher(request, certificates: Certificates) -> Iterator[DevicePusher]:
    if request.param == "fake":
        yield FakePusher()
        return
    server = ApnsServer(certificates).start()
    sender = ApnsSender(
        host="127.0.0.1",
        port=server.port,
        topic=TOPIC,
        certificate_pem=certificates.pass_certificate.read_bytes(),
        key_pem=certificates.pass_key.read_bytes(),
        ca_pem=certificates.pass_ca.read_bytes(),
        connect_seconds=20,
        deadline_seconds=60,
    )
    yield sender
    sender.close()
    server.stop()


def test_no_token_needs_no_push(pusher: DevicePusher) -> None:
    assert pusher.push_many([]) == {}


def test_every_token_has_an_outcome_and_a_repeated_one_only_one(pusher: DevicePusher) -> None:
    outcomes = pusher.push_many((*TOKENS, TOKENS[0]))

    assert set(outcomes) == set(TOKENS)
    assert {outcome.kind for outcome in outcomes.values()} == {PushKind.ACCEPTED}
    assert {outcome.status for outcome in outcomes.values()} == {200}
