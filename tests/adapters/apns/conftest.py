"""A local push server, and senders to it with generous time-outs."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.adapters.apns import ApnsSender
from local.apns_server import ApnsServer
from local.certificates import Certificates
from tests.adapters.apns.pushing import GONE_SINCE, TOPIC, Sender, make_certificates


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls") / "certificates")


@pytest.fixture
def server(certificates: Certificates) -> Iterator[ApnsServer]:
    running = ApnsServer(certificates, gone_since=GONE_SINCE).start()
    yield running
    running.stop()


@pytest.fixture
def sender(certificates: Certificates, server: ApnsServer) -> Iterator[Sender]:
    """A maker of senders with generous time-outs; closes what it made."""
    made: list[ApnsSender] = []

    def make(**changes: Any) -> ApnsSender:
        settings: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": server.port,
            "topic": TOPIC,
            "certificate_pem": certificates.pass_certificate.read_bytes(),
            "key_pem": certificates.pass_key.read_bytes(),
            "ca_pem": certificates.pass_ca.read_bytes(),
            "connect_seconds": 20.0,
            "deadline_seconds": 60.0,
            "pause": lambda _: None,
        }
        made.append(ApnsSender(**(settings | changes)))
        return made[-1]

    yield make
    for one in made:
        one.close()
